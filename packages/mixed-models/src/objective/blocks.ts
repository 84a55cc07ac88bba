// The sparsity of a mixed model, worked out once per data set. Rows are sorted by the level of the
// grouping term with most columns (the "big" term), whose part of the system is block-diagonal; the
// columns of every other term (the "small" ones) and of the fixed effects form one dense block.
// The mathematics is in docs/mixed-models.md, section "One iteration".
import { UserError } from "kit";
import { findEnvelope, LEAST_ORDERED, orderLevels } from "./level-order";
import type { RandomGroup } from "./model-data";

/** The column layout and the row order of a model's random effects. */
export interface Blocks {
  readonly rows: number;
  /** Terms in the caller's order; `terms[big]` is the eliminated one. */
  readonly terms: readonly RandomGroup[];
  readonly big: number;
  /** Original row of each sorted row. */
  readonly order: Int32Array;
  /** First sorted row of each big level, and the end of the last: levels + 1 entries. */
  readonly rowStart: Int32Array;
  /** First column of each small term in the small block; 0 for the big term. */
  readonly smallOffset: Int32Array;
  /** For each term whose levels stand in another order than its own, the position of each level. */
  readonly positions: readonly (Int32Array | undefined)[];
  /** Number of columns of all small terms. */
  readonly smallColumns: number;
  /** Terms other than the big one, in the caller's order. */
  readonly smallTerms: Int32Array;
  /** Where each big level's small columns begin in `columnIndex`: levels + 1 entries. */
  readonly columnStart: Int32Array;
  /** The small columns that occur together with each big level, ascending. */
  readonly columnIndex: Int32Array;
  /** The largest number of small columns that one big level meets. */
  readonly mostColumns: number;
  /** The small column of each entry of a row's small terms. Sorted rows x entries, row-major. */
  readonly smallColumn: Int32Array;
  /** The place of that column among those of the row's big level. */
  readonly smallPlace: Int32Array;
}

/** The largest dense block that is worked with; beyond it memory and time grow out of hand. */
const MAX_SMALL_COLUMNS = 6000;

/** Works out the layout of a model's random effects. */
export function layOutBlocks(terms: readonly RandomGroup[], rows: number): Blocks {
  const big = indexOfLargest(terms.map((term) => term.levels * term.columns));
  const smallTerms = Int32Array.from(terms.keys()).filter((which) => which !== big);
  const smallOffset = new Int32Array(terms.length);
  let smallColumns = 0;
  for (const which of smallTerms) {
    const term = terms[which]!;
    smallOffset[which] = smallColumns;
    smallColumns += term.levels * term.columns;
  }
  if (smallColumns > MAX_SMALL_COLUMNS) {
    throw new UserError(
      `the grouping factors besides '${terms[big]!.name}' have ${smallColumns} effects together; more than ` +
        `${MAX_SMALL_COLUMNS} make a matrix too large to factor. Drop a term, or join levels`,
    );
  }
  const known = { rows, terms, big, smallTerms, smallOffset, smallColumns };
  const plain = arrange(known, []);
  if (smallColumns < LEAST_ORDERED) return plain;
  const ordered = arrange(known, findPositions(terms, big, plain));
  // An order that leaves the block full is no gain.
  const { columnStart, columnIndex } = ordered;
  return findEnvelope(columnStart, columnIndex, smallColumns, 0) ? ordered : plain;
}

type Known = Pick<Blocks, "rows" | "terms" | "big" | "smallTerms" | "smallOffset" | "smallColumns">;

function arrange(known: Known, positions: Blocks["positions"]): Blocks {
  const { terms, big, rows, smallTerms, smallOffset, smallColumns } = known;
  const { index, levels } = terms[big]!;
  const { order, rowStart } = sortByLevel(place(index, positions[big]), levels, rows);
  const smallColumn = entryColumns(terms, smallTerms, smallOffset, positions, order);
  const met = meetColumns(smallColumn, rowStart, smallColumns);
  return { ...known, order, rowStart, positions, smallColumn, ...met };
}

function place(index: Int32Array, position: Int32Array | undefined): Int32Array {
  return position ? index.map((level) => position[level]!) : index;
}

