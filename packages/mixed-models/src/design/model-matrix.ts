// R's `model.matrix`: which factors get contrasts and which indicators follows `TermCode` in
// src/library/stats/src/model.c (Chambers and Hastie 1992, page 38).
import { UserError } from "kit";
import type { TermList } from "../formula/expand-terms";
import { type Coding, type Contrast, codingColumn, codingNames } from "./factor-contrast";
import type { Variable } from "./model-frame";

/** What one variable contributes to a column: numbers, or a weight for each level. */
interface Part {
  readonly variable: number;
  readonly name: string;
  readonly weights?: Float64Array;
}

/** A column of a model matrix: the product of its parts; no parts for the intercept. */
export interface MatrixColumn {
  readonly name: string;
  /** Position of the term in the term list; -1 for the intercept. */
  readonly term: number;
  readonly parts: readonly Part[];
}

/**
 * Plans the columns of a model matrix, in R's order and with R's names.
 *
 * @param variables in the order of `list.variables`; only kinds and levels are read.
 * @param contrastOf the contrast of the variable at a position.
 * @throws UserError if a factor has one level only.
 */
export function planColumns(
  list: TermList,
  variables: readonly Variable[],
  contrastOf: (variable: number) => Contrast = () => "treatment",
): MatrixColumn[] {
  const used = new Set(list.terms.flat());
  variables.forEach((variable, position) => {
    if (used.has(position)) checkLevels(variable);
  });
  const full = findFullFactors(list, variables);
  const columns: MatrixColumn[] = [];
  if (list.intercept) columns.push({ name: "(Intercept)", term: -1, parts: [] });
  list.terms.forEach((term, index) => {
    const choices = term.map((position) => {
      const coding = full[index]?.has(position) ? "full" : contrastOf(position);
      return partsFor(variables[position]!, position, coding);
    });
    for (const parts of combine(choices)) {
      columns.push({ name: parts.map(({ name }) => name).join(":"), term: index, parts });
    }
  });
  return columns;
}

/** How many columns each term has as `planColumns` plans them, found without planning them. */
export function countColumns(list: TermList, variables: readonly Variable[]): number[] {
  const full = findFullFactors(list, variables);
  return list.terms.map((term, index) =>
    term.reduce((product, position) => {
      const variable = variables[position]!;
      if (variable.kind === "numeric") return product;
      return product * (variable.levels.length - (full[index]?.has(position) ? 0 : 1));
    }, 1),
  );
}

/**
 * Fills a model matrix.
 *
 * @returns `rows x columns.length`, row-major.
 */
export function fillMatrix(
  columns: readonly MatrixColumn[],
  variables: readonly Variable[],
  rows: number,
): Float64Array {
  const width = columns.length;
  const matrix = new Float64Array(rows * width).fill(1);
  columns.forEach(({ parts }, column) => {
    for (const { variable, weights } of parts) {
      const data = variables[variable]!;
      if (data.kind === "numeric") multiply(matrix, column, width, data.values);
      else multiplyCoded(matrix, column, width, data.codes, weights!);
    }
  });
  return matrix;
}

function checkLevels(variable: Variable): void {
  if (variable.kind !== "factor" || variable.levels.length > 1) return;
  const { label, levels } = variable;
  throw new UserError(
    `'${label}' has one level only ('${levels[0]}') in the used rows; leave it out of the formula`,
  );
}

// A factor is coded in full where its margin is absent: no earlier term holds the term's others.
function findFullFactors(list: TermList, variables: readonly Variable[]): Set<number>[] {
  const { terms } = list;
  const full = terms.map((term, index) => {
    const absent = term.filter((position) => {
      const others = term.filter((one) => one !== position);
      const holds = (earlier: readonly number[]) => others.every((one) => earlier.includes(one));
      return others.length > 0 && !terms.slice(0, index).some(holds);
    });
    return new Set(absent);
  });
  if (list.intercept) return full;
  const isFactor = (position: number) => variables[position]?.kind === "factor";
  const first = terms.findIndex((term) => term.some(isFactor));
  if (first >= 0) full[first]?.add(terms[first]!.find(isFactor)!);
  return full;
}

function partsFor(variable: Variable, position: number, coding: Coding): Part[] {
  if (variable.kind === "numeric") return [{ variable: position, name: variable.label }];
  const { label, levels } = variable;
  return codingNames(coding, levels).map((name, column) => ({
    variable: position,
    name: label + name,
    weights: codingColumn(coding, levels.length, column),
  }));
}

// All combinations, the first variable varying fastest.
function combine(choices: readonly (readonly Part[])[]): Part[][] {
  return choices.reduce<Part[][]>(
    (combined, parts) => parts.flatMap((part) => combined.map((chosen) => [...chosen, part])),
    [[]],
  );
}

function multiply(matrix: Float64Array, column: number, width: number, values: Float64Array) {
  for (let row = 0, cell = column; row < values.length; row++, cell += width) {
    matrix[cell] = matrix[cell]! * values[row]!;
  }
}

function multiplyCoded(
  matrix: Float64Array,
  column: number,
  width: number,
  codes: Int32Array,
  weights: Float64Array,
): void {
  for (let row = 0, cell = column; row < codes.length; row++, cell += width) {
    matrix[cell] = matrix[cell]! * weights[codes[row]!]!;
  }
}
