import {
  type BootstrapIntervalOptions,
  bootstrapInterval,
  type Interval,
} from "./bootstrap-interval";
import { cohenKappa } from "./cohen-kappa";
import { krippendorffAlpha } from "./krippendorff-alpha";
import { fleissKappa, gwetAc } from "./multi-rater";
import { percentAgreement } from "./percent-agreement";
import { kendall, spearman } from "./rank-correlation";
import type { Rating, Ratings } from "./ratings";

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
  return raters.flatMap((name, at) =>
    raters.slice(at + 1).map((against, offset) => {
      const pairs = ratings
        .map((unit) => [unit[at] as Rating, unit[at + 1 + offset] as Rating] as const)
        .filter(([one, other]) => one !== null && other !== null);
      return { raters: [name, against] as const, ...agreementOfPair(pairs, options) };
    }),
  );
}

/** Gives every coefficient of agreement among all raters. */
export function agreementOfAll(ratings: Ratings): OverallAgreement {
  const numeric = isNumeric(ratings);
  return {
    units: ratings.filter((unit) => unit.filter((rating) => rating !== null).length >= 2).length,
    percent: percentAgreement(ratings),
    fleissKappa: fleissKappa(ratings),
    alphaNominal: krippendorffAlpha(ratings, "nominal"),
    alphaOrdinal: numeric ? krippendorffAlpha(ratings, "ordinal") : null,
    alphaInterval: numeric ? krippendorffAlpha(ratings, "interval") : null,
    ac1: gwetAc(ratings),
    ac2Quadratic: numeric ? gwetAc(ratings, "quadratic") : null,
  };
}

function agreementOfPair(
  pairs: readonly (readonly [Rating, Rating])[],
  options: BootstrapIntervalOptions,
) {
  const numeric = isNumeric(pairs);
  const weighting = numeric ? "quadratic" : "nominal";
  const [one, other] = [pairs.map(([rating]) => rating), pairs.map(([, rating]) => rating)];
  const numbers = [one, other] as [number[], number[]];
  return {
    units: pairs.length,
    percent: percentAgreement(pairs),
    kappa: cohenKappa(one, other),
    kappaLinear: numeric ? cohenKappa(one, other, "linear") : null,
    kappaQuadratic: numeric ? cohenKappa(one, other, "quadratic") : null,
    interval: bootstrapInterval(
      pairs,
      (drawn) =>
        cohenKappa(
          drawn.map(([rating]) => rating),
          drawn.map(([, rating]) => rating),
          weighting,
        ),
      options,
    ),
    ac1: gwetAc(pairs),
    spearman: numeric ? spearman(...numbers) : null,
    kendall: numeric ? kendall(...numbers) : null,
  };
}

function isNumeric(ratings: Ratings): boolean {
  return ratings.every((unit) =>
    unit.every((rating) => rating === null || typeof rating === "number"),
  );
}
