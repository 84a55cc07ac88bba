import type { ReplyText, ReplyVectors } from "../features/reply-text";
import type { Level } from "../levels";

/** A reply to learn from. */
export interface TrainingRow {
  readonly text: ReplyText;
  readonly vectors: ReplyVectors;
  readonly level: Level;
  /** Rows of one group never stand on both sides of a split. */
  readonly group: string;
  /** Which tokens lie in a rationale; undefined where that is not known. */
  readonly marks?: Uint8Array | undefined;
  /** Factor on the cost of an error; 1 by default. */
  readonly weight?: number;
}
