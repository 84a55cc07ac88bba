// A response in grades at a linear predictor, for the Laplace deviance: the chance of at most grade k is F(threshold
// k - eta). docs/mixed-models.md, "Grades".
import { rowOf } from "../numerics/matrices";
import { NoValue } from "../numerics/minimise";
import { sumOf } from "../numerics/vectors";
import { FILL_DENSITY, type FillDensity, logGap, makeDensity } from "./grade-density";
import { addGapSums, countGaps, distancesOf, type GradeScale } from "./grade-scale";
import type { NominalColumns } from "./model-data";
import type { LaplaceResponse } from "./response";

/** Grades; the threshold parameters are the gaps between thresholds, see grade-scale.ts. */
export class CumulativeResponse implements LaplaceResponse {
  readonly thresholdParameterCount: number;
  readonly w: Float64Array;
  readonly r: Float64Array;
  /** For each row, where the threshold below its grade stands in `cuts`. */
  private readonly place: Int32Array;
  private readonly fill: FillDensity;
  private readonly density = makeDensity();
  /**
   * For each pattern of the nominal columns, or once, the threshold below each grade, and infinity at the end; the first
   * is at 0.
   */
  private readonly cuts: Float64Array;
  /** Sum of the prior weights of the rows at each place in `cuts`. */
  private readonly totals: Float64Array;
  /** Values of the nominal columns in each pattern. */
  private readonly nominal: readonly (Float64Array | undefined)[];
  private gapLogs = 0;
  /** Derivatives of the deviance in the thresholds, at the places of `cuts`; and those of each row's r. */
  private readonly byCut: Float64Array;
  private readonly crossAbove: Float64Array;
  private readonly crossBelow: Float64Array;

  /**
   * @param y grade of each row from 0, in sorted row order.
   * @param n prior weights.
   * @param nominal with its rows in the same order; none by default.
   */
  constructor(
    y: Float64Array,
    private readonly n: Float64Array,
    private readonly scale: GradeScale,
    nominal?: NominalColumns,
  ) {
    this.thresholdParameterCount = countGaps(scale);
    this.nominal = nominal ? rowsOf(nominal) : [undefined];
    const width = scale.grades + 1;
    const of = nominal?.patterns.of;
    this.place = Int32Array.from(y, (grade, row) => (of ? of[row]! * width : 0) + grade);
    this.w = new Float64Array(y.length);
    this.r = new Float64Array(y.length);
    this.fill = FILL_DENSITY[scale.link];
    this.cuts = new Float64Array(width * this.nominal.length);
    for (let from = 0; from < this.cuts.length; from += width) {
      this.cuts[from] = Number.NEGATIVE_INFINITY;
      this.cuts[from + scale.grades] = Number.POSITIVE_INFINITY;
    }
    this.byCut = new Float64Array(this.cuts.length);
    this.crossAbove = new Float64Array(y.length);
    this.crossBelow = new Float64Array(y.length);
    this.totals = new Float64Array(this.cuts.length);
    for (const [row, place] of this.place.entries()) this.totals[place]! += n[row]!;
  }

  setThresholdParameters(gaps: ArrayLike<number>): void {
    const { cuts, totals, scale, nominal } = this;
    const { grades } = scale;
    this.gapLogs = 0;
    for (const [pattern, x] of nominal.entries()) {
      const from = pattern * (grades + 1);
      cuts.set(distancesOf(scale, gaps, x), from + 1);
      for (let place = from; place < from + grades; place++) {
        const gap = cuts[place + 1]! - cuts[place]!;
        if (!(gap > 0)) throw new NoValue("the thresholds are not in order");
        this.gapLogs += totals[place]! * logGap(gap);
      }
    }
  }

  get trials(): number {
    return sumOf(this.totals);
  }

  update(eta: ArrayLike<number>): number {
    return this.scale.link === "logit" ? this.updateLogit(eta) : this.updateAny(eta);
  }

  // As two binary responses; see grade-density.ts.
  private updateLogit(eta: ArrayLike<number>): number {
    const { place, cuts, n, w, r } = this;
    let sum = this.gapLogs;
    let product = 1; // Of 1 + exp(-|distance|): one logarithm serves many rows.
    for (let row = 0; row < place.length; row++) {
      const e = eta[row]!;
      const weight = n[row]!;
      const a = cuts[place[row]! + 1]! - e;
      const b = cuts[place[row]!]! - e;
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
    const { place, n, w, r, density } = this;
    let sum = 0;
    for (let row = 0; row < place.length; row++) {
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
    const place = this.place[row]!;
    this.fill(this.cuts[place + 1]! - eta, this.cuts[place]! - eta, this.density);
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
    const { place, n, density, byCut, crossAbove, crossBelow } = this;
    byCut.fill(0);
    for (let row = 0; row < values.length; row++) {
      this.fillRow(row, eta[row]!);
      const weight = n[row]!;
      const h = values[row]!;
      const at = place[row]!;
      values[row] = -weight * h * (density.slopeAbove + density.slopeBelow);
      byCut[at + 1]! += weight * (h * density.slopeAbove - 2 * density.above);
      byCut[at]! += weight * (h * density.slopeBelow - 2 * density.below);
      crossAbove[row] = weight * density.crossAbove;
      crossBelow[row] = weight * density.crossBelow;
    }
  }

  thresholdGradient(moved: ArrayLike<number>): Float64Array {
    const { place, byCut, crossAbove, crossBelow, scale, nominal } = this;
    for (let row = 0; row < place.length; row++) {
      byCut[place[row]! + 1]! += moved[row]! * crossAbove[row]!;
      byCut[place[row]!]! += moved[row]! * crossBelow[row]!;
    }
    const sums = new Float64Array(this.thresholdParameterCount);
    for (const [pattern, x] of nominal.entries()) {
      const from = pattern * (scale.grades + 1);
      addGapSums(scale, byCut.subarray(from + 1, from + scale.grades), sums, x);
    }
    return sums;
  }
}

function rowsOf({ places, patterns: { values, count } }: NominalColumns): Float64Array[] {
  const width = places.length;
  return Array.from({ length: count }, (_, at) => rowOf(values, at, width));
}
