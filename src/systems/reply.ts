import { createHash } from "node:crypto";
import { compareIds } from "../corpus/dialogue";

/** A system's text for a stimulus: the form that every source of replies is brought into. */
export interface Reply {
  /** Identifier of the conversation. */
  readonly dialogue: string;
  /** The turn that the reply takes: 2 is the listener's first. */
  readonly turn: number;
  /** Identifier of the system. */
  readonly system: string;
  /** Number of the sample, from 1. */
  readonly sample: number;
  readonly text: string;
}

/**
 * Gives the checksum that stands for a reply's text, in score tables its first 16 digits: the sha256 of its UTF-8 bytes.
 *
 * @returns 64 hexadecimal digits.
 */
export function checksumOf(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

/** Orders replies by dialogue, turn and sample. */
export function compareReplies(left: Reply, right: Reply): number {
  return (
    compareIds(left.dialogue, right.dialogue) ||
    left.turn - right.turn ||
    left.sample - right.sample
  );
}
