import { alphaInterval } from "./alpha-interval";
import {
  type BootstrapIntervalOptions,
  bootstrapCounts,
  bootstrapStatistics,
  type CountStatistic,
  type Interval,
} from "./bootstrap-interval";
import { kappaOfCounts } from "./cohen-kappa";
import { alphaOfCounts, type MeasurementLevel } from "./krippendorff-alpha";
import { acOf, fleissOf, gwetAc, observedOn, percentAgreement } from "./multi-rater";
import { kendall, spearman } from "./rank-correlation";
import { compareRatings, type Rating, type Ratings } from "./ratings";
import {
  codeRatings,
  countPairs,
  countUnits,
  ratingsOfKinds,
  type UnitCounts,
} from "./unit-counts";
import type { Weighting } from "./weighting";

/** How agreement is measured. */
export interface AgreementOptions extends BootstrapIntervalOptions {
  /** Of AC2: `quadratic` by default. Ratings without numbers have no AC2. */
  readonly weighting?: Weighting;
  /**
   * Every step of the scale, whether it was given or not, for AC1, AC2 and alpha's intervals; by default those that were given,
   * to a pair those of the two.
   */
  readonly scale?: readonly Exclude<Rating, null>[];
}

/** How two raters agree. A coefficient that is not defined is null. */
export interface PairAgreement {
  readonly raters: readonly [string, string];
  /** Number of units that both rated. */
  readonly units: number;
  readonly percent: number | null;
  readonly kappa: number | null;
  readonly kappaLinear: number | null;
  readonly kappaQuadratic: number | null;
  /** Bootstrap interval of the quadratic kappa, or of the plain one for ratings without numbers. */
  readonly interval: Interval | null;
  readonly ac1: number | null;
  readonly ac2: number | null;
  readonly spearman: number | null;
  readonly kendall: number | null;
}

/** How all raters agree. */
export interface OverallAgreement {
  readonly units: number;
  readonly percent: number | null;
  readonly fleissKappa: number | null;
  readonly alphaNominal: number | null;
  readonly alphaOrdinal: number | null;
  readonly alphaInterval: number | null;
  readonly ac1: number | null;
  readonly ac2: number | null;
}

/** Coefficients of all raters by name. */
export type OverallCoefficient = Exclude<keyof OverallAgreement, "units">;

/**
 * Gives every coefficient of agreement for each pair of raters.
 *
 * @param ratings one row a unit, one column a rater.
 * @param raters their names, in the columns' order.
 */
export function agreementOfPairs(
  ratings: Ratings,
  raters: readonly string[],
  options: AgreementOptions = {},
): PairAgreement[] {
  const coded = codeRatings(ratings);
  return raters.flatMap((name, at) =>
    raters.slice(at + 1).map((against, offset) => {
      const units = countPairs(coded, at, at + 1 + offset);
      return { raters: [name, against] as const, ...agreementOfPair(units, options) };
    }),
  );
}

/** Gives every coefficient of agreement among all raters. */
export function agreementOfAll(
  ratings: Ratings,
  { weighting = "quadratic", scale }: Pick<AgreementOptions, "weighting" | "scale"> = {},
): OverallAgreement {
  const units = countUnits(ratings);
  const { counts, kinds } = units;
  const values = Object.entries(statisticsOf(units, weighting, scale)).map(([name, statistic]) => {
    return [name, statistic(counts)] as const;
  });
  return {
    units: counts.reduce((sum, count, at) => sum + (isPairable(kinds[at]) ? count : 0), 0),
    ...(Object.fromEntries(values) as Record<OverallCoefficient, number | null>),
  };
}

/**
 * Gives the bootstrap interval of every coefficient among all raters, from the same resamples of units.
 *
 * Krippendorff's alpha has the interval of `alphaInterval`, which holds where levels are rare, unless BCa is asked for. Cost:
 * grows with the number of units that differ in their ratings, whoever gave them, and with the resamples.
 */
export function intervalsOfAll(
  ratings: Ratings,
  { weighting = "quadratic", scale, ...options }: AgreementOptions = {},
): Record<OverallCoefficient, Interval | null> {
  const unordered = inOrder(ratings);
  const units = countUnits(unordered);
  const statistics = statisticsOf(units, weighting, scale);
  const names = Object.keys(statistics) as OverallCoefficient[];
  const isBca = options.method === "bca";
  const alphas = Object.entries(isBca ? {} : levelsOf(units));
  const resampled = names.filter((name) => !alphas.some(([alpha]) => alpha === name));
  const intervals = bootstrapStatistics(
    units,
    resampled.map((name) => statistics[name]),
    options,
  );
  const { method: _method, ...plain } = options;
  const draws = scale ? { ...plain, scale } : plain;
  return Object.fromEntries([
    ...resampled.map((name, at) => [name, intervals[at] ?? null]),
    ...alphas.map(([name, level]) => [name, level && alphaInterval(unordered, level, draws)]),
  ]) as Record<OverallCoefficient, Interval | null>;
}

// By whom a rating was given does not matter here, and fewer units differ without it.
function inOrder(ratings: Ratings): Ratings {
  return ratings.map((unit) => unit.filter((rating) => rating !== null).sort(compareRatings));
}

function levelsOf(units: UnitCounts) {
  const numeric = isNumeric(units);
  return {
    alphaNominal: "nominal",
    alphaOrdinal: numeric ? "ordinal" : null,
    alphaInterval: numeric ? "interval" : null,
  } as const;
}

function statisticsOf(
  units: UnitCounts,
  weighting: Weighting,
  scale: AgreementOptions["scale"],
): Record<OverallCoefficient, CountStatistic> {
  const rated = ratingsOfKinds(units);
  const alpha = (level: MeasurementLevel | null): CountStatistic =>
    level === null ? () => null : (counts) => alphaOfCounts(units, level, counts);
  const { alphaNominal, alphaOrdinal, alphaInterval: interval } = levelsOf(units);
  return {
    percent: observedOn(rated, "nominal", units.categories),
    fleissKappa: fleissOf(rated),
    alphaNominal: alpha(alphaNominal),
    alphaOrdinal: alpha(alphaOrdinal),
    alphaInterval: alpha(interval),
    ac1: acOf(rated, "nominal", scale),
    ac2: isNumeric(units) ? acOf(rated, weighting, scale) : () => null,
  };
}

function isPairable(kind: Int32Array | undefined): boolean {
  return kind !== undefined && kind.length >= 2;
}

function agreementOfPair(
  units: UnitCounts,
  { weighting = "quadratic", scale, ...options }: AgreementOptions,
) {
  const numeric = isNumeric(units);
  const { counts } = units;
  const pairs = ratingsOfKinds(units);
  const numbers = [0, 1].map((at) => pairs.map((pair) => pair[at])) as [number[], number[]];
  const mainKappa = kappaOfCounts(units, numeric ? "quadratic" : "nominal");
  return {
    units: units.kindOf.length,
    percent: percentAgreement(pairs, counts),
    kappa: kappaOfCounts(units, "nominal")(),
    kappaLinear: numeric ? kappaOfCounts(units, "linear")() : null,
    kappaQuadratic: numeric ? mainKappa() : null,
    interval: bootstrapCounts(units, mainKappa, options),
    ac1: gwetAc(pairs, "nominal", scale, counts),
    ac2: numeric ? gwetAc(pairs, weighting, scale, counts) : null,
    spearman: numeric ? spearman(...numbers, counts) : null,
    kendall: numeric ? kendall(...numbers, counts) : null,
  };
}

function isNumeric({ categories }: UnitCounts): boolean {
  return categories.every((category) => typeof category === "number");
}
