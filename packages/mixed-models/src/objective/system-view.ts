// What a penalised system is made of: the layout, which never changes; the view, which everybody reads; the factors
// and the solution, which the passes fill for their one owner, penalised-system.ts.
import type { Envelope } from "../numerics/envelope";
import { type Patterns, takePatterns, takeRows } from "../numerics/patterns";
import { type Blocks, layOutBlocks } from "./blocks";
import { findEnvelope } from "./level-order";
import type { ModelData, RandomGroup } from "./model-data";

/** Sizes, sparsity and covariates of a model's random effects, rows in sorted order. */
export class SystemLayout {
  readonly groups: readonly RandomGroup[];
  readonly blocks: Blocks;
  readonly patterns: Patterns;
  readonly rows: number;
  /** Levels of the big term, its columns a level, and the columns of all small terms a row. */
  readonly levels: number;
  readonly width: number;
  readonly smallWidth: number;
  readonly smallWidths: ArrayLike<number>;
  /** Random columns in the dense block, fixed columns after them, and both. */
  readonly small: number;
  readonly fixed: number;
  readonly dense: number;
  /** Where the dense block has entries, if it is mostly empty. */
  readonly envelope: Envelope | undefined;
  /** Where the columns of the dense block begin that each level meets: levels + 1 entries. */
  readonly coupledStart: ArrayLike<number>;
  /** Those columns: for each level small ones, ascending, then the fixed ones. */
  readonly coupledColumn: ArrayLike<number>;
  /** Covariates of the big term, rows x width, and of the small ones, rows x smallWidth. */
  readonly zBig: ArrayLike<number>;
  readonly zSmall: ArrayLike<number>;

  /** @param full whether the dense block is taken as full even where it is mostly empty. */
  constructor(data: ModelData, full = false) {
    const { groups, rows, fixedColumns: fixed } = data;
    const blocks = layOutBlocks(groups, rows);
    const { order, smallTerms, smallColumns: small } = blocks;
    const { columns: width, levels, values } = groups[blocks.big]!;
    this.groups = groups;
    this.blocks = blocks;
    this.patterns = takePatterns(data.fixed, fixed, order);
    this.rows = rows;
    this.levels = levels;
    this.width = width;
    const smallWidths = smallTerms.map((term) => groups[term]!.columns);
    this.smallWidths = smallWidths;
    this.smallWidth = smallWidths.reduce((sum, columns) => sum + columns, 0);
    this.small = small;
    this.fixed = fixed;
    this.dense = small + fixed;
    this.envelope = full
      ? undefined
      : findEnvelope(blocks.columnStart, blocks.columnIndex, small, fixed);
    const { coupledStart, coupledColumn } = listCoupled(blocks, small, fixed);
    this.coupledStart = coupledStart;
    this.coupledColumn = coupledColumn;
    this.zBig = takeRows(values, width, order);
    this.zSmall = gatherSmall(groups, blocks);
  }
}

/** A penalised system as its readers see it. */
export interface SystemView extends SystemLayout {
  /** Whether every group has one column, so that the passes of scalar-passes.ts serve. */
  readonly isScalar: boolean;
  /** Covariates times the covariance factor. */
  readonly aBig: ArrayLike<number>;
  readonly aSmall: ArrayLike<number>;
  /** Spherical random effects. */
  readonly uBig: ArrayLike<number>;
  readonly uSmall: ArrayLike<number>;
  /** For each row its weight and its weighted residual. */
  readonly w: ArrayLike<number>;
  readonly r: ArrayLike<number>;
  /** Factors: of each block of D, the eliminated couplings G = C L^-T (coupled columns x width), and of S. */
  readonly factorD: ArrayLike<number>;
  readonly coupling: ArrayLike<number>;
  readonly schur: ArrayLike<number>;
  /** The last solution, by block. */
  readonly stepBig: ArrayLike<number>;
  readonly stepDense: ArrayLike<number>;
  /** The inverse of the factored dense block, as far as its columns meet: of the random ones, or of all. */
  invertDense(withFixed: boolean): ArrayLike<number>;
}

/** The factors and the solution of a system, for a pass to fill. */
export interface Factors {
  readonly factorD: Float64Array;
  readonly coupling: Float64Array;
  readonly schur: Float64Array;
  readonly stepBig: Float64Array;
  readonly stepDense: Float64Array;
  /** Room for the inverse of S, where it has an envelope. */
  readonly inverse: Float64Array;
}

/** Sets the dense block to zero. */
export function clearDense({ dense, envelope }: SystemLayout, schur: Float64Array): void {
  if (!envelope) {
    schur.fill(0);
    return;
  }
  const { first } = envelope;
  // A few entries a row, mostly: fill would take longer.
  for (let row = 0; row < dense; row++) {
    const end = row * dense + row;
    for (let at = row * dense + first[row]!; at <= end; at++) schur[at] = 0;
  }
}

/** Makes room for the factors of a system. */
export function makeFactors(layout: SystemLayout): Factors {
  const { levels, width, dense, coupledColumn, envelope } = layout;
  return {
    factorD: new Float64Array(levels * width * width),
    coupling: new Float64Array(coupledColumn.length * width),
    schur: new Float64Array(dense * dense),
    stepBig: new Float64Array(levels * width),
    stepDense: new Float64Array(dense),
    inverse: new Float64Array(envelope ? dense * dense : 0),
  };
}

/** How many columns of the dense block a level meets: small ones and, as part of the system, the fixed ones. */
export function countCoupled(
  { coupledStart, fixed }: SystemLayout,
  level: number,
  withFixed: boolean,
): number {
  return coupledStart[level + 1]! - coupledStart[level]! - (withFixed ? 0 : fixed);
}

// Each level's small columns, then the fixed ones.
function listCoupled({ columnStart, columnIndex }: Blocks, small: number, fixed: number) {
  const levels = columnStart.length - 1;
  const coupledStart = columnStart.map((start, level) => start + level * fixed);
  const coupledColumn = new Int32Array(coupledStart[levels]!);
  for (let level = 0; level < levels; level++) {
    const met = columnIndex.subarray(columnStart[level], columnStart[level + 1]);
    const at = coupledStart[level]!;
    coupledColumn.set(met, at);
    for (let j = 0; j < fixed; j++) coupledColumn[at + met.length + j] = small + j;
  }
  return { coupledStart, coupledColumn };
}

function gatherSmall(groups: readonly RandomGroup[], { order, smallColumn, smallTerms }: Blocks) {
  const gathered = new Float64Array(smallColumn.length);
  let at = 0;
  for (const row of order) {
    for (const which of smallTerms) {
      const { columns, values } = groups[which]!;
      for (let column = 0; column < columns; column++) {
        gathered[at++] = values[row * columns + column]!;
      }
    }
  }
  return gathered;
}
