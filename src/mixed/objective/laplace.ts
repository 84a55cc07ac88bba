// The Laplace approximation to minus twice the log-likelihood of a binomial mixed model with logit link,
// and its gradient in closed form. docs/mixed-models.md, "The Laplace deviance" and "The gradient";
// Bates et al. 2015, and Breslow and Clayton 1993 (doi.org/10.1080/01621459.1993.10594284).

import { logDeterminant } from "../numerics/cholesky";
import { NoValue } from "../numerics/minimise";
import { solveRows } from "./block-solve";
import { sumInverse } from "./gradient-sums";
import type { ModelData } from "./model-data";
import { PenalisedSystem } from "./penalised-system";
import { type GradientSums, sumGradientScalar } from "./scalar-gradient";
import { pickEntries, sumProducts } from "./theta-gradient";

const MOST_ITERATIONS = 100;
const MOST_HALVINGS = 30;

/** Evaluates the Laplace deviance of one data set; keeps the modes as the next start. */
export class LaplaceObjective {
  readonly system: PenalisedSystem;
  readonly thetaCount: number;
  /** Sum of the logarithms of the binomial coefficients, which no parameter moves. */
  readonly constant: number;
  /** How near the modes come to their place: bound on the squared Newton decrement, per random effect. */
  precision = 1e-19;
  /** Trace sums of the last gradient; see gradient-sums.ts. */
  trace: readonly Float64Array[] = [];
  private readonly v: Float64Array;

  constructor(data: ModelData, constant: number) {
    this.system = new PenalisedSystem(data);
    this.thetaCount = data.groups.reduce((sum, { entries }) => sum + entries.length, 0);
    this.constant = constant;
    this.v = new Float64Array(data.rows);
  }

  /**
   * The deviance at covariance parameters and fixed effects.
   *
   * @param parameters theta, then beta; without beta, the fixed effects are found together with the modes
   *   (the approximation that lme4 calls nAGQ = 0).
   * @param gradient receives the derivatives.
   * @throws NoValue where the modes cannot be found.
   */
  evaluate(parameters: Float64Array, gradient?: Float64Array): number {
    const { system, thetaCount } = this;
    const withFixed = parameters.length === thetaCount;
    system.setTheta(parameters);
    if (!withFixed) system.beta.set(parameters.subarray(thetaCount));
    const penalised = this.findModesFromAnywhere(withFixed);
    const logDet = system.logDetD + logDeterminant(system.schur, system.dense, system.small);
    if (gradient) this.differentiate(gradient, withFixed);
    return penalised + logDet - 2 * this.constant;
  }

  // The modes of the last parameters are a good start, except where those were far off.
  private findModesFromAnywhere(withFixed: boolean): number {
    try {
      return this.findModes(withFixed);
    } catch (error) {
      if (!(error instanceof NoValue)) throw error;
      this.reset(withFixed);
      return this.findModes(withFixed);
    }
  }

