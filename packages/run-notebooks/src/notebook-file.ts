import { readFileSync } from "node:fs";
import { UserError } from "kit";

/** A value that JSON can hold. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** Several representations of one result, by MIME type. */
export type MimeBundle = { readonly [mime: string]: Json };

/** One output of a cell, as nbformat 4.5 stores it (nbformat.readthedocs.io). */
export type Output =
  | { readonly output_type: "stream"; readonly name: string; readonly text: string }
  | {
      readonly output_type: "display_data";
      readonly data: MimeBundle;
      readonly metadata: MimeBundle;
    }
  | {
      readonly output_type: "execute_result";
      readonly data: MimeBundle;
      readonly metadata: MimeBundle;
      readonly execution_count: number;
    }
  | {
      readonly output_type: "error";
      readonly ename: string;
      readonly evalue: string;
      readonly traceback: readonly string[];
    };

/** A cell; texts are whole strings here and lists of lines in the file. */
export interface Cell {
  readonly id: string;
  readonly cell_type: "code" | "markdown" | "raw";
  readonly source: string;
  readonly metadata: { readonly [key: string]: Json };
  readonly outputs?: readonly Output[];
  readonly execution_count?: number | null;
  readonly attachments?: Json;
}

/** A notebook of format 4.5. */
export interface Notebook {
  readonly cells: readonly Cell[];
  readonly metadata: { readonly [key: string]: Json };
  readonly nbformat: 4;
  readonly nbformat_minor: 5;
}

/**
 * Reads a notebook; texts that the file splits into lines are joined.
 *
 * Notebooks of an older 4.x format are accepted; their cells get ids from their position.
 *
 * @throws UserError if the file is missing, is not JSON, or is not a notebook of format 4.
 */
export function readNotebook(path: string): Notebook {
  return parseNotebook(readNotebookFile(path), path);
}

/** @throws UserError if a notebook's file cannot be read. */
export function readNotebookFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(`${path}: cannot be read (${code}); name a notebook file`);
  }
}

/**
 * Refuses a notebook in another language, whose kernel a rerun would replace.
 *
 * @throws UserError naming the language.
 */
export function requireTypeScript({ metadata }: Notebook, path: string): void {
  const { kernelspec, language_info } = metadata as Readonly<
    Record<string, { language?: string; name?: string } | undefined>
  >;
  const language = kernelspec?.language ?? language_info?.name;
  if (language === undefined || /^typescript$/i.test(language)) return;
  throw new UserError(
    `${path}: is a notebook in ${language}, and is left as it is; TypeScript notebooks are run here, this one with \`jupyter execute\``,
  );
}

/** Reads a notebook from what its file holds, as `readNotebook` does. */
export function parseNotebook(content: Buffer, path: string): Notebook {
  const raw = parse(content, path);
  if (raw?.nbformat !== 4 || !Array.isArray(raw.cells)) {
    throw new UserError(
      `${path}: is not a notebook of format 4; save it again with a current Jupyter or VS Code`,
    );
  }
  const cells = raw.cells.map((cell, index) => readCell(cell, index, path));
  const metadata = (raw.metadata ?? {}) as Notebook["metadata"];
  return { cells, metadata, nbformat: 4, nbformat_minor: 5 };
}

function parse(content: Buffer, path: string): Record<string, unknown> | null {
  try {
    return JSON.parse(content.toString().replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new UserError(`${path}: is not JSON (${(error as Error).message}); restore the file`);
  }
}

function readCell(raw: unknown, index: number, path: string): Cell {
  const cell = (raw ?? {}) as Record<string, unknown>;
  const type = cell.cell_type;
  if (type !== "code" && type !== "markdown" && type !== "raw") {
    throw new UserError(
      `${path}: cell ${index + 1} has the unknown type '${type}'; restore the file`,
    );
  }
  if (!Array.isArray(cell.outputs ?? [])) {
    throw new UserError(
      `${path}: the outputs of cell ${index + 1} are not a list; restore the file`,
    );
  }
  const common = {
    id: typeof cell.id === "string" ? cell.id : `cell-${index + 1}`,
    cell_type: type,
    source: joinText(cell.source),
    metadata: (cell.metadata ?? {}) as Cell["metadata"],
    ...(cell.attachments === undefined ? {} : { attachments: cell.attachments as Json }),
  } as const;
  if (type !== "code") return common;
  const outputs = ((cell.outputs ?? []) as unknown[]).map(readOutput);
  return { ...common, outputs, execution_count: (cell.execution_count ?? null) as number | null };
}

function readOutput(raw: unknown): Output {
  const output = (raw ?? {}) as Record<string, unknown>;
  if (output.output_type === "stream") {
    return { ...output, text: joinText(output.text) } as Output;
  }
  if (output.data === undefined) return output as Output;
  const data = Object.entries(output.data as Record<string, unknown>).map(([mime, value]) => [
    mime,
    isTextMime(mime) ? joinText(value) : value,
  ]);
  return { ...output, data: Object.fromEntries(data) } as Output;
}

/**
 * Writes a notebook as Jupyter does: keys sorted, one space of indentation, texts as lists of lines.
 *
 * The same notebook gives the same bytes.
 */
export function formatNotebook(notebook: Notebook): string {
  const cells = notebook.cells.map((cell) => ({
    ...cell,
    source: splitText(cell.source),
    ...(cell.outputs ? { outputs: cell.outputs.map(writeOutput) } : {}),
  }));
  return `${JSON.stringify(sortKeys({ ...notebook, cells } as unknown as Json), null, 1)}\n`;
}

function writeOutput(output: Output): unknown {
  if (output.output_type === "stream") return { ...output, text: splitText(output.text) };
  if (output.output_type === "error") return output;
  const data = Object.entries(output.data).map(([mime, value]) => [
    mime,
    isTextMime(mime) && typeof value === "string" ? splitText(value) : value,
  ]);
  return { ...output, data: Object.fromEntries(data) };
}

function isTextMime(mime: string): boolean {
  return mime.startsWith("text/") || mime === "image/svg+xml" || mime === "application/javascript";
}

function joinText(value: unknown): string {
  return Array.isArray(value) ? value.join("") : String(value ?? "");
}

function splitText(text: string): string[] {
  return text === "" ? [] : text.split(/(?<=\n)/);
}

/** Orders the keys of every object in a JSON value, so that equal values are equal texts. */
export function sortKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value as { [key: string]: Json });
  entries.sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sortKeys(item)]));
}

/** Whether a notebook's run executes a cell: code that is not tagged, as Jupyter's nbclient has it, `skip-execution`. */
export function isRun(cell: Cell): boolean {
  return cell.cell_type === "code" && !hasTag(cell, "skip-execution");
}

/** Whether a cell has a tag. */
export function hasTag({ metadata: { tags } }: Cell, tag: string): boolean {
  return Array.isArray(tags) && tags.includes(tag);
}
