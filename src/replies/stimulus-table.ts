import { hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { CsvError, parse } from "csv-parse";
import type { Role, Utterance } from "../corpus/dialogue";
import { decodeText } from "../tables/decode-text";
import { distinctColumns } from "../tables/distinct-columns";
import { UserError } from "../user-error";
import type { LabelledStimulus } from "./stimuli";

interface Row {
  readonly record: Record<string, string>;
  readonly info: { readonly lines: number };
}

/**
 * Reads stimuli from a CSV file with a header and quoted fields.
 *
 * Columns: `dialogue` (an identifier), `context` (what was said so far, oldest first: one utterance a
 * line, or a JSON array of texts; the last one is the speaker's), and, if you like, `turn` (the number of
 * the utterance to be written; by default the one after the context) and `emotion`. Other columns are
 * passed over. Streams: memory does not grow with the file, except by the identifiers.
 *
 * @throws UserError naming file, line and what is wrong there.
 */
export async function* readStimulusTable(path: string): AsyncGenerator<LabelledStimulus> {
  const columns = (header: string[]) => distinctColumns(`${path}:1`, header);
  const parser = parse({ bom: true, columns, info: true });
  const feeding = pipeline(decodeText(createReadStream(path), path), parser);
  feeding.catch(() => {}); // The same error reaches the loop below.
  const seen = new Set<string>();
  try {
    for await (const { record, info } of parser as AsyncIterable<Row>) {
      const labelled = readRow(record, `${path}:${info.lines}`);
      const { dialogue, turn } = labelled.stimulus;
      const place = hash("sha1", `${turn} ${dialogue}`, "base64");
      if (seen.has(place)) {
        throw new UserError(
          `${path}:${info.lines}: dialogue '${dialogue}', turn ${turn} stands twice; number them apart`,
        );
      }
      seen.add(place);
      yield labelled;
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new UserError(`${path}: ${error.message}; mend the file`);
  }
}

/**
 * Reads the first line of a text file.
 *
 * @throws UserError where the file cannot be read.
 */
export async function readFirstLine(path: string): Promise<string> {
  try {
    for await (const chunk of createReadStream(path, { end: 4095, encoding: "utf8" })) {
      return (chunk as string).replace(/^\uFEFF/, "").split(/\r?\n/, 1)[0] as string;
    }
    throw new UserError(`${path}: is empty; it should be a CSV file with a header`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof UserError || !code) throw error;
    throw new UserError(
      `${path}: cannot be read (${code}); stimuli are sample, test, or the path of a CSV file`,
    );
  }
}

function readRow(row: Record<string, string>, place: string): LabelledStimulus {
  const { dialogue, context, turn, emotion = "" } = row;
  if (dialogue === undefined || context === undefined) {
    const found = Object.keys(row).join(", ");
    throw new UserError(`${place}: the columns dialogue and context are needed; it has ${found}`);
  }
  if (dialogue === "") throw new UserError(`${place}: the dialogue has no identifier; give it one`);
  const utterances = splitContext(context);
  if (utterances.length === 0) {
    throw new UserError(`${place}: the context is empty; leave the row out, or fill it in`);
  }
  const number = turn ? Number(turn) : utterances.length + 1;
  if (!Number.isInteger(number) || number < 2) {
    throw new UserError(`${place}: turn '${turn}' is not a whole number from 2; correct it`);
  }
  return {
    stimulus: { dialogue, turn: number, context: toUtterances(utterances, number) },
    emotion,
  };
}

function splitContext(context: string): string[] {
  const texts = parseTexts(context) ?? context.split(/\r?\n/);
  return texts.map((text) => text.trim()).filter((text) => text !== "");
}

// A context that merely begins with a bracket is a text like any other.
function parseTexts(context: string): string[] | undefined {
  if (!context.trimStart().startsWith("[")) return undefined;
  try {
    const value: unknown = JSON.parse(context);
    const isTexts = Array.isArray(value) && value.every((entry) => typeof entry === "string");
    return isTexts ? value : undefined;
  } catch {
    return undefined;
  }
}

function toUtterances(texts: readonly string[], turn: number): Utterance[] {
  return texts.map((text, place) => {
    const fromEnd = texts.length - 1 - place;
    const role: Role = fromEnd % 2 === 0 ? "speaker" : "listener";
    return { index: Math.max(1, turn - 1 - fromEnd), role, text };
  });
}