  private findModes(withFixed: boolean): number {
    const { system } = this;
    const tolerance = this.precision * (100 + system.uBig.length + system.small);
    system.computeEta();
    let current = this.weigh() + system.penalty();
    if (!Number.isFinite(current)) {
      this.reset(withFixed);
      current = this.weigh() + system.penalty();
    }
    for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
      const decrement = system.newtonStep(withFixed);
      if (decrement < tolerance) return current;
      let next = this.tryStep(1, withFixed);
      let scale = 1;
      for (let halving = 0; !(next <= current + 1e-9 * Math.abs(current)); halving++) {
        if (halving === MOST_HALVINGS) throw new NoValue("no step improves the modes");
        next = this.tryStep(-scale / 2, withFixed);
        scale /= 2;
      }
      current = next;
    }
    throw new NoValue(`the modes did not settle in ${MOST_ITERATIONS} iterations`);
  }

  private reset(withFixed: boolean): void {
    this.system.uBig.fill(0);
    this.system.uSmall.fill(0);
    if (withFixed) this.system.beta.fill(0);
    this.system.computeEta();
  }

  private tryStep(scale: number, withFixed: boolean): number {
    this.system.addStep(scale, withFixed);
    this.system.computeEta();
    return this.weigh() + this.system.penalty();
  }

  // Fills weights and residuals from the linear predictor; returns minus twice the log-likelihood.
  private weigh(): number {
    const { eta, y, n, w, r, rows } = this.system;
    let sum = 0;
    let product = 1; // Of 1 + exp(-|eta|), each at most 2: one logarithm serves many single trials.
    for (let row = 0; row < rows; row++) {
      const e = eta[row]!;
      const small = Math.exp(-Math.abs(e));
      const trials = n[row]!;
      const successes = y[row]!;
      const share = 1 / (1 + small);
      sum += successes * e;
      if (e > 0) sum -= trials * e;
      if (trials === 1) product *= 1 + small;
      else sum -= trials * Math.log1p(small);
      if (product > 1e250) {
        sum -= Math.log(product);
        product = 1;
      }
      w[row] = trials * small * share * share;
      r[row] = successes - trials * (e >= 0 ? share : small * share);
    }
    return -2 * (sum - Math.log(product));
  }

  /** Each big level's part of the penalised deviance at the modes that the system holds. */
  levelDeviances(): Float64Array {
    const { system } = this;
    const { eta, y, n, uBig, levels } = system;
    const { rowStart } = system.blocks;
    system.computeEta();
    const deviances = new Float64Array(levels);
    for (let level = 0; level < levels; level++) {
      let sum = 0;
      const end = rowStart[level + 1]!;
      for (let row = rowStart[level]!; row < end; row++) {
        const e = eta[row]!;
        const logTerm = (e > 0 ? e : 0) + Math.log1p(Math.exp(-Math.abs(e)));
        sum += y[row]! * e - n[row]! * logTerm;
      }
      deviances[level] = uBig[level]! ** 2 - 2 * sum;
    }
    return deviances;
  }

  private differentiate(gradient: Float64Array, withFixed: boolean): void {
    const { system, thetaCount } = this;
    const { y, n, w, r, rows, patterns, fixed } = system;
    const { trace, leverage } = sumInverse(system, false);
    this.trace = trace;
    // t: derivative of the log-determinant along each row's linear predictor, w' h, with w' = w (1 - 2 mean).
    const t = leverage;
    for (let row = 0; row < rows; row++) {
      const mean = (y[row]! - r[row]!) / n[row]!;
      t[row]! *= w[row]! * (1 - 2 * mean);
    }
    solveRows(system, t, withFixed);
    const shift = withFixed
      ? system.fixedParts(system.stepDense.subarray(system.small))
      : new Float64Array(patterns.count);
    const { products, patterns: sums } = system.scalarSums
      ? sumGradientScalar(system, t, shift)
      : this.sumGradient(t, shift);
    gradient.fill(0);
    pickEntries(system, trace, 2, gradient);
    pickEntries(system, products, 1, gradient);
    if (withFixed) return;
    for (let pattern = 0; pattern < patterns.count; pattern++) {
      for (let j = 0; j < fixed; j++) {
        gradient[thetaCount + j]! += sums[pattern]! * patterns.values[pattern * fixed + j]!;
      }
    }
  }

  private sumGradient(t: Float64Array, shift: Float64Array): GradientSums {
    const { system, v } = this;
    const { r, rows, patterns } = system;
    this.subtractShift(t, shift);
    const sums = new Float64Array(patterns.count);
    for (let row = 0; row < rows; row++) {
      const value = t[row]! - 2 * r[row]!;
      v[row] = value;
      sums[patterns.of[row]!]! += value;
    }
    return { products: sumProducts(system, v, true), patterns: sums };
  }

  // t - W (A s + X s_fixed): what is left of t once the modes have followed.
  private subtractShift(t: Float64Array, fixedShift: Float64Array): void {
    const { system } = this;
    const { w, patterns, blocks, width, smallWidth, smallWidths, aBig, aSmall } = system;
    const { stepBig, stepDense } = system;
    const terms = smallWidths.length;
    for (let level = 0; level < system.levels; level++) {
      const end = blocks.rowStart[level + 1]!;
      for (let row = blocks.rowStart[level]!; row < end; row++) {
        let shift = fixedShift[patterns.of[row]!]!;
        for (let i = 0; i < width; i++) {
          shift += aBig[row * width + i]! * stepBig[level * width + i]!;
        }
        let at = row * smallWidth;
        for (let term = 0; term < terms; term++) {
          const first = blocks.smallFirst[row * terms + term]!;
          for (let i = 0; i < smallWidths[term]!; i++) {
            shift += aSmall[at++]! * stepDense[first + i]!;
          }
        }
        t[row]! -= w[row]! * shift;
      }
    }
  }
}
