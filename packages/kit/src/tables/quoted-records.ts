// The one reader of quoted text in columns (RFC 4180), which every table from outside goes through.
import { countNoun } from "../count-noun";
import { UserError } from "../user-error";
import { decodeText } from "./decode-text";
import { type Delimiter, findDelimiter } from "./find-delimiter";
import { CsvError, openBytes, splitChunks } from "./platform";

/** One record, and the line of the file that it starts on. */
export interface QuotedRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/** A file's bytes as they come; a stream among them is destroyed once it is read or given up. */
export type Bytes = AsyncIterable<Uint8Array> & { destroy?(): unknown };

/** How a file is read, and what its reader is told to do where it is broken. */
interface QuotedOptions {
  /** Comma by default; `found`: what the header has, of comma, semicolon and tab. */
  readonly delimiter?: string | undefined;
  /** Told the delimiter that was found, before the first record. */
  readonly onDelimiter?: (delimiter: Delimiter) => void;
  /** Told what was passed over, such as a survey's rows of questions. */
  readonly onNote?: ((note: string) => void) | undefined;
  /** Take a quote in the middle of a cell for a letter. */
  readonly relaxed?: boolean;
  /** The file's content, where it does not come from the disk. */
  readonly input?: Bytes | undefined;
  /** What is to be done about a broken row; `mend the row` by default. */
  readonly remedy?: string | undefined;
}

// Far above any dialogue, far below what would fill the memory.
const LONGEST_RECORD = 1 << 23;

/**
 * Reads a file record by record, its header first; memory does not grow with the file. Empty lines are
 * passed over.
 *
 * @param name of the file, and its path where no other input is given.
 * @throws UserError `name:line: fault; remedy`, also while records are read.
 */
export async function* readQuotedRecords(
  name: string,
  options: QuotedOptions = {},
): AsyncGenerator<QuotedRecord> {
  const { delimiter = ",", relaxed = false, input = openBytes(name) } = options;
  const chunks = decodeText(input, name);
  let line = 1;
  try {
    let head = delimiter === "found" ? await readHeader(chunks) : "";
    // Spreadsheets name the separator in a line of its own, before the header.
    const [declaration, declared] =
      /^(?:sep=([,;\t])|"sep=([,;\t])")\r?\n/i.exec(head)?.filter(Boolean) ?? [];
    if (declaration) {
      head = head.slice(declaration.length);
      line++;
    }
    const found = (declared as Delimiter | undefined) ?? findDelimiter(head);
    if (delimiter === "found") options.onDelimiter?.(found);
    const text = follow(head, chunks);
    const rows = splitChunks(text, {
      delimiter: delimiter === "found" ? found : delimiter,
      // One file may hold both: two that were put together.
      record_delimiter: ["\r\n", "\n"],
      relax_quotes: relaxed,
      relax_column_count: true,
      max_record_size: LONGEST_RECORD,
    });
    const first: QuotedRecord[] = [];
    for await (const cells of rows) {
      if (first.length === 0) refuseOldBreaks(cells, name);
      const record = { line, cells };
      line += 1 + countBreaks(cells);
      if (cells.length === 1 && cells[0] === "") continue;
      if (first.length >= SURVEY_ROWS) yield record;
      else if (first.push(record) === SURVEY_ROWS) yield* withoutQuestions(name, first, options);
    }
    if (first.length < SURVEY_ROWS) yield* first;
  } catch (error) {
    throw explain(error, name, line, options.remedy ?? "mend the row");
  } finally {
    input.destroy?.();
  }
}

// A survey tool's export has three rows of headers: names, questions, and identifiers as JSON.
const SURVEY_ROWS = 3;

function withoutQuestions(
  name: string,
  first: readonly QuotedRecord[],
  { onNote }: QuotedOptions,
): QuotedRecord[] {
  const [names, questions, identifiers] = first as [QuotedRecord, QuotedRecord, QuotedRecord];
  const isIdentifier = (cell: string | undefined) => /^\s*\{\s*"ImportId"\s*:/.test(cell ?? "");
  const { cells } = identifiers;
  // A column that was added to an export has none.
  const isSurvey = isIdentifier(cells[0]) && 2 * cells.filter(isIdentifier).length > cells.length;
  if (!isSurvey) return [...first];
  onNote?.(
    `${name}: lines ${questions.line} to ${identifiers.line} hold a survey's questions and identifiers; they are passed over`,
  );
  return [names];
}

// Old Macs ended lines by carriage returns alone: the whole file would be its header.
function refuseOldBreaks(header: readonly string[], name: string): void {
  if (!header.some((cell) => /\r(?!\n)/.test(cell))) return;
  throw new UserError(
    `${name}: its lines end in carriage returns alone, as on old Macs; save it with line feeds`,
  );
}

/** Takes from the chunks what holds the first line. */
async function readHeader(chunks: AsyncGenerator<string>): Promise<string> {
  const parts: string[] = [];
  let length = 0;
  while (length < LONGEST_RECORD) {
    const { value, done } = await chunks.next();
    if (done) break;
    parts.push(value);
    length += value.length;
    if (value.includes("\n")) break;
  }
  return parts.join("");
}

async function* follow(head: string, chunks: AsyncIterable<string>): AsyncGenerator<string> {
  if (head !== "") yield head;
  yield* chunks;
}

/**
 * Refuses a record that has more or fewer cells than the header.
 *
 * @throws UserError naming the line.
 */
export function requireWidth(
  name: string,
  { line, cells }: QuotedRecord,
  width: number,
  remedy = "quote cells that hold separators",
): void {
  if (cells.length === width) return;
  throw new UserError(
    `${name}:${line}: has ${countNoun(cells.length, "cell")} where the header has ${width}; ${remedy}`,
  );
}

function countBreaks(cells: readonly string[]): number {
  let count = 0;
  for (const cell of cells) {
    for (let at = cell.indexOf("\n"); at >= 0; at = cell.indexOf("\n", at + 1)) count++;
  }
  return count;
}

function explain(error: unknown, name: string, line: number, remedy: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT" || code === "EISDIR") {
    return new UserError(`${name}: no such file; name a table`);
  }
  if (!(error instanceof CsvError)) return error;
  if (code === "CSV_MAX_RECORD_SIZE") {
    return new UserError(
      `${name}:${line}: a row of over 8 million characters; is it the right file?`,
    );
  }
  if (code === "CSV_QUOTE_NOT_CLOSED") {
    return new UserError(`${name}:${line}: a quote is opened and never closed; ${remedy}`);
  }
  return new UserError(`${name}:${line}: cannot be read (${message}); ${remedy}`);
}
