import assert from "node:assert/strict";
import { DataFrame } from "danfojs-node";
import { UserError } from "kit";
import type { Table } from "mixed-models";
import { toColumns } from "../src/design/columns";
import { buildDesign, type Design } from "../src/design/design";
import type { RandomDesign } from "../src/design/random-design";

const data = {
  y: [1, 2, 3, 4, 5, 7],
  x: [0.5, 1, 2, 3, 4, 6],
  a: ["p", "q", "r", "p", "q", "r"],
  ok: [true, false, true, true, false, false],
  g: ["g1", "g1", "g2", "g2", "g3", "g3"],
};
const rows = data.y.map((y, row) => {
  return { y, x: data.x[row], a: data.a[row], ok: data.ok[row], g: data.g[row] };
});

function assertUserError(formula: string, table: Table, message: string, options = {}): void {
  assert.throws(() => buildDesign(formula, table, options), new UserError(message));
}

function groupsOf({ random }: Design): RandomDesign {
  return random[0] as RandomDesign;
}

describe("toColumns of the mixed room", () => {
  const missing = { n: [1, null, "", undefined, Number.NaN], t: ["u", "", null, Number.NaN, "v"] };

  it("takes null, undefined, the empty text and NaN for missing", () => {
    const columns = toColumns(missing);
    const nan = Number.NaN;
    assert.deepEqual(columns.get("n").values, Float64Array.of(1, nan, nan, nan, nan));
    assert.deepEqual(columns.get("t").values, ["u", null, null, null, "v"]);
  });

  it("uses complete columns in place", () => {
    const x = Float64Array.of(1, 2);
    const g = ["u", "v"];
    const columns = toColumns({ x, g, i: Int8Array.of(3, 4) });
    assert.equal(columns.get("x").values, x);
    assert.equal(columns.get("g").values, g);
    assert.deepEqual(columns.get("i").values, Float64Array.of(3, 4));
  });

  it("names a cell of another kind", () => {
    const message = "column 'n', row 2: string b among numbers; make the column of one kind";
    assert.throws(() => toColumns({ n: [1, "b"] }).get("n"), new UserError(message));
  });

  it("refuses columns of different lengths, and a table without rows", () => {
    const message = "column 'b' has 1 values, not 2; give columns as arrays of the same length";
    assert.throws(() => toColumns({ a: [1, 2], b: [1] }), new UserError(message));
    const empty = new UserError("the table has no rows; was the data read?");
    assert.throws(() => toColumns([]), empty);
  });

  it("gives the same design for rows, columns and a danfojs DataFrame", () => {
    const formula = "y ~ a * x + ok + (1 + x | g)";
    const [first, ...others] = [data, rows, new DataFrame(rows), new DataFrame(data)].map((table) =>
      buildDesign(formula, table as Table),
    );
    for (const other of others) {
      assert.deepEqual(other.fixed.X, first?.fixed.X);
      const plain = (design: typeof other) =>
        design.random.map(({ rowFor: _rowFor, ...rest }) => rest);
      assert.deepEqual(plain(other), plain(first as typeof other));
    }
  });
});

