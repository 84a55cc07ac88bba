// Which replies a reader is given, and in which order: by a seed and by what stands in them, never by whose they are.
import { hash } from "node:crypto";
import type { ScoreRequest } from "empathy-scorer";
import type { Dialogue } from "../../src/corpus/dialogue";
import { sentimentOf } from "../../src/corpus/emotions";
import { stimulusKey } from "../../src/corpus/stimulus";
import { groupBy } from "../../src/group-by";
import type { Reply } from "../../src/systems/reply";
import { shareAmong } from "../asking/choose-stimuli";
import { requestFor } from "../replies/score-stage";

/** A reply, and what a reader sees: its whole dialogue up to it. */
export interface ReplyToRead {
  readonly reply: Reply;
  readonly request: ScoreRequest;
}

/** How replies are drawn. */
interface ReadingDraw {
  /** Replies of each system; all of one that has fewer. */
  readonly replies: number;
  readonly seed: number;
}

/**
 * Draws a system's replies at random within sentiment of the prompt and kind of turn (the first reply of a dialogue, or a
 * later one); each kind gets its share of the system's replies.
 *
 * The drawing depends on the seed and on the names of the stimuli, so systems that answered the same stimuli give replies
 * to the same ones.
 *
 * @param dialogues of the replies, by identifier.
 */
export function drawReplies(
  replies: readonly Reply[],
  dialogues: ReadonlyMap<string, Dialogue>,
  { replies: wanted, seed }: ReadingDraw,
): Reply[] {
  const kinds = groupBy(replies, ({ dialogue, turn }) => {
    const { emotion } = dialogues.get(dialogue) as Dialogue;
    return `${sentimentOf(emotion)} ${turn === 2 ? "first" : "later"}`;
  });
  const sizes = new Map([...kinds].map(([kind, own]) => [kind, own.length]));
  const shares = shareAmong(sizes, wanted);
  return [...kinds].flatMap(([kind, own]) =>
    shuffleBy(own, ({ dialogue, turn, sample }) => `${seed} ${turn} ${dialogue} ${sample}`).slice(
      0,
      shares.get(kind),
    ),
  );
}

/** People's replies to the turns that some of the given replies answer. */
export function peopleBeside(people: readonly Reply[], replies: readonly Reply[]): Reply[] {
  const answered = new Set(replies.map(stimulusKey));
  return people.filter((reply) => answered.has(stimulusKey(reply)));
}

/** What a reader sees of replies. */
export function toRead(
  replies: readonly Reply[],
  dialogues: ReadonlyMap<string, Dialogue>,
): ReplyToRead[] {
  return replies.map((reply) => ({
    reply,
    request: requestFor(reply, dialogues.get(reply.dialogue) as Dialogue, "all"),
  }));
}

/** Puts what is asked into an order that depends on the seed and the texts alone. */
export function shuffleRequests(requests: readonly ScoreRequest[], seed: number): ScoreRequest[] {
  return shuffleBy(requests, ({ context, reply }) => JSON.stringify([seed, context, reply]));
}

/** Puts values into the order of the checksums of their names. */
export function shuffleBy<Value>(
  values: readonly Value[],
  nameOf: (value: Value) => string,
): Value[] {
  const ranked = values.map((value) => ({ value, rank: hash("sha1", nameOf(value)) }));
  ranked.sort((one, other) => (one.rank < other.rank ? -1 : Number(one.rank > other.rank)));
  return ranked.map(({ value }) => value);
}
