// The plain form for an author's own system: one reply a row, CSV or JSON lines.

import { UserError } from "kit";
import { readRows, renameUsual } from "kit/tables";
import { textReader } from "../../tables/reply-columns";
import { readContext } from "../../tables/split-context";
import type { PublishedRecord } from "../published-record";
import { readJsonLines } from "./json-lines";

const COLUMNS = ["dialogue", "turn", "reply"];
const FIELDS = [...COLUMNS, "sample"];

/** Columns that an author names, where they bear no usual name. */
export interface OwnColumns {
  readonly reply?: string | undefined;
  /** The conversation's identifier. */
  readonly dialogue?: string | undefined;
  /** Every utterance before the turn, by which a row without an identifier is joined, and one with it checked. */
  readonly context?: string | undefined;
  /** The turn that every row takes. */
  readonly turn?: number | undefined;
}

/**
 * Reads an author's own CSV: columns `dialogue`, `turn` and `reply`; `sample` (from 1) where a stimulus
 * was answered more than once; `prompt`, the speaker's last utterance, to be checked against the corpus.
 * Cells may be parted by commas, semicolons or tabs, and columns bear another usual name, such as `conv_id`.
 *
 * @param own columns of other names; with a context a row needs neither dialogue nor turn.
 * @throws UserError naming file and line if a cell is not what its column holds.
 */
export async function* readOwnCsv(
  path: string,
  own: OwnColumns = {},
): AsyncGenerator<PublishedRecord> {
  const named = [own.reply, own.dialogue, own.context].filter((name) => name !== undefined);
  const options = {
    columns: [...COLUMNS.filter((field) => isWanted(field, own)), ...named],
    fields: usualFields(own),
    name: "csv",
    delimiter: "found",
  };
  for await (const { line, cells } of readRows(path, options)) {
    const read = textReader(Object.keys(cells));
    const filled = Object.entries(cells).filter(([name, cell]) => cell !== "" || name === "reply");
    yield toRecord(path, line, pick(Object.fromEntries(filled), own), read);
  }
}

/** Reads an author's own JSON lines, one object a reply, with the fields of the CSV. */
export async function* readOwnJsonl(
  path: string,
  own: OwnColumns = {},
): AsyncGenerator<PublishedRecord> {
  for await (const { line, value } of readJsonLines(path)) {
    const names = renameUsual(`${path}:${line}`, Object.keys(value), usualFields(own));
    const cells = Object.values(value).map((cell, at): [string, unknown] => [
      names[at] ?? "",
      cell,
    ]);
    yield toRecord(path, line, pick(Object.fromEntries(cells), own));
  }
}

// With a context, what is answered may be told by that alone.
function isWanted(field: string, { reply, dialogue, context, turn }: OwnColumns): boolean {
  if (field === "reply") return reply === undefined;
  if (field === "dialogue") return (dialogue ?? context) === undefined;
  return (turn ?? context) === undefined;
}

function usualFields(own: OwnColumns): string[] {
  return FIELDS.filter((field) => own[field as keyof OwnColumns] === undefined);
}

type OwnFields = Readonly<Record<string, unknown>>;

/** Gives the named columns the names of the fields; a context that nobody named is none. */
function pick(cells: OwnFields, { reply, dialogue, context, turn }: OwnColumns): OwnFields {
  return {
    ...cells,
    context: context === undefined ? undefined : (cells[context] ?? ""),
    ...(reply === undefined ? {} : { reply: cells[reply] ?? "" }),
    ...(dialogue === undefined ? {} : { dialogue: cells[dialogue] }),
    ...(turn === undefined ? {} : { turn }),
  };
}

function toRecord(
  path: string,
  line: number,
  fields: OwnFields,
  read = textReader(undefined),
): PublishedRecord {
  const { dialogue, reply, prompt } = fields;
  const place = `${path}:${line}`;
  const context =
    fields.context === undefined ? undefined : readContext(fields.context, `${place}: the context`);
  if (typeof dialogue !== "string" && !context)
    throw lacking(place, "dialogue", "the conversation's identifier");
  if (typeof reply !== "string") throw lacking(place, "reply", "the system's text");
  if (prompt !== undefined && typeof prompt !== "string") {
    throw lacking(place, "prompt", "the speaker's last utterance, or left out");
  }
  const sample =
    fields.sample === undefined ? {} : { sample: wholeNumber(place, "sample", fields.sample) };
  const turn = fields.turn ?? (context && context.length + 1);
  const note = "; 1 is the speaker's, 2 the listener's first";
  return {
    line,
    ...(typeof dialogue === "string"
      ? { dialogue, turn: wholeNumber(place, "turn", turn, note) }
      : {}),
    ...(context ? { context } : {}),
    ...(prompt === undefined ? {} : { lastUtterance: prompt }),
    replies: [{ column: "", text: read(reply).trim(), ...sample }],
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
