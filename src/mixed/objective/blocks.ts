// The sparsity of a mixed model, worked out once per data set. Rows are sorted by the level of the
// grouping term with most columns (the "big" term), whose part of the system is block-diagonal; the
// columns of every other term (the "small" ones) and of the fixed effects form one dense block.
// The mathematics is in docs/mixed-models.md, section "One iteration".
import { UserError } from "../../user-error";
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
  /** First column of each small term in the small block; unused for the big term. */
  readonly smallOffset: Int32Array;
  /** Number of columns of all small terms. */
  readonly smallColumns: number;
  /** Terms other than the big one, in the caller's order. */
  readonly smallTerms: Int32Array;
  /** Where each big level's small columns begin in `columnIndex`: levels + 1 entries. */
  readonly columnStart: Int32Array;
  /** The small columns that occur together with each big level, ascending. */
  readonly columnIndex: Int32Array;
  /**
   * For each sorted row and small term: the place, among its big level's columns, of the first column of
   * the row's level. Sorted rows x small terms, row-major.
   */
  readonly position: Int32Array;
  /** For each sorted row and small term: the first small column of the row's level. */
  readonly smallFirst: Int32Array;
}

/** The largest dense block that is worked with; beyond it memory and time grow out of hand. */
export const MAX_SMALL_COLUMNS = 6000;

/** Works out the layout of a model's random effects. */
export function layOutBlocks(terms: readonly RandomGroup[], rows: number): Blocks {
  const big = indexOfLargest(terms.map((term) => term.levels * term.columns));
  const bigTerm = terms[big]!;
  const { order, rowStart } = sortByLevel(bigTerm.index, bigTerm.levels, rows);
  const smallTerms = Int32Array.from(terms.keys()).filter((at) => at !== big);
  const smallOffset = new Int32Array(terms.length);
  let smallColumns = 0;
  for (const at of smallTerms) {
    const term = terms[at]!;
    smallOffset[at] = smallColumns;
    smallColumns += term.levels * term.columns;
  }
  if (smallColumns > MAX_SMALL_COLUMNS) {
    throw new UserError(
      `the grouping factors besides '${bigTerm.name}' have ${smallColumns} effects together; more than ` +
        `${MAX_SMALL_COLUMNS} make a matrix too large to factor. Drop a term, or join levels`,
    );
  }
  const smallFirst = firstColumns(terms, smallTerms, smallOffset, order);
  const width = columnWidths(terms, smallTerms, smallColumns);
  const met = meetColumns(smallTerms.length, smallFirst, rowStart, width);
  return {
    rows,
    terms,
    big,
    order,
    rowStart,
    smallOffset,
    smallColumns,
    smallTerms,
    smallFirst,
    ...met,
  };
}

function indexOfLargest(values: readonly number[]): number {
  return values.reduce((best, value, at) => (value > values[best]! ? at : best), 0);
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

function firstColumns(
  terms: readonly RandomGroup[],
  smallTerms: Int32Array,
  smallOffset: Int32Array,
  order: Int32Array,
): Int32Array {
  const first = new Int32Array(order.length * smallTerms.length);
  let at = 0;
  for (const row of order) {
    for (const which of smallTerms) {
      const term = terms[which]!;
      first[at++] = smallOffset[which]! + term.index[row]! * term.columns;
    }
  }
  return first;
}

// How many columns begin at each small column that is the first of a level; zero at the others.
function columnWidths(
  terms: readonly RandomGroup[],
  smallTerms: Int32Array,
  smallColumns: number,
): Int32Array {
  const width = new Int32Array(smallColumns);
  let at = 0;
  for (const which of smallTerms) {
    const term = terms[which]!;
    for (let level = 0; level < term.levels; level++, at += term.columns) width[at] = term.columns;
  }
  return width;
}

function meetColumns(
  perRow: number,
  smallFirst: Int32Array,
  rowStart: Int32Array,
  width: Int32Array,
) {
  const levels = rowStart.length - 1;
  const columnStart = new Int32Array(levels + 1);
  const found: number[] = [];
  const position = new Int32Array(smallFirst.length);
  const lastSeen = new Int32Array(width.length).fill(-1);
  const placeOf = new Int32Array(width.length);
  for (let level = 0; level < levels; level++) {
    const from = rowStart[level]! * perRow;
    const to = rowStart[level + 1]! * perRow;
    const firsts: number[] = [];
    for (let at = from; at < to; at++) {
      const first = smallFirst[at]!;
      if (lastSeen[first] === level) continue;
      lastSeen[first] = level;
      firsts.push(first);
    }
    firsts.sort((left, right) => left - right);
    const start = found.length;
    for (const first of firsts) {
      placeOf[first] = found.length - start;
      for (let column = 0; column < width[first]!; column++) found.push(first + column);
    }
    for (let at = from; at < to; at++) position[at] = placeOf[smallFirst[at]!]!;
    columnStart[level + 1] = found.length;
  }
  return { columnStart, columnIndex: Int32Array.from(found), position };
}
