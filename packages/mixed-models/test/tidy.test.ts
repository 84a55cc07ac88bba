// Tidy tables beside broom.mixed's: names as they are, values to 1e-4, relative or absolute, the larger, as far as two searches
// agree. tidy.R makes the values.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readCsvTable } from "kit/tables";
import { fitMixed, type MixedFit, satterthwaite, type Table } from "mixed-models";
import { augmentFit, glanceFit, tidyFit } from "mixed-models/report";
import { projectPath } from "test-support/project";

type Row = Readonly<Record<string, unknown>>;
type Golden = Readonly<
  Record<"fixed" | "ran_pars" | "ran_vals" | "glance" | "augment", readonly Row[]>
>;

const path = projectPath("packages", "mixed-models", "test", "tidy.golden.json");
const golden: Readonly<Record<string, Golden>> = JSON.parse(readFileSync(path, "utf8")).fits;
const fits: Record<string, MixedFit> = {};

before(async () => {
  const file = projectPath("data", "example", "simulated-replies.csv");
  const read = (await readCsvTable(file)) as Readonly<Record<string, readonly unknown[]>>;
  const { er = [], sentiment = [] } = read;
  const grade = er.map((one, at) => Number(one) + (sentiment[at] === "positive" ? 1 : 0));
  const table = { ...read, grade } as Table;
  const family = { family: "binomial" } as const;
  fits.linear = satterthwaite(
    fitMixed("er ~ family + (1 + sentiment | system) + (1 | dialogue)", table),
  );
  fits.ml = satterthwaite(fitMixed("er ~ family + (1 | dialogue)", table, { method: "ML" }));
  fits.binomial = fitMixed("er ~ family + (1 | system) + (1 | dialogue)", table, family);
  fits.grades = fitMixed("grade ~ family + (1 | system)", table, { family: "cumulative" });
});

const keyOf = ({ group = null, level = null, term = null }: Row) => [group, level, term].join("|");

// Every line and every number of the expected, under its name.
function assertRows(found: readonly object[], expected: readonly Row[]): void {
  const byKey = new Map(found.map((row) => [keyOf(row as Row), row as Row]));
  for (const row of expected) {
    const own = byKey.get(keyOf(row));
    assert.ok(own, `no line for ${keyOf(row)} among ${[...byKey.keys()].join(", ")}`);
    for (const [name, value] of Object.entries(row)) {
      if (typeof value !== "number") assert.equal(own[name] ?? null, value, name);
      else {
        const distance = Math.abs((own[name] as number) - value) / Math.max(1, Math.abs(value));
        assert.ok(distance < 1e-4, `${keyOf(row)} ${name}: ${own[name]}, not ${value}`);
      }
    }
  }
}

describe("tidyFit beside broom.mixed", () => {
  for (const name of ["linear", "ml", "binomial", "grades"]) {
    for (const effects of ["fixed", "ran_pars", "ran_vals"] as const) {
      const expected = golden[name]?.[effects];
      if (!expected) continue;
      it(`lists ${effects} of ${name}`, () => {
        const found = tidyFit(fits[name] as MixedFit, effects);
        assertRows(found, expected);
        if (effects !== "ran_vals") assert.equal(found.length, expected.length);
      });
    }
  }
});

describe("glanceFit beside broom.mixed", () => {
  for (const name of ["linear", "ml", "binomial", "grades"]) {
    it(`sums ${name} up`, () => {
      const [row] = golden[name]?.glance ?? [];
      const { deviance, ...expected } = row as Row;
      const same = name === "ml" || name === "binomial" ? { deviance } : {};
      assertRows([glanceFit(fits[name] as MixedFit)], [{ ...expected, ...same }]);
    });
  }
});

describe("augmentFit beside broom.mixed", () => {
  for (const name of ["linear", "ml", "binomial"]) {
    it(`says of rows of ${name} what is fitted and what is left`, () => {
      const found = augmentFit(fits[name] as MixedFit);
      assert.equal(found.length, 540);
      const rows = [1, 2, 100, 333, 540].map((row) => found[row - 1] as object);
      for (const [at, expected] of golden[name]?.augment.entries() ?? []) {
        assertRows([rows[at] as object], [expected]);
      }
    });
  }

  it("counts rows of the table, also where some were left out, and has no residuals of grades", () => {
    const y = [1, 2, null, 4, 3, 5, 9];
    const table = { y, g: ["a", "a", "b", "b", "c", "c", "b"] } as unknown as Table;
    const found = augmentFit(fitMixed("y ~ 1 + (1 | g)", table));
    assert.deepEqual(
      found.map((row) => row[".rownames"]),
      [1, 2, 4, 5, 6, 7],
    );
    assert.equal(".resid" in (augmentFit(fits.grades as MixedFit)[0] as object), false);
  });

  it("has deviance residuals of counts: twice the log-likelihood that a row of its own mean would gain", () => {
    const table = {
      s: [0, 3, 5, 2, 1, 4],
      f: [4, 1, 0, 2, 3, 1],
      g: ["a", "a", "b", "b", "c", "c"],
    };
    const fit = fitMixed("cbind(s, f) ~ 1 + (1 | g)", table, { family: "binomial" });
    for (const [at, row] of augmentFit(fit).entries()) {
      const [s, f] = [table.s[at] as number, table.f[at] as number];
      const mu = row[".mu"];
      const log = (count: number, share: number) => (count === 0 ? 0 : count * Math.log(share));
      const own = log(s, mu) + log(f, 1 - mu);
      const best = log(s, s / (s + f)) + log(f, f / (s + f));
      const left = row[".resid"] as number;
      assert.ok(Math.abs(left ** 2 - 2 * (best - own)) < 1e-10);
      assert.equal(Math.sign(left), Math.sign(s / (s + f) - mu));
    }
  });
});