describe("buildDesign of the mixed room", () => {
  it("leaves out rows with a missing value, and counts them by variable", () => {
    const table = {
      ...data,
      x: [null, 1, 2, Number.NaN, 4, 6],
      g: ["", "g1", "g2", "g2", "g3", null],
    };
    const { usedRows, missing, fixed, random, rows: used } = buildDesign("y ~ x + (1 | g)", table);
    assert.deepEqual([...usedRows], [1, 2, 4]);
    assert.deepEqual([used, missing], [3, { dropped: 3, byVariable: { x: 2, g: 2 } }]);
    assert.deepEqual(fixed.X, Float64Array.of(1, 1, 1, 2, 1, 4));
    assert.deepEqual(random[0]?.levels, ["g1", "g2", "g3"]);
  });

  it("drops the levels that only rows left out have", () => {
    const table = { ...data, x: [0.5, 1, null, 3, 4, null] };
    assert.deepEqual(buildDesign("y ~ a + x", table).fixed.names, ["(Intercept)", "aq", "x"]);
  });

  it("follows the rows: another order permutes matrices, and nothing else", () => {
    const formula = "y ~ a * scale(x) + (x | g)";
    const straight = buildDesign(formula, rows);
    const turned = buildDesign(formula, [...rows].reverse());
    const p = straight.fixed.names.length;
    assert.deepEqual(turned.fixed.names, straight.fixed.names);
    assert.deepEqual([...groupsOf(turned).index].reverse(), [...groupsOf(straight).index]);
    for (let row = 0; row < rows.length; row++) {
      const there = rows.length - 1 - row;
      const expected = straight.fixed.X.slice(row * p, row * p + p);
      const found = turned.fixed.X.slice(there * p, there * p + p);
      found.forEach((value, j) => {
        assert.ok(Math.abs(value - (expected[j] as number)) < 1e-12);
      });
    }
  });

  it("tells numeric, binary and counted responses apart", () => {
    const zeros = { ...data, z: [0, 1, 0, 1, 1, 0] };
    assert.equal(buildDesign("z ~ 1", zeros).response.kind, "numeric");
    const compared = buildDesign("y >= 3 ~ 1", data).response;
    assert.deepEqual(compared, {
      kind: "binary",
      y: Float64Array.of(0, 0, 1, 1, 1, 1),
      name: "y >= 3",
      levels: ["FALSE", "TRUE"],
    });
    assert.deepEqual([...buildDesign("ok ~ 1", data).response.y], [1, 0, 1, 1, 0, 0]);
    assert.deepEqual([...buildDesign('a == "q" ~ 1', data).response.y], [0, 1, 0, 0, 1, 0]);
    const counts = buildDesign("cbind(y, 10 - y) ~ x", data).response;
    assert.deepEqual([counts.kind, counts.name], ["counts", "cbind(y, 10 - y)"]);
    assert.deepEqual(counts.trials, new Float64Array(6).fill(10));
  });

  it("takes the second level of a text response as 1, and another on request", () => {
    const table = { er: ["yes", "no", "yes"] };
    assert.deepEqual([...buildDesign("er ~ 1", table).response.y], [1, 0, 1]);
    const { response } = buildDesign("er ~ 1", table, { reference: { er: "yes" } });
    assert.deepEqual(
      [response.levels, [...response.y]],
      [
        ["yes", "no"],
        [0, 1, 0],
      ],
    );
  });

  it("codes against another reference, in another order, with sum contrasts", () => {
    const names = (options: object) => buildDesign("y ~ a", data, options).fixed.names.slice(1);
    assert.deepEqual(names({ reference: { a: "q" } }), ["ap", "ar"]);
    assert.deepEqual(names({ levels: { a: ["r", "x", "q", "p"] } }), ["aq", "ap"]);
    assert.deepEqual(names({ contrasts: { a: "sum" } }), ["a1", "a2"]);
    const { factors } = buildDesign("y ~ a + ok", data, { contrasts: { a: "sum" } }).fixed;
    assert.deepEqual(
      factors.map(({ contrast }) => contrast),
      ["sum", "treatment"],
    );
  });

  it("orders a factor's levels as English does, capitals among their letters, and groups by code point", () => {
    const design = buildDesign("y ~ g + (1 | g)", {
      y: [1, 2, 3, 4],
      g: ["Yes", "é", "no", "Z"],
    });
    assert.deepEqual(design.fixed.factors[0]?.levels, ["é", "no", "Yes", "Z"]);
    assert.deepEqual(groupsOf(design).levels, ["Yes", "Z", "no", "é"]);
  });

  it("names whole numbers of a group in full, others as R prints them", () => {
    const levels = (id: number[]) =>
      groupsOf(buildDesign("y ~ (1 | id)", { y: [1, 2], id })).levels;
    assert.deepEqual(levels([100000, 9]), ["9", "100000"]);
    assert.deepEqual(levels([100000, 0.1 + 0.2]), ["0.3", "1e+05"]);
  });

  it("summarizes the columns of the fixed effects", () => {
    const { variables } = buildDesign("y ~ log(x) + a + factor(n)", {
      ...data,
      n: [1, 1, 2, 2, 3, 3],
    });
    assert.deepEqual(variables.get("x"), {
      kind: "numeric",
      mean: 2.75,
      min: 0.5,
      max: 6,
      isTwoValued: false,
    });
    assert.deepEqual(variables.get("a"), {
      kind: "factor",
      levels: ["p", "q", "r"],
      counts: [2, 2, 2],
    });
    assert.deepEqual(variables.get("n"), {
      kind: "factor",
      levels: ["1", "2", "3"],
      counts: [2, 2, 2],
    });
  });
});

