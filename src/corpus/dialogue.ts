import type { Emotion, Sentiment } from "./emotions";

/** The parts into which EmpatheticDialogues is divided; `sample` is this package's own corpus. */
export type Split = "train" | "valid" | "test" | "sample";

/** Who says an utterance: odd utterances are the speaker's, even ones the listener's. */
export type Role = "speaker" | "listener";

/** One message of a dialogue. */
export interface Utterance {
  /** Position in the dialogue, from 1. */
  readonly index: number;
  readonly role: Role;
  readonly text: string;
  /** Replies to choose from, in rows that carry them; read only on request. */
  readonly candidates?: readonly string[];
}

/** One EmpatheticDialogues conversation. */
export interface Dialogue {
  /** The corpus's own identifier, such as `hit:0_conv:0`. */
  readonly id: string;
  readonly split: Split;
  /** The emotion that the speaker was given to recount. */
  readonly emotion: Emotion;
  readonly sentiment: Sentiment;
  /** What the speaker wrote about the situation before the chat; the listener did not see it. */
  readonly situation: string;
  readonly utterances: readonly Utterance[];
}

/** Says whose turn an utterance is, from its position in the dialogue. */
export function roleOf(index: number): Role {
  return index % 2 === 1 ? "speaker" : "listener";
}

/**
 * Orders dialogue identifiers by the numbers in them, so that `hit:2_conv:4` precedes `hit:10_conv:20`.
 *
 * @returns a negative number, zero or a positive number, as `Array.prototype.sort` expects.
 */
export function compareIds(left: string, right: string): number {
  const a = left.split(/(\d+)/);
  const b = right.split(/(\d+)/);
  for (let part = 0; part < Math.min(a.length, b.length); part++) {
    const [x, y] = [a[part] as string, b[part] as string];
    if (x === y) continue;
    const difference = part % 2 === 1 ? Number(x) - Number(y) : x < y ? -1 : 1;
    if (difference !== 0) return difference;
  }
  return a.length - b.length || (left < right ? -1 : left > right ? 1 : 0);
}
