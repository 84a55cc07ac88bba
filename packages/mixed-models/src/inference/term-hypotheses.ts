import type { Design } from "../design/design";
import { factorise } from "../numerics/cholesky";
import { typeThree } from "./type-three";

/** Types of sums of squares: II leaves out what contains a term, III averages over it. */
export type TestType = 2 | 3;

/** A term, and the hypotheses L beta = 0 that test it. */
export interface TermHypothesis {
  readonly term: string;
  /** Linearly independent rows over the columns of `design.fixed`. */
  readonly rows: readonly Float64Array[];
}

/**
 * Derives the hypotheses of all terms but the intercept as lmerTest does; its F tests with several degrees of freedom depend on the basis,
 * too, which is lmerTest's. Terms all of whose columns were dropped are left out.
 *
 * @throws UserError where `typeThree` does.
 */
export function termHypotheses(design: Design, type: TestType): TermHypothesis[] {
  const terms = termsOf(design);
  if (terms.length === 1)
    return terms.map(({ at, label }) => ({ term: label, rows: withoutLater(design, at, []) }));
  const containing = (at: number) => containingTerms(design, at);
  if (type === 3) {
    const rowsOf = typeThree(design, containing);
    return terms.map(({ at, label }) => ({ term: label, rows: rowsOf(at) }));
  }
  return terms.map(({ at, label }) => {
    const others = containing(at);
    const rows = others.length === 0 ? unitRows(design, [at]) : withoutLater(design, at, others);
    return { term: label, rows };
  });
}

/** A term with its place in the formula's list. */
export interface PlacedTerm {
  readonly at: number;
  readonly label: string;
}

/** The terms but the intercept that have columns. */
export function termsOf({ fixed, formula }: Design): PlacedTerm[] {
  return fixed.terms.slice(formula.fixed.intercept ? 1 : 0).flatMap(({ label, columns }, at) => {
    return columns[1] > columns[0] ? [{ at, label }] : [];
  });
}

/** Rows that say that each coefficient of some terms is zero. */
export function unitRows(design: Design, terms: readonly number[]): Float64Array[] {
  const width = design.fixed.names.length;
  return terms.flatMap((term) =>
    columnsOfTerm(design, term).map((column) => {
      const row = new Float64Array(width);
      row[column] = 1;
      return row;
    }),
  );
}

/**
 * The terms that contain another one: all its variables and more.
 *
 * @param isMarginal whether a covariate more makes another term, as SAS and lmerTest have it; not in car.
 */
export function containingTerms(
  { formula, fixed }: Design,
  term: number,
  isMarginal = true,
): number[] {
  const all = fixed.terms.slice(formula.fixed.intercept ? 1 : 0).map(({ variables }) => variables);
  const factors = new Set(fixed.factors.map(({ name }) => name));
  const own = all[term]!;
  return [...all.keys()].filter((at) => {
    const other = all[at]!;
    if (other.length <= own.length || !own.every((name) => other.includes(name))) return false;
    return !isMarginal || other.every((name) => factors.has(name) || own.includes(name));
  });
}

function columnsOfTerm({ formula, fixed }: Design, term: number): number[] {
  const [from, to] = fixed.terms[term + (formula.fixed.intercept ? 1 : 0)]!.columns;
  return Array.from({ length: to - from }, (_, at) => from + at);
}

// What the term's columns, with those that contain it after them, add to all others: rows of the Cholesky factor of X'X.
function withoutLater(design: Design, term: number, containing: readonly number[]): Float64Array[] {
  const width = design.fixed.names.length;
  const own = columnsOfTerm(design, term);
  const later = [...own, ...containing.flatMap((at) => columnsOfTerm(design, at))];
  const first = Array.from({ length: width }, (_, at) => at).filter((at) => !later.includes(at));
  const order = [...first, ...later];
  const factor = crossProducts(design, order);
  factorise(factor, width);
  return own.map((_, at) => {
    const place = first.length + at;
    const row = new Float64Array(width);
    for (let later = place; later < width; later++) {
      row[order[later]!] = factor[later * width + place]! / factor[place * width + place]!;
    }
    return row;
  });
}

function crossProducts({ fixed }: Design, order: readonly number[]): Float64Array {
  const { values, count, of } = fixed.patterns;
  const width = order.length;
  const numbers = new Float64Array(count);
  for (const pattern of of) numbers[pattern]!++;
  const products = new Float64Array(width * width);
  for (let at = 0; at < count; at++) {
    for (let i = 0; i < width; i++) {
      const left = numbers[at]! * values[at * width + order[i]!]!;
      for (let j = 0; j <= i; j++)
        products[i * width + j]! += left * values[at * width + order[j]!]!;
    }
  }
  return products;
}
