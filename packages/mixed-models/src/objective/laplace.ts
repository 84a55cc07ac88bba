// The Laplace approximation to minus twice the log-likelihood of a mixed model whose response is not normal, and
// its gradient in closed form. docs/mixed-models.md, "The Laplace deviance" and "The gradient";
// Bates et al. 2015, and Breslow and Clayton 1993 (doi.org/10.1080/01621459.1993.10594284).
import { NoValue } from "../numerics/minimise";
import { makeResponse } from "./make-response";
import type { ModeSystem } from "./mode-system";
import type { ModelData } from "./model-data";
import { makeNestedSystem } from "./nested-system";
import { PenalisedSystem, type SystemOptions } from "./penalised-system";
import type { LaplaceResponse } from "./response";
import { pickEntries } from "./theta-gradient";

const MOST_ITERATIONS = 100;
const MOST_HALVINGS = 30;

/** Bound on the squared Newton decrement, per random effect, at which modes count as found. */
export const EXACT_MODES = 1e-25;

// Linear predictors that move further have other weights there.
const NEAR = 1;

/** Evaluates the Laplace deviance of one data set; keeps the modes as the next start. */
export class LaplaceObjective {
  readonly system: ModeSystem<LaplaceResponse>;
  readonly thetaCount: number;
  /** Covariance and threshold parameters together: all but the fixed effects. */
  readonly outerCount: number;
  /** The families here have none of their own. */
  readonly residualVariance = 1;
  private lastTrace: readonly Float64Array[] = [];
  // Whether the system holds modes of given fixed effects, with the factors, weights and residuals there.
  private isSettled = false;
  private readonly expected: Float64Array;

  /**
   * @param constant sum of the logarithms of the binomial coefficients, which no parameter moves.
   * @param options `blocks` asks for the block form of nested terms, too.
   */
  constructor(
    data: ModelData,
    readonly constant: number,
    options: SystemOptions & { readonly blocks?: boolean } = {},
  ) {
    const isNested = !options.general && !options.full && !options.blocks;
    this.system =
      (isNested && makeNestedSystem(data)) ||
      new PenalisedSystem(data, (...places) => makeResponse(data, ...places), options);
    this.thetaCount = data.groups.reduce((sum, { entries }) => sum + entries.length, 0);
    this.outerCount = this.thetaCount + this.system.response.thresholdParameterCount;
    this.expected = new Float64Array(data.rows);
  }

  /** The system in block form: of every model but those of two nested terms. */
  get blocks(): PenalisedSystem<LaplaceResponse> {
    if (this.system instanceof PenalisedSystem) return this.system;
    throw new Error("the system of nested terms has another form");
  }

  /** Trace sums of the last gradient; see gradient-sums.ts. */
  get trace(): readonly Float64Array[] {
    return this.lastTrace;
  }

  /**
   * The deviance at covariance parameters, threshold parameters and fixed effects.
   *
   * @param parameters theta, then threshold parameters, then beta.
   * @param gradient receives the derivatives.
   * @param precision how near the modes come to their place, as `EXACT_MODES`.
   * @throws NoValue if the modes cannot be found.
   */
  evaluate(parameters: Float64Array, gradient?: Float64Array, precision = EXACT_MODES): number {
    this.setOuter(parameters);
    this.system.setBeta(parameters.subarray(this.outerCount));
    return this.integrate(false, precision, gradient);
  }

  /**
   * The deviance at covariance and threshold parameters, with the fixed effects found together with the
   * modes: the approximation that lme4 calls nAGQ = 0.
   *
   * @param outer theta, then threshold parameters.
   * @param gradient receives the derivatives.
   * @param precision how near the modes come to their place, as `EXACT_MODES`.
   * @throws NoValue if the modes cannot be found.
   */
  evaluateJointly(outer: Float64Array, gradient?: Float64Array, precision = EXACT_MODES): number {
    this.setOuter(outer);
    return this.integrate(true, precision, gradient);
  }

