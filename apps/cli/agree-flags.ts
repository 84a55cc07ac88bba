import { UserError } from "kit";
import type { IntervalMethod, Rating, Weighting } from "mixed-models/agreement";
import { checkLayout, type LayoutFlags, type RatedValue } from "./agree-ratings";

/** The options of `empathy agree`, as commander hands them over. */
export interface AgreeFlags extends LayoutFlags {
  readonly weights?: Weighting;
  readonly scale?: readonly string[];
  readonly interval?: IntervalMethod;
  readonly resamples: number;
  readonly seed: number;
  readonly byRater?: boolean;
  readonly components?: boolean;
  readonly forRaters?: readonly number[];
  readonly table?: string;
  readonly json?: boolean;
}

/**
 * Refuses flags that do not go together, before data are read.
 *
 * @throws UserError naming the flag.
 */
export function checkFlags(flags: AgreeFlags): void {
  const { resamples, components, forRaters, replicates, byRater } = flags;
  if (!Number.isInteger(resamples) || resamples < 1) {
    throw new UserError("--resamples should be a whole number from 1");
  }
  if (!components && (forRaters || replicates !== undefined)) {
    const name = forRaters ? "--for-raters" : "--replicates";
    throw new UserError(`${name} goes with --components; add it, or leave ${name} out`);
  }
  if (replicates !== undefined && byRater) {
    throw new UserError(
      "--by-rater compares one rating of each rater and unit; leave it out, or --replicates",
    );
  }
  checkLayout(flags);
}

/**
 * Refuses ratings that have no weights, or are not on the scale.
 *
 * @throws UserError naming the file, the column and the rating.
 */
export function refuseRatings(
  flags: AgreeFlags,
  rated: RatedValue,
  scale: readonly Rating[] | undefined,
): void {
  refuseWeights(flags, rated.value, rated.rows);
  refuseStrange(flags, rated, scale);
}

// Names have no distance, and numbers below zero no ratio.
function refuseWeights(
  { data, weights }: AgreeFlags,
  value: string,
  rows: readonly { readonly rating: Rating }[],
): void {
  if (weights === undefined || weights === "nominal") return;
  const odd = rows.find(({ rating }) => typeof rating === "string")?.rating;
  const low = rows.find(({ rating }) => weights === "ratio" && Number(rating) < 0)?.rating;
  if (odd === undefined && low === undefined) return;
  const need = odd === undefined ? "numbers from 0" : "numbers";
  throw new UserError(
    `${data}: '${value}' holds '${odd ?? low}', and ${weights} weights need ${need}; renumber the ratings, or choose other --weights`,
  );
}

/**
 * Takes the steps of a scale as ratings: numbers where all are.
 *
 * @throws UserError for one that is named twice.
 */
export function toSteps(given: readonly string[]): readonly (string | number)[] {
  const twice = given.find((step, at) => given.indexOf(step) !== at);
  if (twice !== undefined) throw new UserError(`--scale names '${twice}' twice; name each once`);
  const numbers = given.map(Number);
  return numbers.every(Number.isFinite) ? numbers : given;
}

function refuseStrange(
  { data }: AgreeFlags,
  { value, rows }: RatedValue,
  scale: readonly Rating[] | undefined,
): void {
  const strange = scale && rows.find(({ rating }) => !scale.includes(rating));
  if (!strange) return;
  throw new UserError(
    `${data}: '${value}' holds '${strange.rating}', which is not on --scale; name every step`,
  );
}
