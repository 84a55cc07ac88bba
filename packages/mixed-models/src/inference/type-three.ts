// The hypotheses of type III as lmerTest derives them, whatever the coding of the factors (SAS; Kuznetsova, Brockhoff and
// Christensen 2017, doi.org/10.18637/jss.v082.i13): indicator columns for all levels of every term are written as combinations
// of the model matrix's, and what a term shares with those that contain it is taken from its part.
import { UserError } from "kit";
import type { Design } from "../design/design";
import type { Variable } from "../design/model-frame";
import { type MatrixColumn, planColumns } from "../design/model-matrix";
import type { TermList } from "../formula/expand-terms";
import { factorise, solveFactored } from "../numerics/cholesky";
import { independentColumns } from "../numerics/independent-columns";
import { rowOf } from "../numerics/matrices";
import { refuseMemory } from "../numerics/memory";
import { dot } from "../numerics/vectors";
import { combineCodes, RowDecoder, variablesOf } from "./row-decoder";

/** For a term's columns in a model matrix with treatment coding the weights of the coefficients. */
type TermRows = (term: number) => Float64Array[];

/**
 * Derives the rows L of the hypotheses L beta = 0 of all terms.
 *
 * @param containing for a term of the list those that contain it.
 * @returns rows over the columns of `design.fixed`; fewer than a term has columns where cells are empty.
 * @throws UserError if columns were dropped for another reason than empty cells, or the grid of the levels is too large.
 */
export function typeThree(
  design: Design,
  containing: (term: number) => readonly number[],
): TermRows {
  const { formula, fixed } = design;
  const list = formula.fixed;
  const variables = variablesOf(design);
  const cells = cellsOf(design, variables);
  const own = planColumns(list, variables, (position) =>
    contrastOf(design, variables[position]!.label),
  ).filter(({ name }) => fixed.names.includes(name));
  const treated = independent(planColumns(list, variables), cells);
  const whole = indicatorColumns(list, variables);
  if (treated.length !== own.length) {
    throw new UserError(
      `type III tests need every column of the fixed effects; take ${fixed.droppedColumns.join(", ")} out of the formula, or ask for type II`,
    );
  }
  // Rows are the indicator columns, columns those of the treatment coding.
  const shares = whole.map((column) => expressIn(column, treated, cells));
  const byTerm = (term: number) =>
    [...treated.keys()].filter((column) => treated[column]!.term === term);
  const order = [...list.terms.keys()].sort(
    (left, right) => list.terms[right]!.length - list.terms[left]!.length,
  );
  for (const term of order) {
    const others = containing(term).flatMap(byTerm);
    if (others.length > 0) for (const column of byTerm(term)) takeOut(shares, column, others);
  }
  const chosen = treated.map(({ name }) => shares[whole.findIndex((one) => one.name === name)]!);
  // The coefficients under treatment coding as combinations of the model's own: a row for each of the latter.
  const map = own.map((column) => expressIn(column, treated, cells));
  return (term) =>
    byTerm(term)
      .map((column) => Float64Array.from(chosen, (row) => row[column]!))
      .filter((row) => row.some((value) => Math.abs(value) > SMALL))
      .map((row) => Float64Array.from(map, (shares) => dot(shares, row)));
}

const SMALL = 1e-8;

/** Codes of the factors' levels, a row a cell. */
type Cells = readonly (readonly number[])[];

function contrastOf({ fixed }: Design, label: string) {
  return fixed.factors.find(({ name }) => name === label)?.contrast ?? "treatment";
}

// All cells of the factors; where columns were dropped those that occur. Codes are by variable.
function cellsOf(design: Design, variables: readonly Variable[]): Cells {
  const { fixed } = design;
  const counts = fixed.factors.map(({ levels }) => levels.length);
  const size = counts.reduce((product, count) => product * count, 1);
  refuseMemory(
    size * 4 * fixed.names.length,
    `the ${size.toLocaleString("en-US")} cells of ${fixed.factors.map(({ name }) => name).join(", ")}`,
    "ask for type II",
  );
  const factorOf = variables.map(({ label }) =>
    fixed.factors.findIndex(({ name }) => name === label),
  );
  const byVariable = (codes: readonly number[]) => factorOf.map((factor) => codes[factor] ?? 0);
  if (fixed.droppedColumns.length === 0) return combineCodes(counts).map(byVariable);
  const width = fixed.names.length;
  const decoder = new RowDecoder(design);
  const { values, count } = fixed.patterns;
  const met = new Map<string, number[]>();
  for (let pattern = 0; pattern < count; pattern++) {
    for (const codes of decoder.levelsOf(rowOf(values, pattern, width))) {
      met.set(codes.join(), byVariable(codes));
    }
  }
  return [...met.values()];
}

