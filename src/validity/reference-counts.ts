// How our levels compare with the reference classifiers' on the replies that both scored, as counts:
// `data/validity/reference.csv`.
import {
  isMissing,
  type Level,
  type Levels,
  METRICS,
  type Metric,
  type Scorer,
} from "empathy-scorer";
import { dialogueKey, wordKey } from "empathy-scorer/training";
import { UserError } from "kit";
import { formatCsvTable, readCsvFile } from "kit/tables";
import { isEmotion, SENTIMENTS, type Sentiment, sentimentOf } from "../corpus/emotions";
import {
  REFERENCE_SOURCES,
  type ReferenceRow,
  readReferenceLevels,
} from "../labels/reference-levels";
import { projectPath } from "../project";
import type { Places } from "../sources/locate-source";
import { splitWords } from "../systems/reply-style";
import type { ConfusionCounts } from "./confusion-counts";

/** The systems whose replies have reference levels. */
export const REFERENCE_SYSTEMS = [
  "human",
  "zephyr-7b",
  "zephyr-7b-short",
  "zephyr-7b-tuned",
] as const;

/** Lengths of replies in words, by which errors are told apart. */
export const LENGTH_BINS = ["1-9", "10-19", "20-39", "40+"] as const;

/** A length of replies in words. */
export type LengthBin = (typeof LENGTH_BINS)[number];

/** How many replies of a kind have a reference level and a level of ours. */
export interface ReferenceCount {
  readonly system: (typeof REFERENCE_SYSTEMS)[number];
  readonly sentiment: Sentiment;
  readonly length: LengthBin;
  readonly metric: Metric;
  /** The reference classifier's level. */
  readonly reference: Level;
  /** Ours, by the models that had not seen the reply's dialogue; null where we give none, as without letters. */
  readonly level: Level | null;
  readonly replies: number;
}

const HEADER = [
  "system",
  "sentiment",
  "length",
  "metric",
  "reference",
  "level",
  "replies",
] as const;

interface LabelledReply {
  readonly system: string;
  readonly emotion: string;
  readonly answered: string;
  readonly opening: string;
  readonly reply: string;
  readonly levels: Levels;
}

/**
 * Scores every reply that has reference levels, and counts the pairs of levels.
 *
 * People's replies, which each of the three files repeats, count once. Rows whose context is one utterance
 * are left out, as in training.
 *
 * @param scorer the embedded classifier's RoBERTa head: it takes the models that had not seen a dialogue.
 * @throws UserError if a file is not on this machine or breaks its format.
 */
export async function countReferenceLevels(
  scorer: Scorer,
  places?: Places,
): Promise<ReferenceCount[]> {
  const counts = new Map<string, number>();
  for (const { system, emotion, answered, opening, reply, levels } of await readLabelled(places)) {
    const scores = await scorer.score({ context: [answered], opening, reply });
    if (!isEmotion(emotion))
      throw new UserError(`'${emotion}' is not an emotion; fetch EmPO's files again`);
    const kind = [system, sentimentOf(emotion), binOf(splitWords(reply).length)];
    for (const metric of METRICS) {
      const key = [
        ...kind,
        metric,
        levels[metric],
        isMissing(scores) ? "" : scores[metric].level,
      ].join();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return listKinds().flatMap((kind) => {
    const { system, sentiment, length, metric, reference, level } = kind;
    const replies = counts.get([system, sentiment, length, metric, reference, level].join());
    return replies === undefined ? [] : [{ ...kind, replies }];
  });
}

/** Writes the counts as a table; pairs of levels that do not occur have no row. */
export function formatReferenceCounts(counts: readonly ReferenceCount[]): string {
  return formatCsvTable(
    HEADER,
    counts.map((count) => ({ ...count })),
  );
}

/**
 * Reads how often our levels and the reference levels pair, by kind of reply.
 *
 * @param path `data/validity/reference.csv` by default.
 * @throws UserError if the file is missing or broken.
 */
export function readReferenceCounts(
  path = projectPath("data", "validity", "reference.csv"),
): ReferenceCount[] {
  return readCsvFile(path, HEADER).map((cells) => ({
    system: cells.system as ReferenceCount["system"],
    sentiment: cells.sentiment as Sentiment,
    length: cells.length as LengthBin,
    metric: cells.metric as Metric,
    reference: Number(cells.reference) as Level,
    level: cells.level === "" ? null : (Number(cells.level) as Level),
    replies: Number(cells.replies),
  }));
}

/**
 * Adds counts up to one table: a row for each reference level, a column for each of ours.
 *
 * @param counts those of one metric, and of whatever else is to be taken together; replies
 *   without a level of ours do not count.
 * @example
 * const counts = [{ reference: 0, level: 2, replies: 3 }, { reference: 0, level: 2, replies: 1 }];
 * sumReferenceCounts(counts)[0]; // => [0, 0, 4]
 */
export function sumReferenceCounts(
  counts: readonly Pick<ReferenceCount, "reference" | "level" | "replies">[],
): ConfusionCounts {
  const sums = [0, 1, 2].map(() => [0, 0, 0]);
  for (const { reference, level, replies } of counts) {
    if (level !== null) sums[reference]![level]! += replies;
  }
  return sums as unknown as ConfusionCounts;
}

async function readLabelled(places?: Places): Promise<LabelledReply[]> {
  const human = new Map<string, LabelledReply>();
  const models: LabelledReply[] = [];
  for (const source of REFERENCE_SOURCES) {
    const system = source.replace(/^empo-zephyr/, "zephyr-7b");
    for (const row of await readReferenceLevels(source, places)) {
      if (row.isCut) continue;
      const { emotion, answered, opening, reply, levels } = row;
      models.push({ system, emotion, answered, opening, reply, levels });
      human.set(humanKey(row), {
        system: "human",
        emotion,
        answered,
        opening,
        reply: row.humanReply,
        levels: row.humanLevels,
      });
    }
  }
  return [...human.values(), ...models];
}

function humanKey({ opening, answered, humanReply }: ReferenceRow): string {
  return `${dialogueKey(opening)}|${wordKey(answered)}|${wordKey(humanReply)}`;
}

function binOf(words: number): LengthBin {
  if (words < 10) return "1-9";
  if (words < 20) return "10-19";
  return words < 40 ? "20-39" : "40+";
}

function listKinds(): Omit<ReferenceCount, "replies">[] {
  const levels = [0, 1, 2] as const;
  return REFERENCE_SYSTEMS.flatMap((system) =>
    SENTIMENTS.flatMap((sentiment) =>
      LENGTH_BINS.flatMap((length) =>
        METRICS.flatMap((metric) =>
          levels.flatMap((reference) =>
            [...levels, null].map((level) => ({
              system,
              sentiment,
              length,
              metric,
              reference,
              level,
            })),
          ),
        ),
      ),
    ),
  );
}
