// Readings: levels that a careful reader, a large language model, gave to replies blind; `data/readings/readings.csv`.
// What they are, and what they are not, stands in data/readings/card.md and docs/readings.md.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { byMetric, type Level, type Levels, METRICS, type Metric } from "empathy-scorer";
import { UserError } from "kit";
import { readCsvFile } from "kit/tables";
import { projectPath, studyPath } from "../project";
import { readNumber } from "../typed-table";
import { levelOf, readReadingRows, replyKey } from "./reading-rows";

export { READING_COLUMNS, replyKey } from "./reading-rows";

/** What holds a study's data: its root folder. */
interface StudyRoot {
  readonly root: string;
}

/** What one reader said of a reply. */
export interface Reading {
  readonly reader: string;
  readonly levels: Readonly<Record<Metric, Level>>;
  /** Whether the reply makes sense as an answer; null where the reader was not asked. */
  readonly fits: boolean | null;
}

/** A reply that was read, once or by several readers. */
export interface ReadReply {
  readonly system: string;
  readonly dialogue: string;
  readonly turn: number;
  /** Number of the sample, from 1. */
  readonly sample: number;
  /** Under which designs it was drawn: `block`, `first`, `last`, `turbo`, `two-phase`, or an author's own. */
  readonly designs: readonly string[];
  readonly readings: readonly Reading[];
}

/** What counts as showing a metric: level 1 or 2; level 2 only; level 1 or 2 in a reply that makes sense as an answer. */
export type Outcome = "any" | "strong" | "fits";

/**
 * Reads a study's readings, `data/readings/readings.csv` of its own or of the project, reply by reply.
 *
 * @returns the replies in the order in which the file first names them.
 * @throws UserError if the file is missing, or naming the row that holds something else than a reading, or repeats one.
 */
export function readReadings(study: StudyRoot): ReadReply[] {
  return readReadingsFile(studyPath(study, "data", "readings", "readings.csv"));
}

/** As `readReadings`, from a file. */
export function readReadingsFile(path: string): ReadReply[] {
  const replies = new Map<string, Mutable>();
  for (const { reply, design, reader, levels, fits } of readReadingRows(path)) {
    const known = replies.get(replyKey(reply)) ?? { ...reply, designs: [], readings: [] };
    if (!known.designs.includes(design)) known.designs.push(design);
    known.readings.push({ reader, levels, fits });
    replies.set(replyKey(reply), known);
  }
  return [...replies.values()];
}

interface Mutable extends Pick<ReadReply, "system" | "dialogue" | "turn" | "sample"> {
  readonly designs: string[];
  readonly readings: Reading[];
}

/**
 * The share of a reply's readings that show a metric: 0 or 1 where there is one reading, and between them where several
 * readers differ. Of whether a reply shows a metric *and fits*, only readers who were asked whether it fits can say
 * something; NaN where nobody was.
 */
export function readShare({ readings }: ReadReply, metric: Metric, outcome: Outcome): number {
  const asked = outcome === "fits" ? readings.filter(({ fits }) => fits !== null) : readings;
  const shown = asked.filter(({ levels, fits }) => {
    const level = levels[metric];
    if (outcome === "strong") return level === 2;
    return level > 0 && (outcome === "any" || fits === true);
  });
  return shown.length / asked.length;
}

/** The middle of some levels; of two the lower one, as the guideline has it for a reader who is torn. */
export function middleLevel(levels: readonly Level[]): Level {
  return [...levels].sort()[(levels.length - 1) >> 1] as Level;
}

/** A reply's levels, each the middle of its readings'. */
export function medianLevels({ readings }: ReadReply): Levels {
  return byMetric((metric) => middleLevel(readings.map(({ levels }) => levels[metric])));
}

const PRACTICE_COLUMNS = ["system", "dialogue", "turn", "sample", "reader", "ip"] as const;

/**
 * Reads interpretation as EPITOME's annotators would give it, `data/readings/practice.csv`: the same reader taught by their
 * labels; replies of people and six systems to the complete block. Only `ip` is known; the other levels are 0.
 *
 * @throws UserError naming the row that holds something else.
 */
