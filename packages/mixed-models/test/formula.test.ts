import assert from "node:assert/strict";
import { UserError } from "kit";
import { columnsOfFormula, parseFormula } from "mixed-models";
import { labelOfTerm } from "../src/formula/expand-terms";
import { columnsOf, labelOf } from "../src/formula/expression";
import { formatNumber } from "../src/formula/format-number";

function termsOf(text: string): string[] {
  const { fixed } = parseFormula(text);
  return fixed.terms.map((term) => labelOfTerm(fixed, term));
}

const MISTAKES: readonly (readonly [what: string, formula: string, message: readonly string[]])[] =
  [
    [
      "an empty formula",
      "",
      ["the formula is empty; write one such as 'y ~ x + (1 | g)'", "  ", "  ^"],
    ],
    [
      "a missing '~'",
      "y + x",
      [
        "expected '~' between response and predictors, as in 'y ~ x + (1 | g)'; add it",
        "  y + x",
        "       ^",
      ],
    ],
    [
      "a second '~'",
      "y ~ x ~ z",
      ["expected one '~' in a formula; remove this one", "  y ~ x ~ z", "        ^"],
    ],
    ["an empty left side", "~ x", ["expected a response before '~'; add it", "  ~ x", "  ^"]],
    [
      "an empty right side",
      "y ~",
      ["expected predictors after '~'; write 1 for none", "  y ~", "     ^"],
    ],
    [
      "a parenthesis that is not closed",
      "y ~ x + (1 | g",
      ["this '(' is not closed; add ')' where it ends", "  y ~ x + (1 | g", "          ^"],
    ],
    [
      "a parenthesis that closes nothing",
      "y ~ x) + z",
      ["this ')' closes nothing; remove it or add '('", "  y ~ x) + z", "       ^"],
    ],
    [
      "a bar outside parentheses",
      "y ~ x + 1 | g",
      [
        "'|' stands outside parentheses; write the random effect as (1 | g)",
        "  y ~ x + 1 | g",
        "            ^",
      ],
    ],
    [
      "an unknown function",
      "y ~ x + lgo(x)",
      ["unknown function 'lgo' in the formula; did you mean 'log'?"],
    ],
    [
      "a random effect on the left",
      "(1 | g) ~ x",
      ["a random effect stands right of '~'; move it there", "  (1 | g) ~ x", "  ^"],
    ],
    [
      "a stray name",
      "y ~ x z",
      [
        "expected an operator such as '+' before 'z'; add it or remove 'z'",
        "  y ~ x z",
        "        ^",
      ],
    ],
    [
      "a missing operand at the end",
      "y ~ x +",
      ["expected a column, a number or '(' after '+'; add it", "  y ~ x +", "         ^"],
    ],
    [
      "a missing operand in the middle",
      "y ~ x + * z",
      [
        "expected a column, a number or '(' after '+', not '*'; add it",
        "  y ~ x + * z",
        "          ^",
      ],
    ],
    [
      "no effect before the bar",
      "y ~ ( | g)",
      ["expected what varies by group before '|', such as 1", "  y ~ ( | g)", "        ^"],
    ],
    [
      "no group after the bar",
      "y ~ (1 | )",
      ["expected a grouping column after '|', such as (1 | g)", "  y ~ (1 | )", "           ^"],
    ],
    [
      "a group that is a sum",
      "y ~ (1 | a + b)",
      [
        "expected a grouping column; join columns with ':' or '/', as in (1 | g/k)",
        "  y ~ (1 | a + b)",
        "           ^",
      ],
    ],
    [
      "a random effect that is multiplied",
      "y ~ x * (1 | g)",
      ["a random effect can only be added; put '+' before it", "  y ~ x * (1 | g)", "          ^"],
    ],
    [
      "a number as a term",
      "y ~ 2 + x",
      ["expected a column, 1 or 0; put arithmetic in I()", "  y ~ 2 + x", "      ^"],
    ],
    [
      "a product with 1",
      "y ~ 1 * x",
      ["expected a column beside '*'; name one", "  y ~ 1 * x", "      ^"],
    ],
    [
      "a degree that is no number",
      "y ~ x^a",
      [
        "expected a whole number after '^', such as (a + b)^2; put powers in I()",
        "  y ~ x^a",
        "        ^",
      ],
    ],
    [
      "cbind on the right",
      "y ~ cbind(a, b)",
      ["cbind() can only be the whole response; remove it here", "  y ~ cbind(a, b)", "      ^"],
    ],
    [
      "an operand too many",
      "y ~ sqrt(x, 2)",
      ["sqrt() takes one operand; remove the others", "  y ~ sqrt(x, 2)", "              ^"],
    ],
    [
      "scale() with an argument",
      "y ~ scale(x, scale = FALSE)",
      [
        "scale() takes no named arguments; to centre a column, write I(x - 3) with its mean",
        "  y ~ scale(x, scale = FALSE)",
        "                     ^",
      ],
    ],
    [
      "relevel()",
      'y ~ relevel(t, ref = "b")',
      [
        "relevel() takes no named arguments; name the first level by the option reference (of fitMixed), or rename it in the table",
        '  y ~ relevel(t, ref = "b")',
        "                     ^",
      ],
    ],
    [
      "a polynomial",
      "y ~ poly(x, 2)",
      [
        "poly() is not supported; write x + I(x^2), with x centred by scale(x) if it lies far from zero",
        "  y ~ poly(x, 2)",
        "      ^",
      ],
    ],
    [
      "membership",
      'y ~ x %in% "a"',
      [
        'no %in% here; write x == "a", or make the column in the table',
        '  y ~ x %in% "a"',
        "        ^",
      ],
    ],
    [
      "'=' for '=='",
      "er = 1 ~ x",
      ["'=' has no meaning in a formula; write '==' to compare", "  er = 1 ~ x", "     ^"],
    ],
    [
      "a quote that is not closed",
      "er == 'yes ~ x",
      ["this ' is not closed; add another at the end", "  er == 'yes ~ x", "        ^"],
    ],
    [
      "the response as a predictor",
      "y ~ x + y",
      ["the response cannot predict itself; remove it here", "  y ~ x + y", "          ^"],
    ],
    [
      "a mistake on a later line, after letters of two code units",
      "`😀` ~\n x z",
      [
        "expected an operator such as '+' before 'z'; add it or remove 'z'",
        "  `😀` ~  x z",
        "           ^",
      ],
    ],
  ];

