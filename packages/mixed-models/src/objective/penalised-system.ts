// The penalised weighted least-squares system of one iteration, in block form:
//
//   | D  C' | for the columns of the big grouping term (D block-diagonal) and, in one dense block, those
//   | C  E  | of the others and (where they are estimated with them) of the fixed effects.
//
// D is eliminated level by level; what is left is the Schur complement S = E - C D^-1 C'. See
// docs/mixed-models.md, "One iteration"; Bates et al. 2015 (doi.org/10.18637/jss.v067.i01), section 3.
import { invertFactored, logDeterminant } from "../numerics/cholesky";
import { takeRows } from "../numerics/patterns";
import { sweepBlocks } from "./block-passes";
import { backSubstitute, finishDense, invertDense, solveDense, solveRows } from "./block-solve";
import { columnOf } from "./blocks";
import { multiply, unpackFactors } from "./covariance-factor";
import { modeVariances, sumInverse } from "./gradient-sums";
import type { GradientSums, InverseSums, ModeSystem } from "./mode-system";
import type { ModelData } from "./model-data";
import type { RowResponse } from "./response";
import { multiplyRows } from "./row-passes";
import {
  isScalar,
  makePatternSums,
  makeScalarSums,
  type PatternSums,
  type ScalarSums,
  sweepLevels,
} from "./scalar-passes";
import {
  clearDense,
  type Factors,
  makeFactors,
  SystemLayout,
  type SystemView,
} from "./system-view";
import { sumGradient } from "./theta-gradient";

/** How a system is made. */
export interface SystemOptions {
  /** Whether the passes for any number of columns serve a model with one column a group, too: slower. */
  readonly general?: boolean;
  /** Whether the dense block is taken as full where it is mostly empty, too: slower. */
  readonly full?: boolean;
}

