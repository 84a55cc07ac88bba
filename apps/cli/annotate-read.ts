import { countNoun, UserError } from "kit";
import { keepFile } from "kit/files";
import { formatReadingRows } from "../../src/readings/reading-rows";
import { meansFigure } from "../annotate/means-figure";
import { type Plan, readPlan } from "../annotate/plan-file";
import { type JoinedRatings, readRatings } from "../annotate/read-ratings";
import { formatEstimates, keepRaters, summarise } from "../annotate/study-result";
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
