import { UserError } from "kit";
import { keepFile } from "kit/files";
import { formatCsvTable } from "kit/tables";
import { estimateLevels, type LevelEstimate } from "../annotate/estimate";
import { meansFigure } from "../annotate/means-figure";
import { type Plan, readPlan } from "../annotate/plan";
import { type RaterAgreement, raterAgreement } from "../annotate/rater-agreement";
import { type JoinedRatings, readRatings } from "../annotate/read-ratings";
import { layOutStudy } from "./annotate-print";
import { drawTo, toFigureFile } from "./figure-file";
import { printable } from "./printable";

interface Flags {
  readonly plan: string;
  readonly rater: readonly string[];
  readonly only?: readonly string[];
  readonly json?: boolean;
  readonly csv?: string;
  readonly figure?: string;
}

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
  readonly estimates: readonly LevelEstimate[];
}

/** Runs `empathy annotate read`. */
export async function readStudy(flags: Flags): Promise<void> {
  const { csv, json } = flags;
  const figure = flags.figure === undefined ? undefined : toFigureFile(flags.figure);
  const plan = readPlan(flags.plan);
  const joined = await readRatings(flags.rater, plan);
  const result = summarise(plan, joined, flags.only);
  if (csv !== undefined) keepFile(csv, formatEstimates(result.estimates));
  if (figure) await drawTo(figure, meansFigure(result.estimates, figure.id));
  const text = json ? `${JSON.stringify(result, null, 2)}\n` : printable(layOutStudy(result));
  process.stdout.write(text);
}

function summarise(plan: Plan, joined: JoinedRatings, only?: readonly string[]): StudyResult {
  const chosen = only ? keepRaters(joined, only) : joined;
  return {
    plan: plan.id,
    raters: joined.raters,
    estimatedFrom: chosen.raters,
    read: new Set(chosen.ratings.map(({ reply }) => reply)).size,
    planned: plan.replies.length,
    repeated: joined.repeated,
    agreement: raterAgreement(joined),
    estimates: estimateLevels(plan, chosen),
  };
}

function keepRaters(joined: JoinedRatings, given: readonly string[]): JoinedRatings {
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

function formatEstimates(estimates: readonly LevelEstimate[]): string {
  const round = (value: number | null) => (value === null ? null : Number(value.toFixed(DECIMALS)));
  const rows = estimates.map((estimate) => ({
    ...estimate,
    classifier: round(estimate.classifier),
    mean: round(estimate.mean),
    lower: round(estimate.lower),
    upper: round(estimate.upper),
    se: round(estimate.se),
    df: round(estimate.df),
    cut: Number(estimate.cut),
  }));
  return formatCsvTable(COLUMNS, rows);
}
