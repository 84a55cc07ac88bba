import { studentQuantile, studentTwoSided } from "../numerics/student-t";
import { meanOf } from "../numerics/vectors";
import { type ConfusionTable, confusionOf } from "./confusion";
import { type MarginalHomogeneity, marginalHomogeneity } from "./marginal-homogeneity";
import type { Rating, Ratings } from "./ratings";

/** A mean of differences between ratings of the same units, with Student's t interval. */
export interface MeanDifference {
  readonly estimate: number;
  readonly se: number;
  readonly df: number;
  readonly lower: number;
  readonly upper: number;
  /** Two-sided, by a paired t test; null where all differences are equal. */
  readonly p: number | null;
}

/** How a rater departs from the others. */
export interface RaterBias {
  readonly rater: string;
  /** Number of units that the rater and another one rated. */
  readonly units: number;
  /** The rater's ratings less the mean of the others'; null for ratings without numbers, or fewer than two units. */
  readonly difference: MeanDifference | null;
  /** The rater's ratings, in rows, by the rating that most of the others gave. */
  readonly confusion: ConfusionTable;
  /** Number of units on which no rating is the most frequent one of the others. */
  readonly undecided: number;
}

/** How two raters depart from one another. */
export interface PairBias {
  readonly raters: readonly [string, string];
  readonly units: number;
  /** The first one's ratings less the second one's; null as above. */
  readonly difference: MeanDifference | null;
  /** The first one's ratings in rows. */
  readonly confusion: ConfusionTable;
  /** Null where the two agree on every unit, or gave more than 20 different ratings. */
  readonly homogeneity: MarginalHomogeneity | null;
}

// As many as a cumulative model takes for grades: more are a scale, of which the mean difference speaks.
const MOST_CATEGORIES = 20;

/**
 * Compares each rater with the others on the units that they share: with their mean, and with what most of them say.
 *
 * @param ratings one row a unit, one column a rater.
 * @param raters their names, in the columns' order.
 * @param confidence of the intervals; 0.95 by default.
 */
export function biasOfRaters(
  ratings: Ratings,
  raters: readonly string[],
  confidence = 0.95,
): RaterBias[] {
  return raters.map((rater, at) => {
    const shared = ratings.flatMap((unit) => {
      const own = unit[at] ?? null;
      const others = unit.filter((rating, other) => other !== at && rating !== null);
      return own === null || others.length === 0 ? [] : [{ own, others }];
    });
    const consensus = shared.map(({ others }) => mostFrequent(others));
    const all = shared.flatMap(({ own, others }) => [own, ...others]);
    return {
      rater,
      units: shared.length,
      difference: isNumeric(all)
        ? meanDifference(
            shared.map(({ own, others }) => Number(own) - meanOf(others as number[])),
            confidence,
          )
        : null,
      confusion: confusionOf(
        shared.map(({ own }) => own),
        consensus,
      ),
      undecided: consensus.filter((rating) => rating === null).length,
    };
  });
}

/** Compares each two raters on the units that both rated; parameters as `biasOfRaters`. */
export function biasOfPairs(
  ratings: Ratings,
  raters: readonly string[],
  confidence = 0.95,
): PairBias[] {
  return raters.flatMap((name, at) =>
    raters.slice(at + 1).map((against, offset) => {
      const pairs = ratings
        .map((unit) => [unit[at] ?? null, unit[at + 1 + offset] ?? null] as const)
        .filter((pair) => pair.every((rating) => rating !== null));
      const confusion = confusionOf(
        pairs.map(([one]) => one),
        pairs.map(([, other]) => other),
      );
      return {
        raters: [name, against] as const,
        units: pairs.length,
        difference: isNumeric(pairs.flat())
          ? meanDifference(
              pairs.map(([one, other]) => Number(one) - Number(other)),
              confidence,
            )
          : null,
        confusion,
        homogeneity:
          confusion.categories.length > MOST_CATEGORIES ? null : marginalHomogeneity(confusion),
      };
    }),
  );
}

function isNumeric(ratings: readonly Rating[]): boolean {
  return ratings.every((rating) => typeof rating === "number");
}

function meanDifference(values: readonly number[], confidence: number): MeanDifference | null {
  const df = values.length - 1;
  if (df < 1) return null;
  const estimate = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - estimate) ** 2, 0);
  const isConstant = values.every((value) => value === values[0]);
  const se = isConstant ? 0 : Math.sqrt(squares / df / values.length);
  const half = se * studentQuantile((1 - confidence) / 2, df);
  return {
    estimate,
    se,
    df,
    lower: estimate - half,
    upper: estimate + half,
    p: isConstant ? null : studentTwoSided(estimate / se, df),
  };
}

/** The rating that is given most often; null where two are. */
function mostFrequent(ratings: readonly Rating[]): Rating {
  const times = new Map<Rating, number>();
  for (const rating of ratings) times.set(rating, (times.get(rating) ?? 0) + 1);
  const most = Math.max(...times.values());
  const found = [...times].filter(([, count]) => count === most);
  return found.length === 1 ? (found[0]?.[0] as Rating) : null;
}
