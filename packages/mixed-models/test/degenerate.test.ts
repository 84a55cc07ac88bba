// Tables that cannot answer: whatever is asked of them, the answer is finite numbers with warnings, or one line.
import assert from "node:assert/strict";
import { UserError } from "kit";
import {
  type FitOptions,
  fitMixed,
  fitToText,
  type MixedFit,
  marginalMeans,
  predictFit,
  profileInterval,
  refit,
  satterthwaite,
} from "mixed-models";
import { bootstrapFit } from "mixed-models/node";
import { Random } from "./random";

type Row = Readonly<Record<string, string | number | null>>;

const random = new Random(5);
const rows = (count: number, rowOf: (row: number) => Row) =>
  Array.from({ length: count }, (_, row) => rowOf(row));
const noise = () => random.normal();

const TABLES: Readonly<Record<string, readonly Row[]>> = {
  "a response that is constant": rows(30, (row) => ({ y: 1, x: noise(), g: row % 5 })),
  "a response constant within groups": rows(30, (row) => ({ y: row % 5, x: row % 3, g: row % 5 })),
  "a response that is a covariate": rows(30, (row) => ({ y: row % 3, x: row % 3, g: row % 5 })),
  "one row": rows(1, () => ({ y: 1, x: 2, g: 1 })),
  "two rows": rows(2, (row) => ({ y: row, x: row, g: row })),
  "three rows": rows(3, (row) => ({ y: row % 2, x: noise(), g: row % 2 })),
  "one group": rows(20, (row) => ({ y: row % 2, x: noise(), g: 1 })),
  "a group for each row": rows(20, (row) => ({ y: row % 2, x: noise(), g: row })),
  "a covariate that is constant": rows(20, (row) => ({ y: ((row * 7) % 3) % 2, x: 3, g: row % 4 })),
  "a covariate that is huge": rows(20, (row) => ({
    y: ((row * 7) % 3) % 2,
    x: 1e200 * noise(),
    g: row % 4,
  })),
  "a covariate that is tiny": rows(20, (row) => ({
    y: ((row * 7) % 3) % 2,
    x: 1e-200 * noise(),
    g: row % 4,
  })),
  "separation by a covariate": rows(40, (row) => ({
    y: row < 20 ? 0 : 1,
    x: row - 19.5,
    g: row % 4,
  })),
  "separation by groups": rows(40, (row) => ({ y: row % 4 < 2 ? 0 : 1, x: noise(), g: row % 4 })),
  "one success": rows(40, (row) => ({ y: row === 7 ? 1 : 0, x: noise(), g: row % 4 })),
  "all missing": rows(20, (row) => ({ y: row % 2, x: null, g: row % 4 })),
  "nearly all missing": rows(20, (row) => ({
    y: row % 2,
    x: row < 4 ? noise() : null,
    g: row % 2,
  })),
  "groups that are levels of the covariate": rows(24, (row) => ({
    y: ((row * 5) % 3) % 2,
    x: `x${row % 4}`,
    g: `g${row % 4}`,
  })),
  "a factor with one level": rows(20, (row) => ({ y: row % 2, x: "a", g: row % 4 })),
};

const FORMULAS = [
  "y ~ x + (1 | g)",
  "y ~ x + (x | g)",
  "y ~ x + I(x) + (1 | g)",
  "y ~ 1 + (1 | g) + (1 | g)",
  "y ~ x + factor(g) + (1 | g)",
];
const FAMILIES: readonly FitOptions[] = [
  {},
  { family: "binomial" },
  { family: "binomial", nodes: 5 },
  { family: "cumulative" },
];

// Only a UserError of one line may pass; what is returned may be anything.
async function answered<T>(what: string, ask: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    const { name, message, stack } = error as Error;
    assert.ok(error instanceof UserError, `${what}: ${name}: ${message}\n${stack}`);
    assert.doesNotMatch(message, /NaN of|undefined|\[object/, what);
    return undefined;
  }
}

async function askEverything(what: string, fit: MixedFit, table: readonly Row[]): Promise<void> {
  assert.ok(Number.isFinite(fit.logLik), `${what}: the likelihood is ${fit.logLik}`);
  await answered(what, () => fitToText(fit));
  const tested = await answered(what, () => (fit.family === "gaussian" ? satterthwaite(fit) : fit));
  if (tested) fitToText(tested);
  await answered(what, () => predictFit(fit));
  await answered(what, () =>
    predictFit(fit, { rows: table as Readonly<Record<string, string | number>>[] }),
  );
  await answered(what, () => marginalMeans(tested ?? fit, { over: [] }));
  await answered(what, () => refit(fit, new Float64Array(fit.nobs).fill(Number.NaN)));
  await answered(what, () => refit(fit, new Float64Array(fit.nobs)));
  await answered(what, () => profileInterval(fit, fit.coefficients[0]?.name ?? "none"));
  fit.conditionalModes();
}

describe("a table that cannot answer gets an answer with warnings, or one line", () => {
  for (const [name, table] of Object.entries(TABLES)) {
    it(name, async () => {
      for (const formula of FORMULAS) {
        for (const options of FAMILIES) {
          const what = `${name}, ${formula}, ${JSON.stringify(options)}`;
          const fit = await answered(what, () => fitMixed(formula, table, options));
          if (fit) await askEverything(what, fit, table);
        }
      }
    });
  }

  it("from the bootstrap, too", async () => {
    for (const name of ["separation by a covariate", "one success", "three rows"]) {
      const table = TABLES[name] as readonly Row[];
      for (const options of FAMILIES) {
        const fit = await answered(name, () => fitMixed("y ~ x + (1 | g)", table, options));
        if (fit) await answered(name, () => bootstrapFit(fit, { replicates: 4, seed: 1 }));
      }
    }
  });
});
