import { UserError } from "../user-error";
import { formulaError } from "./formula-error";

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
  while (at < text.length && /\s/.test(text[at] as string)) at++;
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
  throw formulaError(text, at, explain(String.fromCodePoint(text.codePointAt(at) as number)));
}

function unquote(written: string): string {
  if (written === "**") return "^";
  if (written.startsWith("`")) return written.slice(1, -1);
  return /^["']/.test(written) ? written.slice(1, -1).replace(/\\(.)/g, "$1") : written;
}

function explain(character: string): string {
  if (/["'`]/.test(character)) return `this ${character} is not closed; add another at the end`;
  if (character === "=") return "'=' has no meaning in a formula; write '==' to compare";
  return `'${character}' has no meaning in a formula; put a column's name in backticks if it holds it`;
}
