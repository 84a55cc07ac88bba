// Whether replies stand beside the prompts that they answer, for files that hold no prompts: replies take up words of their own
// prompt, and of the next dialogue's only by chance.
import type { Dialogue } from "../corpus/dialogue";
import { countEach } from "../group-by";
import type { Reply } from "./reply";
import { splitWords } from "./reply-style";

/** How many of a prompt's rarer words a reply holds, on average. */
export interface OrderEvidence {
  /** Of the prompt beside which the reply stands. */
  readonly own: number;
  /** Of the first prompt of the dialogue that comes next. */
  readonly next: number;
}

/** A word is rare if it is in fewer prompts than this share. */
const RARE = 0.03;
const SHORTEST = 4;

/**
 * Measures how many of the rarer words of the speaker's last utterance replies take up: words of four letters or more that are in
 * less than 3 % of these prompts.
 *
 * @param replies by dialogue and turn, one a stimulus.
 * @throws RangeError if there are none.
 */
export function measureOrder(
  replies: readonly Reply[],
  dialogues: ReadonlyMap<string, Dialogue>,
): OrderEvidence {
  if (replies.length === 0) throw new RangeError("measureOrder: needs at least one reply");
  const promptOf = ({ dialogue, turn }: Pick<Reply, "dialogue" | "turn">) =>
    wordsOf(dialogues.get(dialogue)?.utterances[turn - 2]?.text ?? "");
  const prompts = replies.map(promptOf);
  const isRare = rareIn(prompts);
  const ids = [...new Set(replies.map(({ dialogue }) => dialogue))];
  const following = new Map(ids.map((id, at) => [id, ids[(at + 1) % ids.length] as string]));
  const sums = { own: 0, next: 0 };
  for (const [at, reply] of replies.entries()) {
    const words = [...wordsOf(reply.text)].filter(isRare);
    const next = promptOf({ dialogue: following.get(reply.dialogue) as string, turn: 2 });
    sums.own += words.filter((word) => prompts[at]?.has(word)).length;
    sums.next += words.filter((word) => next.has(word)).length;
  }
  return { own: sums.own / replies.length, next: sums.next / replies.length };
}

function wordsOf(text: string): Set<string> {
  return new Set(splitWords(text).filter(({ length }) => length >= SHORTEST));
}

function rareIn(prompts: readonly ReadonlySet<string>[]): (word: string) => boolean {
  const counts = countEach(prompts.flatMap((prompt) => [...prompt]));
  return (word) => (counts.get(word) ?? 0) < RARE * prompts.length;
}
