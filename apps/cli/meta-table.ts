import { UserError } from "kit";
import { type CsvOptions, readCsvTable, readQuotedRecords } from "kit/tables";
import type { MetaData, MultilevelData } from "mixed-models/meta";
import { given } from "./given";
import { readNumbers, readTexts, type Table } from "./meta-cells";
import { listPredicted, type MetaDesign, type PredictedRow, readDesign } from "./meta-design";
import { readRandomTerms } from "./meta-random";

/** Which columns of a CSV file hold what. */
export interface MetaColumns {
  readonly data: string;
  readonly effect: string;
  readonly variance?: string;
  readonly se?: string;
  readonly covariance?: string;
  readonly moderators?: string;
  readonly groups?: string;
  readonly random?: string;
  readonly labels?: string;
  /** Clusters of robust standard errors. */
  readonly robust?: string;
  /** What is left out in turn: groups of a column, or each effect. */
  readonly leaveOneOut?: string | true;
}

/** A meta-analysis as a file describes it. */
export interface MetaTable {
  /** With random terms where some were asked for. */
  readonly data: MetaData | MultilevelData;
  readonly design: MetaDesign;
  readonly labels: readonly string[];
  readonly variances: readonly number[];
  readonly clusters?: readonly string[];
  readonly leftOut?: readonly string[];
  readonly predicted: readonly PredictedRow[];
}

/**
 * Reads a meta-analysis from CSV files.
 *
 * @throws UserError if a file, a column or a cell is missing or holds no number.
 */
export async function readMetaTable(
  columns: MetaColumns,
  options: CsvOptions = {},
): Promise<MetaTable> {
  const { data: path } = columns;
  const table = await readCsvTable(path, options);
  const effects = readNumbers(path, table, columns.effect);
  const labels = readLabels(path, table, columns.labels, effects.length);
  const covariance = await readCovariance(columns, table, labels);
  refuseBoth(columns);
  const texts = (column: string) => readTexts(path, table, column);
  const groups = columns.groups ? texts(columns.groups) : undefined;
  const random = columns.random ? readRandomTerms(path, table, columns.random) : undefined;
  const design = readDesign(path, table, columns.moderators ?? "", effects.length);
  const { robust, leaveOneOut } = columns;
  return {
    data: {
      effects,
      covariance,
      moderators: { names: design.names, rows: design.rows },
      labels,
      ...given({ groups, random }),
    },
    design,
    labels,
    variances: covariance.map((row, at) => (typeof row === "number" ? row : (row[at] ?? 0))),
    predicted: listPredicted(design, groups, effects.length),
    ...given({
      clusters: robust === undefined ? undefined : texts(robust),
      leftOut: typeof leaveOneOut === "string" ? texts(leaveOneOut) : leaveOneOut && labels,
    }),
  };
}

function refuseBoth({ groups, random }: MetaColumns): void {
  if (groups === undefined || random === undefined) return;
  throw new UserError(
    `--groups ${groups} goes without --random; a variance for each of its levels is --random "${groups} | ..." with a column that names each effect`,
  );
}

function readLabels(path: string, table: Table, column: string | undefined, size: number) {
  if (!column) return Array.from({ length: size }, (_, at) => `row ${at + 1}`);
  return numberRepeated(readTexts(path, table, column));
}

// Two effects of one study are told apart by their order: `Smith 2020`, `Smith 2020 (2)`.
function numberRepeated(labels: readonly string[]): string[] {
  const taken = new Set(labels);
  const counts = new Map<string, number>();
  return labels.map((label) => {
    let count = (counts.get(label) ?? 0) + 1;
    while (count > 1 && taken.has(`${label} (${count})`)) count++;
    counts.set(label, count);
    return count === 1 ? label : `${label} (${count})`;
  });
}

async function readCovariance(
  { data, variance, se, covariance }: MetaColumns,
  table: Table,
  labels: readonly string[],
): Promise<number[] | number[][]> {
  if ([variance, se, covariance].filter((one) => one !== undefined).length === 1) {
    if (covariance !== undefined) return readMatrix(covariance, labels);
    if (variance !== undefined) return readPositive(data, table, variance, "variance");
    if (se !== undefined)
      return readPositive(data, table, se, "standard error").map((one) => one ** 2);
  }
  throw new UserError("give one of --variance, --se (columns) and --covariance (a file)");
}

function readPositive(path: string, table: Table, column: string, what: string): number[] {
  const values = readNumbers(path, table, column);
  const bad = values.findIndex((value) => value <= 0);
  if (bad < 0) return values;
  throw new UserError(
    `${path}: row ${bad + 1} has ${values[bad]} in '${column}'; a ${what} should be above 0`,
  );
}

async function readMatrix(path: string, labels: readonly string[]): Promise<number[][]> {
  const rows: number[][] = [];
  const remedy = `should be ${labels.length} x ${labels.length}, with or without a header`;
  for await (const record of readQuotedRecords(path, { delimiter: "found" })) {
    const { line, cells } = record;
    const numbers = cells.map((cell) => (cell.trim() === "" ? Number.NaN : Number(cell)));
    if (line === 1 && numbers.every(Number.isNaN)) {
      requireOrder(path, cells, labels);
      continue;
    }
    if (cells.length !== labels.length) {
      throw new UserError(
        `${path}:${line}: has ${cells.length} numbers for ${labels.length} effects; it ${remedy}`,
      );
    }
    const bad = numbers.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) {
      throw new UserError(
        `${path}:${line}: has '${cells[bad]}' in column ${bad + 1}; it should be a number`,
      );
    }
    rows.push(numbers);
  }
  if (rows.length === labels.length) return rows;
  throw new UserError(
    `${path}: has ${rows.length} rows for ${labels.length} effects; it ${remedy}`,
  );
}

// A header of other names, such as R's V1, V2, says nothing about the order.
function requireOrder(path: string, names: readonly string[], labels: readonly string[]): void {
  const other = names.findIndex((name, at) => name !== labels[at] && labels.includes(name));
  if (other < 0) return;
  throw new UserError(
    `${path}: column ${other + 1} is '${names[other]}' where effect ${other + 1} is '${labels[other]}'; bring both into one order`,
  );
}
