// Replies of one's own that `empathy score` gave levels.
import { byMetric, type Level, METRICS, type Metric } from "empathy-scorer";
import { UserError } from "kit";
import { openTable, type TableRow } from "kit/tables";
import { formatOf } from "../../src/scoring/score-file";
import { textReader } from "../../src/tables/reply-columns";
import { readContext } from "../../src/tables/split-context";
import { isLevel, type Population, type PopulationReply, type ShownReply } from "./population";

const COLUMNS = ["context", "reply", "system", ...METRICS];

/**
 * Reads a scored table: columns `context`, `reply`, `system`, `er`, `ip`, `ex`, and `family` where systems have one.
 *
 * Rows without levels, whose reply could not be scored, are left out.
 *
 * @param path a CSV, TSV or JSONL file, as `empathy score --out` writes it.
 * @throws UserError if a column is lacking or a row breaks the format.
 */
export async function readFilePopulation(path: string): Promise<Population> {
  const table = await openTable(path, formatOf(path, path));
  const lacking = COLUMNS.find((column) => table.columns && !table.columns.includes(column));
  if (lacking) {
    throw new UserError(
      `${path}:1: has no column '${lacking}'; it should have ${COLUMNS.join(", ")}: \`npx empathy score\` adds the levels`,
    );
  }
  const texts = new Map<string, ShownReply>();
  const replies: PopulationReply[] = [];
  const read = textReader(table.columns);
  for await (const row of table.rows) {
    const place = `${path}:${row.line}`;
    if (isUnscored(row)) continue;
    const system = textOf(row, "system", place);
    const family = typeof row.values.family === "string" ? row.values.family : system;
    replies.push({ system, family, place, predicted: byMetric((one) => levelOf(row, one, place)) });
    texts.set(place, {
      context: readContext(row.values.context, `${place}: 'context'`),
      reply: read(textOf(row, "reply", place)),
    });
  }
  if (replies.length === 0) throw new UserError(`${path}: holds no scored reply; score it first`);
  const show = ({ place }: PopulationReply) => texts.get(place) ?? { context: [], reply: "" };
  return { scorer: "file", replies, openTexts: async () => show };
}

function isUnscored({ values }: TableRow): boolean {
  return METRICS.every((metric) => values[metric] === "" || values[metric] === null);
}

function textOf({ values }: TableRow, column: string, place: string): string {
  const value = values[column];
  if (typeof value === "string" && value.trim() !== "") return value;
  throw new UserError(`${place}: '${column}' is not a text; write one in every row`);
}

function levelOf({ values }: TableRow, metric: Metric, place: string): Level {
  const value = values[metric];
  const level = value === "" ? Number.NaN : Number(value);
  if (isLevel(level)) return level;
  throw new UserError(`${place}: '${metric}' is '${value}'; it should be 0, 1 or 2`);
}
