// What the raters' files say, and the table of it.
import { UserError } from "kit";
import { formatCsvTable } from "kit/tables";
import { projectPath } from "../../src/project";
import { readReadings } from "../../src/readings/readings";
import {
  estimateDifferences,
  estimateLevels,
  type LevelDifference,
  type LevelEstimate,
} from "./estimate";
import type { Plan } from "./plan-file";
import { type RaterAgreement, raterAgreement } from "./rater-agreement";
import type { JoinedRatings } from "./read-ratings";
import { countSides, type Sides } from "./sides";

/** What `empathy annotate read` finds. */
export interface StudyResult {
  readonly plan: string;
  readonly raters: readonly string[];
  /** The raters whose levels the estimates rest on. */
  readonly estimatedFrom: readonly string[];
  /** Number of replies with a level, and of those that were to be read. */
  readonly read: number;
  readonly planned: number;
  /** Number of rows that repeat another, and count once. */
  readonly repeated: number;
  readonly agreement: readonly RaterAgreement[];
  /** None where replies were chosen, not drawn at random. */
  readonly estimates: readonly LevelEstimate[];
  readonly differences: readonly LevelDifference[];
  /** With whom people side, where replies were chosen by disagreement. */
  readonly sides?: readonly Sides[];
}

/** Sums up what raters say: of all, or with estimates from some of them only. */
export function summarise(
  plan: Plan,
  joined: JoinedRatings,
  only?: readonly string[],
): StudyResult {
  const chosen = only ? keepRaters(joined, only) : joined;
  return {
    plan: plan.id,
    raters: joined.raters,
    estimatedFrom: chosen.raters,
    read: new Set(chosen.ratings.map(({ reply }) => reply)).size,
    planned: plan.replies.length,
    repeated: joined.repeated,
    agreement: raterAgreement(joined),
    ...(plan.draw
      ? {
          estimates: [],
          differences: [],
          sides: countSides(plan, chosen.ratings, readReadings({ root: projectPath() })),
        }
      : {
          estimates: estimateLevels(plan, chosen),
          differences: estimateDifferences(plan, chosen),
        }),
  };
}

/**
 * Keeps the levels of some raters.
 *
 * @throws UserError for one who has sent no file.
 */
export function keepRaters(joined: JoinedRatings, given: readonly string[]): JoinedRatings {
  const only = given.map((name) => name.normalize());
  const unknown = only.find((name) => !joined.raters.includes(name));
  if (unknown !== undefined) {
    throw new UserError(
      `--only ${unknown}: no file is by that rater; there are ${joined.raters.join(", ")}`,
    );
  }
  return {
    ...joined,
    raters: joined.raters.filter((rater) => only.includes(rater)),
    ratings: joined.ratings.filter(({ rater }) => only.includes(rater)),
  };
}

const COLUMNS = [
  "kind",
  "name",
  "less",
  "measure",
  "metric",
  "replies",
  "read",
  "classifier",
  "mean",
  "lower",
  "upper",
  "se",
  "df",
  "borrowed",
  "cut",
] as const;
const DECIMALS = 4;

/** Writes estimates as CSV text: a row for each mean and share, then one for each difference, which names what is taken from it. */
export function formatEstimates({ estimates, differences }: StudyResult): string {
  const round = (value: number | null) =>
    value === null || Number.isNaN(value) ? null : Number(value.toFixed(DECIMALS));
  const means = estimates.map(({ metric = null, cut, ...estimate }) => ({
    ...estimate,
    metric,
    less: null,
    classifier: round(estimate.classifier),
    mean: round(estimate.mean),
    lower: round(estimate.lower),
    upper: round(estimate.upper),
    se: round(estimate.se),
    df: round(estimate.df),
    cut: Number(cut),
  }));
  const leads = differences.map(({ metric = null, difference, lower, upper, ...one }) => ({
    ...one,
    metric,
    replies: null,
    read: null,
    classifier: null,
    mean: round(difference),
    lower: round(lower),
    upper: round(upper),
    se: null,
    df: null,
    borrowed: null,
    cut: null,
  }));
  return formatCsvTable(COLUMNS, [...means, ...leads]);
}