  private setOuter(parameters: Float64Array): void {
    this.system.setTheta(parameters);
    this.system.response.setThresholdParameters(
      parameters.subarray(this.thetaCount, this.outerCount),
    );
  }

  private integrate(withFixed: boolean, precision: number, gradient?: Float64Array): number {
    if (this.isSettled && !withFixed) this.followParameters();
    this.isSettled = false;
    const penalised = this.findModesFromAnywhere(withFixed, precision);
    this.isSettled = !withFixed;
    const logDet = this.system.logDet(false);
    if (gradient) this.differentiate(gradient, withFixed);
    return penalised + logDet - 2 * this.constant;
  }

  // The modes of the last parameters are a good start, except where those were far off.
  private findModesFromAnywhere(withFixed: boolean, precision: number): number {
    try {
      return this.findModes(withFixed, precision);
    } catch (error) {
      if (!(error instanceof NoValue)) throw error;
      this.system.reset(withFixed);
      return this.findModes(withFixed, precision);
    }
  }

  // Moves the modes to where they go with the parameters, to first order: by the last factors, and the residuals that
  // the last weights lead to expect.
  private followParameters(): void {
    const { system, expected } = this;
    const { w, r } = system.response;
    expected.set(system.eta);
    system.updateEta();
    const { eta } = system;
    let farthest = 0;
    for (let row = 0; row < expected.length; row++) {
      const move = eta[row]! - expected[row]!;
      farthest = Math.max(farthest, Math.abs(move));
      expected[row] = r[row]! - w[row]! * move;
    }
    if (farthest > NEAR) return;
    system.refineStep(expected, false);
    system.addStep(1, false);
  }

  private findModes(withFixed: boolean, precision: number): number {
    const { system } = this;
    const tolerance = precision * (100 + system.effects);
    let current = this.penalisedDeviance();
    if (!Number.isFinite(current)) {
      system.reset(withFixed);
      current = this.penalisedDeviance();
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

  private tryStep(scale: number, withFixed: boolean): number {
    this.system.addStep(scale, withFixed);
    return this.penalisedDeviance();
  }

  // Takes weights and residuals to the parameters' linear predictor.
  private penalisedDeviance(): number {
    const { system } = this;
    system.updateEta();
    return system.response.update(system.eta) + system.penalty();
  }

  /** Each big level's part of the penalised deviance at the modes that the system holds. */
  levelDeviances(): Float64Array {
    const system = this.blocks;
    const { eta, uBig, response } = system;
    const { rowStart } = system.blocks;
    this.isSettled = false;
    system.updateEta();
    return Float64Array.from({ length: system.levels }, (_, level) => {
      const sum = response.logLikelihood(eta, rowStart[level]!, rowStart[level + 1]!);
      return uBig[level]! ** 2 - 2 * sum;
    });
  }

  private differentiate(gradient: Float64Array, withFixed: boolean): void {
    const { system, outerCount } = this;
    const { patterns, fixed, response, eta } = system;
    const { trace, leverage } = system.inverseSums();
    this.lastTrace = trace;
    // t: derivative of the log-determinant along each row's linear predictor, w' h.
    const t = leverage;
    response.multiplyBySlopes(t, eta);
    system.solve(t, withFixed);
    const moved = response.thresholdParameterCount > 0 ? new Float64Array(eta.length) : undefined;
    const { products, patterns: sums } = system.gradientSums(t, withFixed, moved);
    gradient.fill(0);
    pickEntries(system, trace, 2, gradient);
    pickEntries(system, products, 1, gradient);
    if (moved) gradient.set(response.thresholdGradient(moved), this.thetaCount);
    if (withFixed) return;
    for (let pattern = 0; pattern < patterns.count; pattern++) {
      for (let j = 0; j < fixed; j++) {
        gradient[outerCount + j]! += sums[pattern]! * patterns.values[pattern * fixed + j]!;
      }
    }
  }
}
