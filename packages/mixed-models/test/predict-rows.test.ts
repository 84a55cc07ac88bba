// Predictions for new rows: a row of the fit is predicted as the fit predicts it, whatever the formula.
import assert from "node:assert/strict";
import {
  columnsOfFormula,
  fitMixed,
  type MixedFit,
  parseFormula,
  predictFit,
  predictGrades,
} from "mixed-models";
import { toColumns } from "../src/design/columns";
import type { RowValues } from "../src/design/model-row";
import { optionsOf } from "./parity/compare";
import { listIds, tableOf } from "./parity/parity";
import { type Model, readModels } from "./parity/reference";
import { Random } from "./random";

type Table = Parameters<typeof fitMixed>[1];

// The used rows of a table, as someone would write them.
function rowsOf(fit: MixedFit, table: Table): RowValues[] {
  const names = columnsOfFormula(parseFormula(fit.formula));
  const columns = names.map((name) => [name, toColumns(table).get(name).values] as const);
  return Array.from(fit.design.usedRows, (row) =>
    Object.fromEntries(columns.map(([name, values]) => [name, values[row] as string | number])),
  );
}

function assertOwnRows(fit: MixedFit, table: Table): void {
  const rows = rowsOf(fit, table);
  for (const scale of ["link", "response"] as const) {
    const [own, found] = [predictFit(fit, { scale }), predictFit(fit, { scale, rows })];
    const worst = own.reduce((most, value, row) => {
      return Math.max(most, Math.abs(value - (found[row] as number)) / (1 + Math.abs(value)));
    }, 0);
    assert.ok(worst < 1e-9, `${fit.formula}: ${worst}`);
  }
}

describe("predictFit of a fit's own rows, given as new ones, equals predictFit of the fit", () => {
  for (const id of listIds(true)) {
    it(`for ${id}`, () => {
      const model = readModels().find((one) => one.id === id) as Model;
      const table = tableOf(model.data);
      assertOwnRows(fitMixed(model.formula, table, optionsOf(model)), table);
    });
  }

  const random = new Random(11);
  const rows = Array.from({ length: 160 }, (_, row) => {
    const [x, z] = [random.normal(), 1 + random.uniform()];
    const id = 100000 * (1 + (row % 16));
    return {
      x,
      z,
      id,
      a: "pqr"[row % 3],
      b: row % 2 === 0,
      y: x - z + (row % 16) / 8 + random.normal(),
    };
  });
  for (const formula of [
    "y ~ scale(x) + (scale(x) | id)",
    "y ~ scale(x) * a + (0 + scale(x) | id) + (1 | id)",
    "y ~ a * b * x + (a | id)",
    "y ~ log(z, 2) + I(x^2) + factor(id) + (1 | a)",
    "y ~ as.factor(b) + sqrt(z) + (1 | factor(id))",
    "y ~ a:x + (x > 0) + (1 | a/id)",
    "y ~ x + (1 | a:b) + (1 | id)",
  ]) {
    it(`for ${formula}`, () => assertOwnRows(fitMixed(formula, rows), rows));
  }

  const fit = fitMixed("y ~ x + a + b + (1 | id)", rows);
  const row = { x: 0, a: "p", b: true, id: 100000 };
  for (const missing of [
    { x: null },
    { x: Number.NaN },
    { x: " " },
    { x: true },
    { a: null },
    { a: "" },
    { b: null },
    { id: null },
  ]) {
    it(`is not a number where ${JSON.stringify(missing)} is missing`, () => {
      const [found, next] = predictFit(fit, {
        rows: [{ ...row, ...missing }, row],
        newLevels: "zero",
      });
      assert.ok(Number.isNaN(found));
      assert.ok(Number.isFinite(next));
    });
  }

  it("refuses a group that is new, or takes its effects as zero", () => {
    const stranger = { ...row, id: 5 };
    assert.throws(
      () => predictFit(fit, { rows: [stranger] }),
      /row 1: '5' is not among the levels of 'id'/,
    );
    assert.deepEqual(
      predictFit(fit, { rows: [stranger], newLevels: "zero" }),
      predictFit(fit, { rows: [row], randomEffects: false }),
    );
  });

  it("refuses what is no row or no value, and reads texts as a file's cells are read", () => {
    const ask = (one: unknown) => predictFit(fit, { rows: [one as typeof row] });
    assert.throws(() => ask(null), /row 1 is null; give an object with a value for each column/);
    assert.throws(
      () => ask({ ...row, x: new Date(0) }),
      /the value given for 'x' is an object; give a number/,
    );
    assert.deepEqual(ask({ ...row, a: " p " }), ask(row));
  });

  it("gives no class where a value is missing", () => {
    const graded = rows.map((one) => ({
      ...one,
      grade: Math.min(2, Math.max(0, Math.round(one.y + 1))),
    }));
    const grades = fitMixed("grade ~ x + (1 | id)", graded, { family: "cumulative" });
    const { classes, probabilities } = predictGrades(grades, { rows: [{ x: null, id: 100000 }] });
    assert.deepEqual(classes, [null]);
    assert.ok(probabilities.every(Number.isNaN));
  });
});
