// The dense block of a system is empty wherever two of its columns meet in no level of the big term. Levels that meet
// stand side by side once each is followed by those that it meets (Cuthill and McKee 1969, doi.org/10.1145/800195.805928);
// where the levels fall into groups, as raters do who each saw a few dialogues, the block falls into small ones.
import { type Envelope, makeEnvelope } from "../numerics/envelope";
import { LEAST_TILED } from "../numerics/tiled";

/** From this number of columns on an order is looked for. */
export const LEAST_ORDERED = LEAST_TILED;

/** An envelope with more than this share of the triangle is not worth its bookkeeping. */
const MOST_FILLED = 0.25;

/**
 * Orders the levels of a grouping factor by whom they meet, breadth first.
 *
 * @param index level of each row.
 * @param bigIndex level of the big term of each row.
 * @param order the rows, sorted by the big term; its levels begin at `rowStart`.
 * @returns for each level its position.
 */
export function orderLevels(
  index: Int32Array,
  levels: number,
  bigIndex: Int32Array,
  { order, rowStart }: { readonly order: Int32Array; readonly rowStart: Int32Array },
): Int32Array {
  const { start, rows } = listRows(index, levels);
  const position = new Int32Array(levels).fill(-1);
  const isSeen = new Uint8Array(rowStart.length - 1);
  const queue = new Int32Array(levels);
  let found = 0;
  const add = (level: number) => {
    if (position[level]! >= 0) return;
    position[level] = found;
    queue[found++] = level;
  };
  let next = 0;
  for (let seed = 0; seed < levels; seed++) {
    add(seed);
    for (; next < found; next++) {
      const level = queue[next]!;
      for (let at = start[level]!; at < start[level + 1]!; at++) {
        const big = bigIndex[rows[at]!]!;
        if (isSeen[big]) continue;
        isSeen[big] = 1;
        for (let row = rowStart[big]!; row < rowStart[big + 1]!; row++) add(index[order[row]!]!);
      }
    }
  }
  return position;
}

// The rows of each level.
function listRows(index: Int32Array, levels: number) {
  const start = new Int32Array(levels + 1);
  for (const level of index) start[level + 1]!++;
  for (let level = 0; level < levels; level++) start[level + 1]! += start[level]!;
  const next = start.slice();
  const rows = new Int32Array(index.length);
  for (const [row, level] of index.entries()) rows[next[level]!++] = row;
  return { start, rows };
}

/**
 * The envelope of a dense block, if it is mostly empty.
 *
 * @param columnIndex the small columns that each level of the big term meets, ascending; from `columnStart`.
 * @param small number of small columns.
 * @param fixed number of columns after them, whose rows are full.
 */
export function findEnvelope(
  columnStart: Int32Array,
  columnIndex: Int32Array,
  small: number,
  fixed: number,
): Envelope | undefined {
  if (small < LEAST_ORDERED) return undefined;
  const first = Int32Array.from({ length: small + fixed }, (_, row) => (row < small ? row : 0));
  for (let level = 0; level + 1 < columnStart.length; level++) {
    const from = columnStart[level]!;
    for (let at = from; at < columnStart[level + 1]!; at++) {
      const column = columnIndex[at]!;
      first[column] = Math.min(first[column]!, columnIndex[from]!);
    }
  }
  let entries = 0;
  for (let row = 0; row < small; row++) entries += row - first[row]! + 1;
  return entries > (MOST_FILLED * small * (small + 1)) / 2 ? undefined : makeEnvelope(first);
}
