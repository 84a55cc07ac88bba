// Measures the style of replies: their length, how varied their words are, how many are stock.
import { stimulusKey } from "../../src/corpus/stimulus";
import { normalForm } from "../../src/systems/normal-form";
import type { Reply } from "../../src/systems/reply";
import { type ReplyStyle, splitWords } from "../../src/systems/reply-style";

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
