// What a system's replies are like, in a few standard measures. Distinct-n: Li et al. 2016, A
// Diversity-Promoting Objective Function for Neural Conversation Models, NAACL, section 5.

import { formatCsvTable, readCsvFile } from "kit/tables";
import { stimulusKey } from "../corpus/stimulus";
import { normalForm } from "./normal-form";
import type { Reply } from "./reply";

/** Measures of a system's replies. */
export interface ReplyStyle {
  readonly replies: number;
  /** Mean number of words per reply. */
  readonly meanWords: number;
  /** Different words among the first 10,000, over 10,000. */
  readonly distinct1: number;
  /** Different pairs of neighbouring words within replies, among those same words, over 10,000. */
  readonly distinct2: number;
  /** Share of replies that the system gave, word for word, to at least five stimuli. */
  readonly stockShare: number;
  /** Share of replies that hold a question mark. */
  readonly questionShare: number;
}

/** How many words distinct-n is computed on: it falls with the length of the text. */
const DISTINCT_WORDS = 10_000;
/** How many stimuli must have got a reply, word for word, for it to count as stock. */
const STOCK_STIMULI = 5;

/**
 * Measures the replies of one system.
 *
 * @param replies in the order of dialogue, turn and sample, which decides the first 10,000 words.
 * @throws RangeError if there are none.
 */
export function measureStyle(replies: readonly Reply[]): ReplyStyle {
  if (replies.length === 0) throw new RangeError("measureStyle: needs at least one reply");
  const words = replies.map(({ text }) => splitWords(text));
  const total = words.reduce((sum, { length }) => sum + length, 0);
  const isQuestion = replies.filter(({ text }) => text.includes("?"));
  return {
    replies: replies.length,
    meanWords: total / replies.length,
    ...countDistinct(words),
    stockShare: countStock(replies) / replies.length,
    questionShare: isQuestion.length / replies.length,
  };
}

/**
 * Splits a text into words: lower case, a contraction being one word, however the text was tokenised.
 *
 * @example
 * splitWords("You should n't, really!"); // => ["you", "shouldn't", "really"]
 */
export function splitWords(text: string): string[] {
  const joined = text
    .toLowerCase()
    .replaceAll("’", "'")
    .replace(/ (n't|'(?:s|m|re|ve|d|ll))(?![\p{L}\p{N}])/gu, "$1");
  return joined.match(/[\p{L}\p{N}]+(?:'[\p{L}\p{N}]+)*/gu) ?? [];
}

function countDistinct(replies: readonly string[][]): { distinct1: number; distinct2: number } {
  const [words, pairs] = [new Set<string>(), new Set<string>()];
  let count = 0;
  for (const reply of replies) {
    for (const [at, word] of reply.entries()) {
      if (count === DISTINCT_WORDS) break;
      count++;
      words.add(word);
      if (at > 0) pairs.add(`${reply[at - 1]} ${word}`);
    }
  }
  return { distinct1: words.size / (count || 1), distinct2: pairs.size / (count || 1) };
}

function countStock(replies: readonly Reply[]): number {
  const stimuli = new Map<string, Set<string>>();
  for (const reply of replies) {
    const form = normalForm(reply.text);
    const given = stimuli.get(form) ?? new Set();
    stimuli.set(form, given.add(stimulusKey(reply)));
  }
  const isStock = ({ text }: Reply) =>
    (stimuli.get(normalForm(text)) as Set<string>).size >= STOCK_STIMULI;
  return replies.filter(isStock).length;
}

const STYLE = [
  "system",
  "replies",
  "meanWords",
  "distinct1",
  "distinct2",
  "stockShare",
  "questionShare",
] as const;

/** A system's style, as a row of `data/published/style.csv`. */
export type StyleRow = ReplyStyle & { readonly system: string };

/** Writes styles as CSV text, four decimals. */
export function formatStyles(rows: readonly StyleRow[]): string {
  const round = (value: number) => Number(value.toFixed(4));
  return formatCsvTable(
    STYLE,
    rows.map((row) => ({
      system: row.system,
      replies: row.replies,
      meanWords: round(row.meanWords),
      distinct1: round(row.distinct1),
      distinct2: round(row.distinct2),
      stockShare: round(row.stockShare),
      questionShare: round(row.questionShare),
    })),
  );
}

/**
 * Reads a table of styles, such as `data/published/style.csv`.
 *
 * @throws UserError if the file is missing or broken.
 */
export function readStyles(path: string): StyleRow[] {
  return readCsvFile(path, STYLE).map(({ system, ...row }) => ({
    system,
    replies: Number(row.replies),
    meanWords: Number(row.meanWords),
    distinct1: Number(row.distinct1),
    distinct2: Number(row.distinct2),
    stockShare: Number(row.stockShare),
    questionShare: Number(row.questionShare),
  }));
}
