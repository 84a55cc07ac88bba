import { METRICS, type Metric } from "empathy-scorer";
import { studentQuantile } from "mixed-models";
import {
  agreementOfAll,
  agreementOfPairs,
  alphaInterval,
  type Interval,
  type PairAgreement,
  type Ratings,
} from "mixed-models/agreement";
import { meanOf } from "./population";
import type { GivenRating, JoinedRatings } from "./read-ratings";

/** How far one rater lies from the others. */
export interface Leniency {
  readonly rater: string;
  /** Number of replies that another rater read too. */
  readonly replies: number;
  /** Mean of the rater's level less the mean of the others'; null where no reply is shared. */
  readonly difference: number | null;
  /** Limits of its 95 % interval (t); null where fewer than two replies are shared. */
  readonly lower: number | null;
  readonly upper: number | null;
}

/** How far raters agree on one metric. */
export interface RaterAgreement {
  readonly metric: Metric;
  /** Number of replies that two raters or more read. */
  readonly shared: number;
  /** Krippendorff's ordinal alpha; null where it is not defined. */
  readonly alpha: number | null;
  /** Its 95 % interval over replies, which holds where levels are rare; null where fewer than two are shared. */
  readonly interval: Interval | null;
  /** Share of equal levels among pairs of raters. */
  readonly percent: number | null;
  readonly ac1: number | null;
  readonly pairs: readonly PairAgreement[];
  readonly leniency: readonly Leniency[];
}

/** Lays the answers to one question out: one row a reply that was read, one column a rater. */
export function toTable(
  { ratings, raters }: JoinedRatings,
  answer: (rating: GivenRating) => number | null,
): Map<string, Ratings[number]> {
  const rows = new Map<string, (number | null)[]>();
  for (const rating of ratings) {
    const { rater, reply } = rating;
    const row = rows.get(reply) ?? raters.map(() => null);
    row[raters.indexOf(rater)] = answer(rating);
    rows.set(reply, row);
  }
  return rows;
}

/**
 * Says how far raters agree on the replies that several of them read.
 *
 * @returns one entry a metric; nothing where there is one rater only.
 */
export function raterAgreement(joined: JoinedRatings): RaterAgreement[] {
  if (joined.raters.length < 2) return [];
  return METRICS.map((metric) => {
    const ratings = [...toTable(joined, ({ levels }) => levels[metric]).values()];
    const { units, alphaOrdinal, percent, ac1 } = agreementOfAll(ratings);
    const shared = ratings.filter((row) => row.filter((level) => level !== null).length >= 2);
    return {
      metric,
      shared: units,
      alpha: units > 0 ? alphaOrdinal : null,
      interval: alphaInterval(shared, "ordinal", { scale: [0, 1, 2] }),
      percent,
      ac1,
      pairs: agreementOfPairs(ratings, joined.raters),
      leniency: joined.raters.map((rater, at) => ({ rater, ...leniencyOf(shared, at) })),
    };
  });
}

function leniencyOf(shared: Ratings, rater: number): Omit<Leniency, "rater"> {
  const differences = shared.flatMap((row) => {
    const own = row[rater];
    const others = row.filter((level, at) => at !== rater && level !== null).map(Number);
    return typeof own === "number" && others.length > 0 ? [own - meanOf(others)] : [];
  });
  const replies = differences.length;
  const difference = replies > 0 ? meanOf(differences) : null;
  if (difference === null || replies < 2) return { replies, difference, lower: null, upper: null };
  const squares = differences.reduce((sum, one) => sum + (one - difference) ** 2, 0);
  const half = studentQuantile(0.025, replies - 1) * Math.sqrt(squares / (replies - 1) / replies);
  return { replies, difference, lower: difference - half, upper: difference + half };
}

/**
 * Gives the variance of a single rater's level about a reply's mean, from the replies that several read.
 *
 * @returns 0 where no reply was read twice.
 * @example
 * raterVariance([[0, 1], [2, 2], [1, null]]); // => 0.25
 */
export function raterVariance(ratings: Ratings): number {
  let [squares, df] = [0, 0];
  for (const row of ratings) {
    const levels = row.filter((level) => level !== null).map(Number);
    if (levels.length < 2) continue;
    const mean = meanOf(levels);
    squares += levels.reduce((sum, level) => sum + (level - mean) ** 2, 0);
    df += levels.length - 1;
  }
  return df > 0 ? squares / df : 0;
}
