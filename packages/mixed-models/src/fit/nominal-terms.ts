// Which columns of the fixed effects are nominal: their coefficients differ from threshold to threshold, as those of
// `nominal` in the R package ordinal.
import { didYouMean, listNames, UserError } from "kit";
import type { Design } from "../design/design";
import type { FixedTerm } from "../design/fixed-design";
import { labelOfTerm } from "../formula/expand-terms";
import { parseFormula } from "../formula/formula";
import type { ModelData } from "../objective/model-data";

/**
 * Finds the columns of nominal terms.
 *
 * @param text right-hand side of a formula, such as `kind + x`; each of its terms is one of the fixed effects.
 * @returns places among the columns of the fixed effects, ascending.
 * @throws UserError if it cannot be read, or names what is no term of the fixed effects or lacks what it contains.
 */
export function nominalPlaces(design: Design, text: string): number[] {
  const terms = nominalTerms(design, text);
  for (const term of terms) refuseWithoutMargins(design, term, terms);
  const isNominal = (place: number) =>
    terms.some(({ columns: [from, to] }) => from <= place && place < to);
  const places = [...design.fixed.names.keys()].filter(isNominal);
  if (places.length > 0) return places;
  throw new UserError(`nominal '${text}' names no column of the model; leave it out`);
}

/** The terms of a nominal option, as the fixed effects have them. */
export function nominalTerms(design: Design, text: string): FixedTerm[] {
  const right = text.trim().replace(/^~/, "");
  const { fixed, random } = parseFormula(`nominal ~ ${right}`);
  if (random.length > 0 || !fixed.intercept) {
    throw new UserError(
      `nominal '${text}' should be terms of the fixed effects, such as "kind + x"; thresholds and groups stay as they are`,
    );
  }
  return fixed.terms.map((term) => {
    const label = labelOfTerm(fixed, term);
    const found = termsOf(design).find((one) => isSame(one.label, label));
    if (found) return found;
    const known = termsOf(design).map((one) => one.label);
    const hint = didYouMean(label, known) || `; its terms are: ${listNames(known) || "none"}`;
    throw new UserError(
      `nominal: '${label}' is no term of ${design.formula.text}; add it there, or leave it out${hint}`,
    );
  });
}

function termsOf({ fixed }: Design): FixedTerm[] {
  return fixed.terms.filter(({ variables }) => variables.length > 0);
}

function isSame(left: string, right: string): boolean {
  return left.split(":").sort().join(":") === right.split(":").sort().join(":");
}

/** The terms that a term contains, such as `a` and `b` of `a:b`. */
export function marginsOf(design: Design, { label, variables }: FixedTerm): FixedTerm[] {
  return termsOf(design).filter(
    (other) => other.label !== label && other.variables.every((one) => variables.includes(one)),
  );
}

// Without them, the model would depend on how factors are coded.
function refuseWithoutMargins(design: Design, term: FixedTerm, nominal: readonly FixedTerm[]) {
  const lacking = marginsOf(design, term).find((margin) => !nominal.includes(margin));
  if (!lacking) return;
  throw new UserError(
    `nominal: '${term.label}' contains '${lacking.label}'; name that, too, or leave '${term.label}' out`,
  );
}

/**
 * Refuses nominal factors of which a level lacks a grade: a threshold there has no finite estimate, or two fall together.
 *
 * @throws UserError naming the first such grade.
 */
export function refuseEmptyCell(
  { nominal, fixed, fixedColumns, y, scale }: ModelData,
  design: Design,
) {
  if (!nominal || !scale) return;
  const factors = design.fixed.factors.map(({ name }) => name);
  for (const { label, variables, columns } of termsOf(design)) {
    const isNominal = columns[0] < columns[1] && nominal.places.includes(columns[0]);
    if (!isNominal || !variables.every((one) => factors.includes(one))) continue;
    const met = new Map<string, Set<number>>();
    for (const [row, pattern] of fixed.of.entries()) {
      const from = pattern * fixedColumns;
      const key = fixed.values.subarray(from + columns[0], from + columns[1]).join();
      met.set(key, (met.get(key) ?? new Set()).add(y[row]!));
    }
    for (const [key, grades] of met) {
      const empty = design.response.grades!.find((_, grade) => !grades.has(grade));
      if (empty === undefined) continue;
      throw new UserError(
        `nominal: where ${describeCell(design, columns, key)}, no row has the grade '${empty}', so a threshold there has no ` +
          `estimate; leave '${label}' out of nominal, or join grades`,
      );
    }
  }
}

function describeCell(
  { fixed }: Design,
  [from, to]: readonly [number, number],
  key: string,
): string {
  const values = key.split(",");
  const names = fixed.names.slice(from, to);
  return names.map((name, at) => `${name} is ${values[at]}`).join(" and ");
}
