import { didYouMean, UserError } from "kit";
import { type Expression, isComparison, type Operator } from "./expression";
import { formulaError } from "./formula-error";

/** What a formula may call; each takes one operand, except `cbind` and, with a base, `log`. */
export const FUNCTIONS = "I log log2 log10 log1p exp sqrt abs scale factor as.factor cbind".split(
  " ",
);

// What people from R try, and what to write here.
const INSTEAD: Readonly<Record<string, string>> = {
  poly: "write x + I(x^2), with x centred by scale(x) if it lies far from zero",
  relevel: "name the first level by the option reference (of fitMixed), or rename it in the table",
  ordered: "fit grades by the cumulative family, or write factor(x)",
  scale: "to centre a column, write I(x - 3) with its mean",
  factor: "give the order of levels by the option levels (of fitMixed)",
  log: "write log(x, 2) for another base",
};

// R's precedences; a sign binds tighter than ":" and looser than "^".
const STRENGTH: Readonly<Record<string, number>> = {
  "==": 1,
  "!=": 1,
  "<": 1,
  "<=": 1,
  ">": 1,
  ">=": 1,
  "+": 2,
  "-": 2,
  "*": 3,
  "/": 3,
  ":": 4,
  "^": 6,
};
const SIGN_STRENGTH = 5;
const OPERAND = "a column, a number or '('";

/**
 * Parses the tokens of one side of a formula.
 *
 * @param text the whole formula, for messages.
 * @param tokens the side's tokens, the last of kind `end`.
 * @throws UserError with a caret at the mistake, and for more than 200 levels of nesting.
 */
export function parseExpression(text: string, tokens: readonly Token[]): Expression {
  return new Parser(text, tokens).parse();
}

const MOST_DEPTH = 200;

function tooDeep(): UserError {
  return new UserError(
    `the formula nests parentheses, calls, signs or powers more than ${MOST_DEPTH} deep, which is the limit; ` +
      "compute that column in the table",
  );
}

class Parser {
  private position = 0;
  private depth = 0;

  constructor(
    private readonly text: string,
    private readonly tokens: readonly Token[],
  ) {}

  parse(): Expression {
    const expression = this.parseBinary(1);
    if (this.next.kind !== "end") throw this.stray("an operator such as '+'");
    return expression;
  }

  private get next(): Token {
    return this.tokens[this.position]!;
  }

  private take(): Token {
    return this.tokens[this.position++]!;
  }

  private isNext(...operators: string[]): boolean {
    return this.next.kind === "operator" && operators.includes(this.next.value);
  }

  private parseBinary(weakest: number): Expression {
    if (++this.depth > MOST_DEPTH) throw tooDeep();
    const expression = this.parseOperators(weakest);
    this.depth--;
    return expression;
  }

  private parseOperators(weakest: number): Expression {
    let left = this.parseOperand();
    let compared = false;
    for (;;) {
      const strength = this.next.kind === "operator" ? STRENGTH[this.next.value] : undefined;
      if (strength === undefined || strength < weakest) return left;
      if (strength === 1 && compared) {
        throw this.fail(this.next.at, "a comparison cannot be compared again; use parentheses");
      }
      const operator = this.take().value as Operator;
      const right = this.parseBinary(operator === "^" ? strength : strength + 1);
      compared = isComparison(operator);
      left = { kind: "binary", operator, left, right, at: left.at };
    }
  }

  private parseOperand(): Expression {
    const { kind, value, at } = this.next;
    if (this.isNext("+", "-")) {
      this.take();
      const operand = this.parseBinary(SIGN_STRENGTH);
      return { kind: "sign", operator: value as "+" | "-", operand, at };
    }
    if (this.isNext("(")) return this.parseParen();
    if (kind === "operator" || kind === "end") throw this.missingOperand();
    this.take();
    if (kind === "text") return { kind, value, at };
    if (kind === "number") return { kind, value: Number(value), at };
    if (this.isNext("(") && this.text[at] !== "`") return this.parseCall(value, at);
    return this.parseName(value, at);
  }

  private parseName(name: string, at: number): Expression {
    const quoted = this.text[at] === "`";
    if (name === "." && !quoted) throw this.fail(at, "'.' is not supported; name the columns");
    if (!quoted && /^(TRUE|FALSE)$/.test(name))
      return { kind: "boolean", value: name === "TRUE", at };
    return { kind: "name", name, at };
  }

  private parseParen(): Expression {
    const { at } = this.take();
    const inner = this.parseBinary(1);
    if (!this.isNext("|", "||")) {
      this.close(at);
      return { kind: "paren", inner, at };
    }
    const uncorrelated = this.take().value === "||";
    const group = this.parseBinary(1);
    if (this.isNext("|", "||")) {
      throw this.fail(
        this.next.at,
        "expected one '|' in a random effect; write another as (1 | g)",
      );
    }
    this.close(at);
    return { kind: "bar", effects: inner, group, uncorrelated, at };
  }

  private parseCall(name: string, at: number): Expression {
    if (!FUNCTIONS.includes(name)) {
      const instead = INSTEAD[name];
      if (instead) throw this.fail(at, `${name}() is not supported; ${instead}`);
      const known = didYouMean(name, FUNCTIONS) || `; known are ${FUNCTIONS.join(", ")}`;
      throw new UserError(`unknown function '${name}' in the formula${known}`);
    }
    const open = this.take().at;
    const operands = [this.parseBinary(1)];
    while (this.isNext(",")) {
      this.take();
      operands.push(this.parseBinary(1));
    }
    if (this.isNext("|", "||")) {
      const bar = this.isNext("||") ? "||" : "|";
      throw this.fail(
        this.next.at,
        `'${bar}' cannot stand inside ${name}(); move (1 ${bar} g) out of it`,
      );
    }
    this.close(open);
    const due = name === "cbind" ? 2 : 1;
    const isWithBase = name === "log" && operands.length === 2;
    if (operands.length !== due && !isWithBase) throw this.wrongCount(name, due, operands);
    return { kind: "call", name, operands, at };
  }

