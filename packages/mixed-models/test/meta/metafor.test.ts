// Meta-analyses beside metafor's: its own examples, drawn data with correlated errors, and edge cases. metafor.R says
// what each case is; values agree to 1e-6, relative or absolute, the larger: as far as metafor's searches go.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  fitMeta,
  type MetaData,
  type MetaEstimate,
  type MetaFit,
  type MetaOptions,
} from "mixed-models/meta";
import { itNeeds, metafor } from "test-support/needs";
import { projectPath } from "test-support/project";
import { temporaryFolder } from "test-support/temporary";
import { assertGolden } from "./assert-golden";

interface GoldenData {
  readonly y: readonly number[];
  readonly V: MetaData["covariance"];
  readonly X: readonly (readonly number[])[];
  readonly groups: readonly string[] | null;
  readonly names: readonly string[];
}

type Values = number | null | readonly Values[] | { readonly [name: string]: Values };

interface GoldenCase {
  readonly data: string;
  readonly model: "uni" | "mv";
  readonly options: MetaOptions;
  readonly result: Readonly<Record<string, Values>> & {
    readonly rows?: readonly (readonly number[])[];
  };
}

const TOLERANCE = 1e-6;
const file = "metafor.golden.json";
const golden: {
  readonly data: Readonly<Record<string, GoldenData>>;
  readonly cases: readonly GoldenCase[];
} = JSON.parse(readFileSync(projectPath("packages", "mixed-models", "test", "meta", file), "utf8"));

describe("fitMeta beside metafor", () => {
  for (const { data, model, options, result } of golden.cases) {
    const asked = Object.values(options).join(", ");
    it(`agrees with rma.${model} on ${data} (${asked})`, () => {
      const fit = fitMeta(toData(golden.data[data] as GoldenData), options);
      assertGolden(valuesOf(fit, result.rows ?? []), result, TOLERANCE, data);
      assert.ok(fit.converged);
    });
  }

  it("covers fifteen data sets at least, all methods and both kinds of variances", () => {
    assert.ok(Object.keys(golden.data).length >= 15);
    const methods = new Set(golden.cases.map(({ options }) => options.method));
    assert.deepEqual([...methods].sort(), ["DL", "FE", "ML", "PM", "REML"]);
    const zeros = golden.cases.filter(({ data, options }) => {
      const { heterogeneity } = fitMeta(toData(golden.data[data] as GoldenData), options);
      return options.method === "REML" && heterogeneity.some(({ tau2 }) => tau2 === 0);
    });
    assert.ok(zeros.length >= 3);
  });

  itNeeds(
    metafor,
    "is compared with what metafor still says, profile limits apart",
    () => {
      const path = join(temporaryFolder(), file);
      const script = ["metafor.R", "--quick", path];
      const { status, stderr } = spawnSync("Rscript", script, {
        cwd: projectPath("packages", "mixed-models", "test", "meta"),
        encoding: "utf8",
      });
      assert.equal(status, 0, stderr);
      const { cases } = JSON.parse(readFileSync(path, "utf8"));
      assert.equal(cases.length, golden.cases.length);
      for (const [at, { data, model, result }] of golden.cases.entries()) {
        const isProfiled = model === "mv";
        assertGolden(
          cases[at].result,
          isProfiled ? withoutLimits(result) : result,
          TOLERANCE,
          data,
        );
      }
    },
    900_000,
  );
});

function withoutLimits(result: GoldenCase["result"]): unknown {
  const isLimit = (name: string) => name === "tauLower" || name === "tauUpper";
  return JSON.parse(JSON.stringify(result), (name, value) => (isLimit(name) ? undefined : value));
}

function toData({ y, V, X, groups, names }: GoldenData): MetaData {
  const moderators = { names, rows: X };
  return { effects: y, covariance: V, moderators, ...(groups ? { groups } : {}) };
}

// The fit's values under the names that metafor.R gives them.
function valuesOf(fit: MetaFit, rows: readonly (readonly number[])[]) {
  const { coefficients, covariance, heterogeneity, q, moderatorTest, logLik, scale } = fit;
  const predictions = rows.map((row) => fit.predict(row));
  return {
    ...columnsOf(coefficients),
    statistic: coefficients.map(({ statistic }) => statistic),
    df: coefficients.map(({ df }) => df),
    p: coefficients.map(({ p }) => p),
    covariance,
    heterogeneity,
    logLik,
    scale,
    rows,
    q: q.statistic,
    qP: q.p,
    tested: moderatorTest.statistic,
    testedP: moderatorTest.p,
    predictions: {
      ...columnsOf(predictions),
      predictionLower: predictions.map(({ predictionLower }) => predictionLower),
      predictionUpper: predictions.map(({ predictionUpper }) => predictionUpper),
    },
  };
}

function columnsOf(estimates: readonly MetaEstimate[]) {
  return {
    estimate: estimates.map(({ estimate }) => estimate),
    se: estimates.map(({ se }) => se),
    lower: estimates.map(({ lower }) => lower),
    upper: estimates.map(({ upper }) => upper),
  };
}
