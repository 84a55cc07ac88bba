import type { Readable } from "node:stream";
import { UserError } from "../user-error";
import { distinctColumns } from "./distinct-columns";
import { readQuotedRecords, requireWidth } from "./quoted-records";
import { renameUsual, usualNames } from "./usual-names";

/** One row of a file with a header, and the line that it starts on. */
export interface Row {
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

/** What a file of rows has to be. */
export interface RowsOptions {
  /** As of `readQuotedRecords`. */
  readonly delimiter?: string;
  /** Fields whose columns may bear another of their usual names. */
  readonly fields?: readonly string[];
  /** Columns that must be there. */
  readonly columns: readonly string[];
  /** What such a file is called, in messages. */
  readonly name: string;
  /** What is to be done where a column is lacking. */
  readonly otherwise?: string;
  /** What is to be done about a broken row. */
  readonly remedy?: string;
  readonly input?: Readable;
}

/**
 * Reads a quoted file with a header row by row, each as its cells by name; memory does not grow with it.
 *
 * @throws UserError naming file and line if a column is lacking or there twice, or a row is broken.
 */
export async function* readRows(path: string, options: RowsOptions): AsyncGenerator<Row> {
  const { delimiter, input, remedy = "mend or fetch the file again" } = options;
  let header: string[] | undefined;
  let isEmpty = true;
  for await (const record of readQuotedRecords(path, { delimiter, input, remedy })) {
    const { line, cells } = record;
    if (!header) {
      header = checkHeader(path, cells, options);
      continue;
    }
    requireWidth(path, record, header.length, remedy);
    isEmpty = false;
    const names = header;
    yield { line, cells: Object.fromEntries(names.map((name, at) => [name, cells[at] as string])) };
  }
  if (isEmpty) throw new UserError(`${path}: holds no rows; ${remedy}`);
}

function checkHeader(
  path: string,
  header: readonly string[],
  { columns, fields = [], name, otherwise = "name another --format" }: RowsOptions,
): string[] {
  const renamed = renameUsual(`${path}:1`, header, fields);
  const lacking = columns.find((column) => !renamed.includes(column));
  if (lacking === undefined) return distinctColumns(`${path}:1`, renamed);
  const usual = fields.includes(lacking) ? usualNames(lacking) : [];
  const also = usual.length > 0 ? `; '${lacking}' may be called ${usual.join(", ")} too` : "";
  throw new UserError(
    `${path}:1: ${articleOf(name)} ${name} file should have a column '${lacking}', but this one has ${header.join(", ")}; ` +
      `mend the header or ${otherwise}${also}`,
  );
}

// By sound: a name that cannot be said, such as `f2` or `xl`, is spelt.
function articleOf(name: string): "a" | "an" {
  return /^(?:[aeio]|[fhlmnrsx](?![a-z]))/.test(name) ? "an" : "a";
}
