import { readFileSync } from "node:fs";
import { UserError } from "kit";
import { remedyFor } from "kit/tables";
import { compareIds, type Dialogue } from "./dialogue";
import { type Emotion, isEmotion, type Sentiment, sentimentOf } from "./emotions";

/** A dialogue without its text: what a clone without the corpus knows of it. */
export interface CorpusRow {
  /** Identifier of the dialogue. */
  readonly dialogue: string;
  readonly emotion: Emotion;
  readonly sentiment: Sentiment;
  /** Number of utterances. */
  readonly turns: number;
}

const HEADER = "dialogue,emotion,sentiment,turns";

/** Reduces dialogues to the rows of the corpus table, sorted by identifier. */
export function toCorpusRows(dialogues: readonly Dialogue[]): CorpusRow[] {
  return dialogues
    .map(({ id, emotion, sentiment, utterances }) => ({
      dialogue: id,
      emotion,
      sentiment,
      turns: utterances.length,
    }))
    .sort((left, right) => compareIds(left.dialogue, right.dialogue));
}

/** Writes corpus rows as CSV text, one line a dialogue, `\n` line ends. */
export function formatCorpusTable(rows: readonly CorpusRow[]): string {
  const lines = rows.map((row) => [row.dialogue, row.emotion, row.sentiment, row.turns].join(","));
  return `${[HEADER, ...lines].join("\n")}\n`;
}

/**
 * Reads a corpus table such as `data/corpus/test.csv`.
 *
 * @throws UserError if the file is missing or a row is malformed, naming file and line.
 */
export function readCorpusTable(path: string): CorpusRow[] {
  const [header, ...lines] = readText(path).trimEnd().split("\n");
  if (header !== HEADER) {
    throw new UserError(`${path}:1: the header should be ${HEADER}; ${remedyFor(path)}`);
  }
  return lines.map((line, index) => parseRow(line, path, index + 2));
}

function parseRow(line: string, path: string, number: number): CorpusRow {
  const [dialogue, emotion, sentiment, turns, ...rest] = line.split(",");
  if (!dialogue || !emotion || !isEmotion(emotion) || rest.length > 0) {
    throw new UserError(
      `${path}:${number}: is not a dialogue with one of the 32 emotions; ${remedyFor(path)}`,
    );
  }
  if (sentiment !== sentimentOf(emotion) || !/^[1-9]\d*$/.test(turns ?? "")) {
    throw new UserError(
      `${path}:${number}: the sentiment or the number of turns is wrong; ${remedyFor(path)}`,
    );
  }
  return { dialogue, emotion, sentiment, turns: Number(turns) };
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new UserError(`${path}: no such file; ${remedyFor(path)}`);
  }
}
