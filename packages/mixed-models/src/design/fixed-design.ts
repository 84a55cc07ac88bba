import { largest, UserError } from "kit";
import { labelOfTerm, type TermList } from "../formula/expand-terms";
import { columnsOf, type Expression } from "../formula/expression";
import { independentColumns } from "../numerics/independent-columns";
import { refuseMemory } from "../numerics/memory";
import {
  expandPatterns,
  findPatterns,
  findPatternsOfClasses,
  type Patterns,
  takeRows,
} from "../numerics/patterns";
import { RowClasses } from "../numerics/row-classes";
import { placeOf } from "../numerics/standardise";
import type { Contrast } from "./factor-contrast";
import { type ModelFrame, namesOfFactor, type Variable } from "./model-frame";
import { countColumns, fillMatrix, type MatrixColumn, planColumns } from "./model-matrix";
import { buildRow, type RowValues } from "./model-row";

/** A term of the fixed effects and where its columns are. */
export interface FixedTerm {
  /** Such as `a:b`, or `(Intercept)`. */
  readonly label: string;
  /** Labels of the term's variables; none for the intercept. */
  readonly variables: readonly string[];
  /** First column and the one after the last; equal where all columns were dropped. */
  readonly columns: readonly [number, number];
}

/** A factor of the fixed effects. */
interface FixedFactor {
  readonly name: string;
  readonly levels: readonly string[];
  readonly contrast: Contrast;
}

/** The model matrix of the fixed effects. */
export interface FixedDesign {
  /** The columns' names, as R's. */
  readonly names: readonly string[];
  /** The matrix by its distinct rows, of `names.length` columns. */
  readonly patterns: Patterns;
  /** The whole matrix, `rows x names.length`, row-major; made when it is read. */
  readonly X: Float64Array;
  /** Columns left out because earlier ones determine them. */
  readonly droppedColumns: readonly string[];
  /** The intercept first where there is one; terms in R's order. */
  readonly terms: readonly FixedTerm[];
  readonly factors: readonly FixedFactor[];
  /**
   * The model's row for one combination of values, by column of the table; NaN in every cell where a value is missing.
   *
   * @throws UserError if a column has no value at all, or it is of the wrong kind or an unknown level.
   */
  rowFor(values: RowValues): Float64Array;
}

/** The contrast of every factor, or of each by its column's name or its label in the formula. */
export type ContrastOption = Contrast | Readonly<Record<string, Contrast>>;

/**
 * Builds the fixed effects' model matrix, without the columns that earlier ones determine.
 *
 * @param memory what the matrix and its cross-products may take, in GiB.
 * @throws UserError if a factor has one level only, or there are more columns than memory.
 */
export function buildFixed(
  list: TermList,
  frame: ModelFrame,
  contrasts: ContrastOption = "treatment",
  memory?: number,
): FixedDesign {
  const variables = list.variables.map((variable) => frame.variable(variable));
  const chosen = list.variables.map((variable) => chooseContrast(variable, contrasts));
  const contrastOf = (position: number) => chosen[position]!;
  const distinct = new DistinctRows(variables, frame.usedRows.length);
  refuseWide(list, variables, distinct.count, memory);
  const planned = planColumns(list, variables, contrastOf);
  const full = distinct.fill(planned, variables);
  const near = bringNear(list, variables);
  const compared = distinct.weigh(near ? distinct.fill(planned, near) : full, planned.length);
  const kept = independentColumns(compared, distinct.count, planned.length);
  const columns = kept.map((position) => planned[position]!);
  const taken = takeColumns(full, distinct.count, planned.length, kept);
  const patterns = distinct.patterns(taken, columns.length);
  let matrix: Float64Array | undefined;
  return {
    names: columns.map(({ name }) => name),
    patterns,
    get X() {
      matrix ??= expandPatterns(patterns, columns.length);
      return matrix;
    },
    droppedColumns: planned.filter((column) => !columns.includes(column)).map(({ name }) => name),
    terms: locateTerms(list, columns),
    factors: variables.flatMap((variable, position) => {
      if (variable.kind !== "factor") return [];
      return [{ name: variable.label, levels: variable.levels, contrast: contrastOf(position) }];
    }),
    rowFor: (values) => buildRow(list, variables, columns, frame, values),
  };
}

// The matrix is held twice while columns are chosen, and their cross-products thrice while the model is fitted.
function refuseWide(
  list: TermList,
  variables: readonly Variable[],
  rows: number,
  memory?: number,
): void {
  const counts = countColumns(list, variables);
  const width = counts.reduce((sum, count) => sum + count, list.intercept ? 1 : 0);
  const widest = list.terms[counts.indexOf(largest(counts))];
  const instead = widest ? asRandom(list, widest, variables) : "use fewer";
  if (width > MOST_COLUMNS) {
    throw new UserError(
      `the fixed effects have ${width.toLocaleString("en-US")} columns, and at most ${MOST_COLUMNS.toLocaleString("en-US")} can be fitted; ${instead}, or join levels`,
    );
  }
  refuseMemory(
    2 * rows * width + 3 * width ** 2,
    `the ${width.toLocaleString("en-US")} columns of the fixed effects`,
    `${instead}, join levels, or allow more memory`,
    memory,
  );
}

// Time grows with their cube: so many take hours.
const MOST_COLUMNS = 6000;

