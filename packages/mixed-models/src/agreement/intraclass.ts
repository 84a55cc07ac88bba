// Shrout and Fleiss 1979 (doi.org/10.1037/0033-2909.86.2.420), case 1: one-way analysis of variance.
import { UserError } from "kit";
import { meanOf } from "../numerics/vectors";

/** How reliable ratings of the same things are. */
export interface IntraclassCorrelation {
  /** Number of ratings of each thing. */
  readonly raters: number;
  /** Reliability of one rating, ICC(1, 1). */
  readonly iccOne: number;
  /** Reliability of the mean of all, ICC(1, k). */
  readonly iccMean: number;
}

/**
 * Gives the reliability of ratings, raters being different or unknown for each thing.
 *
 * @param rated for each thing its ratings, as many for each, two at least.
 * @throws UserError if a row has another number of ratings than the first, or one is missing.
 * @returns reliabilities of at most 1; below 0 where things differ less than chance would have them.
 * @example
 * intraclassCorrelation([[1, 2], [4, 4], [2, 1]]).iccOne.toFixed(3); // => "0.852"
 */
export function intraclassCorrelation(
  rated: readonly (readonly number[])[],
): IntraclassCorrelation {
  const raters = rated[0]?.length ?? 0;
  for (const [at, values] of rated.entries()) {
    if (values.length === raters && values.every(Number.isFinite)) continue;
    throw new UserError(
      `intraclassCorrelation: row ${at + 1} should hold ${raters} numbers, as the first does, and none missing`,
    );
  }
  const means = rated.map(meanOf);
  const grand = meanOf(means);
  const between =
    (raters * means.reduce((sum, mean) => sum + (mean - grand) ** 2, 0)) / (rated.length - 1);
  const squares = rated.reduce(
    (sum, values, at) =>
      sum + values.reduce((own, value) => own + (value - (means[at] as number)) ** 2, 0),
    0,
  );
  const within = squares / (rated.length * (raters - 1));
  return {
    raters,
    iccOne: (between - within) / (between + (raters - 1) * within),
    iccMean: (between - within) / between,
  };
}
