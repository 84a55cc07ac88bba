import { hashText } from "./hash-text";

/** A text cut into tokens and sentences. */
export interface Tokens {
  readonly words: readonly string[];
  /** Hash of each word. */
  readonly hashes: Int32Array;
  /** Where each sentence ends: the index after its last token; the last is the number of tokens. */
  readonly sentenceEnds: readonly number[];
}

/** A word longer than this is cut: what follows carries no meaning that a scorer could use. */
const LONGEST_WORD = 40;
const LONGEST_SENTENCE = 30;
const TOKEN =
  /<url>|\p{L}[\p{L}\p{M}]*(?:'\p{L}[\p{L}\p{M}]*)*|\p{N}+|[.!?]+|\p{Extended_Pictographic}|[^\s\p{L}\p{N}]/gu;
const JOINTS = new Set([",", "and", "but", "so", "because", ";", "-"]);

// Common spellings of contractions without the apostrophe; "were", "its", "ill", "id" stay, being words.
const SPELLINGS: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  im: "i'm",
  ive: "i've",
  dont: "don't",
  cant: "can't",
  wont: "won't",
  didnt: "didn't",
  doesnt: "doesn't",
  isnt: "isn't",
  wasnt: "wasn't",
  arent: "aren't",
  havent: "haven't",
  couldnt: "couldn't",
  wouldnt: "wouldn't",
  shouldnt: "shouldn't",
  youre: "you're",
  youve: "you've",
  youll: "you'll",
  thats: "that's",
  theres: "there's",
  whats: "what's",
  theyre: "they're",
  hasnt: "hasn't",
  u: "you",
  ur: "your",
  bc: "because",
});

/**
 * Cuts a normal form (`normaliseText`) into words, numbers, punctuation marks and emoji, and into
 * sentences at `.`, `!` and `?`; a sentence of over 30 tokens is cut at a comma or conjunction.
 *
 * Runs in linear time: every character is looked at a bounded number of times.
 */
export function tokenise(normal: string): Tokens {
  const words: string[] = [];
  const ends: number[] = [];
  let start = 0;
  const endSentence = () => {
    start = words.length;
    ends.push(start);
  };
  for (const found of normal.match(TOKEN) ?? []) {
    if (words.length - start > LONGEST_SENTENCE && JOINTS.has(found)) endSentence();
    words.push(
      SPELLINGS[found] ?? (found.length > LONGEST_WORD ? found.slice(0, LONGEST_WORD) : found),
    );
    const first = found.charCodeAt(0);
    if (first === 46 || first === 33 || first === 63) endSentence();
  }
  if (words.length > start) endSentence();
  const hashes = new Int32Array(words.length);
  for (let at = 0; at < words.length; at++) hashes[at] = hashText(words[at] as string);
  return { words, hashes, sentenceEnds: ends };
}
