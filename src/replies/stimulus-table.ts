import { hash } from "node:crypto";
import { createReadStream } from "node:fs";
import type { Role, Utterance } from "../corpus/dialogue";
import { readRows } from "../tables/read-rows";
import { splitContext } from "../tables/split-context";
import { UserError } from "../user-error";
import type { LabelledStimulus } from "./stimuli";

/**
 * Reads stimuli from a CSV file with a header and quoted fields, parted by commas, semicolons or tabs.
 *
 * Columns: `dialogue` (an identifier), `context` (what was said so far, oldest first: one utterance a
 * line, or a JSON array of texts; the last one is the speaker's), and, if you like, `turn` (the number of
 * the utterance to be written; by default the one after the context) and `emotion`; each may bear another
 * usual name, such as `conv_id` or `history`. Other columns are passed over. Streams: memory does not grow with the file, except by the identifiers.
 *
 * @throws UserError naming file, line and what is wrong there.
 */
export async function* readStimulusTable(path: string): AsyncGenerator<LabelledStimulus> {
  const seen = new Set<string>();
  const options = {
    columns: ["dialogue", "context"],
    fields: ["dialogue", "context", "turn", "emotion"],
    delimiter: "found",
    name: "stimulus",
    otherwise: "name another file",
    remedy: "mend the file",
  };
  for await (const { line, cells } of readRows(path, options)) {
    const labelled = readRow(cells, `${path}:${line}`);
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

function readRow(row: Readonly<Record<string, string>>, place: string): LabelledStimulus {
  const { dialogue = "", context = "", turn, emotion = "" } = row;
  if (dialogue === "") throw new UserError(`${place}: the dialogue has no identifier; give it one`);
  const utterances = splitContext(context);
  if (utterances.length === 0) {
    throw new UserError(`${place}: the context is empty; leave the row out, or fill it in`);
  }
  if (Number(turn) === 1) {
    throw new UserError(`${place}: turn 1 is the speaker's; the listener's first is 2, correct it`);
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

function toUtterances(texts: readonly string[], turn: number): Utterance[] {
  return texts.map((text, place) => {
    const fromEnd = texts.length - 1 - place;
    const role: Role = fromEnd % 2 === 0 ? "speaker" : "listener";
    return { index: Math.max(1, turn - 1 - fromEnd), role, text };
  });
}