describe("parseFormula of the mixed room", () => {
  it("orders terms by their number of variables, then by appearance", () => {
    assert.deepEqual(termsOf("y ~ a * b + x"), ["a", "b", "x", "a:b"]);
    assert.deepEqual(termsOf("y ~ b:a + a / x - x + (a + b)^2"), ["a", "b", "b:a", "a:x"]);
  });

  it("knows the intercept from the last 0 or 1", () => {
    const intercepts = ["x", "0 + x", "x - 1", "x + 0 + 1", "-1 + x", "x - 0"].map(
      (side) => parseFormula(`y ~ ${side}`).fixed.intercept,
    );
    assert.deepEqual(intercepts, [true, false, false, true, false, true]);
  });

  it("expands random terms as lme4 does", () => {
    const groups = (text: string) => parseFormula(text).random.map(({ group }) => group);
    assert.deepEqual(groups("y ~ (1 | a/b/c)"), ["c:(b:a)", "b:a", "a"]);
    assert.deepEqual(groups("y ~ (1 + x || g)"), ["g", "g"]);
    const [first, second] = parseFormula("y ~ (1 + x || g)").random;
    assert.deepEqual([first?.effects.intercept, second?.effects.intercept], [true, false]);
  });

  it("reads columns, arithmetic, comparisons and counts as responses", () => {
    const name = (text: string) => labelOf(parseFormula(`${text} ~ 1`).response);
    assert.equal(name("er>=1"), "er >= 1");
    assert.equal(name("er == 'yes'"), 'er == "yes"');
    assert.equal(name("cbind(incidence,size-incidence)"), "cbind(incidence, size - incidence)");
    assert.equal(name("-log( y+1 )/2"), "-log(y + 1)/2");
  });

  it("takes cbind without parentheses for a column", () => {
    const { response } = parseFormula("cbind ~ x + (1 | g)");
    assert.ok(response.kind === "name" && response.name === "cbind");
  });

  it("lists the columns that it reads, the response's first", () => {
    const formula = parseFormula("cbind(s, n - s) ~ log(x) * a + (z | g/k)");
    assert.deepEqual(columnsOfFormula(formula), ["s", "n", "x", "a", "z", "k", "g"]);
    assert.deepEqual(columnsOf(formula.response), ["s", "n"]);
  });

  for (const [what, formula, message] of MISTAKES) {
    it(`points at ${what}`, () => {
      assert.throws(() => parseFormula(formula), new UserError(message.join("\n")));
    });
  }
});

describe("formatNumber of the mixed room", () => {
  it("writes what R's as.character writes", () => {
    const numbers = [0.1 + 0.2, 1 / 3, 1e5, 123456, 1e-5, 0.0001, 1e15, 123456.7, -2.5, 1e-300];
    assert.deepEqual(
      numbers.map(formatNumber),
      "0.3 0.333333333333333 1e+05 123456 1e-05 1e-04 1e+15 123456.7 -2.5 1e-300".split(" "),
    );
  });
});

describe("parseFormula of formulas without end", () => {
  const sum = (count: number) => Array.from({ length: count }, (_, at) => `x${at}`).join(" + ");
  const letters = [..."abcdefghijklmnopqrstuvwxyz"];
  const REFUSED: Readonly<Record<string, [string, RegExp]>> = {
    "5,000 terms": [
      `y ~ ${sum(5000)} + (1 | g)`,
      /^the formula has more than 4000 names.*limit.*use/,
    ],
    "20,000 calls": [`y ~ ${"log(".repeat(20_000)}x${")".repeat(20_000)} + (1 | g)`, /4000/],
    "900 calls": [
      `y ~ ${"log(".repeat(900)}x${")".repeat(900)} + (1 | g)`,
      /more than 200 deep.*table$/,
    ],
    "900 signs": [`y ~ ${"-".repeat(900)}x + (1 | g)`, /more than 200 deep/],
    "900 powers": [`y ~ I(x${"^2".repeat(900)}) + (1 | g)`, /more than 200 deep/],
    "26 crossed variables": [`y ~ ${letters.join(" * ")} + (1 | g)`, /more than 5000 terms.*lower/],
    "a power of 26 variables": [
      `y ~ (${letters.join(" + ")})^20 + (1 | g)`,
      /more than 5000 terms/,
    ],
  };
  for (const [what, [formula, message]] of Object.entries(REFUSED)) {
    it(`refuses ${what} in one line`, () => {
      assert.throws(
        () => parseFormula(formula),
        (error: Error) => {
          assert.match(error.message, message);
          return error.name === "UserError" && !error.message.includes("\n");
        },
      );
    });
  }

  it("reads 1,900 terms, and a power of ten million at once", () => {
    assert.equal(parseFormula(`y ~ ${sum(1900)} + (1 | g)`).fixed.terms.length, 1900);
    const { terms } = parseFormula("y ~ (x + z)^10000000 + (1 | g)").fixed;
    assert.deepEqual(terms, [[0], [1], [0, 1]]);
  });
});
