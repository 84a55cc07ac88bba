// Compares with R's model.matrix and lme4's mkReTrms; design.R writes design.golden.json.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Table } from "mixed-models";
import { projectPath } from "test-support/project";
import { buildDesign, type Design } from "../src/design/design";

interface GoldenFixed {
  readonly formula: readonly [string];
  readonly columns: readonly string[];
  readonly dropped: readonly (readonly [string])[];
  /** For each kept column the number of its term, 0 for the intercept. */
  readonly assign: readonly number[];
  /** By columns. */
  readonly X: readonly (readonly number[])[];
}

interface GoldenTerm {
  readonly group: readonly [string];
  readonly levels: readonly string[];
  readonly index: readonly number[];
  readonly names: readonly (readonly [string])[];
  /** By effects. */
  readonly Z: readonly (readonly number[])[];
}

interface Golden {
  readonly data: Table;
  readonly fixed: readonly GoldenFixed[];
  readonly summed: readonly GoldenFixed[];
  readonly random: readonly { formula: readonly [string]; terms: readonly GoldenTerm[] }[];
}

const golden: Golden = JSON.parse(
  readFileSync(projectPath("packages", "mixed-models", "test", "design.golden.json"), "utf8"),
);

// Relative to the column's largest value.
const TOLERANCE = 1e-12;

function assertColumns(
  matrix: Float64Array,
  names: readonly string[],
  expected: readonly (readonly number[])[],
): void {
  expected.forEach((column, position) => {
    const largest = Math.max(...column.map(Math.abs));
    column.forEach((value, row) => {
      const found = matrix[row * names.length + position] as number;
      const where = `${names[position]}, row ${row}: ${found} instead of ${value}`;
      assert.ok(Math.abs(found - value) <= TOLERANCE * largest, where);
    });
  });
}

function assertFixed({ fixed }: Design, expected: GoldenFixed): void {
  assert.deepEqual(fixed.names, expected.columns);
  assert.deepEqual(fixed.droppedColumns, expected.dropped.flat());
  assertColumns(fixed.X, fixed.names, expected.X);
  const offset = fixed.terms[0]?.label === "(Intercept)" ? 0 : 1;
  const assign = fixed.terms.flatMap(({ columns: [from, to] }, term) =>
    Array.from({ length: to - from }, () => term + offset),
  );
  assert.deepEqual(assign, expected.assign);
}

/** Each used row again, from its values. */
function assertRows({ fixed, variables }: Design, columns: Record<string, never[]>): void {
  const p = fixed.names.length;
  for (let row = 0; row < fixed.X.length / p; row++) {
    const values = [...variables.keys()].map((name) => [name, columns[name]?.[row]]);
    const expected = fixed.X.slice(row * p, (row + 1) * p);
    assert.deepEqual(fixed.rowFor(Object.fromEntries(values)), expected);
  }
}

describe("buildDesign, mixed model matrices against R", () => {
  for (const expected of golden.fixed) {
    it(`codes ${expected.formula} as model.matrix does`, () => {
      const design = buildDesign(expected.formula[0], golden.data);
      assertFixed(design, expected);
      assertRows(design, golden.data as unknown as Record<string, never[]>);
    });
  }

  for (const expected of golden.summed) {
    it(`codes ${expected.formula} with sum contrasts as model.matrix does`, () => {
      assertFixed(buildDesign(expected.formula[0], golden.data, { contrasts: "sum" }), expected);
    });
  }

  for (const { formula, terms } of golden.random) {
    it(`groups ${formula} as lme4 does`, () => {
      const { random } = buildDesign(formula[0], golden.data);
      assert.deepEqual(
        random.map(({ group }) => group),
        terms.map(({ group }) => group[0]),
      );
      random.forEach((found, position) => {
        const expected = terms[position] as GoldenTerm;
        assert.deepEqual(found.levels, expected.levels);
        assert.deepEqual([...found.index], expected.index);
        assert.deepEqual(found.names, expected.names.flat());
        assertColumns(found.Z, found.names, expected.Z);
      });
    });
  }
});
