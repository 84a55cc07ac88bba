// The penalised weighted least-squares system of one iteration, in block form:
//
//   | D  C' | for the columns of the big grouping term (D block-diagonal) and, in one dense block, those
//   | C  E  | of the others and (where they are estimated with them) of the fixed effects.
//
// D is eliminated level by level; what is left is the Schur complement S = E - C D^-1 C'. See
// docs/mixed-models.md, "One iteration"; Bates et al. 2015 (doi.org/10.18637/jss.v067.i01), section 3.

import { invertFactored, logDeterminant } from "../numerics/cholesky";
import type { Envelope } from "../numerics/envelope";
import type { Patterns } from "../numerics/patterns";
import { takeRows } from "../numerics/patterns";
import { sweepBlocks } from "./block-passes";
import { backSubstitute, finishDense, invertDense, solveDense, solveRows } from "./block-solve";
import { type Blocks, columnOf } from "./blocks";
import { multiply, unpackFactors } from "./covariance-factor";
import { sumInverse } from "./gradient-sums";
import type { GradientSums, InverseSums, ModeSystem } from "./mode-system";
import { modeVariances } from "./mode-variances";
import type { ModelData, RandomGroup } from "./model-data";
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
  layOutSystem,
  makeFactors,
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
  implements SystemView, ModeSystem<Response>
{
  readonly groups: readonly RandomGroup[];
  readonly blocks: Blocks;
  readonly patterns: Patterns;
  readonly rows: number;
  readonly levels: number;
  readonly width: number;
  readonly smallWidth: number;
  readonly smallWidths: ArrayLike<number>;
  readonly small: number;
  readonly fixed: number;
  readonly effects: number;
  readonly dense: number;
  readonly envelope: Envelope | undefined;
  readonly coupledStart: ArrayLike<number>;
  readonly coupledColumn: ArrayLike<number>;
  readonly zBig: ArrayLike<number>;
  readonly zSmall: ArrayLike<number>;
  readonly isScalar: boolean;
  readonly response: Response;
  readonly aBig: ArrayLike<number>;
  readonly aSmall: ArrayLike<number>;
  readonly uBig: ArrayLike<number>;
  readonly uSmall: ArrayLike<number>;
  readonly beta: ArrayLike<number>;
  readonly w: ArrayLike<number>;
  readonly r: ArrayLike<number>;
  /** Linear predictor of each sorted row. */
  readonly eta: ArrayLike<number>;
  readonly factorD: ArrayLike<number>;
  readonly coupling: ArrayLike<number>;
  readonly schur: ArrayLike<number>;
  readonly stepBig: ArrayLike<number>;
  readonly stepDense: ArrayLike<number>;

  private readonly state: State;
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
    const layout = layOutSystem(data);
    const { order } = layout.blocks;
    this.groups = layout.groups;
    this.blocks = layout.blocks;
    this.patterns = layout.patterns;
    this.rows = layout.rows;
    this.levels = layout.levels;
    this.width = layout.width;
    this.smallWidth = layout.smallWidth;
    this.smallWidths = layout.smallWidths;
    this.small = layout.small;
    this.fixed = layout.fixed;
    this.dense = layout.dense;
    this.envelope = full ? undefined : layout.envelope;
    this.effects = layout.levels * layout.width + layout.small;
    this.coupledStart = layout.coupledStart;
    this.coupledColumn = layout.coupledColumn;
    this.zBig = layout.zBig;
    this.zSmall = layout.zSmall;
    this.isScalar = !general && isScalar(layout);
    this.response = respond(takeRows(data.y, 1, order), takeRows(data.weights, 1, order), order);
    this.offset = data.offset && takeRows(data.offset, 1, order);
    this.state = {
      aBig: new Float64Array(this.zBig.length),
      aSmall: new Float64Array(this.zSmall.length),
      uBig: new Float64Array(this.levels * this.width),
      uSmall: new Float64Array(this.small),
      beta: new Float64Array(this.fixed),
      eta: new Float64Array(this.rows),
    };
    this.factors = makeFactors(layout);
    this.scalarSums = this.isScalar ? makeScalarSums(layout) : undefined;
    this.sums = this.scalarSums ?? makePatternSums(layout);
    ({ w: this.w, r: this.r } = this.response);
    ({ aBig: this.aBig, aSmall: this.aSmall, eta: this.eta } = this.state);
    ({ uBig: this.uBig, uSmall: this.uSmall, beta: this.beta } = this.state);
    ({ factorD: this.factorD, coupling: this.coupling, schur: this.schur } = this.factors);
    ({ stepBig: this.stepBig, stepDense: this.stepDense } = this.factors);
  }

  /** Sets the relative covariance factors; theta lists each group's free entries, group after group. */
  setTheta(theta: ArrayLike<number>): void {
    const factors = unpackFactors(this.groups, theta);
    const { big, smallTerms } = this.blocks;
    const { aBig, aSmall } = this.state;
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
    this.state.beta.set(beta);
    this.fixedPart = undefined;
  }

  /** Sets the spherical random effects of the big term. */
  setBig(u: ArrayLike<number>): void {
    this.state.uBig.set(u);
  }

  /** Takes on another system's random and fixed effects. */
  copyEffects({ uBig, uSmall, beta }: SystemView & Pick<ModeSystem, "beta">): void {
    this.state.uBig.set(uBig);
    this.state.uSmall.set(uSmall);
    this.setBeta(beta);
  }

  /** Sets all spherical random effects, and where asked for the fixed effects, to zero. */
  reset(withFixed: boolean): void {
    this.state.uBig.fill(0);
    this.state.uSmall.fill(0);
    if (!withFixed) return;
    this.state.beta.fill(0);
    this.fixedPart = undefined;
  }

  /** Computes the linear predictor from the parameters. */
  updateEta(): void {
    const { eta, uBig, uSmall, beta } = this.state;
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
    const { uBig, uSmall, beta } = this.state;
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
    for (const u of this.state.uBig) sum += u * u;
    for (const u of this.state.uSmall) sum += u * u;
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
    const { uBig, uSmall } = this.state;
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

/** What a system changes: covariates times factors, parameters, linear predictor. */
interface State {
  readonly aBig: Float64Array;
  readonly aSmall: Float64Array;
  readonly uBig: Float64Array;
  readonly uSmall: Float64Array;
  readonly beta: Float64Array;
  readonly eta: Float64Array;
}
