import type { Patterns } from "../numerics/patterns";

/** Which patterns of the fixed effects occur in each level of a group. */
export interface LevelPatterns {
  /** Where each level's patterns begin: levels + 1 entries. */
  readonly start: Int32Array;
  /** Level after level, its patterns, ascending. */
  readonly pattern: Int32Array;
  /** For each row, the place of its level's entry for its pattern. */
  readonly place: Int32Array;
}

/** Finds the patterns that occur in each level. */
export function findLevelPatterns(
  index: Int32Array,
  levels: number,
  { of, count }: Patterns,
): LevelPatterns {
  const rows = Array.from(index.keys());
  const keyOf = (row: number) => index[row]! * count + of[row]!;
  rows.sort((one, other) => keyOf(one) - keyOf(other));
  const start = new Int32Array(levels + 1);
  const place = new Int32Array(rows.length);
  const pattern: number[] = [];
  let last = -1;
  for (const row of rows) {
    if (keyOf(row) !== last) {
      last = keyOf(row);
      start[index[row]! + 1]!++;
      pattern.push(of[row]!);
    }
    place[row] = pattern.length - 1;
  }
  for (let level = 0; level < levels; level++) start[level + 1]! += start[level]!;
  return { start, pattern: Int32Array.from(pattern), place };
}