// An indicator column for every combination of levels of each term.
function indicatorColumns(list: TermList, variables: readonly Variable[]): MatrixColumn[] {
  const alone = list.terms.flatMap((term, index) =>
    planColumns({ ...list, intercept: false, terms: [term] }, variables).map((column) => ({
      ...column,
      term: index,
    })),
  );
  return list.intercept ? [{ name: "(Intercept)", term: -1, parts: [] }, ...alone] : alone;
}

function independent(columns: readonly MatrixColumn[], cells: Cells): MatrixColumn[] {
  const kept = groupByNumbers(columns).flatMap((group) => {
    const matrix = new Float64Array(cells.length * group.length);
    for (const [place, column] of group.entries()) {
      for (const [cell, codes] of cells.entries()) {
        matrix[cell * group.length + place] = valueIn(column, codes);
      }
    }
    return independentColumns(matrix, cells.length, group.length).map((place) => group[place]!);
  });
  return columns.filter((column) => kept.includes(column));
}

// Columns with the same numeric variables: only those can be combinations of each other.
function groupByNumbers(columns: readonly MatrixColumn[]): MatrixColumn[][] {
  const groups = new Map<string, MatrixColumn[]>();
  for (const column of columns) {
    const key = numbersOf(column);
    groups.set(key, [...(groups.get(key) ?? []), column]);
  }
  return [...groups.values()];
}

function numbersOf({ parts }: MatrixColumn): string {
  return parts
    .flatMap(({ variable, weights }) => (weights ? [] : [variable]))
    .sort((left, right) => left - right)
    .join();
}

// The factors' part of a column in one cell.
function valueIn({ parts }: MatrixColumn, codes: readonly number[]): number {
  return parts.reduce((product, { variable, weights }) => {
    return weights ? product * weights[codes[variable]!]! : product;
  }, 1);
}

// Least squares over the cells, which fit exactly.
function expressIn(
  column: MatrixColumn,
  basis: readonly MatrixColumn[],
  cells: Cells,
): Float64Array {
  const key = numbersOf(column);
  const places = [...basis.keys()].filter((place) => numbersOf(basis[place]!) === key);
  const rows = cells.map((codes) => places.map((place) => valueIn(basis[place]!, codes)));
  const found = regress(
    rows,
    cells.map((codes) => valueIn(column, codes)),
  );
  const shares = new Float64Array(basis.length);
  for (const [k, place] of places.entries()) shares[place] = zapped(found[k]!);
  return shares;
}

function zapped(value: number): number {
  return Math.abs(value) < 1e-10 ? 0 : value;
}

function takeOut(shares: readonly Float64Array[], target: number, others: readonly number[]): void {
  const rows = shares.map((row) => others.map((other) => row[other]!));
  const found = regress(
    rows,
    shares.map((row) => row[target]!),
  );
  for (const [place, row] of shares.entries()) {
    const part = dot(found, rows[place]!);
    row[target] = zapped(row[target]! - part);
  }
}

function regress(rows: readonly (readonly number[])[], y: readonly number[]): Float64Array {
  const width = rows[0]?.length ?? 0;
  const gram = new Float64Array(width * width);
  const products = new Float64Array(width);
  for (const [place, row] of rows.entries()) {
    for (let i = 0; i < width; i++) {
      products[i]! += row[i]! * y[place]!;
      for (let j = 0; j <= i; j++) gram[i * width + j]! += row[i]! * row[j]!;
    }
  }
  factorise(gram, width);
  return solveFactored(gram, width, products);
}
