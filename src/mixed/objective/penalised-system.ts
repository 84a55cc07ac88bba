// The penalised weighted least-squares system of one iteration, in block form:
//
//   | D  C' | for the columns of the big grouping term (D block-diagonal) and, in one dense block, those
//   | C  E  | of the others and (where they are estimated with them) of the fixed effects.
//
// D is eliminated level by level; what is left is the Schur complement S = E - C D^-1 C'. See
// docs/mixed-models.md, "One iteration"; Bates et al. 2015 (doi.org/10.18637/jss.v067.i01), section 3.
import { sweepBlocks } from "./block-passes";
import { backSubstitute, finishDense, solveDense } from "./block-solve";
import { type Blocks, layOutBlocks } from "./blocks";
import { multiply, unpackFactors } from "./covariance-factor";
import type { ModelData, RandomGroup } from "./model-data";
import { findPatterns, type Patterns } from "./patterns";
import { isScalar, type PatternSums, patternSums, sweepLevels } from "./scalar-passes";

/** The state of a system; the objective modules drive it and read it. */
export class PenalisedSystem {
  readonly blocks: Blocks;
  readonly patterns: Patterns;
  readonly groups: readonly RandomGroup[];
  readonly rows: number;
  /** Response and weights in sorted row order. */
  readonly y: Float64Array;
  readonly n: Float64Array;
  readonly offset: Float64Array | undefined;
  /** Columns of the big term per level, and of all small terms per row. */
  readonly width: number;
  readonly smallWidth: number;
  readonly smallWidths: Int32Array;
  /** Random columns in the dense block, fixed columns after them, and both. */
  readonly small: number;
  readonly fixed: number;
  readonly dense: number;
  readonly levels: number;

  // Covariates of the random effects in sorted order, and the same times the covariance factor.
  readonly zBig: Float64Array;
  readonly zSmall: Float64Array;
  readonly aBig: Float64Array;
  readonly aSmall: Float64Array;

  // Parameters: spherical random effects and fixed effects.
  readonly uBig: Float64Array;
  readonly uSmall: Float64Array;
  readonly beta: Float64Array;

  // Per sorted row: linear predictor, weight, weighted residual.
  readonly eta: Float64Array;
  readonly w: Float64Array;
  readonly r: Float64Array;

  // Factors: of each block of D, the eliminated couplings G = C L^-T, and of S.
  readonly factorD: Float64Array;
  readonly coupling: Float64Array;
  readonly couplingStart: Int32Array;
  readonly schur: Float64Array;
  /** Log-determinant of D's blocks; that of S's random part is read from its factor. */
  logDetD = 0;

  constructor(data: ModelData) {
    this.groups = data.groups;
    this.rows = data.rows;
    this.blocks = layOutBlocks(data.groups, data.rows);
    const { order, big, smallTerms, smallColumns, columnStart } = this.blocks;
    const bigGroup = data.groups[big]!;
    this.width = bigGroup.columns;
    this.levels = bigGroup.levels;
    this.smallWidths = smallTerms.map((at) => data.groups[at]!.columns);
    this.smallWidth = this.smallWidths.reduce((sum, width) => sum + width, 0);
    this.small = smallColumns;
    this.fixed = data.fixedColumns;
    this.dense = this.small + this.fixed;
    this.y = gather(data.y, order, 1);
    this.n = gather(data.weights, order, 1);
    this.offset = data.offset && gather(data.offset, order, 1);
    this.patterns = findPatterns(
      gather(data.fixed, order, data.fixedColumns),
      data.rows,
      data.fixedColumns,
    );
    this.zBig = gather(bigGroup.values, order, this.width);
    this.zSmall = this.gatherSmall(data.groups);
    this.aBig = new Float64Array(this.zBig.length);
    this.aSmall = new Float64Array(this.zSmall.length);
    this.uBig = new Float64Array(this.levels * this.width);
    this.uSmall = new Float64Array(this.small);
    this.beta = new Float64Array(this.fixed);
    this.eta = new Float64Array(this.rows);
    this.w = new Float64Array(this.rows);
    this.r = new Float64Array(this.rows);
    this.factorD = new Float64Array(this.levels * this.width * this.width);
    this.couplingStart = columnStart.map(
      (start, level) => (start + level * this.fixed) * this.width,
    );
    this.coupling = new Float64Array(this.couplingStart[this.levels]!);
    this.schur = new Float64Array(this.dense * this.dense);
    this.stepBig = new Float64Array(this.uBig.length);
    this.stepDense = new Float64Array(this.dense);
    this.patternSums = new Float64Array(2 * this.patterns.count);
    this.scalarSums = isScalar(this) ? patternSums(this) : undefined;
  }

