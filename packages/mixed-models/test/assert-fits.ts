import assert from "node:assert/strict";
import type { MixedFit, Table } from "mixed-models";
import { buildDesign } from "../src/design/design";
import { joinGroups } from "../src/fit/model-groups";
import type { GradeScale } from "../src/objective/grade-scale";
import type { ModelData } from "../src/objective/model-data";
import { nominalColumns } from "../src/objective/nominal-columns";

/** Two numbers are equal up to `tolerance`, relative to the larger of 1 and the expected one. */
export function assertClose(
  found: number | undefined,
  expected: number | undefined,
  tolerance: number,
  what = "value",
): void {
  assert.ok(found !== undefined && expected !== undefined, `${what} is missing`);
  const difference = Math.abs(found - expected);
  const isClose = difference <= tolerance * Math.max(1, Math.abs(expected));
  assert.ok(isClose, `${what}: ${found} instead of ${expected}`);
}

/**
 * Two fits of one model are the same as far as a search can tell: it stops where the next step would change
 * the deviance by rounding error only, which leaves the estimates about a millionth of their errors free. The
 * errors come from differences of the gradient, which are good to 1e-4.
 */
export function assertSameEstimates(found: MixedFit, expected: MixedFit): void {
  assertClose(found.logLik, expected.logLik, 1e-9, "logLik");
  assert.equal(found.coefficients.length, expected.coefficients.length);
  for (const { name, estimate, se } of expected.coefficients) {
    const own = found.coefficients.find((one) => one.name === name);
    assertClose((own?.estimate ?? Number.NaN) / se, estimate / se, 1e-5, name);
    assertClose((own?.se ?? Number.NaN) / se, 1, 1e-4, `error of ${name}`);
  }
  for (const { group, name, sd } of expected.variances) {
    const own = found.variances.find((one) => one.group === group && one.name === name);
    assertClose((own?.sd ?? Number.NaN) / sd, 1, 1e-5, `${group} ${name}`);
  }
}

/** What an objective is made from; the response is a number, counts or grades, some columns by `places` nominal. */
export function toModelData(
  formula: string,
  table: Table,
  family: ModelData["family"],
  scale: Omit<GradeScale, "grades"> = { link: "logit", thresholds: "flexible" },
  places: readonly number[] = [],
): ModelData {
  const isGraded = family === "cumulative";
  const { rows, response, fixed, random } = buildDesign(formula, table, { isGraded });
  const trials = response.kind === "counts" ? response.trials : undefined;
  const columns = fixed.names.length;
  const isNominal = places.length > 0;
  return {
    family,
    rows,
    y: response.y,
    weights: trials ?? new Float64Array(rows).fill(1),
    fixed: fixed.patterns,
    fixedColumns: columns,
    groups: joinGroups(random, rows).groups,
    ...(response.grades
      ? { scale: { ...scale, grades: response.grades.length, nominal: places.length } }
      : {}),
    ...(isNominal
      ? { nominal: nominalColumns(fixed.patterns, columns, { places, factors: [] }) }
      : {}),
  };
}
