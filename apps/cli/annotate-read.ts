import { countNoun, UserError } from "kit";
import { keepFile } from "kit/files";
import { formatCsvTable } from "kit/tables";
import { projectPath } from "../../src/project";
import { formatReadingRows } from "../../src/readings/reading-rows";
import { type ReadReply, readReadings } from "../../src/readings/readings";
import {
  estimateDifferences,
  estimateLevels,
  type LevelDifference,
  type LevelEstimate,
} from "../annotate/estimate";
import { meansFigure } from "../annotate/means-figure";
import { type Plan, readPlan } from "../annotate/plan-file";
import { type RaterAgreement, raterAgreement } from "../annotate/rater-agreement";
import { type JoinedRatings, readRatings } from "../annotate/read-ratings";
import { countSides, type Sides } from "../annotate/sides";
import { toReadings } from "../annotate/to-readings";
import { mergeReadings } from "../readings/merge-readings";
import { layOutStudy } from "./annotate-print";
import { drawTo, type FigureFlags, toFigureFile } from "./figure-file";
import { printable } from "./printable";
import { readKnown, refusePublished } from "./readings-file";

interface Flags extends FigureFlags {
  readonly plan: string;
  readonly rater: readonly string[];
  readonly only?: readonly string[];
  readonly json?: boolean;
  readonly csv?: string;
  readonly readings?: string;
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
  /** None where replies were chosen, not drawn at random. */
  readonly estimates: readonly LevelEstimate[];
  readonly differences: readonly LevelDifference[];
  /** With whom people side, where replies were chosen by disagreement. */
  readonly sides?: readonly Sides[];
}

/** Runs `empathy annotate read`. */
export async function readStudy(flags: Flags): Promise<void> {
  const { csv, json, readings } = flags;
  const figure = toFigureFile(flags);
  const plan = readPlan(flags.plan);
  if (plan.draw && (csv ?? flags.figure) !== undefined) {
    throw new UserError(
      `${flags.plan}: its replies were chosen by disagreement, which gives no means; leave out --csv and --figure`,
    );
  }
  const joined = await readRatings(flags.rater, plan);
  const result = summarise(plan, joined, flags.only);
  if (readings !== undefined) keepReadings(readings, plan, joined, flags);
  if (csv !== undefined) keepFile(csv, formatEstimates(result));
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
    ...(plan.draw
      ? {
          estimates: [],
          differences: [],
          sides: countSides(plan, chosen.ratings, publishedReadings()),
        }
      : {
          estimates: estimateLevels(plan, chosen),
          differences: estimateDifferences(plan, chosen),
        }),
  };
}

function publishedReadings(): ReadReply[] {
  return readReadings({ root: projectPath() });
}

function keepReadings(path: string, plan: Plan, joined: JoinedRatings, flags: Flags): void {
  refusePublished(path, "another file with --readings");
  const { ratings } = flags.only ? keepRaters(joined, flags.only) : joined;
  const { rows, partial } = toReadings(plan, ratings, flags.plan);
  keepFile(path, formatReadingRows(mergeReadings(readKnown(path), rows, path).rows));
  const left =
    partial > 0
      ? `; ${countNoun(partial, "rating lacks", "ratings lack")} a level and stay out`
      : "";
  process.stderr.write(
    `${path}: ${countNoun(rows.length, "reading", "readings")} by people${left}\n`,
  );
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

// A row for each mean and share, then one for each difference, which names what is taken from it.
function formatEstimates({ estimates, differences }: StudyResult): string {
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
