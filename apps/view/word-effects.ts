// What a word does to a reply's levels, by leaving it out: the expected level of the whole reply less that of the reply
// without the word (occlusion; Li, Monroe and Jurafsky 2016, arXiv 1612.08220). Exact for this scorer and this reply.
import { setImmediate } from "node:timers/promises";
import {
  type EmbeddedScorer,
  isMissing,
  loadScorer,
  METRICS,
  type ScoreRequest,
} from "empathy-scorer";
import { UserError } from "kit";
import type { ReplyIndex } from "./reply-index";
import { scoreRequestOf } from "./reply-scores";

/** A word of a reply, and what it does. */
interface WordEffect {
  /** Where the word begins and ends in the reply, in UTF-16 units. */
  readonly from: number;
  readonly to: number;
  /** Change of the expected level (from 0 to 2) that the word makes, by metric: ER, IP, EX. */
  readonly changes: readonly number[];
}

/** The words of a reply, marked by a scorer. */
export interface MarkedWords {
  readonly scorer: string;
  readonly words: readonly WordEffect[];
}

/** Makes what marks the words of an index's replies, with the scorer that ships with the package, loaded when it is first asked. */
export function wordMarker(index: ReplyIndex): (reply: number) => Promise<MarkedWords> {
  let scorer: EmbeddedScorer | undefined;
  return async (reply) => {
    scorer ??= loadScorer();
    return { scorer: scorer.id, words: await wordEffects(scorer, scoreRequestOf(index, reply)) };
  };
}

const WORDS_AT_ONCE = 8;

/** How many of a reply's words are looked at. */
export const MOST_WORDS = 400;

// Each word takes a scoring of the whole reply.
const LONGEST = 1000;

/**
 * Measures what each word of a reply does to its expected levels.
 *
 * A word is what stands between white space. Words that stand twice, or that say the same, hide each other: leaving one out
 * changes little where the other stays. Where nothing that can be scored is left without a word, the word's change is the
 * whole expected level.
 *
 * @throws UserError if the reply has more than 1,000 words.
 * @returns nothing where the reply has no score. Takes a scoring a word, from 0.2 ms in short replies to 2.5 ms in the longest;
 *   other work goes on in between.
 */
export async function wordEffects(
  scorer: EmbeddedScorer,
  request: ScoreRequest,
): Promise<WordEffect[]> {
  const { reply } = request;
  const words = firstWords(reply, LONGEST + 1);
  if (words.length > LONGEST) {
    throw new UserError(
      `words are marked in replies of up to ${LONGEST} words; this one is longer`,
    );
  }
  const whole = expectedLevels(scorer, request);
  if (!whole) return [];
  const effects: WordEffect[] = [];
  for (const { index: from, 0: word } of words.slice(0, MOST_WORDS)) {
    const to = from + word.length;
    const left = `${reply.slice(0, from)} ${reply.slice(to)}`;
    const rest = expectedLevels(scorer, { ...request, reply: left }) ?? [0, 0, 0];
    const changes = whole.map((level, metric) => level - (rest[metric] ?? 0));
    effects.push({ from, to, changes });
    if (effects.length % WORDS_AT_ONCE === 0) await setImmediate();
  }
  return effects;
}

function firstWords(reply: string, most: number): RegExpExecArray[] {
  const words: RegExpExecArray[] = [];
  for (const word of reply.matchAll(/\S+/g)) {
    if (words.length === most) break;
    words.push(word);
  }
  return words;
}

function expectedLevels(scorer: EmbeddedScorer, request: ScoreRequest): number[] | undefined {
  const outcome = scorer.scoreNow(request);
  if (isMissing(outcome)) return undefined;
  return METRICS.map((metric) => {
    const [, one, two] = outcome[metric].probabilities;
    return one + 2 * two;
  });
}
