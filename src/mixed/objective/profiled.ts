// The profiled deviance of a linear mixed model, or its REML criterion, and the gradient in closed form.
// docs/mixed-models.md, "The linear model"; Bates et al. 2015 (doi.org/10.18637/jss.v067.i01), section 3.4.

import { logDeterminant } from "../numerics/cholesky";
import { solveRows } from "./block-solve";
import { sumInverse } from "./gradient-sums";
import type { ModelData } from "./model-data";
import { PenalisedSystem } from "./penalised-system";
import { pickEntries, sumProducts } from "./theta-gradient";

/** Evaluates the profiled deviance of one data set. */
export class ProfiledObjective {
  readonly system: PenalisedSystem;
  readonly thetaCount: number;
  /** Penalised residual sum of squares at the last evaluation. */
  residualSum = 0;
  /** Trace sums of the last gradient; see gradient-sums.ts. */
  trace: readonly Float64Array[] = [];
  private readonly degrees: number;
  private readonly logWeights: number;

  constructor(
    data: ModelData,
    private readonly reml: boolean,
  ) {
    this.system = new PenalisedSystem(data);
    this.thetaCount = data.groups.reduce((sum, { entries }) => sum + entries.length, 0);
    this.degrees = data.rows - (reml ? data.fixedColumns : 0);
    this.logWeights = data.weights.reduce((sum, weight) => sum + Math.log(weight), 0);
  }

  /** Residual variance at the last evaluation. */
  get residualVariance(): number {
    return this.residualSum / this.degrees;
  }

  /** The deviance (or REML criterion) at covariance parameters, with its derivatives where asked for. */
  evaluate(theta: Float64Array, gradient?: Float64Array): number {
    const { system, reml, degrees } = this;
    system.setTheta(theta);
    this.solve();
    const { schur, dense, small } = system;
    let logDet = system.logDetD + logDeterminant(schur, dense, reml ? dense : small);
    if (gradient) this.differentiate(gradient);
    logDet -= this.logWeights;
    return logDet + degrees * (1 + Math.log((2 * Math.PI * this.residualSum) / degrees));
  }

  private solve(): void {
    const { system } = this;
    const { w, r, n, rows } = system;
    system.uBig.fill(0);
    system.uSmall.fill(0);
    // From zero, so that the value depends on theta alone and not on what was tried before.
    system.beta.fill(0);
    w.set(n);
    this.computeResiduals();
    system.newtonStep(true);
    system.addStep(1, true);
    this.computeResiduals();
    // A second step with the same factors removes the rounding error of the first.
    solveRows(system, r, true, true);
    system.addStep(1, true);
    this.computeResiduals();
    let sum = system.penalty();
    for (let row = 0; row < rows; row++) sum += r[row]! ** 2 / n[row]!;
    this.residualSum = sum;
  }

  private computeResiduals(): void {
    const { system } = this;
    const { r, y, n, eta, rows } = system;
    system.computeEta();
    for (let row = 0; row < rows; row++) {
      r[row] = n[row]! * (y[row]! - eta[row]!);
    }
  }

  private differentiate(gradient: Float64Array): void {
    const { system, degrees } = this;
    gradient.fill(0);
    this.trace = sumInverse(system, this.reml).trace;
    pickEntries(system, this.trace, 2, gradient);
    const products = sumProducts(system, system.r, false);
    pickEntries(system, products, (-2 * degrees) / this.residualSum, gradient);
  }
}