/** A system, the one writer of its parameters, factors and solution. */
export class PenalisedSystem<Response extends RowResponse = RowResponse>
  extends SystemLayout
  implements SystemView, ModeSystem<Response>
{
  readonly effects: number;
  readonly isScalar: boolean;
  readonly response: Response;
  readonly aBig: Float64Array;
  readonly aSmall: Float64Array;
  readonly uBig: Float64Array;
  readonly uSmall: Float64Array;
  readonly beta: Float64Array;
  readonly w: ArrayLike<number>;
  readonly r: ArrayLike<number>;
  /** Linear predictor of each sorted row. */
  readonly eta: Float64Array;
  readonly factorD: ArrayLike<number>;
  readonly coupling: ArrayLike<number>;
  readonly schur: ArrayLike<number>;
  readonly stepBig: ArrayLike<number>;
  readonly stepDense: ArrayLike<number>;

  private readonly factors: Factors;
  private readonly sums: PatternSums;
  private readonly scalarSums: ScalarSums | undefined;
  private readonly offset: Float64Array | undefined;
  private logDetD = 0;
  // The fixed part of the linear predictor, by pattern, until the fixed effects change.
  private fixedPart: Float64Array | undefined;

  /** @param respond makes the response from y and weights in sorted row order, and that order. */
  constructor(
    data: ModelData,
    respond: (y: Float64Array, weights: Float64Array, order: Int32Array) => Response,
    { general = false, full = false }: SystemOptions = {},
  ) {
    super(data, full);
    const { order } = this.blocks;
    this.effects = this.levels * this.width + this.small;
    this.isScalar = !general && isScalar(this);
    this.response = respond(takeRows(data.y, 1, order), takeRows(data.weights, 1, order), order);
    this.offset = data.offset && takeRows(data.offset, 1, order);
    this.aBig = new Float64Array(this.zBig.length);
    this.aSmall = new Float64Array(this.zSmall.length);
    this.uBig = new Float64Array(this.levels * this.width);
    this.uSmall = new Float64Array(this.small);
    this.beta = new Float64Array(this.fixed);
    this.eta = new Float64Array(this.rows);
    this.factors = makeFactors(this);
    this.scalarSums = this.isScalar ? makeScalarSums(this) : undefined;
    this.sums = this.scalarSums ?? makePatternSums(this);
    ({ w: this.w, r: this.r } = this.response);
    ({ factorD: this.factorD, coupling: this.coupling, schur: this.schur } = this.factors);
    ({ stepBig: this.stepBig, stepDense: this.stepDense } = this.factors);
  }

  /** Sets the relative covariance factors; theta lists each group's free entries, group after group. */
  setTheta(theta: ArrayLike<number>): void {
    const factors = unpackFactors(this.groups, theta);
    const { big, smallTerms } = this.blocks;
    const { aBig, aSmall } = this;
    multiply(this.zBig, aBig, this.rows, this.width, 0, this.width, factors[big]!);
    let offset = 0;
    for (const [at, which] of smallTerms.entries()) {
      const width = this.smallWidths[at]!;
      multiply(this.zSmall, aSmall, this.rows, this.smallWidth, offset, width, factors[which]!);
      offset += width;
    }
  }

  /** Sets the fixed effects. */
  setBeta(beta: ArrayLike<number>): void {
    this.beta.set(beta);
    this.fixedPart = undefined;
  }

  /** Sets the spherical random effects of the big term. */
  setBig(u: ArrayLike<number>): void {
    this.uBig.set(u);
  }

  /** Takes on another system's random and fixed effects. */
  copyEffects({ uBig, uSmall, beta }: SystemView & Pick<ModeSystem, "beta">): void {
    this.uBig.set(uBig);
    this.uSmall.set(uSmall);
    this.setBeta(beta);
  }

  /** Sets all spherical random effects, and where asked for the fixed effects, to zero. */
  reset(withFixed: boolean): void {
    this.uBig.fill(0);
    this.uSmall.fill(0);
    if (!withFixed) return;
    this.beta.fill(0);
    this.fixedPart = undefined;
  }

  /** Computes the linear predictor from the parameters. */
  updateEta(): void {
    const { eta, uBig, uSmall, beta } = this;
    this.fixedPart ??= this.fixedParts(beta);
    multiplyRows(this, this.fixedPart, uBig, uSmall, eta);
    const { offset } = this;
    if (!offset) return;
    for (let row = 0; row < eta.length; row++) eta[row]! += offset[row]!;
  }

  /** The fixed part of the linear predictor for each pattern. */
  fixedParts(beta: ArrayLike<number>, from = 0): Float64Array {
    const { values, count } = this.patterns;
    const parts = new Float64Array(count);
    for (let pattern = 0; pattern < count; pattern++) {
      let sum = 0;
      for (let j = 0; j < this.fixed; j++)
        sum += values[pattern * this.fixed + j]! * beta[from + j]!;
      parts[pattern] = sum;
    }
    return parts;
  }

  /**
   * Assembles and factors the system at the response's weights, and solves it for its residuals: the Newton
   * step of the penalised deviance.
   *
   * @param withFixed whether the fixed effects are part of the system.
   * @returns the squared Newton decrement.
   * @throws NoValue if the system is not positive definite (weights or covariates not finite).
   */
  newtonStep(withFixed: boolean): number {
    const { factors } = this;
    clearDense(this, factors.schur);
    factors.stepDense.fill(0);
    const { decrement, logDet } = this.scalarSums
      ? sweepLevels(this, factors, this.scalarSums, withFixed)
      : sweepBlocks(this, factors, this.sums, withFixed);
    this.logDetD = logDet;
    finishDense(this, factors, withFixed);
    const rest = solveDense(this, factors, withFixed);
    backSubstitute(this, factors, withFixed);
    return decrement + rest;
  }

  /** Solves the factored system for A't and, with fixed effects, X't. */
  solve(t: ArrayLike<number>, withFixed: boolean): void {
    solveRows(this, this.factors, t, withFixed, false);
  }

  refineStep(t: ArrayLike<number>, withFixed: boolean): void {
    solveRows(this, this.factors, t, withFixed, true);
  }

  /** Moves the parameters along the last solution. */
  addStep(scale: number, withFixed: boolean): void {
    const { uBig, uSmall, beta } = this;
    const { stepBig, stepDense } = this.factors;
    for (let i = 0; i < uBig.length; i++) uBig[i]! += scale * stepBig[i]!;
    for (let i = 0; i < uSmall.length; i++) uSmall[i]! += scale * stepDense[i]!;
    if (!withFixed) return;
    for (let j = 0; j < beta.length; j++) beta[j]! += scale * stepDense[this.small + j]!;
    this.fixedPart = undefined;
  }

  invertDense(withFixed: boolean): ArrayLike<number> {
    return invertDense(this, this.factors, withFixed ? this.dense : this.small);
  }

  /** The squared length of the spherical random effects: the penalty. */
  penalty(): number {
    let sum = 0;
    for (const u of this.uBig) sum += u * u;
    for (const u of this.uSmall) sum += u * u;
    return sum;
  }

  /** Log-determinant of the factored system, without or with the fixed effects' part. */
  logDet(withFixed: boolean): number {
    return (
      this.logDetD + logDeterminant(this.schur, this.dense, withFixed ? this.dense : this.small)
    );
  }

  /** Inverse of the fixed effects' part of the factored system, with everything else eliminated. */
  fixedCovariance(): Float64Array {
    const { schur, dense, small, fixed } = this;
    const factor = new Float64Array(fixed * fixed);
    for (let row = 0; row < fixed; row++) {
      for (let column = 0; column <= row; column++) {
        factor[row * fixed + column] = schur[(small + row) * dense + small + column]!;
      }
    }
    return invertFactored(factor, fixed);
  }

  /** A group's spherical random effects: levels x columns. */
  modesOf(group: number): Float64Array {
    const { uBig, uSmall } = this;
    const effects = group === this.blocks.big ? uBig : uSmall;
    const { levels, columns } = this.groups[group]!;
    return Float64Array.from({ length: levels * columns }, (_, at) => {
      return effects[columnOf(this.blocks, group, Math.floor(at / columns)) + (at % columns)]!;
    });
  }

  modeVariances(group: number): Float64Array {
    return modeVariances(this, group);
  }

  inverseSums(): InverseSums {
    return sumInverse(this, false);
  }

  gradientSums(t: Float64Array, withFixed: boolean, moved?: Float64Array): GradientSums {
    const shift = withFixed
      ? this.fixedParts(this.stepDense, this.small)
      : new Float64Array(this.patterns.count);
    return sumGradient(this, t, shift, moved);
  }
}
