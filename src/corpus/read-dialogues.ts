// Reads EmpatheticDialogues' own CSV form: fields split by bare commas, no quoting, a comma inside a
// field written `_comma_`, a bar inside a candidate `_pipe_`; rows of 8 or 9 fields. Checked against
// the counts in the study and in docs/data.md.
import { UserError } from "kit";
import { projectPath } from "../project";
import { type Dialogue, roleOf, type Split, type Utterance } from "./dialogue";
import { isEmotion, sentimentOf } from "./emotions";
import { openArchive, openTextFile, type TextFile } from "./read-lines";

const HEADER = "conv_id,utterance_idx,context,prompt,speaker_idx,utterance,selfeval,tags";
const REREAD = "fetch the file again, or read with onBroken: 'skip' to leave such dialogues out";

/** A row that breaks the corpus's own rules, with the conversation that it stands in. */
export interface BrokenRow {
  /** Path of the file; inside an archive, `archive.tar.gz:path/in/archive.csv`. */
  readonly file: string;
  /** Line number in that file, from 1 (the header). */
  readonly line: number;
  /** Identifier of the conversation; empty for an empty line, which belongs to none. */
  readonly dialogue: string;
  readonly reason: string;
}

/** What `readDialogues` is asked to do. */
export interface ReadOptions {
  /** The parts to read; all of them by default. */
  readonly splits?: readonly Split[];
  /**
   * On a broken row: throw (the default), or leave its whole conversation out and go on. Of a conversation
   * that is interrupted by another, what came before has been handed out by then; only the rest is left out.
   */
  readonly onBroken?: "stop" | "skip";
  /** Called once for every conversation left out, with its first broken row, and for every empty line. */
  readonly onSkip?: (row: BrokenRow) => void;
  /** The split of a plain file, whatever its name; by default the name says. */
  readonly split?: Split;
  /** Whether to keep the reply candidates that some rows carry; false by default. */
  readonly candidates?: boolean;
}

/**
 * Reads the dialogues of an EmpatheticDialogues archive (`.tar.gz`) or of one of its CSV files.
 *
 * Streams: memory does not grow with the file. Dialogues come in the file's order. A file named
 * `train.csv`, `valid.csv`, `test.csv` or `sample.csv` is the split of that name.
 *
 * @throws UserError if a row breaks the format, naming file and line (unless `onBroken` is
 *   `"skip"`), or where the file is missing, cut off or in another format.
 */
export async function* readDialogues(
  path: string,
  options: ReadOptions = {},
): AsyncGenerator<Dialogue> {
  const files = /\.(tar\.gz|tgz)$/.test(path) ? openArchive(path) : [openTextFile(path)];
  try {
    for await (const file of files) {
      const split = options.split ?? splitOf(file.name);
      if (options.splits && !options.splits.includes(split)) continue;
      yield* readFile(file, split, options);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      throw new UserError(`${path}: no such file; \`npx empathy data fetch\` downloads the corpus`);
    }
    throw error;
  }
}

/** Reads all dialogues into memory; otherwise as `readDialogues`. */
export async function readAllDialogues(path: string, options?: ReadOptions): Promise<Dialogue[]> {
  const dialogues: Dialogue[] = [];
  for await (const dialogue of readDialogues(path, options)) dialogues.push(dialogue);
  return dialogues;
}

/** The dialogues of the sample corpus, which is the package's own. */
export function readSampleDialogues(): Promise<Dialogue[]> {
  return readAllDialogues(projectPath("data", "sample", "sample.csv"));
}

function splitOf(name: string): Split {
  const found = /(train|valid|test|sample)\.csv$/.exec(name);
  if (found) return found[1] as Split;
  throw new UserError(`${name}: name the file train.csv, valid.csv, test.csv or sample.csv`);
}

async function* readFile(
  file: TextFile,
  split: Split,
  options: ReadOptions,
): AsyncGenerator<Dialogue> {
  const reader = new DialogueReader(file.name, split, options);
  for await (const lines of file.batches) {
    for (const line of lines) {
      const finished = reader.take(line);
      if (finished) yield finished;
    }
  }
  const last = reader.finish();
  if (last) yield last;
}

/** Collects rows into conversations; one instance reads one file. */
class DialogueReader {
  private lineNumber = 0;
  private readonly seen = new Set<string>();
  private id = "";
  private emotion = "";
  private situation = "";
  private speakers: [string, string] = ["", ""];
  private utterances: Utterance[] = [];
  private broken: BrokenRow | undefined;

