import {
  type BootstrapIntervalOptions,
  bootstrapCounts,
  type Interval,
} from "./bootstrap-interval";
import { kappaOfCounts } from "./cohen-kappa";
import { alphaOfCounts } from "./krippendorff-alpha";
import { fleissKappa, gwetAc } from "./multi-rater";
import { percentAgreement } from "./percent-agreement";
import { kendall, spearman } from "./rank-correlation";
import type { Ratings } from "./ratings";
import {
  codeRatings,
  countPairs,
  countUnits,
  ratingsOfKinds,
  type UnitCounts,
} from "./unit-counts";

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
  readonly ac2Quadratic: number | null;
}

/**
 * Gives every coefficient of agreement for each pair of raters.
 *
 * @param ratings one row a unit, one column a rater.
 * @param raters their names, in the columns' order.
 */
export function agreementOfPairs(
  ratings: Ratings,
  raters: readonly string[],
  options: BootstrapIntervalOptions = {},
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
export function agreementOfAll(ratings: Ratings): OverallAgreement {
  const units = countUnits(ratings);
  const { counts, kinds } = units;
  const rated = ratingsOfKinds(units);
  const numeric = isNumeric(units);
  return {
    units: counts.reduce((sum, count, at) => sum + (isPairable(kinds[at]) ? count : 0), 0),
    percent: percentAgreement(rated, counts),
    fleissKappa: fleissKappa(rated, counts),
    alphaNominal: alphaOfCounts(units, "nominal"),
    alphaOrdinal: numeric ? alphaOfCounts(units, "ordinal") : null,
    alphaInterval: numeric ? alphaOfCounts(units, "interval") : null,
    ac1: gwetAc(rated, "nominal", undefined, counts),
    ac2Quadratic: numeric ? gwetAc(rated, "quadratic", undefined, counts) : null,
  };
}

function isPairable(kind: Int32Array | undefined): boolean {
  return kind !== undefined && kind.length >= 2;
}

function agreementOfPair(units: UnitCounts, options: BootstrapIntervalOptions) {
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
    ac1: gwetAc(pairs, "nominal", undefined, counts),
    spearman: numeric ? spearman(...numbers, counts) : null,
    kendall: numeric ? kendall(...numbers, counts) : null,
  };
}

function isNumeric({ categories }: UnitCounts): boolean {
  return categories.every((category) => typeof category === "number");
}