  private wrongCount(name: string, due: number, operands: readonly Expression[]): Error {
    const advice =
      due === 2
        ? "expected cbind(successes, failures)"
        : `${name}() takes one operand; remove the others`;
    return this.fail((operands[due] ?? operands[0]!).at, advice);
  }

  private close(open: number): void {
    if (this.isNext(")")) {
      this.take();
      return;
    }
    if (this.next.kind === "end") {
      throw this.fail(open, "this '(' is not closed; add ')' where it ends");
    }
    throw this.stray("an operator such as '+', or ')',");
  }

  private stray(expected: string): Error {
    const { value, at } = this.next;
    if (this.isNext(")")) return this.fail(at, "this ')' closes nothing; remove it or add '('");
    if (this.isNext("|", "||")) {
      const advice = `'${value}' stands outside parentheses; write the random effect as (1 ${value} g)`;
      return this.fail(at, advice);
    }
    return this.fail(at, `expected ${expected} before '${value}'; add it or remove '${value}'`);
  }

  private missingOperand(): Error {
    const { value, at, kind } = this.next;
    const before = this.tokens[this.position - 1]?.value;
    if (this.isNext("|", "||") && before === "(") {
      return this.fail(at, `expected what varies by group before '${value}', such as 1`);
    }
    if (before === "|" || before === "||") {
      return this.fail(at, `expected a grouping column after '${before}', such as (1 | g)`);
    }
    const place = before === undefined ? "" : ` after '${before}'`;
    const advice = before === undefined || kind === "end" ? "add it" : `not '${value}'; add it`;
    return this.fail(at, `expected ${OPERAND}${place}${kind === "end" ? ";" : ","} ${advice}`);
  }

  private fail(at: number, advice: string): Error {
    return formulaError(this.text, at, advice);
  }
}

/** A piece of a formula. */
export interface Token {
  readonly kind: "name" | "number" | "text" | "operator" | "end";
  /** The name without backticks, the text without quotes, otherwise what is written. */
  readonly value: string;
  /** Position in the formula, from 0. */
  readonly at: number;
}

// What is read by recursion needs a bound, or the stack is one.
const MOST_TOKENS = 4000;

const PATTERNS: readonly (readonly [Token["kind"], RegExp])[] = [
  ["number", /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y],
  ["name", /[\p{L}_.][\p{L}\p{M}\p{N}_.]*|`[^`]+`/uy],
  ["text", /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/y],
  ["operator", /==|!=|<=|>=|\|\||\*\*|[-~+*/^:|(),<>]/y],
];

/**
 * Cuts a formula into names, numbers, quoted texts and operators; the last token is `end`.
 *
 * @throws UserError with a caret at a character that a formula cannot hold, and for more than 4,000 tokens.
 */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = skipSpace(text, 0);
  while (at < text.length) {
    const [token, end] = readToken(text, at);
    tokens.push(token);
    if (tokens.length > MOST_TOKENS) throw tooLong();
    at = skipSpace(text, end);
  }
  return [...tokens, { kind: "end", value: "", at: text.trimEnd().length }];
}

function tooLong(): UserError {
  return new UserError(
    `the formula has more than ${MOST_TOKENS} names, numbers and operators, which is the limit; use fewer ` +
      "terms, such as one factor for many columns of 0 and 1",
  );
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && /\s/.test(text[at]!)) at++;
  return at;
}

function readToken(text: string, at: number): [Token, number] {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = at;
    const written = pattern.exec(text)?.[0];
    if (written !== undefined) {
      return [{ kind, value: unquote(written), at }, at + written.length];
    }
  }
  throw formulaError(
    text,
    at,
    explain(String.fromCodePoint(text.codePointAt(at)!), text.slice(0, at)),
  );
}

function unquote(written: string): string {
  if (written === "**") return "^";
  if (written.startsWith("`")) return written.slice(1, -1);
  return /^["']/.test(written) ? written.slice(1, -1).replace(/\\(.)/g, "$1") : written;
}

// The innermost function whose parenthesis is still open.
function enclosingCall(before: string): string | undefined {
  let depth = 0;
  for (let at = before.length - 1; at >= 0; at--) {
    if (before[at] === ")") depth++;
    if (before[at] !== "(" || depth-- > 0) continue;
    return /[\p{L}_.][\p{L}\p{N}_.]*$/u.exec(before.slice(0, at))?.[0];
  }
  return undefined;
}

function explain(character: string, before: string): string {
  if (/["'`]/.test(character)) return `this ${character} is not closed; add another at the end`;
  const name = character === "=" ? enclosingCall(before) : undefined;
  const instead = name === undefined ? undefined : INSTEAD[name];
  if (instead) return `${name}() takes no named arguments; ${instead}`;
  if (character === "=") return "'=' has no meaning in a formula; write '==' to compare";
  if (character === "%") return 'no %in% here; write x == "a", or make the column in the table';
  return `'${character}' has no meaning in a formula; put a column's name in backticks if it holds it`;
}
