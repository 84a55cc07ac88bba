// The table of replies that `ask --table` writes, and how its texts are read back.
import { fromCell } from "kit/tables";

/** The columns of a table of replies; scoring adds others after them. */
export const REPLY_COLUMNS = [
  ...(["system", "model", "prompt", "temperature", "dialogue", "turn", "sample"] as const),
  ...(["language", "emotion", "sentiment", "context", "reply"] as const),
];

/**
 * Finds how the texts of a table are read: without the apostrophe before a formula, where this package wrote the table.
 *
 * What others wrote is taken as it is.
 *
 * @param columns the table's header; undefined for JSONL.
 */
export function textReader(columns: readonly string[] | undefined): (cell: string) => string {
  const isOwn = REPLY_COLUMNS.every((column, at) => columns?.[at] === column);
  return isOwn ? fromCell : (cell) => cell;
}
