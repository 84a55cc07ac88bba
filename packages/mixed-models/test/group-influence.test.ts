// Influence by group beside fits without the group, here and by lme4, and beside the normal equations.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "kit";
import { fitMixed } from "mixed-models";
import { groupInfluence } from "mixed-models/diagnostics";
import { projectPath } from "test-support/project";
import { Random } from "./random";

interface Golden {
  readonly name: string;
  readonly formula: string;
  readonly data: Readonly<Record<string, readonly (number | string)[]>>;
  readonly group: string;
  readonly levels: readonly {
    readonly level: string;
    readonly dfbeta: readonly number[];
    readonly cook: number;
  }[];
}

const GOLDEN = JSON.parse(
  readFileSync(
    projectPath(join("packages", "mixed-models", "test", "influence.golden.json")),
    "utf8",
  ),
) as readonly Golden[];

describe("influence by group", () => {
  for (const { name, formula, data, group, levels } of GOLDEN) {
    const family = name === "cbpp" ? "binomial" : "gaussian";
    const table = { ...data, [group]: (data[group] ?? []).map(String) };

    it(`is that of lme4's fits without each ${group} of ${name}`, () => {
      const fit = fitMixed(formula, table, { family });
      const found = groupInfluence(fit, group, { refit: true });
      const ses = fit.coefficients.map(({ se }) => se);
      for (const golden of levels) {
        const own = found.levels.find(({ level }) => level === golden.level);
        assert.ok(own?.dfbeta && own.cooksDistance !== null, golden.level);
        for (const [at, value] of golden.dfbeta.entries()) {
          const off = Math.abs((own.dfbeta[at] as number) - value) / (ses[at] as number);
          assert.ok(off < 2e-4, `${golden.level}: ${own.dfbeta[at]} is not ${value}`);
        }
        assert.ok(Math.abs(own.cooksDistance - golden.cook) < 0.01 * (0.01 + golden.cook));
      }
    });

    it(`is met by one step in ${name}`, () => {
      const fit = fitMixed(formula, table, { family });
      const found = groupInfluence(fit, group);
      const cookOf = (name: string) => {
        return found.levels.find(({ level }) => level === name)?.cooksDistance ?? Number.NaN;
      };
      const most = Math.max(...levels.map(({ cook }) => cook));
      // With the variances held, distances are a little too small where a group makes much of a variance.
      for (const { level, cook } of levels) {
        assert.ok(Math.abs(cookOf(level) - cook) < 0.05 * most + 0.2 * cook, level);
      }
    });
  }

  it("solves the normal equations without the rows where a linear model's variances are held", () => {
    const rows = Array.from({ length: 40 }, (_, row) => {
      const g = row % 5;
      const x = ((row * 7) % 11) / 5 - 1;
      return {
        y: 2 + 0.5 * x + Math.sin(3 * g) + Math.cos(row * 1.7),
        x,
        g: `g${g}`,
        h: `h${row % 4}`,
      };
    });
    const fit = fitMixed("y ~ x + (1 | g) + (1 | h)", rows);
    const [ofG, ofH] = ["g", "h"].map((name) => {
      return fit.variances.find(({ group }) => group === name)?.variance as number;
    });
    const beta = (kept: typeof rows) =>
      generalisedLeastSquares(kept, ofG as number, ofH as number, fit.sigma ** 2);
    const whole = beta(rows);
    for (const { level, dfbeta } of groupInfluence(fit, "g").levels) {
      const without = beta(rows.filter(({ g }) => g !== level));
      for (const [at, value] of without.entries()) {
        assert.ok(Math.abs((whole[at] as number) - value - (dfbeta?.[at] as number)) < 1e-9, level);
      }
    }
  });

  it("says where a coefficient has no estimate without a group", () => {
    const rows = Array.from({ length: 60 }, (_, row) => {
      const g = row % 6;
      return { y: Math.sin(row * 2.3), kind: g === 5 ? "rare" : "usual", g: `g${g}` };
    });
    const { levels } = groupInfluence(fitMixed("y ~ kind + (1 | g)", rows, { method: "ML" }), "g");
    assert.deepEqual(
      levels.map(({ cooksDistance }) => cooksDistance === null),
      [false, false, false, false, false, true],
    );
  });

  it("goes with graded models, whose thresholds have no change of their own", () => {
    const fit = fitMixed("y ~ x + (1 | a)", gradeRows(), { family: "cumulative" });
    const changes = (refit: boolean) => {
      const { coefficients, levels } = groupInfluence(fit, "a", { refit });
      assert.deepEqual(coefficients, ["x"]);
      return levels.map(({ dfbeta }) => dfbeta?.[0] ?? 0);
    };
    const [one, other] = [changes(false), changes(true)];
    // Thresholds' distances and the variance are held in a step: it goes the right way, and about as far.
    const mean = (values: readonly number[]) => {
      return values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length;
    };
    const apart = mean(other.map((value, at) => value - (one[at] as number)));
    assert.ok(apart < 0.75 * mean(other), `${apart} beside ${mean(other)}`);
  });

  it("refuses a group that the model does not have", () => {
    const fit = fitMixed(
      "y ~ x + (1 | g)",
      [1, 2, 3, 4, 5, 6, 7, 8].map((y) => ({ y: y % 3, x: y, g: y % 4 })),
    );
    assert.throws(
      () => groupInfluence(fit, "h"),
      new UserError("the model has no group 'h'; its groups are g"),
    );
  });
});

// 20 groups of 6 rows, four grades.
function gradeRows() {
  const random = new Random(5);
  const own = random.normals(20, 0.8);
  return Array.from({ length: 120 }, (_, row) => {
    const a = row % 20;
    const x = random.normal();
    const uniform = random.uniform();
    const latent = x + (own[a] as number) + Math.log(uniform / (1 - uniform));
    return { y: [-1, 0.5, 2].filter((cut) => cut < latent).length, x, a };
  });
}

// (X'V^-1 X)^-1 X'V^-1 y by Gauss-Jordan elimination of the whole V.
function generalisedLeastSquares(
  rows: readonly {
    readonly y: number;
    readonly x: number;
    readonly g: string;
    readonly h: string;
  }[],
  ofG: number,
  ofH: number,
  residual: number,
): number[] {
  const augmented = rows.map((a, i) => [
    ...rows.map(
      (b, j) => (a.g === b.g ? ofG : 0) + (a.h === b.h ? ofH : 0) + (i === j ? residual : 0),
    ),
    1,
    a.x,
    a.y,
  ]);
  const solved = eliminate(augmented);
  const dot = (left: number[], right: number[]) =>
    left.reduce((sum, v, at) => sum + v * (right[at] as number), 0);
  const column = (at: number) => solved.map((line) => line[at] as number);
  const [one, x] = [rows.map(() => 1), rows.map((row) => row.x)];
  return eliminate([
    [dot(one, column(0)), dot(one, column(1)), dot(one, column(2))],
    [dot(x, column(0)), dot(x, column(1)), dot(x, column(2))],
  ]).map(([value]) => value as number);
}

// What stands right of a square matrix, times its inverse.
function eliminate(matrix: readonly (readonly number[])[]): number[][] {
  const lines = matrix.map((line) => [...line]);
  for (const [at, line] of lines.entries()) {
    const pivot = line[at] as number;
    for (let k = 0; k < line.length; k++) line[k] = (line[k] as number) / pivot;
    for (const other of lines) {
      if (other === line) continue;
      const factor = other[at] as number;
      for (let k = 0; k < line.length; k++)
        other[k] = (other[k] as number) - factor * (line[k] as number);
    }
  }
  return lines.map((line) => line.slice(lines.length));
}
