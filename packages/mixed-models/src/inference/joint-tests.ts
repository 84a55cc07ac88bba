import { checkChoice } from "kit";
import type { Design } from "../design/design";
import { refuseNominalOf } from "../fit/fit-context";
import type { MixedFit } from "../fit/result";
import { chiSquareTail } from "../numerics/chi-square";
import { factorise } from "../numerics/cholesky";
import { fisherTail } from "../numerics/student-t";
import { effectsOfMeans, type FixedEffects } from "./fixed-effects";
import { typeThree } from "./type-three";
import { waldStatistic } from "./wald";

/** A test that all effects of a term are zero. */
export interface JointTest {
  /** As the formula has it, such as `a:b`. */
  readonly term: string;
  /** F or chi-square. */
  readonly statistic: number;
  /** Number of effects that are tested together. */
  readonly df: number;
  /** Denominator degrees of freedom, of F only. */
  readonly denominatorDf?: number;
  readonly p: number;
}

/** Tests of a model's terms. */
export interface JointTests {
  readonly type: TestType;
  readonly statistic: "F" | "chi-square";
  /** One for each term but the intercept. */
  readonly tests: readonly JointTest[];
}

/**
 * Tests each term of the fixed effects, as lmerTest's `anova` and car's `Anova` do.
 *
 * A fit with degrees of freedom (`satterthwaite`, `kenwardRoger`) is tested by F, with lmerTest's hypotheses. Others are tested by Wald's
 * chi-square, with car's: of type II with what contains the term left out, given its covariance matrix. Type III averages over what contains
 * the term, each level alike, whatever the coding of the factors; car's does so only with coefficients that sum to zero. Terms whose columns
 * were all dropped are left out.
 *
 * Such as `jointTests(satterthwaite(fit), { type: 3 }).tests[0]?.p`.
 *
 * @throws UserError if `type` is neither 2 nor 3, or type III is asked for where covariates were dropped.
 */
export function jointTests(
  fit: MixedFit,
  { type = 3 }: { readonly type?: TestType } = {},
): JointTests {
  checkChoice("type", String(type), ["2", "3"]);
  refuseNominalOf(fit, "effect of a term", "compare models by their likelihoods");
  const { degreesOfFreedom, design } = fit;
  if (degreesOfFreedom) {
    const tests = termHypotheses(design, type).map(({ term, rows }): JointTest => {
      const { f, numeratorDf, denominatorDf } = degreesOfFreedom.joint(rows);
      const p = fisherTail(f, numeratorDf, denominatorDf);
      return { term, statistic: f, df: numeratorDf, denominatorDf, p };
    });
    return { type, statistic: "F", tests };
  }
  const effects = effectsOfMeans(fit);
  const tests =
    type === 3
      ? termHypotheses(design, 3).map(({ term, rows }) =>
          toTest(term, waldStatistic(effects, rows), rows.length),
        )
      : termsOf(design).map((term) => testWithout(fit, effects, term));
  return { type, statistic: "chi-square", tests };
}

// What the term adds to those that contain it.
function testWithout(
  { design }: MixedFit,
  effects: FixedEffects,
  { place, label }: PlacedTerm,
): JointTest {
  const others = unitRows(design, containingTerms(design, place, false));
  const own = unitRows(design, [place]);
  const rest = others.length === 0 ? 0 : waldStatistic(effects, others);
  return toTest(label, waldStatistic(effects, [...own, ...others]) - rest, own.length);
}

function toTest(term: string, statistic: number, df: number): JointTest {
  return { term, statistic, df, p: chiSquareTail(statistic, df) };
}

/** Types of sums of squares: II leaves out what contains a term, III averages over it. */
type TestType = 2 | 3;

/** A term, and the hypotheses L beta = 0 that test it. */
interface TermHypothesis {
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
function termHypotheses(design: Design, type: TestType): TermHypothesis[] {
  const terms = termsOf(design);
  if (terms.length === 1)
    return terms.map(({ place, label }) => ({
      term: label,
      rows: withoutLater(design, place, []),
    }));
  const containing = (place: number) => containingTerms(design, place);
  if (type === 3) {
    const rowsOf = typeThree(design, containing);
    return terms.map(({ place, label }) => ({ term: label, rows: rowsOf(place) }));
  }
  return terms.map(({ place, label }) => {
    const others = containing(place);
    const rows =
      others.length === 0 ? unitRows(design, [place]) : withoutLater(design, place, others);
    return { term: label, rows };
  });
}

/** A term with its place in the formula's list. */
interface PlacedTerm {
  readonly place: number;
  readonly label: string;
}

/** The terms but the intercept that have columns. */
function termsOf({ fixed, formula }: Design): PlacedTerm[] {
  return fixed.terms.slice(formula.fixed.intercept ? 1 : 0).flatMap(({ label, columns }, place) => {
    return columns[1] > columns[0] ? [{ place, label }] : [];
  });
}

/** Rows that say that each coefficient of some terms is zero. */
function unitRows(design: Design, terms: readonly number[]): Float64Array[] {
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
function containingTerms({ formula, fixed }: Design, term: number, isMarginal = true): number[] {
  const all = fixed.terms.slice(formula.fixed.intercept ? 1 : 0).map(({ variables }) => variables);
  const factors = new Set(fixed.factors.map(({ name }) => name));
  const own = all[term]!;
  return [...all.keys()].filter((place) => {
    const other = all[place]!;
    if (other.length <= own.length || !own.every((name) => other.includes(name))) return false;
    return !isMarginal || other.every((name) => factors.has(name) || own.includes(name));
  });
}

function columnsOfTerm({ formula, fixed }: Design, term: number): number[] {
  const [from, to] = fixed.terms[term + (formula.fixed.intercept ? 1 : 0)]!.columns;
  return Array.from({ length: to - from }, (_, column) => from + column);
}

// What the term's columns, with those that contain it after them, add to all others: rows of the Cholesky factor of X'X.
function withoutLater(design: Design, term: number, containing: readonly number[]): Float64Array[] {
  const width = design.fixed.names.length;
  const own = columnsOfTerm(design, term);
  const later = [...own, ...containing.flatMap((other) => columnsOfTerm(design, other))];
  const first = Array.from({ length: width }, (_, column) => column).filter(
    (column) => !later.includes(column),
  );
  const order = [...first, ...later];
  const factor = crossProducts(design, order);
  factorise(factor, width);
  return own.map((_, k) => {
    const place = first.length + k;
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
  for (let pattern = 0; pattern < count; pattern++) {
    for (let i = 0; i < width; i++) {
      const left = numbers[pattern]! * values[pattern * width + order[i]!]!;
      for (let j = 0; j <= i; j++)
        products[i * width + j]! += left * values[pattern * width + order[j]!]!;
    }
  }
  return products;
}