export function readPractice(study: StudyRoot): ReadReply[] {
  const path = studyPath(study, "data", "readings", "practice.csv");
  return readCsvFile(path, PRACTICE_COLUMNS).map((row, at) => {
    const { system, dialogue, reader } = row;
    const ip = levelOf(row.ip, "ip", `${path}:${at + 2}`);
    const reading = { reader, levels: { er: 0, ip, ex: 0 }, fits: true } as const;
    const turn = readNumber(row.turn, "turn", path, at);
    const sample = readNumber(row.sample, "sample", path, at);
    const place = { system, dialogue, turn, sample };
    return { ...place, designs: ["block"], readings: [reading] };
  });
}

/** How often people and the reader gave a pair of post and reply which levels. */
export interface CalibrationCount {
  /** Whose pairs: `epitome`, `covid`, and subsets of them; `data/readings/card.md` says which. */
  readonly source: string;
  readonly metric: Metric;
  readonly people: Level;
  readonly reader: Level;
  readonly pairs: number;
}

/** Under which name calibration counts say that people's labels are EPITOME's. */
export const EPITOME = "epitome";

/** Name of the file of these counts, beside the readings. */
export const CALIBRATION_FILE = "calibration.csv";

export const CALIBRATION_COLUMNS = ["source", "metric", "people", "reader", "pairs"] as const;

/**
 * Reads the counts of readings beside people's labels, `data/readings/calibration.csv`. They speak of the readings beside
 * which they lie: a study with readings of its own and no counts of its own has none.
 *
 * @throws UserError naming the row that holds something else.
 */
export function readCalibration(study: StudyRoot): CalibrationCount[] {
  const folder = dirname(studyPath(study, "data", "readings", "readings.csv"));
  const path = join(folder, CALIBRATION_FILE);
  return folder === projectPath("data", "readings") || existsSync(path)
    ? readCalibrationFile(path)
    : [];
}

/** As `readCalibration`, from a file. */
export function readCalibrationFile(path: string): CalibrationCount[] {
  return readCsvFile(path, CALIBRATION_COLUMNS).map((row, at) => {
    const place = `${path}:${at + 2}`;
    const metric = METRICS.find((one) => one === row.metric);
    if (!metric) throw new UserError(`${place}: metric is '${row.metric}'; it is er, ip or ex`);
    const pairs = Number(row.pairs);
    if (!Number.isInteger(pairs) || pairs < 0) {
      throw new UserError(`${place}: pairs is '${row.pairs}', not a number of pairs`);
    }
    const [people, reader] = [row.people, row.reader].map((cell) => levelOf(cell, "level", place));
    return { source: row.source, metric, people, reader, pairs } as CalibrationCount;
  });
}

/** Readings of listeners' turns that people labelled, `data/readings/criteria.csv`. */
export interface CriterionCount {
  /** `intent`: people's intents of listeners' sentences; `eqt`: people's acts of listeners' questions. */
  readonly source: "intent" | "eqt";
  readonly label: string;
  readonly items: number;
  /** Number of items that readings give level 1 or 2, and level 2. */
  readonly any: Readonly<Record<Metric, number>>;
  readonly strong: Readonly<Record<Metric, number>>;
}

const CRITERIA_COLUMNS = [
  "source",
  "label",
  "items",
  "er_any",
  "ip_any",
  "ex_any",
  "er_strong",
  "ip_strong",
  "ex_strong",
] as const;

/**
 * Reads the readings beside people's intents and acts.
 *
 * @throws UserError if the file is missing, or naming the row whose count is none.
 */
export function readCriteria(study: StudyRoot): CriterionCount[] {
  const path = studyPath(study, "data", "readings", "criteria.csv");
  return readCsvFile(path, CRITERIA_COLUMNS).map((row, at) => {
    const count = (column: (typeof CRITERIA_COLUMNS)[number]) => {
      const value = Number(row[column]);
      if (Number.isInteger(value) && value >= 0 && row[column] !== "") return value;
      throw new UserError(`${path}:${at + 2}: ${column} is '${row[column]}', not a count`);
    };
    return {
      source: row.source as CriterionCount["source"],
      label: row.label,
      items: count("items"),
      any: byMetric((metric) => count(`${metric}_any`)),
      strong: byMetric((metric) => count(`${metric}_strong`)),
    };
  });
}
