import { UserError } from "kit";
import type { PublishedRecord } from "../published-record";
import { readJsonLines } from "./json-lines";

const PREFIX = /^ed_(?:test|valid|train)_/;
const FIELDS = ["dialog_id", "context", "ground_truth_response", "generated_response"] as const;

type Fields = Readonly<Record<(typeof FIELDS)[number], string>>;

/**
 * Reads replies by gpt-3.5-turbo (github.com/RRRCA/NLP-Model-Response-Comparison): JSON lines that name
 * conversation and turn. The context is a window over the situation and the utterances after it.
 *
 * @throws UserError naming file and line if a line is broken or lacks a field.
 */
export async function* readTurbo(path: string): AsyncGenerator<PublishedRecord> {
  for await (const { line, value } of readJsonLines(path)) {
    const { fields, turn } = checkFields(`${path}:${line}`, value);
    yield {
      line,
      dialogue: fields.dialog_id.replace(PREFIX, ""),
      turn,
      ...(typeof value.emotion === "string" ? { emotion: value.emotion } : {}),
      window: fields.context.split("<eot>").map(toLine),
      reference: restoreCommas(fields.ground_truth_response),
      replies: [{ column: "", text: restoreCommas(fields.generated_response).trim() }],
    };
  }
}

function checkFields(
  place: string,
  value: Readonly<Record<string, unknown>>,
): { fields: Fields; turn: number } {
  const lacking = FIELDS.find((field) => typeof value[field] !== "string");
  if (lacking) {
    throw new UserError(`${place}: the field '${lacking}' should hold text; fetch the file again`);
  }
  const turn = value.turn_id;
  if (!Number.isInteger(turn) || (turn as number) < 1) {
    throw new UserError(
      `${place}: the field 'turn_id' should hold a whole number from 1; fetch the file again`,
    );
  }
  return { fields: value as Fields, turn: turn as number };
}

/** Takes the name of who speaks from a line of the context. */
function toLine(text: string): string {
  return restoreCommas(text.trim().replace(/^[AB]: ?/, ""));
}

function restoreCommas(text: string): string {
  return text.replaceAll("_comma_", ",");
}
