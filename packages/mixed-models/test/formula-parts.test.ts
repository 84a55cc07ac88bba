// What formulas are read as, part by part: numbers, names, groups, and what to write instead.
import assert from "node:assert/strict";
import { parseFormula } from "mixed-models";
import { type Expression, labelOf } from "../src/formula/expression";
import { formatNumber } from "../src/formula/format-number";

function inside(text: string): Expression {
  const call = parseFormula(`y ~ I(x + ${text})`).fixed.variables[0];
  assert.ok(call?.kind === "call");
  const [sum] = call.operands;
  assert.ok(sum?.kind === "binary");
  return sum.right;
}

function randomOf(term: string) {
  return parseFormula(`y ~ z + ${term}`).random.map(({ group, factors, effects }) => [
    group,
    factors.map(labelOf).join(),
    effects.intercept,
    effects.terms.map((names) => names.map((at) => labelOf(effects.variables[at] as Expression))),
  ]);
}

describe("parseFormula", () => {
  for (const [text, value] of [
    ["12", 12],
    ["12.25", 12.25],
    ["12.", 12],
    [".75", 0.75],
    ["1e3", 1000],
    ["12.25E+10", 12.25e10],
    ["1.5e-12", 1.5e-12],
  ] as const) {
    it(`reads ${text} as a number`, () => {
      const { kind, value: found } = inside(text) as { kind: string; value: unknown };
      assert.deepEqual([kind, found], ["number", value]);
    });
  }

  it("reads TRUE and FALSE alone as truth values, and as names within longer or quoted ones", () => {
    for (const [text, value] of [
      ["TRUE", true],
      ["FALSE", false],
    ] as const) {
      const { kind, value: found } = inside(text) as { kind: string; value: unknown };
      assert.deepEqual([kind, found], ["boolean", value]);
    }
    for (const [text, name] of [
      ["TRUEx", "TRUEx"],
      ["xFALSE", "xFALSE"],
      ["`TRUE`", "TRUE"],
      ["`a b`", "a b"],
    ] as const) {
      const found = inside(text) as { kind: string; name: unknown };
      assert.deepEqual([found.kind, found.name], ["name", name]);
    }
  });

  it("reads texts in either quotes, with quotes inside", () => {
    for (const [text, value] of [
      [`"it's"`, "it's"],
      [`'it\\'s "so"'`, `it's "so"`],
      [`""`, ""],
    ] as const) {
      const { kind, value: found } = inside(text) as { kind: string; value: unknown };
      assert.deepEqual([kind, found], ["text", value]);
    }
  });

  it("takes ** for ^", () => {
    const [one, other] = ["(a + b) ** 2", "(a + b)^2"].map((text) => parseFormula(`y ~ ${text}`));
    assert.deepEqual(one?.fixed.terms, other?.fixed.terms);
    assert.equal(one?.fixed.terms.length, 3);
  });

  it("parts the terms of ||, and keeps those of |", () => {
    assert.deepEqual(randomOf("(1 + x + a:b | g)"), [["g", "g", true, [["x"], ["a", "b"]]]]);
    assert.deepEqual(randomOf("(1 + x + a:b || g)"), [
      ["g", "g", true, []],
      ["g", "g", false, [["x"]]],
      ["g", "g", false, [["a", "b"]]],
    ]);
    assert.deepEqual(randomOf("(x - 1 || g)"), [["g", "g", false, [["x"]]]]);
  });

  it("nests groups, the innermost first, and names them as R does", () => {
    assert.deepEqual(
      randomOf("(1 | a/b/c)").map(([group, factors]) => [group, factors]),
      [
        ["c:(b:a)", "c,b,a"],
        ["b:a", "b,a"],
        ["a", "a"],
      ],
    );
    assert.deepEqual(
      randomOf("(1 | factor(g)/`a b`)").map(([group]) => group),
      ["`a b`:factor(g)", "factor(g)"],
    );
    assert.deepEqual(
      randomOf("(1 | `a b`)").map(([group]) => group),
      ["a b"],
    );
    assert.deepEqual(randomOf("(1 | (g))")[0]?.[1], "g");
  });

  it("writes an interaction in parentheses where it stands within another, and nowhere else", () => {
    const name = (one: string): Expression => ({ kind: "name", name: one, at: 0 });
    const join = (operator: "+" | ":", left: Expression, right: Expression): Expression => ({
      kind: "binary",
      operator,
      left,
      right,
      at: 0,
    });
    const inner = join(":", name("b"), name("c"));
    assert.equal(labelOf(join(":", name("a"), inner)), "a:(b:c)");
    assert.equal(labelOf(join(":", inner, name("a"))), "b:c:a");
    assert.equal(labelOf(join("+", name("a"), inner)), "a + b:c");
  });

  for (const [term, message, column] of [
    ["(0 | g)", "expected an effect that varies by group, such as 1", 2],
    ["(1 | (g/k))", "'/' cannot stand in parentheses here; write a/b/c", 7],
    ["(1 | (a:(g/k)))", "'/' cannot stand in parentheses here; write a/b/c", 10],
    [
      "(1 | (g + k))",
      "expected a grouping column; join columns with ':' or '/', as in (1 | g/k)",
      7,
    ],
    ["x || g", "'||' stands outside parentheses; write the random effect as (1 || g)", 3],
    ["x | g", "'|' stands outside parentheses; write the random effect as (1 | g)", 3],
    ["log(x | g)", "'|' cannot stand inside log(); move (1 | g) out of it", 7],
    ["(x | g | h)", "expected one '|' in a random effect; write another as (1 | g)", 8],
    [
      "poly(x, 2)",
      "poly() is not supported; write x + I(x^2), with x centred by scale(x) if it lies far from zero",
      1,
    ],
    [
      "ordered(x)",
      "ordered() is not supported; fit grades by the cumulative family, or write factor(x)",
      1,
    ],
    [
      "relevel(x)",
      "relevel() is not supported; name the first level by the option reference (of fitMixed), or rename it in the table",
      1,
    ],
    [
      "factor(I(x), levels = 2)",
      "factor() takes no named arguments; give the order of levels by the option levels (of fitMixed)",
      21,
    ],
    ["log(x, base = 2)", "log() takes no named arguments; write log(x, 2) for another base", 13],
    ["I(x = 2)", "'=' has no meaning in a formula; write '==' to compare", 5],
    ["log(x, 2, 3)", "log() takes one operand; remove the others", 8],
    ["log10(x, 2)", "log10() takes one operand; remove the others", 10],
    ["x %in% g", 'no %in% here; write x == "a", or make the column in the table', 3],
  ] as const) {
    it(`says what to write instead of ${term}`, () => {
      const text = `y ~ ${term}`;
      const caret = `${" ".repeat("  y ~ ".length + column - 1)}^`;
      assert.throws(() => parseFormula(text), {
        name: "UserError",
        message: `${message}\n  ${text}\n${caret}`,
      });
    });
  }
});

describe("formatNumber", () => {
  // R 4.2.2, as.character(x).
  for (const [value, text] of [
    [0, "0"],
    [-1.5, "-1.5"],
    [100, "100"],
    [1e5, "1e+05"],
    [123456, "123456"],
    [0.0001, "1e-04"],
    [0.00012, "0.00012"],
    [-1e-20, "-1e-20"],
    [1e300, "1e+300"],
    [0.1 + 0.2, "0.3"],
    [Number.NaN, "NaN"],
    [Number.POSITIVE_INFINITY, "Inf"],
    [Number.NEGATIVE_INFINITY, "-Inf"],
  ] as const) {
    it(`writes ${value} as ${text}`, () => assert.equal(formatNumber(value), text));
  }
});