// The big term's levels follow those of the largest small one, so that neighbours in one are neighbours in the other.
function findPositions(
  terms: readonly RandomGroup[],
  big: number,
  sorted: { readonly order: Int32Array; readonly rowStart: Int32Array },
): Blocks["positions"] {
  const { index: bigIndex, levels: bigLevels } = terms[big]!;
  const positions = terms.map(({ index, levels }, which) =>
    which === big ? undefined : orderLevels(index, levels, bigIndex, sorted),
  );
  const largest = indexOfLargest(terms.map(({ levels }, which) => (which === big ? 0 : levels)));
  const first = new Int32Array(bigLevels).fill(terms[largest]!.levels);
  for (const [row, level] of place(terms[largest]!.index, positions[largest]).entries()) {
    first[bigIndex[row]!] = Math.min(first[bigIndex[row]!]!, level);
  }
  const inOrder = Int32Array.from({ length: bigLevels }, (_, level) => level);
  inOrder.sort((left, right) => first[left]! - first[right]! || left - right);
  const ranks = new Int32Array(bigLevels);
  for (const [rank, level] of inOrder.entries()) ranks[level] = rank;
  return positions.map((position, which) => (which === big ? ranks : position));
}

/** The first column of a level in its block: the big term's own, or that of all small terms. */
export function columnOf(blocks: Blocks, term: number, level: number): number {
  const position = blocks.positions[term]?.[level] ?? level;
  return blocks.smallOffset[term]! + position * blocks.terms[term]!.columns;
}

function indexOfLargest(values: readonly number[]): number {
  return values.reduce((best, value, place) => (value > values[best]! ? place : best), 0);
}

// A counting sort: stable, and linear in the rows.
function sortByLevel(index: Int32Array, levels: number, rows: number) {
  const rowStart = new Int32Array(levels + 1);
  for (let row = 0; row < rows; row++) rowStart[index[row]! + 1]!++;
  for (let level = 0; level < levels; level++) rowStart[level + 1]! += rowStart[level]!;
  const next = rowStart.slice();
  const order = new Int32Array(rows);
  for (let row = 0; row < rows; row++) order[next[index[row]!]!++] = row;
  return { order, rowStart };
}

function entryColumns(
  terms: readonly RandomGroup[],
  smallTerms: Int32Array,
  smallOffset: Int32Array,
  positions: Blocks["positions"],
  order: Int32Array,
): Int32Array {
  const perRow = smallTerms.reduce((sum, which) => sum + terms[which]!.columns, 0);
  const found = new Int32Array(order.length * perRow);
  let entry = 0;
  for (const row of order) {
    for (const which of smallTerms) {
      const { index, columns } = terms[which]!;
      const position = positions[which]?.[index[row]!] ?? index[row]!;
      const first = smallOffset[which]! + position * columns;
      for (let column = 0; column < columns; column++) found[entry++] = first + column;
    }
  }
  return found;
}

function meetColumns(smallColumn: Int32Array, rowStart: Int32Array, smallColumns: number) {
  const levels = rowStart.length - 1;
  const perRow = smallColumn.length / rowStart[levels]!;
  const columnStart = new Int32Array(levels + 1);
  const found: number[] = [];
  const smallPlace = new Int32Array(smallColumn.length);
  const lastSeen = new Int32Array(smallColumns).fill(-1);
  const placeOf = new Int32Array(smallColumns);
  let mostColumns = 0;
  for (let level = 0; level < levels; level++) {
    const from = rowStart[level]! * perRow;
    const to = rowStart[level + 1]! * perRow;
    const met: number[] = [];
    for (let entry = from; entry < to; entry++) {
      const column = smallColumn[entry]!;
      if (lastSeen[column] === level) continue;
      lastSeen[column] = level;
      met.push(column);
    }
    met.sort((left, right) => left - right);
    for (const [place, column] of met.entries()) placeOf[column] = place;
    for (let entry = from; entry < to; entry++) smallPlace[entry] = placeOf[smallColumn[entry]!]!;
    for (const column of met) found.push(column);
    columnStart[level + 1] = found.length;
    mostColumns = Math.max(mostColumns, met.length);
  }
  return { columnStart, columnIndex: Int32Array.from(found), mostColumns, smallPlace };
}