  /** The last solution of the system, by block. */
  readonly stepBig: Float64Array;
  readonly stepDense: Float64Array;
  readonly patternSums: Float64Array;
  /** Room for the faster passes, where they apply. */
  readonly scalarSums: PatternSums | undefined;

  private gatherSmall(groups: readonly RandomGroup[]): Float64Array {
    const { order, smallTerms } = this.blocks;
    const values = new Float64Array(this.rows * this.smallWidth);
    let at = 0;
    for (const row of order) {
      for (const which of smallTerms) {
        const { columns, values: z } = groups[which]!;
        for (let column = 0; column < columns; column++) {
          values[at++] = z[row * columns + column]!;
        }
      }
    }
    return values;
  }

  /** Sets the relative covariance factors; theta lists each group's free entries, group after group. */
  setTheta(theta: ArrayLike<number>): void {
    const factors = unpackFactors(this.groups, theta);
    const { big, smallTerms } = this.blocks;
    multiply(this.zBig, this.aBig, this.rows, this.width, 0, this.width, factors[big]!);
    let offset = 0;
    for (const [at, which] of smallTerms.entries()) {
      const width = this.smallWidths[at]!;
      const factor = factors[which]!;
      multiply(this.zSmall, this.aSmall, this.rows, this.smallWidth, offset, width, factor);
      offset += width;
    }
  }

  /** Computes the linear predictor from the parameters. */
  computeEta(): void {
    const { eta, aBig, aSmall, uBig, uSmall, width, smallWidth, smallWidths } = this;
    const { rowStart, smallFirst } = this.blocks;
    const base = this.fixedParts(this.beta);
    const { of } = this.patterns;
    const terms = smallWidths.length;
    for (let level = 0; level < this.levels; level++) {
      const end = rowStart[level + 1]!;
      for (let row = rowStart[level]!; row < end; row++) {
        let sum = base[of[row]!]!;
        for (let i = 0; i < width; i++) {
          sum += aBig[row * width + i]! * uBig[level * width + i]!;
        }
        let at = row * smallWidth;
        for (let term = 0; term < terms; term++) {
          const first = smallFirst[row * terms + term]!;
          for (let i = 0; i < smallWidths[term]!; i++) {
            sum += aSmall[at++]! * uSmall[first + i]!;
          }
        }
        eta[row] = sum;
      }
    }
    const { offset } = this;
    if (!offset) return;
    for (let row = 0; row < eta.length; row++) eta[row]! += offset[row]!;
  }

  /** The fixed part of the linear predictor for each pattern. */
  fixedParts(beta: Float64Array): Float64Array {
    const { values, count } = this.patterns;
    const parts = new Float64Array(count);
    for (let pattern = 0; pattern < count; pattern++) {
      let sum = 0;
      for (let j = 0; j < this.fixed; j++) {
        sum += values[pattern * this.fixed + j]! * beta[j]!;
      }
      parts[pattern] = sum;
    }
    return parts;
  }

  /**
   * Assembles and factors the system at the current weights, and solves it for the residuals: the Newton
   * step of the penalised deviance.
   *
   * @param withFixed whether the fixed effects are part of the system.
   * @returns the squared Newton decrement.
   * @throws NoValue where the system is not positive definite (weights or covariates not finite).
   */
  newtonStep(withFixed: boolean): number {
    this.schur.fill(0);
    this.stepDense.fill(0);
    let decrement = this.scalarSums
      ? sweepLevels(this, this.scalarSums, withFixed)
      : sweepBlocks(this, withFixed);
    finishDense(this, withFixed);
    decrement += solveDense(this, withFixed);
    backSubstitute(this, withFixed);
    return decrement;
  }

  /** Moves the parameters along the last solution. */
  addStep(scale: number, withFixed: boolean): void {
    for (let i = 0; i < this.uBig.length; i++) this.uBig[i]! += scale * this.stepBig[i]!;
    for (let i = 0; i < this.small; i++) this.uSmall[i]! += scale * this.stepDense[i]!;
    if (!withFixed) return;
    for (let j = 0; j < this.fixed; j++) {
      this.beta[j]! += scale * this.stepDense[this.small + j]!;
    }
  }

  /** The squared length of the spherical random effects: the penalty. */
  penalty(): number {
    let sum = 0;
    for (const u of this.uBig) sum += u * u;
    for (const u of this.uSmall) sum += u * u;
    return sum;
  }
}

function gather(values: Float64Array, order: Int32Array, width: number): Float64Array {
  const gathered = new Float64Array(order.length * width);
  let at = 0;
  for (const row of order) {
    for (let i = 0; i < width; i++) gathered[at++] = values[row * width + i]!;
  }
  return gathered;
}
