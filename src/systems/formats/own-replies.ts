// The plain form for an author's own system: one reply a row, CSV or JSON lines.

import { readRows } from "../../tables/read-rows";
import { renameUsual } from "../../tables/usual-names";
import { UserError } from "../../user-error";
import type { PublishedRecord } from "../published-record";
import { readJsonLines } from "./json-lines";

const COLUMNS = ["dialogue", "turn", "reply"];
const FIELDS = [...COLUMNS, "sample"];

/**
 * Reads an author's own CSV: columns `dialogue`, `turn` and `reply`; `sample` (from 1) where a stimulus
 * was answered more than once; `prompt`, the speaker's last utterance, to be checked against the corpus.
 * Cells may be parted by commas, semicolons or tabs, and columns bear another usual name, such as `conv_id`.
 *
 * @throws UserError naming file and line where a cell is not what its column holds.
 */
export async function* readOwnCsv(path: string): AsyncGenerator<PublishedRecord> {
  const options = { columns: COLUMNS, fields: FIELDS, name: "csv", delimiter: "found" };
  for await (const { line, cells } of readRows(path, options)) {
    const filled = Object.entries(cells).filter(([name, cell]) => cell !== "" || name === "reply");
    yield toRecord(path, line, Object.fromEntries(filled));
  }
}

/** Reads an author's own JSON lines, one object a reply, with the fields of the CSV. */
export async function* readOwnJsonl(path: string): AsyncGenerator<PublishedRecord> {
  for await (const { line, value } of readJsonLines(path)) {
    const names = renameUsual(`${path}:${line}`, Object.keys(value), FIELDS);
    const cells = Object.values(value).map((cell, at): [string, unknown] => [
      names[at] ?? "",
      cell,
    ]);
    yield toRecord(path, line, Object.fromEntries(cells));
  }
}

function toRecord(
  path: string,
  line: number,
  fields: Readonly<Record<string, unknown>>,
): PublishedRecord {
  const { dialogue, reply, prompt } = fields;
  const place = `${path}:${line}`;
  if (typeof dialogue !== "string")
    throw lacking(place, "dialogue", "the conversation's identifier");
  if (typeof reply !== "string") throw lacking(place, "reply", "the system's text");
  if (prompt !== undefined && typeof prompt !== "string") {
    throw lacking(place, "prompt", "the speaker's last utterance, or left out");
  }
  const sample =
    fields.sample === undefined ? {} : { sample: wholeNumber(place, "sample", fields.sample) };
  return {
    line,
    dialogue,
    turn: wholeNumber(place, "turn", fields.turn, "; 1 is the speaker's, 2 the listener's first"),
    ...(prompt === undefined ? {} : { lastUtterance: prompt }),
    replies: [{ column: "", text: reply.trim(), ...sample }],
  };
}

function wholeNumber(place: string, field: string, value: unknown, note = ""): number {
  const number =
    typeof value === "number" || typeof value === "string" ? Number(value) : Number.NaN;
  if (value !== "" && Number.isInteger(number) && number >= 1) return number;
  throw lacking(place, field, `a whole number from 1${note}`);
}

function lacking(place: string, field: string, what: string): UserError {
  return new UserError(`${place}: the field '${field}' should hold ${what}; mend the row`);
}
