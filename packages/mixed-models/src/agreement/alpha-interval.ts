// Rubin 1981, The Bayesian Bootstrap, Annals of Statistics 9, with a prior: a Dirichlet process whose base measure says what units
// that were not drawn may look like (Ferguson 1973, Annals of Statistics 1). Gamma numbers: Marsaglia and Tsang 2000, A
// simple method for generating gamma variables, ACM TOMS 26.
import { createGenerator, type RandomGenerator } from "kit";
import { sumOf } from "../numerics/vectors";
import { type BootstrapIntervalOptions, type Interval, percentiles } from "./bootstrap-interval";
import { alphaOfCounts, type MeasurementLevel } from "./krippendorff-alpha";
import { type Rating, type Ratings, refuseStrange } from "./ratings";
import { countUnits } from "./unit-counts";

/** How the interval is drawn. */
export interface AlphaIntervalOptions extends Omit<BootstrapIntervalOptions, "method"> {
  /** Every step of the scale, whether it was given or not; those that were given by default. */
  readonly scale?: readonly Exclude<Rating, null>[];
}

// For how many units the prior counts, in how many pieces it is drawn, and the share of units in it on which raters agree, at any
// level alike; on the others each rates for himself. Chosen by the bench, where levels are rare.
const PRIOR_UNITS = 1.75;
const PIECES = 20;
const AGREED = 0.4;

/**
 * Gives an interval for Krippendorff's alpha that holds where some ratings are rare and units few.
 *
 * Resampling the units that are there, as a percentile interval does, never draws a disagreement, or a level, that happened not to
 * be seen: with 30 units and one rating in ten above the lowest level it covers half of the time. Here unseen units have a
 * small weight, too.
 *
 * @returns null where fewer than two units have two ratings.
 * @throws UserError if a rating is not a step of the scale.
 * @example
 * const agreed = Array.from({ length: 30 }, () => [0, 0, 0]);
 * alphaInterval(agreed, "ordinal", { scale: [0, 1, 2] })?.upper; // => 1
 */
export function alphaInterval(
  ratings: Ratings,
  level: MeasurementLevel,
  options: AlphaIntervalOptions = {},
): Interval | null {
  const { scale = [], seed = 1 } = options;
  if (options.scale) {
    refuseStrange("alphaInterval", ratings, options.scale, "give every step in 'scale'");
  }
  // A unit with one rating counts for nothing, and makes its rating a category.
  const units = countUnits([...ratings, ...scale.map((step) => [step])]);
  const pairable = units.kinds.map(({ length }) => length >= 2);
  const counts = units.counts.map((count, at) => (pairable[at] ? count : 0));
  if (sumOf(counts) < 2) return null;
  const random = createGenerator(seed);
  const raters = usualLength(units.kinds, counts);
  const totals = units.categories.map(() => 0.5);
  for (const [at, kind] of units.kinds.entries()) {
    for (const code of kind) (totals[code] as number) += counts[at] as number;
  }
  const seen = units.kinds.length;
  const kinds = [...units.kinds];
  const weights = new Float64Array(seen + PIECES);
  return percentiles(() => {
    for (let at = 0; at < seen; at++) weights[at] = drawGamma(counts[at] as number, random);
    for (let at = seen; at < seen + PIECES; at++) {
      kinds[at] = drawUnit(totals, raters, random);
      weights[at] = drawGamma(PRIOR_UNITS / PIECES, random);
    }
    return alphaOfCounts({ ...units, kinds }, level, scaled(weights, counts));
  }, options);
}

function usualLength(kinds: readonly Int32Array[], counts: Float64Array): number {
  const found = new Map<number, number>();
  for (const [at, { length }] of kinds.entries()) {
    found.set(length, (found.get(length) ?? 0) + (counts[at] as number));
  }
  return [...found].reduce((most, one) => (one[1] > most[1] ? one : most))[0];
}

function drawUnit(totals: readonly number[], raters: number, random: RandomGenerator): Int32Array {
  if (random.uniform() < AGREED) {
    return new Int32Array(raters).fill(Math.floor(random.uniform() * totals.length));
  }
  const all = sumOf(totals);
  return new Int32Array(raters).map(() => {
    let left = random.uniform() * all;
    const code = totals.findIndex((total) => {
      left -= total;
      return left < 0;
    });
    return code < 0 ? totals.length - 1 : code;
  });
}

// Weights of as many units as there are: alpha counts ratings.
function scaled(weights: Float64Array, counts: Float64Array): Float64Array {
  const [sum, units] = [sumOf(weights), sumOf(counts)];
  return weights.map((weight) => (weight * units) / sum);
}

function drawGamma(shape: number, random: RandomGenerator): number {
  if (shape === 0) return 0;
  if (shape < 1) return drawGamma(shape + 1, random) * (1 - random.uniform()) ** (1 / shape);
  const least = shape - 1 / 3;
  const scale = 1 / Math.sqrt(9 * least);
  for (;;) {
    const normal = random.normal();
    const cube = (1 + scale * normal) ** 3;
    if (cube <= 0) continue;
    const level = Math.log(1 - random.uniform());
    if (level < normal ** 2 / 2 + least * (1 - cube + Math.log(cube))) return least * cube;
  }
}
