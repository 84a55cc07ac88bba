// Wilkinson and Rogers' notation as R reads it (`EncodeVars` in R's src/library/stats/src/model.c).
import { UserError } from "kit";
import { type Expression, isComparison, labelOf, unwrap } from "./expression";
import { formulaError } from "./formula-error";

/** The terms of a model: products of variables, ordered by their number of variables. */
export interface TermList {
  readonly intercept: boolean;
  /** Each variable once, in order of appearance, also those whose terms are all removed. */
  readonly variables: readonly Expression[];
  /** For each term the positions of its variables, ascending. */
  readonly terms: readonly (readonly number[])[];
}

type Term = readonly number[];

/**
 * Expands `a * b`, `a / b`, `(a + b)^2`, `- a` and the like into terms; an intercept is implied.
 *
 * @param text the whole formula, for messages.
 * @throws UserError with a caret where something cannot be a term.
 */
export function expandTerms(text: string, expression: Expression | undefined): TermList {
  const expander = new Expander(text);
  const terms = expression ? expander.expand(expression) : [];
  const ordered = [...terms].sort((left, right) => left.length - right.length);
  return { intercept: expander.intercept, variables: expander.variables, terms: ordered };
}

/** The name of a term, such as `a:b`. */
export function labelOfTerm(list: TermList, term: Term): string {
  return term.map((position) => labelOf(list.variables[position]!)).join(":");
}

class Expander {
  intercept = true;
  readonly variables: Expression[] = [];
  private readonly labels: string[] = [];
  private removing = false;

  constructor(private readonly text: string) {}

  expand(expression: Expression): Term[] {
    switch (expression.kind) {
      case "paren":
        return this.expand(expression.inner);
      case "number":
        return this.setIntercept(expression.value, expression.at);
      case "sign":
        return expression.operator === "+"
          ? this.expand(expression.operand)
          : this.remove([], expression.operand);
      case "binary":
        return isComparison(expression.operator)
          ? this.addVariable(expression)
          : this.combine(expression.operator, expression.left, expression.right);
      case "name":
      case "call":
        return this.addVariable(expression);
      default:
        throw formulaError(this.text, expression.at, "expected a column here; name one");
    }
  }

  private combine(operator: string, first: Expression, second: Expression): Term[] {
    const left = this.expand(first);
    if (operator === "-") return this.remove(left, second);
    if (operator === "^") return raise(left, this.readDegree(second));
    const right = this.expand(second);
    if (operator === "+") return unique([...left, ...right]);
    // R silently forgets the other side, too: `1 * x` is 1.
    if (left.length === 0 || right.length === 0) {
      const { at } = left.length === 0 ? first : second;
      throw formulaError(this.text, at, `expected a column beside '${operator}'; name one`);
    }
    switch (operator) {
      case ":":
        return unique(products(left, right));
      case "*":
        return unique([...left, ...right, ...products(left, right)]);
      default:
        return unique([...left, ...products([merge(...left)], right)]);
    }
  }

  private remove(left: readonly Term[], expression: Expression): Term[] {
    this.removing = !this.removing;
    const removed = new Set(this.expand(expression).map(String));
    this.removing = !this.removing;
    return left.filter((term) => !removed.has(String(term)));
  }

  private setIntercept(value: number, at: number): Term[] {
    if (value !== 0 && value !== 1) {
      throw formulaError(this.text, at, "expected a column, 1 or 0; put arithmetic in I()");
    }
    this.intercept = (value === 1) !== this.removing;
    return [];
  }

  private readDegree(expression: Expression): number {
    const degree = unwrap(expression);
    if (degree.kind === "number" && Number.isInteger(degree.value) && degree.value > 0) {
      return degree.value;
    }
    const advice = "expected a whole number after '^', such as (a + b)^2; put powers in I()";
    throw formulaError(this.text, degree.at, advice);
  }

  private addVariable(expression: Expression): Term[] {
    const label = labelOf(expression);
    const known = this.labels.indexOf(label);
    if (known >= 0) return [[known]];
    this.labels.push(label);
    return [[this.variables.push(expression) - 1]];
  }
}

function merge(...terms: readonly Term[]): Term {
  return [...new Set(terms.flat())].sort((left, right) => left - right);
}

function products(left: readonly Term[], right: readonly Term[]): Term[] {
  if (left.length * right.length > MOST_PRODUCTS) throw tooMany();
  return left.flatMap((first) => right.map((second) => merge(first, second)));
}

// A power beyond the number of variables adds nothing: the terms stay as they are.
function raise(terms: readonly Term[], degree: number): Term[] {
  let raised = [...terms];
  for (let times = 1; times < Math.min(degree, MOST_TERMS); times++) {
    const next = unique(products(terms, raised));
    if (String(next) === String(raised)) break;
    raised = next;
  }
  return raised;
}

function unique(terms: readonly Term[]): Term[] {
  const found = new Map(terms.map((term) => [String(term), term]));
  if (found.size > MOST_TERMS) throw tooMany();
  return [...found.values()].filter((term) => term.length > 0);
}

const MOST_TERMS = 5000;
const MOST_PRODUCTS = 1e6;

function tooMany(): UserError {
  return new UserError(
    `'*', '^' and ':' make more than ${MOST_TERMS} terms of the formula, which is the limit; name the ` +
      "interactions that matter, or lower the power",
  );
}
