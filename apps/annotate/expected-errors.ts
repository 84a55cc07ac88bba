// How far a classifier's levels are expected to lie from people's, before anyone reads: as far as they lie from the readings of
// published replies, or else from EPITOME's human levels (`empathy train --evaluate`, out of fold, data/validity/evaluation.json).
import type { Level } from "empathy-scorer";
import { byMetric } from "empathy-scorer";
import { UserError } from "kit";
import { projectPath } from "../../src/project";
import { medianLevels, readReadings, replyKey } from "../../src/readings/readings";
import { readSystemScores } from "../../src/scoring/system-scores";
import { listScoredSystems } from "../../src/study/scored-replies";
import { readStudy, studyPath } from "../../src/study/study";
import { type ConfusionCounts, countConfusions } from "../../src/validity/confusion-counts";
import { readEvaluation } from "../../src/validity/evaluation-file";
import type { ByMetric } from "./population";

/** What a person's level is expected to be, given the predicted one. */
interface ExpectedError {
  /** Mean of a person's level less the predicted one. */
  readonly bias: number;
  /** Variance of a person's level. */
  readonly variance: number;
}

/** One expected error for each predicted level, 0, 1 and 2. */
export type ErrorsByLevel = readonly [ExpectedError, ExpectedError, ExpectedError];

/** Expected errors, and what they were counted on. */
interface ExpectedErrors {
  readonly errors: ByMetric<ErrorsByLevel>;
  readonly countedOn: string;
}

/** With fewer replies that were read and scored, nothing is expected of a scorer from them. */
const FEWEST_READ = 300;

/**
 * Counts the errors that a scorer made on replies that were read, `data/readings`; where it scored too few of these, takes those
 * that EPITOME's confusions lead to expect of the head that learned from EPITOME.
 *
 * @throws UserError if a table is missing or broken.
 */
export function expectErrorsOf(scorer: string): ExpectedErrors {
  const study = readStudy(projectPath());
  const scored = listScoredSystems(study, scorer);
  if (scored.length === 0) return onEpitome();
  const read = new Map(readReadings(study).map((reply) => [replyKey(reply), reply]));
  const pairs = scored.flatMap(({ id }) =>
    readSystemScores(studyPath(study, "data", "scores", scorer, `${id}.csv`)).flatMap((row) => {
      const found = read.get(replyKey({ ...row, system: id }));
      return found && row.scores ? [{ truth: medianLevels(found), found: row.scores }] : [];
    }),
  );
  if (pairs.length < FEWEST_READ) return onEpitome();
  const errors = byMetric((metric) =>
    expectErrors(
      countConfusions(
        pairs.map(({ truth }) => truth[metric]),
        pairs.map(({ found }) => found[metric].level),
      ),
    ),
  );
  return {
    errors,
    countedOn: `${scorer}'s errors on ${pairs.length} replies that a language model read`,
  };
}

function onEpitome(): ExpectedErrors {
  return { errors: readExpectedErrors(), countedOn: "the EPITOME head's errors on EPITOME" };
}

/**
 * Reads the errors that EPITOME's confusions lead to expect.
 *
 * @throws UserError if the file of the evaluation is missing or lacks a metric.
 */
export function readExpectedErrors(): ByMetric<ErrorsByLevel> {
  const { epitome } = readEvaluation();
  return byMetric((metric) => {
    const found = epitome.find((figures) => figures.metric === metric);
    if (found) return expectErrors(found.confusions.open);
    throw new UserError(
      `data/validity/evaluation.json: has no confusions of '${metric}'; restore it with \`git checkout\``,
    );
  });
}

/**
 * Gives the expected error at each predicted level.
 *
 * To each column one reply is added, spread as the true levels are over all columns, so that a level that the
 * classifier never gave has an expectation too.
 *
 * @param confusion a row for each person's level, a column for each of the classifier's.
 * @example
 * const [none] = expectErrors([[99, 0, 0], [0, 0, 0], [0, 0, 0]]);
 * none; // => { bias: 0, variance: 0 }
 */
export function expectErrors(confusion: ConfusionCounts): ErrorsByLevel {
  const totals = confusion.map((row) => row[0] + row[1] + row[2]);
  const all = totals.reduce((sum, count) => sum + count, 0);
  const at = (level: Level): ExpectedError => {
    const counts = confusion.map((row, truth) => row[level] + (totals[truth] ?? 0) / all);
    const count = counts.reduce((sum, one) => sum + one, 0);
    const mean = counts.reduce((sum, one, truth) => sum + one * truth, 0) / count;
    const squares = counts.reduce((sum, one, truth) => sum + one * (truth - mean) ** 2, 0);
    return { bias: mean - level, variance: squares / count };
  };
  return [at(0), at(1), at(2)];
}
