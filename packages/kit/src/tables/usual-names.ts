// What authors call the columns of their tables, beside the names that this package gives them.
import { UserError } from "../user-error";

const USUAL_NAMES: Readonly<Record<string, readonly string[]>> = {
  dialogue: [
    "conv_id",
    "conversation_id",
    "conv",
    "conversation",
    "dialog",
    "dialog_id",
    "dialogue_id",
  ],
  turn: ["turn_id", "turn_number", "utterance_idx"],
  reply: ["response", "generated_response", "system_response", "answer"],
  context: ["history", "dialogue_history", "dialog_history"],
  sample: ["sample_id"],
  emotion: ["emotion_label"],
};

/**
 * Gives a header's columns the names that this package reads them by, where one has another usual name.
 *
 * Names are compared without regard to case, hyphens and spaces. A column that bears the package's own name is
 * taken before any other.
 *
 * @param place of the header, for the message.
 * @param fields the names to give.
 * @throws UserError if two columns may be one field.
 *
 * @example
 * renameUsual("a.csv:1", ["Conv ID", "turn"], ["dialogue", "turn"]); // => ["dialogue", "turn"]
 */
export function renameUsual(
  place: string,
  columns: readonly string[],
  fields: readonly string[],
): string[] {
  const renamed = [...columns];
  for (const field of fields) {
    if (columns.includes(field)) continue;
    const usual = [field, ...usualNames(field)];
    const found = columns.filter((column) => usual.includes(plainName(column)));
    const [column, other] = found;
    if (column === undefined) continue;
    if (other !== undefined) {
      throw new UserError(
        `${place}: '${column}' and '${other}' may both be '${field}'; rename the one that is`,
      );
    }
    renamed[columns.indexOf(column)] = field;
  }
  return renamed;
}

/** The names by which a field is known, besides its own. */
export function usualNames(field: string): readonly string[] {
  return USUAL_NAMES[field] ?? [];
}

function plainName(column: string): string {
  return column
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, "_");
}
