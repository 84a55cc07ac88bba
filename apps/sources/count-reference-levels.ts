// Counts how the head that learned from EPITOME agrees with the levels that were published with replies.
import { isMissing, type Levels, METRICS, type Scorer } from "empathy-scorer";
import { dialogueKey, wordKey } from "empathy-scorer/training";
import { UserError } from "kit";
import { isEmotion, SENTIMENTS, sentimentOf } from "../../src/corpus/emotions";
import type { Places } from "../../src/sources/locate-source";
import { splitWords } from "../../src/systems/reply-style";
import {
  LENGTH_BINS,
  type LengthBin,
  REFERENCE_SYSTEMS,
  type ReferenceCount,
} from "../../src/validity/reference-counts";
import { REFERENCE_SOURCES, type ReferenceRow, readReferenceLevels } from "./reference-levels";

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
