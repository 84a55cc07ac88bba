// Which columns of the fixed effects are nominal: their coefficients differ from threshold to threshold, as those of
// `nominal` in the R package ordinal.
import { didYouMean, listNames, UserError } from "kit";
import type { Design } from "../design/design";
import type { FixedTerm } from "../design/fixed-design";
import { labelOfTerm } from "../formula/expand-terms";
import { parseFormula } from "../formula/formula";
import type { ModelData, NominalColumns } from "../objective/model-data";
import { gradesByCell, hasEmptyCell } from "../objective/nominal-columns";

/**
 * Finds the columns of nominal terms.
 *
 * @param text right-hand side of a formula, such as `kind + x`; each of its terms is one of the fixed effects.
 * @throws UserError if it cannot be read, or names what is not a term of the fixed effects or lacks what it contains.
 */
export function readNominal(design: Design, text: string): Omit<NominalColumns, "patterns"> {
  const terms = nominalTerms(design, text);
  for (const term of terms) refuseWithoutMargins(design, term, terms);
  const kept = terms.filter(({ columns: [from, to] }) => from < to);
  if (kept.length === 0) {
    throw new UserError(`nominal '${text}' names no column of the model; leave it out`);
  }
  const isNominal = (place: number) =>
    kept.some(({ columns: [from, to] }) => from <= place && place < to);
  const known = design.fixed.factors.map(({ name }) => name);
  const isFactor = ({ variables }: FixedTerm) => variables.every((one) => known.includes(one));
  return {
    places: [...design.fixed.names.keys()].filter(isNominal),
    factors: kept.filter(isFactor).map(({ columns }) => columns),
  };
}

// The terms of a nominal option, as the fixed effects have them.
function nominalTerms(design: Design, text: string): FixedTerm[] {
  const right = text.trim().replace(/^~/, "");
  const { fixed, random } = parseFormula(`\`nominal terms\` ~ ${right}`);
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
      `nominal: '${label}' is not a term of ${design.formula.text}; add it there, or leave it out${hint}`,
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

/** A level of a nominal factor that lacks a grade. */
interface EmptyCell {
  /** The nominal term. */
  readonly term: string;
  /** Such as `where kindb is 1, no row has the grade 'Good', so a threshold there has no estimate`. */
  readonly description: string;
}

/** Finds the first level of a nominal factor that lacks a grade. */
export function findEmptyCell(data: ModelData, design: Design): EmptyCell | undefined {
  if (!hasEmptyCell(data)) return undefined;
  for (const columns of data.nominal!.factors) {
    for (const [key, met] of gradesByCell(data, columns)) {
      const empty = design.response.grades!.find((_, grade) => !met.has(grade));
      if (empty === undefined) continue;
      const cell = describeCell(design, columns, key);
      return {
        term: termsOf(design).find((term) => term.columns.join() === columns.join())!.label,
        description: `where ${cell}, no row has the grade '${empty}', so a threshold there has no estimate`,
      };
    }
  }
  return undefined;
}

function describeCell(
  { fixed }: Design,
  [from, to]: readonly [number, number],
  key: string,
): string {
  const values = key.split(",");
  const names = fixed.names.slice(from, to);
  return names.map((name, column) => `${name} is ${values[column]}`).join(" and ");
}