// A factor's effects as random ones; slopes that differ between its levels likewise.
function asRandom(list: TermList, term: readonly number[], variables: readonly Variable[]): string {
  const isFactor = (position: number) => variables[position]?.kind === "factor";
  const [factors, slopes] = [term.filter(isFactor), term.filter((one) => !isFactor(one))];
  if (factors.length === 0) return "use fewer";
  const effects = slopes.length > 0 ? `0 + ${labelOfTerm(list, slopes)}` : "1";
  return `write (${effects} | ${labelOfTerm(list, factors)}) in place of ${labelOfTerm(list, term)}`;
}

// Rows that agree in every variable agree in every column: a model of factors has a few such classes only, and its
// matrix is made for one row of each. Where most rows differ, every row stands for itself.
class DistinctRows {
  readonly count: number;
  private readonly classes: RowClasses | undefined;
  private readonly first: Int32Array | undefined;

  constructor(variables: readonly Variable[], rows: number) {
    const classes = new RowClasses(rows);
    for (const variable of variables) {
      const values = variable.kind === "numeric" ? variable.values : variable.codes;
      classes.refine(values, 1, 0, rows / 2);
      if (classes.count > rows / 2) break;
    }
    const isFew = classes.count <= rows / 2;
    this.classes = isFew ? classes : undefined;
    this.first = isFew ? classes.firstRows() : undefined;
    this.count = isFew ? classes.count : rows;
  }

  fill(columns: readonly MatrixColumn[], variables: readonly Variable[]): Float64Array {
    const { first, count } = this;
    if (!first) return fillMatrix(columns, variables, count);
    const chosen = variables.map((variable): Variable => {
      return variable.kind === "numeric"
        ? { ...variable, values: takeRows(variable.values, 1, first) }
        : { ...variable, codes: first.map((row) => variable.codes[row]!) };
    });
    return fillMatrix(columns, chosen, count);
  }

  // Each row times the root of its number: the norms and angles of columns are then the whole matrix's.
  weigh(matrix: Float64Array, width: number): Float64Array {
    const { classes, count } = this;
    if (!classes) return matrix;
    const numbers = new Float64Array(count);
    for (const own of classes.of) numbers[own]!++;
    const roots = numbers.map(Math.sqrt);
    return matrix.map((value, at) => value * roots[Math.floor(at / width)]!);
  }

  patterns(matrix: Float64Array, width: number): Patterns {
    const { classes, count } = this;
    return classes
      ? findPatternsOfClasses(classes, matrix, width)
      : findPatterns(matrix, count, width);
  }
}

// Far from zero, a covariate looks like a multiple of the intercept. Where its place does not matter to the model,
// because every interaction comes with its margins, columns are compared as if it lay around zero.
function bringNear(list: TermList, variables: readonly Variable[]): Variable[] | undefined {
  const known = new Set(list.terms.map(String));
  const near = variables.map((variable, position) => {
    if (variable.kind !== "numeric") return variable;
    const margins = list.terms
      .filter((term) => term.includes(position))
      .map((term) => term.filter((other) => other !== position));
    const isFree = margins.every((term) =>
      term.length === 0 ? list.intercept : known.has(String(term)),
    );
    const { mean, sd } = placeOf(variable.values);
    const isFar = Math.abs(mean) > FAR * sd && sd > ROUNDING * Math.abs(mean);
    if (!isFree || !isFar) return variable;
    return { ...variable, values: variable.values.map((value) => value - mean) };
  });
  return near.some((variable, position) => variable !== variables[position]) ? near : undefined;
}

// Means beyond so many standard deviations; below, R's comparison keeps most of its digits.
const FAR = 1e4;
const ROUNDING = 1e-13;

/** The columns of the table that the fixed effects read. */
export function fixedColumns(list: TermList): string[] {
  return [...new Set(list.variables.flatMap(columnsOf))];
}

function chooseContrast(expression: Expression, contrasts: ContrastOption): Contrast {
  if (typeof contrasts === "string") return checkContrast(contrasts);
  const name = namesOfFactor(expression).find((one) => Object.hasOwn(contrasts, one));
  return name === undefined ? "treatment" : checkContrast(contrasts[name] as string);
}

function checkContrast(contrast: string): Contrast {
  if (contrast === "treatment" || contrast === "sum") return contrast;
  throw new UserError(`unknown contrast '${contrast}'; choose 'treatment' or 'sum'`);
}

function locateTerms(list: TermList, columns: readonly MatrixColumn[]): FixedTerm[] {
  const locate = (term: number): [number, number] => {
    const first = columns.findIndex((column) => column.term >= term);
    const start = first < 0 ? columns.length : first;
    return [start, start + columns.filter((column) => column.term === term).length];
  };
  const terms = list.terms.map((term, index) => ({
    label: labelOfTerm(list, term),
    variables: term.map((position) => labelOfTerm(list, [position])),
    columns: locate(index),
  }));
  if (!list.intercept) return terms;
  return [{ label: "(Intercept)", variables: [], columns: locate(-1) }, ...terms];
}

function takeColumns(
  matrix: Float64Array,
  rows: number,
  width: number,
  kept: readonly number[],
): Float64Array {
  if (kept.length === width) return matrix;
  const taken = new Float64Array(rows * kept.length);
  for (let row = 0, cell = 0; row < rows; row++) {
    for (const position of kept) taken[cell++] = matrix[row * width + position]!;
  }
  return taken;
}
