// What `empathy read` prints: how far the reader agrees with people, with the published readings, and with itself.
import { type Level, METRICS, type Metric } from "empathy-scorer";
import { countNoun } from "kit";
import { type FitTable, tableToText } from "mixed-models";
import { krippendorffAlpha } from "mixed-models/agreement";
import { readerAccuracy } from "../../src/claims/accuracy";
import { groupBy } from "../../src/group-by";
import { type ReadingRow, readReadingRows, replyKey } from "../../src/readings/reading-rows";
import { type CalibrationCount, EPITOME, middleLevel } from "../../src/readings/readings";
import { quadraticKappa } from "../../src/validity/measures";
import type { CollectedReadings } from "./draw-items";
import { publishedReadings } from "./readings-file";

/** What came of a run. */
interface ReadOutcome extends CollectedReadings {
  readonly readingsFile: string;
  readonly calibrationFile: string;
  /** Number of readings that the file had already. */
  readonly repeated: number;
  /** Why no pairs with people's labels were read. */
  readonly uncalibrated?: string | undefined;
}

/** Lays out what came of a run, for a terminal. */
export function layOutReadings(outcome: ReadOutcome): string {
  const { rows, calibration } = outcome;
  const published = readReadingRows(publishedReadings());
  const tables = [
    ...(calibration.length > 0 ? [peopleTable(calibration)] : []),
    ...publishedTables(rows, published),
    ...samplesTables(rows),
  ];
  const parts = [describe(outcome), ...tables.map(tableToText), describeCalibration(outcome)];
  return `${parts.join("\n\n")}\n`;
}

function describe({ rows, readingsFile, repeated, missing }: ReadOutcome): string {
  const replies = new Set(rows.map(({ reply }) => replyKey(reply))).size;
  const readers = [...new Set(rows.map(({ reader }) => reader))].sort();
  const lines = [
    `${readingsFile}: ${countNoun(rows.length, "reading", "readings")} of ${countNoun(replies, "reply", "replies")} by ${readers.join(", ") || "nobody"}; ${repeated} of them were there before`,
  ];
  const lost = [...missing.values()].reduce((sum, count) => sum + count, 0);
  const reasons = [...missing].map(([reason, count]) => `${count} ${reason}`);
  if (lost > 0)
    lines.push(`${countNoun(lost, "reading is", "readings are")} missing: ${reasons.join("; ")}`);
  return lines.join("\n");
}

function describeCalibration({ calibration, calibrationFile, uncalibrated }: ReadOutcome): string {
  if (calibration.length > 0) {
    return `${calibrationFile}: counts of the reader's levels beside people's. Readings are a language model's judgements, not people's labels.`;
  }
  const why = uncalibrated ?? "no calibration pair has been read";
  return `These readings are not calibrated on people's labels: ${why}.`;
}

function peopleTable(counts: readonly CalibrationCount[]): FitTable {
  const accuracies = readerAccuracy(counts, EPITOME);
  return {
    title:
      "Agreement with people's labels of EPITOME's pairs: levels, and whether a metric is shown",
    columns: ["", "pairs", "quadratic kappa", "sensitivity", "specificity", "Youden's J"],
    rows: METRICS.flatMap((metric) => {
      const accuracy = accuracies[metric];
      if (!accuracy) return [];
      const { replies, sensitivity, specificity, youden } = accuracy;
      const shown = [kappaOf(counts, metric), sensitivity, specificity, youden].map(show);
      return [[metric.toUpperCase(), String(replies), ...shown]];
    }),
  };
}

function kappaOf(counts: readonly CalibrationCount[], metric: Metric): number {
  const own = counts.filter((one) => one.metric === metric);
  const repeat = (level: "people" | "reader") =>
    own.flatMap((one) => new Array<Level>(one.pairs).fill(one[level]));
  return quadraticKappa(repeat("people"), repeat("reader"));
}

function publishedTables(
  rows: readonly ReadingRow[],
  published: readonly ReadingRow[],
): FitTable[] {
  const [own, theirs] = [groupByReply(rows), groupByReply(published)];
  const shared = [...own].flatMap(([key, readings]) => {
    const others = theirs.get(key);
    return others ? [[readings, others] as const] : [];
  });
  if (shared.length === 0) return [];
  const middle = (readings: readonly ReadingRow[], metric: Metric) =>
    middleLevel(readings.map(({ levels }) => levels[metric]));
  const table: FitTable = {
    title: "Agreement with the published readings of the same replies",
    columns: ["", "replies", "quadratic kappa", "equal"],
    rows: METRICS.map((metric) => {
      const found = shared.map(([one]) => middle(one, metric));
      const truth = shared.map(([, other]) => middle(other, metric));
      const equal = truth.filter((level, at) => level === found[at]).length / truth.length;
      const kappa = show(quadraticKappa(truth, found));
      return [metric.toUpperCase(), String(truth.length), kappa, `${Math.round(100 * equal)} %`];
    }),
  };
  return [table];
}

function samplesTables(rows: readonly ReadingRow[]): FitTable[] {
  const units = [...groupByReply(rows).values()].filter(({ length }) => length > 1);
  if (units.length === 0) return [];
  const valuesOf = (give: (row: ReadingRow) => number | null) => {
    const alpha = krippendorffAlpha(
      units.map((unit) => unit.map(give)),
      "interval",
    );
    return [String(units.length), alpha === null ? "–" : show(alpha)];
  };
  const levels = METRICS.map((metric) => [
    metric.toUpperCase(),
    ...valuesOf((row) => row.levels[metric]),
  ]);
  const fit = ["fit", ...valuesOf(({ fits }) => (fits === null ? null : Number(fits)))];
  const title = "Agreement of the readers with one another: Krippendorff's alpha, interval";
  return [{ title, columns: ["", "replies", "alpha"], rows: [...levels, fit] }];
}

function groupByReply(rows: readonly ReadingRow[]): Map<string, ReadingRow[]> {
  return groupBy(rows, ({ reply }) => replyKey(reply));
}

function show(value: number): string {
  return Number.isNaN(value) ? "–" : value.toFixed(2).replace("-", "−");
}
