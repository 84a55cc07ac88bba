import { expandTerms, type TermList } from "./expand-terms";
import { columnsOf, type Expression, labelOf, partsOf, unwrap } from "./expression";
import { formulaError } from "./formula-error";
import { parseExpression, type Token, tokenize } from "./parse-expression";
import { expandBar, type RandomTerm } from "./random-terms";

/** A mixed model in R's notation, taken apart. */
export interface Formula {
  /** The formula as it was written. */
  readonly text: string;
  /** What is modelled: a column, arithmetic, a comparison, or `cbind(successes, failures)`. */
  readonly response: Expression;
  readonly fixed: TermList;
  /** One for each random term, in the order of the formula, `/` and `||` expanded. */
  readonly random: readonly RandomTerm[];
}

/**
 * Reads a formula such as `y ~ a * b + (1 + x | g)`, with the rules of R and lme4.
 *
 * Known are `+ - * / : ^`, `0` and `1`, `(… | g)`, `(… || g)`, `(… | g/k)`, backticks, the functions
 * in `FUNCTIONS`, and arithmetic inside functions and on the left.
 *
 * @throws UserError with the formula and a caret under the mistake.
 *
 * @example
 * parseFormula("y ~ x + (1 | g/k)").random.map((term) => term.group); // => ["k:g", "g"]
 */
export function parseFormula(text: string): Formula {
  const [left, right] = splitSides(text, tokenize(text));
  const response = checkResponse(text, parseExpression(text, left));
  const bars: (Expression & { kind: "bar" })[] = [];
  const rest = takeBars(text, parseExpression(text, right), bars);
  if (rest) checkCalls(text, rest);
  const fixed = expandTerms(text, rest);
  for (const variable of fixed.variables) {
    if (labelOf(variable) === labelOf(response)) {
      const advice = "the response cannot predict itself; remove it here";
      throw formulaError(text, variable.at, advice);
    }
  }
  for (const bar of bars) checkCalls(text, bar);
  return { text, response, fixed, random: bars.flatMap((bar) => expandBar(text, bar)) };
}

/** The columns that a formula reads, each once: the response's first. */
export function columnsOfFormula({ response, fixed, random }: Formula): string[] {
  const groups = random.flatMap(({ effects, factors }) => [...effects.variables, ...factors]);
  return [...new Set([response, ...fixed.variables, ...groups].flatMap(columnsOf))];
}

function splitSides(text: string, tokens: readonly Token[]): [Token[], Token[]] {
  const end = tokens.at(-1)!;
  const [tilde, second] = tokens.filter(({ kind, value }) => kind === "operator" && value === "~");
  if (tokens.length === 1) {
    throw formulaError(text, 0, "the formula is empty; write one such as 'y ~ x + (1 | g)'");
  }
  if (!tilde) {
    const advice = "expected '~' between response and predictors, as in 'y ~ x + (1 | g)'; add it";
    throw formulaError(text, end.at, advice);
  }
  if (second) throw formulaError(text, second.at, "expected one '~' in a formula; remove this one");
  const place = tokens.indexOf(tilde);
  if (place === 0) throw formulaError(text, tilde.at, "expected a response before '~'; add it");
  if (place === tokens.length - 2) {
    throw formulaError(text, end.at, "expected predictors after '~'; write 1 for none");
  }
  const stop: Token = { kind: "end", value: "", at: tilde.at };
  return [[...tokens.slice(0, place), stop], tokens.slice(place + 1)];
}

function checkResponse(text: string, written: Expression): Expression {
  const response = unwrap(written);
  const bar = findPart(response, ({ kind }) => kind === "bar");
  if (bar) throw formulaError(text, bar.at, "a random effect stands right of '~'; move it there");
  if (columnsOf(response).length === 0) {
    throw formulaError(text, response.at, "expected a column in the response; name one");
  }
  const parts = response.kind === "call" && response.name === "cbind" ? response.operands : [];
  for (const part of parts.length > 0 ? parts : [response]) checkArithmetic(text, part);
  return response;
}

function takeBars(
  text: string,
  expression: Expression,
  bars: (Expression & { kind: "bar" })[],
): Expression | undefined {
  if (expression.kind === "bar") {
    bars.push(expression);
    return undefined;
  }
  if (expression.kind === "paren") {
    const inner = takeBars(text, expression.inner, bars);
    return inner && { ...expression, inner };
  }
  if (expression.kind === "sign" && expression.operator === "+") {
    return takeBars(text, expression.operand, bars);
  }
  if (expression.kind === "binary" && expression.operator === "+") {
    const left = takeBars(text, expression.left, bars);
    const right = takeBars(text, expression.right, bars);
    return left && right ? { ...expression, left, right } : (left ?? right);
  }
  if (expression.kind === "binary" && expression.operator === "-") {
    const left = takeBars(text, expression.left, bars);
    const { right, at } = expression;
    refuseBars(text, right);
    return left ? { ...expression, left } : { kind: "sign", operator: "-", operand: right, at };
  }
  refuseBars(text, expression);
  return expression;
}

function refuseBars(text: string, expression: Expression): void {
  const bar = findPart(expression, ({ kind }) => kind === "bar");
  if (bar) throw formulaError(text, bar.at, "a random effect can only be added; put '+' before it");
}

/** Checks every function's operand: arithmetic, without terms' operators. */
function checkCalls(text: string, expression: Expression): void {
  if (expression.kind === "call") checkArithmetic(text, expression);
  else for (const part of partsOf(expression)) checkCalls(text, part);
}

function checkArithmetic(text: string, expression: Expression): void {
  const fault = findPart(
    expression,
    (part) =>
      part.kind === "bar" ||
      (part.kind === "call" && part.name === "cbind") ||
      (part.kind === "binary" && part.operator === ":"),
  );
  if (!fault) return;
  const advice =
    fault.kind === "call"
      ? "cbind() can only be the whole response; remove it here"
      : "expected arithmetic here; ':' and '|' join terms, not numbers";
  throw formulaError(text, fault.at, advice);
}

function findPart(
  expression: Expression,
  test: (part: Expression) => boolean,
): Expression | undefined {
  if (test(expression)) return expression;
  for (const part of partsOf(expression)) {
    const found = findPart(part, test);
    if (found) return found;
  }
  return undefined;
}
