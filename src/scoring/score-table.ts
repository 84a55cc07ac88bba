import {
  isMissing,
  METRICS,
  type ScoreOutcome,
  type ScoreRequest,
  type Scorer,
} from "empathy-scorer";
import { UserError } from "kit";
import {
  type Delimiter,
  renameUsual,
  type TableFile,
  type TableFormat,
  type TableRow,
  toCell,
} from "kit/tables";
import { textReader } from "../tables/reply-columns";
import { readContext } from "../tables/split-context";

/** Which columns hold what. */
export interface ScoreColumns {
  readonly context: string;
  readonly reply: string;
  /** The dialogue's first utterance, where the context does not begin with it. */
  readonly opening?: string | undefined;
}

/** Columns that scoring adds: levels, then probabilities, then why there are none. */
export const SCORE_COLUMNS: readonly string[] = [
  ...METRICS,
  ...METRICS.flatMap((metric) => [0, 1, 2].map((level) => `${metric}_p${level}`)),
  "missing",
];

/**
 * Scores a table row by row, in order, and gives the lines of the table with the scores added.
 *
 * Where no column has the name of the context or the reply, one of another usual name is taken, such as
 * `history` or `response`. A context is a JSON list of utterances, or text with one utterance a line. Probabilities have six
 * decimals. A reply without a score gets empty cells (in JSONL null) and the reason in `missing`.
 *
 * @param name of the table, for messages.
 * @throws UserError naming the row that lacks a column, or holds something else than text in it.
 */
export async function* scoreTable(
  name: string,
  table: TableFile,
  format: TableFormat,
  scorer: Scorer,
  columns: ScoreColumns,
  signal?: AbortSignal,
): AsyncGenerator<string> {
  const found = table.columns ? findColumns(name, table.columns, columns) : columns;
  const delimiter = table.delimiter ?? (format === "tsv" ? "\t" : ",");
  if (table.columns) {
    yield formatCells([...table.columns, ...SCORE_COLUMNS], delimiter);
  }
  const read = textReader(table.columns);
  for await (const row of table.rows) {
    signal?.throwIfAborted();
    const outcome = await scorer.score(toRequest(name, row, found, read), signal);
    yield table.columns
      ? formatCells(
          [
            ...table.columns.map((column) => row.values[column]),
            ...toCells(outcome).map((cell) => toCell(String(cell))),
          ],
          delimiter,
        )
      : addKeys(name, row, outcome);
  }
}

/**
 * Reads the replies of a table as they would be scored.
 *
 * @throws UserError as `scoreTable`.
 */
export async function* readScoreRequests(
  name: string,
  table: TableFile,
  columns: ScoreColumns,
): AsyncGenerator<ScoreRequest> {
  const found = table.columns ? findColumns(name, table.columns, columns) : columns;
  const read = textReader(table.columns);
  for await (const row of table.rows) yield toRequest(name, row, found, read);
}

/** Says which of a table's columns are meant, where one bears another usual name. */
function findColumns(
  name: string,
  present: readonly string[],
  columns: ScoreColumns,
): ScoreColumns {
  const renamed = renameUsual(name, present, [columns.context, columns.reply]);
  checkColumns(name, present, renamed, columns);
  const own = (column: string) => present[renamed.indexOf(column)] ?? column;
  return { ...columns, context: own(columns.context), reply: own(columns.reply) };
}

function checkColumns(
  name: string,
  present: readonly string[],
  renamed: readonly string[],
  columns: ScoreColumns,
): void {
  for (const [option, column] of Object.entries(columns)) {
    if (column === undefined || renamed.includes(column)) continue;
    throw new UserError(
      `${name}: has no column '${column}' among ${present.join(", ")}; name it with --${option}-column`,
    );
  }
  const taken = SCORE_COLUMNS.find((column) => present.includes(column));
  if (taken)
    throw new UserError(`${name}: already has a column '${taken}', which scoring adds; rename it`);
}

function toRequest(
  name: string,
  { values, line }: TableRow,
  columns: ScoreColumns,
  read: (cell: string) => string,
): ScoreRequest {
  const place = `${name}:${line}`;
  const reply = values[columns.reply];
  if (typeof reply !== "string") {
    throw new UserError(
      `${place}: '${columns.reply}' is not a text; give a reply in every row, "" where there is none`,
    );
  }
  const context = readContext(values[columns.context], `${place}: '${columns.context}'`);
  if (columns.opening === undefined) return { context, reply: read(reply) };
  const opening = values[columns.opening];
  if (typeof opening !== "string")
    throw new UserError(`${place}: '${columns.opening}' is not a text`);
  return { context, reply: read(reply), opening };
}

function toCells(outcome: ScoreOutcome): unknown[] {
  if (isMissing(outcome)) return [...new Array(SCORE_COLUMNS.length - 1).fill(""), outcome.missing];
  return [
    ...METRICS.map((metric) => outcome[metric].level),
    ...METRICS.flatMap((metric) => outcome[metric].probabilities.map((p) => p.toFixed(6))),
    "",
  ];
}

function addKeys(
  name: string,
  { values, line, text = "{}" }: TableRow,
  outcome: ScoreOutcome,
): string {
  const taken = SCORE_COLUMNS.find((column) => Object.hasOwn(values, column));
  if (taken) {
    throw new UserError(`${name}:${line}: already has '${taken}', which scoring adds; rename it`);
  }
  const cells = toCells(outcome);
  const added = SCORE_COLUMNS.map((column, at) => {
    const cell = cells[at] === "" ? null : cells[at];
    return [column, typeof cell === "string" && column !== "missing" ? Number(cell) : cell];
  });
  return `${text.slice(0, -1)},${JSON.stringify(Object.fromEntries(added)).slice(1)}\n`;
}

function formatCells(cells: readonly unknown[], delimiter: Delimiter): string {
  const quoted = cells.map((cell) => {
    const text = String(cell);
    return text.includes(delimiter) || /["\n\r\t,]/.test(text)
      ? `"${text.replaceAll('"', '""')}"`
      : text;
  });
  return `${quoted.join(delimiter)}\n`;
}
