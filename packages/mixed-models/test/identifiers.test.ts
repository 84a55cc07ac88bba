import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readCsvTable } from "kit/tables";
import { fitMixed, predictFit } from "mixed-models";
import { temporaryFolder } from "test-support/temporary";
import { Random } from "./random";

const random = new Random(7);
const ROWS = Array.from({ length: 120 }, (_, row) => {
  const group = Math.floor(row / 4);
  const x = random.normal();
  return { group, x, y: 1 + 0.5 * x + Math.sin(group) + 0.4 * random.normal() };
});

// As a CSV file has it: a column of numbers, and groups named so.
async function fitNamed(nameOf: (group: number) => string, formula = "y ~ x + (1 | id)") {
  const path = join(temporaryFolder(), "data.csv");
  const lines = ROWS.map(({ y, x, group }, row) => `${y},${x},${nameOf(group)},${row % 7}`);
  writeFileSync(path, `y,x,id,h\n${lines.join("\n")}\n`);
  return fitMixed(formula, await readCsvTable(path, { onNote: () => {} }));
}

describe("grouping factors of a file", () => {
  const expected = fitNamed((group) => `g${group}`);
  for (const [what, nameOf] of [
    ["of nineteen digits", (group: number) => `12940304724278${35393 + group}`],
    ["of sixteen digits", (group: number) => `17644236001234${50 + group}`],
    [
      "with leading zeros",
      (group: number) => `${"0".repeat(group % 2)}${1 + Math.floor(group / 2)}`,
    ],
    ["that look like exponents", (group: number) => (group % 2 ? `${group}e3` : `${group + 1}000`)],
    ["of numbers and a few words", (group: number) => (group === 5 ? "other" : String(group))],
  ] as const) {
    it(`stay apart where they are identifiers ${what}`, async () => {
      for (const formula of ["y ~ x + (1 | id)", "y ~ x + (1 | factor(id))"]) {
        const fit = await fitNamed(nameOf, formula);
        assert.equal(fit.levels[Object.keys(fit.levels)[0] as string], 30, formula);
        assert.ok(Math.abs(fit.logLik - (await expected).logLik) < 1e-6);
      }
    });
  }

  it("are found again by the number that they stand for", async () => {
    const fit = await fitNamed((group) => String(100000 * (group + 1)));
    for (const id of [100000, "100000"]) {
      const [found] = predictFit(fit, { rows: [{ x: 1, id }] });
      const [named] = predictFit(await expected, { rows: [{ x: 1, id: "g0" }] });
      assert.ok(Math.abs((found as number) - (named as number)) < 1e-8);
    }
  });

  it("are read as labels in fixed effects by factor(), though most are numbers", async () => {
    const fit = await fitNamed(
      (group) => (group === 5 ? "other" : String(group % 5)),
      "y ~ factor(id) + (1 | h)",
    );
    assert.deepEqual(
      fit.design.fixed.names.slice(1),
      ["1", "2", "3", "4", "other"].map((level) => `factor(id)${level}`),
    );
  });
});

describe("grouping factors of numbers", () => {
  it("of sixteen digits, which R prints alike, stay apart", () => {
    const id = ROWS.map(({ group }) => 1764423600123450 + group);
    const fit = fitMixed("y ~ x + (1 | id)", {
      y: ROWS.map(({ y }) => y),
      x: ROWS.map(({ x }) => x),
      id,
    });
    assert.equal(fit.levels.id, 30);
    assert.equal(fit.conditionalModes()[0]?.levels[1], "1764423600123451");
  });
});

describe("crossed levels that hold colons", () => {
  it("stay apart where their names would be one", () => {
    const pairs = [
      ["a", "b:c"],
      ["a:b", "c"],
      ["q", "r"],
      ["q", "s"],
    ] as const;
    const rows = Array.from({ length: 24 }, (_, row) => {
      const [A, B] = pairs[row % 4] as readonly [string, string];
      return { A, B, y: (row % 4) ** 2 + 0.3 * Math.sin(row) };
    });
    const fit = fitMixed("y ~ 1 + (1 | A:B)", rows);
    assert.deepEqual(fit.conditionalModes()[0]?.levels, ['a:"b:c"', '"a:b":c', "q:r", "q:s"]);
    const predicted = predictFit(fit, { rows: pairs.map(([A, B]) => ({ A, B })) });
    assert.deepEqual([...predicted], [...predictFit(fit).slice(0, 4)]);
  });
});
