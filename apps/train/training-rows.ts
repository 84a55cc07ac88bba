import type { Level, Metric } from "empathy-scorer";
import {
  DIALOGUE_FOLDS,
  dialogueFold,
  dialogueKey,
  EPITOME_WEIGHT,
  isLocked,
  normaliseText,
  pairKey,
  readReply,
  type Tokens,
  type TrainingRow,
  tokenise,
  vectorsOf,
  wordKey,
} from "empathy-scorer/training";
import type { Places } from "../../src/sources/locate-source";
import { readEpitome } from "../sources/epitome";
import { REFERENCE_SOURCES, readReferenceLevels } from "../sources/reference-levels";

/** Which rows: the nine tenths to learn from, or the locked tenth to test on. */
export type Part = "open" | "locked";

/** A text with its level, before it is cut and counted. */
export interface LabelledText {
  readonly group: string;
  readonly answered: string;
  readonly reply: string;
  readonly level: Level;
  readonly rationales?: readonly string[];
}

/** A reply to a dialogue, from a person or from a system, with its reference level. */
export interface DialogueText extends LabelledText {
  readonly origin: "human" | (typeof REFERENCE_SOURCES)[number];
  readonly opening: string;
}

/** Reads the rated pairs of one metric, in an order that does not depend on the file's. */
export async function readPairs(
  metric: Metric,
  part: Part,
  places?: Places,
): Promise<LabelledText[]> {
  const pairs = (await readEpitome(metric, places)).map((pair) => ({
    group: pairKey(pair.seekerPost, pair.responsePost),
    answered: pair.seekerPost,
    reply: pair.responsePost,
    level: pair.level,
    rationales: pair.rationales,
  }));
  return sortTexts(pairs.filter(({ group }) => isLocked(group) === (part === "locked")));
}

/** Reads the replies to dialogues with their reference levels of one metric; each human reply once. */
export async function readDialogueTexts(
  metric: Metric,
  part: Part,
  places?: Places,
): Promise<DialogueText[]> {
  const texts = new Map<string, DialogueText>();
  for (const origin of REFERENCE_SOURCES) {
    for (const row of await readReferenceLevels(origin, places)) {
      const group = dialogueKey(row.opening);
      if (isLocked(group) !== (part === "locked") || row.isCut) continue;
      const common = { group, answered: row.answered, opening: row.opening };
      const human = {
        ...common,
        reply: row.humanReply,
        level: row.humanLevels[metric],
        origin: "human" as const,
      };
      texts.set(`${group}|${origin}|${row.answered}|${row.reply}`, {
        ...common,
        reply: row.reply,
        level: row.levels[metric],
        origin,
      });
      texts.set(`${group}|human|${wordKey(row.answered)}|${wordKey(row.humanReply)}`, human);
    }
  }
  return sortTexts([...texts.values()]);
}

/** Cuts and counts texts for training. */
export function toTrainingRows(texts: readonly LabelledText[], weight = 1): TrainingRow[] {
  return texts.map(({ group, answered, reply, level, rationales }) => {
    const text = readReply(reply, answered);
    const marks = rationales ? markRationales(text.tokens, rationales) : undefined;
    return { text, vectors: vectorsOf(text), level, group, marks, weight };
  });
}

/** Rows of EPITOME as the RoBERTa head sees them. */
export function toSupportRows(texts: readonly LabelledText[]): TrainingRow[] {
  return toTrainingRows(texts, EPITOME_WEIGHT);
}

/** The folds of dialogues' rows. */
export function foldsOf(rows: readonly { readonly group: string }[]): Uint8Array {
  return Uint8Array.from(rows, ({ group }) => dialogueFold(group, DIALOGUE_FOLDS));
}

/**
 * Puts texts into an order that depends on them alone: sums of floating-point numbers depend on their order.
 */
export function sortTexts<T extends LabelledText>(texts: T[]): T[] {
  const keyed = texts.map((text) => ({
    text,
    key: `${text.group}|${text.level}|${text.reply}|${text.answered}|${(text as { origin?: string }).origin}|${text.rationales?.join("|")}`,
  }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return keyed.map(({ text }) => text);
}

/**
 * Marks the tokens of a reply that lie in a rationale.
 *
 * @returns one byte per token, or undefined if a rationale is not found in the reply word for word.
 */
export function markRationales(
  reply: Tokens,
  rationales: readonly string[],
): Uint8Array | undefined {
  const marks = new Uint8Array(reply.words.length);
  let found = rationales.length === 0;
  for (const rationale of rationales) {
    const wanted = tokenise(normaliseText(rationale)).hashes;
    if (wanted.length === 0) continue;
    const at = longestMatch(reply.hashes, wanted);
    if (!at) continue;
    found = true;
    marks.fill(1, at.from, at.to);
  }
  return found ? marks : undefined;
}

// The place where most of the rationale stands: a span's ends may be cut inside a word.
function longestMatch(
  text: Int32Array,
  wanted: Int32Array,
): { from: number; to: number } | undefined {
  let best = { from: 0, to: 0 };
  for (let shift = 0; shift <= Math.min(1, wanted.length - 1); shift++) {
    for (let at = 0; at + 1 <= text.length; at++) {
      let length = 0;
      while (
        shift + length < wanted.length &&
        at + length < text.length &&
        text[at + length] === wanted[shift + length]
      ) {
        length++;
      }
      if (length > best.to - best.from) best = { from: at, to: at + length };
    }
  }
  return best.to - best.from >= 0.5 * wanted.length ? best : undefined;
}