describe("rowFor of the mixed room", () => {
  const { rowFor } = buildDesign("y ~ a * x", data).fixed;

  it("gives the row of new values", () => {
    assert.deepEqual(rowFor({ a: "q", x: 10 }), Float64Array.of(1, 1, 0, 10, 10, 0));
  });

  it("refuses an unknown level, a missing value and a text for a number", () => {
    const message = "'a' has no level 'Q'; did you mean 'q'? The levels are: p, q, r";
    assert.throws(() => rowFor({ a: "Q", x: 1 }), new UserError(message));
    const absent = "no value is given for 'x'; add it, or null where it is missing";
    assert.throws(() => rowFor({ a: "q" }), new UserError(absent));
    const text = "'many' for 'x' is not a finite number; give one";
    assert.throws(() => rowFor({ a: "q", x: "many" }), new UserError(text));
  });
});

describe("mistakes in the data of the mixed room", () => {
  it("names an unknown column, the nearest, and all", () => {
    const columns = "The columns are: y, x, a, ok, g";
    assertUserError(
      "y ~ x + (1 | G)",
      data,
      `the table has no column 'G'; did you mean 'g'? ${columns}`,
    );
    assertUserError("y ~ period", rows, `the table has no column 'period'. ${columns}`);
  });

  it("names the place of an infinite value", () => {
    const remedy = "correct it or make it missing (null)";
    const table = { ...data, x: [1, 2, -Infinity, 4, 5, 6] };
    assertUserError("y ~ x", table, `column 'x', row 3: the value is infinite; ${remedy}`);
    const zero = { ...data, x: [1, 0, 3, 4, 5, 6] };
    const message = "log(x) is -Infinity in row 2; change the formula or the value";
    assertUserError("y ~ log(x)", zero, message);
  });

  it("refuses a response of many levels or of one value, and negative counts", () => {
    assertUserError(
      "a ~ x",
      data,
      'the response a has 3 levels (p, q, r); compare it, as in a == "p"',
    );
    const check = "check the comparison or the data";
    assertUserError(
      'a == "z" ~ x',
      data,
      `the response a == "z" is the same in all 6 used rows; ${check}`,
    );
    const counts =
      "5 - y is -2 in row 6; counts cannot be negative: correct the value or the formula";
    assertUserError("cbind(y, 5 - y) ~ x", data, counts);
  });

  it("refuses text as a number, and compared with one", () => {
    assertUserError("y ~ log(a)", data, "a is text where a number is needed; convert it first");
    const remedy = "convert the column to numbers, or put the value in quotes";
    assertUserError("a >= 1 ~ x", data, `a is text and 1 is not; ${remedy}`);
  });

  it("refuses a factor with one level, a constant scale and a table of missing values", () => {
    const one = { ...data, a: ["p", "p", "p", "p", "p", null] };
    const level = "'a' has one level only ('p') in the used rows; leave it out of the formula";
    assertUserError("y ~ a", one, level);
    const flat = { ...data, x: [1, 1, 1, 1, 1, 1] };
    assertUserError("y ~ scale(x)", flat, "scale(x): x does not vary; leave it out of the formula");
    const none = { ...data, x: [null, null, null, null, null, null] };
    const message = "every row lacks a value (missing: x 6); leave such columns out of the formula";
    assertUserError("y ~ x", none, message);
  });

  it("refuses options that name no factor, or no level", () => {
    const factor =
      "the options name 'A', which is not a factor of the formula; did you mean 'a'? The factors are: a";
    assertUserError("y ~ a", data, factor, { reference: { A: "p" } });
    const level = "'a' has no level 'z'. The levels are: p, q, r";
    assertUserError("y ~ a", data, level, { reference: { a: "z" } });
    assertUserError("y ~ a", data, "the levels given for 'a' leave out 'r'; add it", {
      levels: { a: ["p", "q"] },
    });
  });
});