  constructor(
    private readonly file: string,
    private readonly split: Split,
    private readonly options: ReadOptions,
  ) {}

  /** Takes the next line; returns the conversation that this line shows to be complete. */
  take(rawLine: string): Dialogue | undefined {
    const line = rawLine.endsWith("\r") ? rawLine.slice(0, -1) : rawLine;
    this.lineNumber++;
    if (this.lineNumber === 1) return this.takeHeader(line);
    if (line === "") return this.takeEmpty();
    const fields = line.split(",");
    const finished = fields[0] === this.id ? undefined : this.startDialogue(fields);
    this.takeRow(fields);
    return finished;
  }

  /** Ends the file; returns its last conversation. */
  finish(): Dialogue | undefined {
    if (this.lineNumber === 0) throw new UserError(`${this.file}: is empty; fetch the file again`);
    return this.endDialogue();
  }

  private takeHeader(line: string): undefined {
    if (line === HEADER) return undefined;
    throw new UserError(
      `${this.file}:1: is not an EmpatheticDialogues file; its first line should be ${HEADER}`,
    );
  }

  private startDialogue(fields: string[]): Dialogue | undefined {
    const finished = this.endDialogue();
    this.id = fields[0] as string;
    this.emotion = fields[2] ?? "";
    this.situation = unescapeField(fields[3] ?? "");
    this.speakers = ["", ""];
    this.utterances = [];
    this.broken = undefined;
    if (this.seen.has(this.id)) {
      this.takeBroken(
        "this conversation began earlier in the file; its rows do not stand together",
      );
    }
    this.seen.add(this.id);
    return finished;
  }

  private takeRow(fields: string[]): void {
    if (this.broken) return;
    const reason = this.findFault(fields);
    if (reason) {
      this.takeBroken(reason);
      return;
    }
    const index = this.utterances.length + 1;
    const candidates = this.options.candidates ? fields[8] : undefined;
    this.utterances.push({
      index,
      role: roleOf(index),
      text: unescapeField(fields[5] as string),
      ...(candidates ? { candidates: candidates.split("|").map(unescapeField) } : {}),
    });
  }

  private findFault(fields: string[]): string | undefined {
    if (fields.length < 8 || fields.length > 9) {
      return `the row has ${fields.length} fields where 8 or 9 are due`;
    }
    const index = this.utterances.length + 1;
    const [, number, emotion, , speaker] = fields as [string, string, string, string, string];
    if (number !== String(index)) return `utterance ${index} should come here, not '${number}'`;
    if (!isEmotion(emotion)) return `'${emotion}' is not one of the 32 emotions`;
    if (emotion !== this.emotion) {
      return `the emotion changes from '${this.emotion}' to '${emotion}' within the conversation`;
    }
    return this.findSpeakerFault(index, speaker);
  }

  private findSpeakerFault(index: number, speaker: string): string | undefined {
    const side = (index - 1) % 2;
    if (index <= 2) this.speakers[side as 0 | 1] = speaker;
    const [first, second] = this.speakers;
    if (index > 1 && first === second) return `speaker '${speaker}' speaks twice in a row`;
    if (speaker !== this.speakers[side as 0 | 1]) {
      return `speaker '${speaker}' is out of turn: '${first}' and '${second}' alternate`;
    }
    return undefined;
  }

  // Belongs to no conversation; a row that is missing in its place shows in the next row's number.
  private takeEmpty(): undefined {
    this.report("the line is empty", "");
    return undefined;
  }

  private takeBroken(reason: string): void {
    if (!this.broken) this.broken = this.report(reason, this.id);
  }

  private report(reason: string, dialogue: string): BrokenRow {
    const row = { file: this.file, line: this.lineNumber, dialogue, reason };
    if (this.options.onBroken !== "skip") {
      throw new UserError(`${row.file}:${row.line}: ${reason}; ${REREAD}`);
    }
    this.options.onSkip?.(row);
    return row;
  }

  private endDialogue(): Dialogue | undefined {
    if (this.broken || this.utterances.length === 0 || !isEmotion(this.emotion)) return undefined;
    return {
      id: this.id,
      split: this.split,
      emotion: this.emotion,
      sentiment: sentimentOf(this.emotion),
      situation: this.situation,
      utterances: this.utterances,
    };
  }
}

function unescapeField(field: string): string {
  return field.includes("_") ? field.replaceAll("_comma_", ",").replaceAll("_pipe_", "|") : field;
}
