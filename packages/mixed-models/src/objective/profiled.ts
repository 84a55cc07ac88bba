// The profiled deviance of a linear mixed model, or its REML criterion, and the gradient in closed form.
// docs/mixed-models.md, "The linear model"; Bates et al. 2015 (doi.org/10.18637/jss.v067.i01), section 3.4.
import { sumInverse } from "./gradient-sums";
import type { ModelData } from "./model-data";
import { PenalisedSystem } from "./penalised-system";
import { GaussianResponse } from "./response";
import { pickEntries, sumProducts } from "./theta-gradient";

/** Evaluates the profiled deviance of one data set. */
export class ProfiledObjective {
  readonly system: PenalisedSystem<GaussianResponse>;
  /** Covariance parameters; there are no others. */
  readonly outerCount: number;
  // Penalised residual sum of squares at the last evaluation.
  private residualSum = 0;
  private lastTrace: readonly Float64Array[] = [];
  private lastTheta: Float64Array | undefined;
  private readonly degrees: number;
  private readonly logWeights: number;

  constructor(
    data: ModelData,
    private readonly reml: boolean,
  ) {
    this.system = new PenalisedSystem(data, (y, n) => new GaussianResponse(y, n));
    this.outerCount = data.groups.reduce((sum, { entries }) => sum + entries.length, 0);
    this.degrees = data.rows - (reml ? data.fixedColumns : 0);
    this.logWeights = data.weights.reduce((sum, weight) => sum + Math.log(weight), 0);
  }

  /** Trace sums of the last gradient; see gradient-sums.ts. */
  get trace(): readonly Float64Array[] {
    return this.lastTrace;
  }

  /** Residual variance at the last evaluation. */
  get residualVariance(): number {
    return this.residualSum / this.degrees;
  }

  /** Takes the system to covariance parameters, if it is not there already. */
  settle(theta: Float64Array): void {
    const { lastTheta } = this;
    if (!lastTheta || theta.some((value, at) => value !== lastTheta[at])) this.evaluate(theta);
  }

  /** The deviance (or REML criterion) at covariance parameters, with its derivatives where asked for. */
  evaluate(theta: Float64Array, gradient?: Float64Array): number {
    const { system, reml, degrees } = this;
    this.lastTheta = undefined;
    system.setTheta(theta);
    this.solve();
    this.lastTheta = theta.slice();
    let logDet = system.logDet(reml);
    if (gradient) this.differentiate(gradient);
    logDet -= this.logWeights;
    return logDet + degrees * (1 + Math.log((2 * Math.PI * this.residualSum) / degrees));
  }

  /**
   * The deviance at covariance parameters and a residual standard deviation that is not the best at them. For ML only.
   *
   * @param gradient receives the derivatives in theta, then that in the logarithm of the standard deviation.
   */
  evaluateAt(theta: Float64Array, logSigma: number, gradient?: Float64Array): number {
    const { system, degrees } = this;
    system.setTheta(theta);
    this.solve();
    const logDet = system.logDet(false);
    const ratio = this.residualSum * Math.exp(-2 * logSigma);
    if (gradient) {
      gradient.fill(0);
      pickEntries(system, sumInverse(system, false).trace, 2, gradient);
      pickEntries(
        system,
        sumProducts(system, system.r, false),
        -2 * Math.exp(-2 * logSigma),
        gradient,
      );
      gradient[this.outerCount] = 2 * (degrees - ratio);
    }
    return logDet - this.logWeights + degrees * (Math.log(2 * Math.PI) + 2 * logSigma) + ratio;
  }

  private solve(): void {
    const { system } = this;
    // From zero, so that the value depends on theta alone and not on what was tried before.
    system.reset(true);
    this.updateResiduals();
    system.newtonStep(true);
    system.addStep(1, true);
    this.updateResiduals();
    // A second step with the same factors removes the rounding error of the first.
    system.refineStep(system.r, true);
    system.addStep(1, true);
    this.updateResiduals();
    this.residualSum = system.response.addSquares(system.penalty());
  }

  private updateResiduals(): void {
    this.system.updateEta();
    this.system.response.update(this.system.eta);
  }

  private differentiate(gradient: Float64Array): void {
    const { system, degrees } = this;
    gradient.fill(0);
    this.lastTrace = sumInverse(system, this.reml).trace;
    pickEntries(system, this.lastTrace, 2, gradient);
    const products = sumProducts(system, system.r, false);
    pickEntries(system, products, (-2 * degrees) / this.residualSum, gradient);
  }
}
