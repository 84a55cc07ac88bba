import { hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { UserError } from "kit";
import { openTable, type Row, readRows, renameUsual } from "kit/tables";
import type { Role, Utterance } from "../corpus/dialogue";
import type { LabelledStimulus } from "../corpus/stimulus";
import { readContext, splitContext } from "../tables/split-context";

const FIELDS = ["dialogue", "context", "turn", "emotion", "language"];
const LANGUAGE = /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i;

/** What is said of all stimuli of a file at once. */
export interface StimulusTableOptions {
  /** The language of rows that name none; BCP 47, such as `de`. */
  readonly language?: string | undefined;
}

/**
 * Reads stimuli from a CSV file with a header and quoted fields, parted by commas, semicolons or tabs, or from a
 * JSONL file (a name that ends in `.jsonl`), one object a line.
 *
 * Columns: `dialogue` (an identifier), `context` (what was said so far, oldest first: one utterance a
 * line, a list of texts or of chat messages, as `splitContext` takes it; the last one is the speaker's), and, if you like, `turn` (the number of
 * the utterance to be written; by default the one after the context), `emotion` and `language` (BCP 47, such
 * as `de`); each may bear another usual name, such as `conv_id` or `history`. In JSONL a context may be an array.
 * Other columns are passed over. Streams: memory does not grow with the file, except by the identifiers.
 *
 * @throws UserError naming file, line and what is wrong there.
 */
export async function* readStimulusTable(
  path: string,
  { language = "" }: StimulusTableOptions = {},
): AsyncGenerator<LabelledStimulus> {
  const seen = new Set<string>();
  const rows = /\.jsonl$/i.test(path) ? readObjects(path) : readQuoted(path);
  for await (const { line, cells } of rows) {
    const labelled = readRow({ ...cells, language: cells.language || language }, `${path}:${line}`);
    const { dialogue, turn } = labelled.stimulus;
    const place = hash("sha1", `${turn} ${dialogue}`, "base64");
    if (seen.has(place)) {
      throw new UserError(
        `${path}:${line}: dialogue '${dialogue}', turn ${turn} stands twice; number them apart`,
      );
    }
    seen.add(place);
    yield labelled;
  }
}

/**
 * Reads the first line of a text file.
 *
 * @throws UserError if the file cannot be read.
 */
export async function readFirstLine(path: string): Promise<string> {
  try {
    for await (const chunk of createReadStream(path, { end: 4095, encoding: "utf8" })) {
      return (chunk as string).replace(/^\uFEFF/, "").split(/\r?\n/, 1)[0] as string;
    }
    throw new UserError(`${path}: is empty; it should be a table of dialogues`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof UserError || !code) throw error;
    throw new UserError(
      `${path}: cannot be read (${code}); stimuli are sample, test, or the path of a CSV, TSV or JSONL file`,
    );
  }
}

function readQuoted(path: string): AsyncGenerator<Row> {
  return readRows(path, {
    columns: ["dialogue", "context"],
    fields: FIELDS,
    delimiter: "found",
    name: "stimulus",
    otherwise: "name another file",
    remedy: "mend the file",
  });
}

async function* readObjects(path: string): AsyncGenerator<Row> {
  const { rows } = await openTable(path, "jsonl");
  for await (const { line, values } of rows) {
    const place = `${path}:${line}`;
    const given = Object.keys(values);
    const names = renameUsual(place, given, FIELDS);
    const cells = names.flatMap((name, at) =>
      FIELDS.includes(name) ? [[name, toCell(values[given[at] as string], name, place)]] : [],
    );
    yield { line, cells: Object.fromEntries(cells) };
  }
}

function toCell(value: unknown, name: string, place: string): string {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  if (name === "context" && Array.isArray(value)) {
    return JSON.stringify(readContext(value, `${place}: 'context'`));
  }
  const wanted = name === "context" ? "a text or a list of texts" : "a text";
  throw new UserError(`${place}: '${name}' is not ${wanted}; correct it`);
}

function readRow(row: Readonly<Record<string, string>>, place: string): LabelledStimulus {
  const { dialogue = "", context = "", turn, emotion = "", language = "" } = row;
  if (dialogue === "") throw new UserError(`${place}: the dialogue has no identifier; give it one`);
  const utterances = splitContext(context, `${place}: 'context'`);
  if (utterances.length === 0) {
    throw new UserError(`${place}: the context is empty; leave the row out, or fill it in`);
  }
  if (Number(turn) === 1) {
    throw new UserError(`${place}: turn 1 is the speaker's; the listener's first is 2, correct it`);
  }
  if (language !== "" && !LANGUAGE.test(language)) {
    throw new UserError(`${place}: '${language}' is not a language code such as de; correct it`);
  }
  const number = turn ? Number(turn) : utterances.length + 1;
  if (!Number.isInteger(number) || number < 2) {
    throw new UserError(`${place}: turn '${turn}' is not a whole number from 2; correct it`);
  }
  return {
    stimulus: { dialogue, turn: number, context: toUtterances(utterances, number) },
    emotion,
    ...(language === "" ? {} : { language }),
  };
}

function toUtterances(texts: readonly string[], turn: number): Utterance[] {
  return texts.map((text, place) => {
    const fromEnd = texts.length - 1 - place;
    const role: Role = fromEnd % 2 === 0 ? "speaker" : "listener";
    return { index: Math.max(1, turn - 1 - fromEnd), role, text };
  });
}
