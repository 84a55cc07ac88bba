// Most repositories print their replies as records of labelled lines. This reads any such layout.
import { UserError } from "kit";
import { openTextFile } from "../../corpus/read-lines";
import { parsePythonList } from "../../tables/python-list";

/** How a file lays out its records. */
export interface Layout {
  /** What the format is called, in messages. */
  readonly name: string;
  /** What each line of a record starts with; the first label starts the record. */
  readonly labels: readonly string[];
  /** The most lines that may stand before the first record. */
  readonly headerLines?: number | undefined;
  /** Lines that may stand between records, besides empty ones. */
  readonly rule?: RegExp | undefined;
}

/** What follows a label, trimmed, and the line that it stands on. */
export interface LabelledValue {
  readonly line: number;
  readonly text: string;
}

/**
 * Reads the records of a file, each as what follows its labels; memory does not grow with the file.
 *
 * A record starts with the first label; the others follow in any order, each once.
 *
 * @throws UserError if a line has no label that its place asks for, or the file ends inside a record.
 */
export async function* readLabelledRecords(
  path: string,
  layout: Layout,
): AsyncGenerator<ReadonlyMap<string, LabelledValue>> {
  const { labels, headerLines = 0, rule } = layout;
  let record = new Map<string, LabelledValue>();
  let line = 0;
  let started = false;
  for await (const lines of openTextFile(path).batches) {
    for (const text of lines) {
      line++;
      started ||= text.startsWith(labels[0] as string);
      if (!started && line <= headerLines) continue;
      if (record.size === 0 && (text.trim() === "" || rule?.test(text))) continue;
      const label = findLabel(text, record, labels);
      if (!label) throw misplaced(`${path}:${line}`, nextLabel(record, labels), text, layout.name);
      record.set(label, { line, text: text.slice(label.length).trim() });
      if (record.size < labels.length) continue;
      yield record;
      record = new Map();
    }
  }
  if (record.size === 0) return;
  throw new UserError(
    `${path}:${line}: the file ends inside a record, before '${nextLabel(record, labels)}'; fetch it again`,
  );
}

function findLabel(
  text: string,
  record: ReadonlyMap<string, unknown>,
  labels: readonly string[],
): string | undefined {
  const open = record.size === 0 ? labels.slice(0, 1) : labels;
  return open.find((label) => !record.has(label) && text.startsWith(label));
}

function nextLabel(record: ReadonlyMap<string, unknown>, labels: readonly string[]): string {
  return labels.find((label) => !record.has(label)) as string;
}

/**
 * Reads a record's list of utterances.
 *
 * @throws UserError naming file and line if it is not one.
 */
export function readUtterances(path: string, { line, text }: LabelledValue): string[] {
  try {
    return parsePythonList(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UserError(
      `${path}:${line}: the context is no Python list of strings: ${error.message}; fetch the file again`,
    );
  }
}

function misplaced(place: string, label: string, text: string, name: string): UserError {
  const found = text.length > 24 ? `${text.slice(0, 24)}…` : text;
  return new UserError(
    `${place}: a ${name} file has '${label}' here, this one has '${found}'; mend the line or name another --format`,
  );
}
