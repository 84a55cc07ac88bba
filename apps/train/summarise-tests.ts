// Figures of held-out predictions, with intervals from resampling whole groups.

import { type Level, mostProbable } from "empathy-scorer";
import { createGenerator } from "kit";
import { groupBy } from "../../src/group-by";
import type { Figure, Summary } from "../../src/validity/evaluation-file";
import { accuracy, calibrationError, macroF1, quadraticKappa } from "../../src/validity/measures";
import type { Tested } from "./train-jobs";

/** Replicates of the bootstrap, and its seed. */
export const REPLICATES = 1000;
export const BOOTSTRAP_SEED = 2310;

/**
 * Summarises predictions of the same rows by one or more runs: figures are means over the runs, and every
 * replicate draws groups (pairs, dialogues) with replacement, the same for all runs.
 *
 * @param runs held-out predictions, in the same order of rows in each.
 */
export function summarise(runs: readonly (readonly Tested[])[]): Summary {
  const truth = runs[0]!.map((row) => row.truth);
  const found = runs.map((run) => run.map((row) => mostProbable(row.probabilities)));
  const groups = groupRows(runs[0]!);
  const measures = [accuracy, macroF1, quadraticKappa] as const;
  const values = measures.map((measure) => mean(found.map((levels) => measure(truth, levels))));
  const drawn = measures.map(() => new Float64Array(REPLICATES));
  for (let replicate = 0; replicate < REPLICATES; replicate++) {
    const rows = draw(groups, replicate);
    const drawnTruth = rows.map((row) => truth[row]!);
    const levels = found.map((one) => rows.map((row) => one[row]!));
    for (const [at, measure] of measures.entries()) {
      drawn[at]![replicate] = mean(levels.map((one) => measure(drawnTruth, one)));
    }
  }
  const [first, second, third] = measures.map((_, at) => toFigure(values[at]!, drawn[at]!));
  return {
    rows: truth.length,
    positives: truth.filter((level: Level) => level > 0).length,
    accuracy: first!,
    macroF1: second!,
    kappa: third!,
    calibrationError: mean(
      runs.map((run) =>
        calibrationError(
          truth,
          run.map((row) => row.probabilities),
        ),
      ),
    ),
  };
}

function groupRows(rows: readonly Tested[]): number[][] {
  return [...groupBy(rows.keys(), (at) => rows[at]?.group).values()];
}

function draw(groups: readonly number[][], replicate: number): number[] {
  const random = createGenerator(BOOTSTRAP_SEED, replicate);
  const rows: number[] = [];
  for (let at = 0; at < groups.length; at++) {
    for (const row of groups[Math.floor(random.uniform() * groups.length)]!) rows.push(row);
  }
  return rows;
}

function toFigure(value: number, drawn: Float64Array): Figure {
  drawn.sort();
  return {
    value,
    lower: drawn[Math.floor(0.025 * drawn.length)]!,
    upper: drawn[Math.ceil(0.975 * drawn.length) - 1]!,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
