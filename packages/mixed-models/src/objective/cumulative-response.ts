// A response in grades at a linear predictor, for the Laplace deviance: the chance of at most grade k is F(threshold
// k - eta). docs/mixed-models.md, "Grades".
import { NoValue } from "../numerics/minimise";
import { FILL_DENSITY, type FillDensity, logGap, makeDensity } from "./grade-density";
import { countGaps, distancesOf, type GradeScale, gapSums } from "./grade-scale";
import type { LaplaceResponse } from "./response";

/** Grades; its own parameters are the gaps between thresholds, see grade-scale.ts. */
export class CumulativeResponse implements LaplaceResponse {
  readonly ownCount: number;
  readonly w: ArrayLike<number>;
  readonly r: ArrayLike<number>;
  private readonly weights: Float64Array;
  private readonly residuals: Float64Array;
  private readonly grade: Int32Array;
  private readonly fill: FillDensity;
  private readonly density = makeDensity();
  /** The threshold below each grade, and infinity at the end; the first is at 0. */
  private readonly cuts: Float64Array;
  /** Sum of the prior weights of each grade. */
  private readonly totals: Float64Array;
  private gapLogs = 0;
  /** Derivatives of the deviance in the thresholds, with a place before and after them; and those of each row's r. */
  private readonly byCut: Float64Array;
  private readonly crossAbove: Float64Array;
  private readonly crossBelow: Float64Array;

  /**
   * @param y grade of each row from 0, in sorted row order.
   * @param n prior weights.
   */
  constructor(
    y: Float64Array,
    private readonly n: Float64Array,
    private readonly scale: GradeScale,
  ) {
    this.ownCount = countGaps(scale);
    this.grade = Int32Array.from(y);
    this.weights = new Float64Array(y.length);
    this.residuals = new Float64Array(y.length);
    this.w = this.weights;
    this.r = this.residuals;
    this.fill = FILL_DENSITY[scale.link];
    this.byCut = new Float64Array(scale.grades + 1);
    this.crossAbove = new Float64Array(y.length);
    this.crossBelow = new Float64Array(y.length);
    this.cuts = new Float64Array(scale.grades + 1);
    this.cuts[0] = Number.NEGATIVE_INFINITY;
    this.cuts[scale.grades] = Number.POSITIVE_INFINITY;
    this.totals = new Float64Array(scale.grades);
    for (const [row, grade] of this.grade.entries()) this.totals[grade]! += n[row]!;
  }

  setOwn(gaps: ArrayLike<number>): void {
    const { cuts, totals } = this;
    cuts.set(distancesOf(this.scale, gaps), 1);
    this.gapLogs = 0;
    for (let grade = 0; grade < totals.length; grade++) {
      const gap = cuts[grade + 1]! - cuts[grade]!;
      if (!(gap > 0)) throw new NoValue("the thresholds are not in order");
      this.gapLogs += totals[grade]! * logGap(gap);
    }
  }

  get trials(): number {
    return this.totals.reduce((sum, count) => sum + count, 0);
  }

  update(eta: ArrayLike<number>): number {
    return this.scale.link === "logit" ? this.updateLogit(eta) : this.updateAny(eta);
  }

  // As two binary responses; see grade-density.ts.
  private updateLogit(eta: ArrayLike<number>): number {
    const { grade, cuts, n, weights: w, residuals: r } = this;
    let sum = this.gapLogs;
    let product = 1; // Of 1 + exp(-|distance|): one logarithm serves many rows.
    for (let row = 0; row < grade.length; row++) {
      const e = eta[row]!;
      const weight = n[row]!;
      const a = cuts[grade[row]! + 1]! - e;
      const b = cuts[grade[row]!]! - e;
      const smallA = Math.exp(-Math.abs(a));
      const smallB = Math.exp(-Math.abs(b));
      const shareA = 1 / (1 + smallA);
      const shareB = 1 / (1 + smallB);
      if (a < 0) sum += weight * a;
      if (b > 0) sum -= weight * b;
      const both = (1 + smallA) * (1 + smallB);
      if (weight === 1) product *= both;
      else sum -= weight * Math.log(both);
      if (product > 1e250) {
        sum -= Math.log(product);
        product = 1;
      }
      w[row] = weight * (smallA * shareA * shareA + smallB * shareB * shareB);
      r[row] = weight * ((b >= 0 ? shareB : smallB * shareB) - (a >= 0 ? smallA * shareA : shareA));
    }
    return -2 * (sum - Math.log(product));
  }

  private updateAny(eta: ArrayLike<number>): number {
    const { grade, n, weights: w, residuals: r, density } = this;
    let sum = 0;
    for (let row = 0; row < grade.length; row++) {
      this.fillRow(row, eta[row]!);
      const weight = n[row]!;
      sum += weight * density.log;
      w[row] = weight * (density.crossAbove + density.crossBelow);
      r[row] = -weight * (density.above + density.below);
    }
    return -2 * sum;
  }

  // The density is filled in once a row, because its derivatives in the thresholds are needed, too.
  private fillRow(row: number, eta: number): void {
    const grade = this.grade[row]!;
    this.fill(this.cuts[grade + 1]! - eta, this.cuts[grade]! - eta, this.density);
  }

  logLikelihood(eta: ArrayLike<number>, from: number, to: number): number {
    let sum = 0;
    for (let row = from; row < to; row++) {
      this.fillRow(row, eta[row]!);
      sum += this.n[row]! * this.density.log;
    }
    return sum;
  }

  multiplyBySlopes(values: Float64Array, eta: ArrayLike<number>): void {
    const { grade, n, density, byCut, crossAbove, crossBelow } = this;
    byCut.fill(0);
    for (let row = 0; row < values.length; row++) {
      this.fillRow(row, eta[row]!);
      const weight = n[row]!;
      const h = values[row]!;
      const at = grade[row]!;
      values[row] = -weight * h * (density.slopeAbove + density.slopeBelow);
      byCut[at + 1]! += weight * (h * density.slopeAbove - 2 * density.above);
      byCut[at]! += weight * (h * density.slopeBelow - 2 * density.below);
      crossAbove[row] = weight * density.crossAbove;
      crossBelow[row] = weight * density.crossBelow;
    }
  }

  ownGradient(moved: ArrayLike<number>): Float64Array {
    const { grade, byCut, crossAbove, crossBelow, scale } = this;
    for (let row = 0; row < grade.length; row++) {
      byCut[grade[row]! + 1]! += moved[row]! * crossAbove[row]!;
      byCut[grade[row]!]! += moved[row]! * crossBelow[row]!;
    }
    return gapSums(scale, byCut.subarray(1, scale.grades));
  }
}
