// Multilevel meta-analyses beside metafor's rma.mv, and cluster-robust tests beside clubSandwich's. multilevel.R says what
// each case is; values agree to 1e-5, relative or absolute, the larger.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  clusterRobust,
  fitMultilevelMeta,
  type MultilevelData,
  type MultilevelFit,
  type MultilevelOptions,
  type RandomTerm,
  type RobustEstimate,
  type RobustType,
} from "mixed-models/meta";
import { clubSandwich, itNeeds } from "test-support/needs";
import { projectPath } from "test-support/project";
import { temporaryFolder } from "test-support/temporary";
import { assertGolden } from "./assert-golden";

interface GoldenData {
  readonly y: readonly number[];
  readonly V: MultilevelData["covariance"];
  readonly X: readonly (readonly number[])[];
  readonly names: readonly string[];
  readonly terms: readonly RandomTerm[];
  readonly clusters: readonly string[] | null;
  readonly contrasts: readonly (readonly number[])[];
}

interface GoldenCase {
  readonly data: string;
  readonly options: MultilevelOptions;
  readonly result: { readonly variances: number | readonly number[] };
  readonly robust:
    | readonly {
        readonly type: RobustType;
        readonly coefficients: object | null;
        readonly contrasts: object;
      }[]
    | null;
}

const TOLERANCE = 1e-5;
const folder = projectPath("packages", "mixed-models", "test", "meta");
const file = "multilevel.golden.json";
const golden: {
  readonly data: Readonly<Record<string, GoldenData>>;
  readonly cases: readonly GoldenCase[];
} = JSON.parse(readFileSync(join(folder, file), "utf8"));

describe("where the next true effect of a multilevel meta-analysis is expected", () => {
  it("is what metafor says of a new school in a new district", () => {
    // predict(rma.mv(yi, vi, random = ~ 1 | district/school, data = dat.konstantopoulos2011, test = "t")), metafor 3.8.1.
    const { estimate, lower, predictionLower, predictionUpper } = fitMultilevelMeta(
      toData(golden.data.schools as GoldenData),
    ).predict([1]);
    for (const [own, value] of [
      [estimate, 0.1847131637],
      [lower, 0.0152593158],
      [predictionLower, -0.4645112552],
      [predictionUpper, 0.8339375826],
    ] as const) {
      assert.ok(Math.abs(own - value) < 1e-5, `${own}, not ${value}`);
    }
  });

  it("takes the variances that are named, and asks for them where a term has several", () => {
    const fit = fitMultilevelMeta(toData(golden.data.schools as GoldenData));
    const [district, school] = fit.variances.map(({ name }) => name) as [string, string];
    const half = (weights?: Readonly<Record<string, number>>) => {
      const { estimate, predictionUpper } = fit.predict([1], weights ? { variances: weights } : {});
      return predictionUpper - estimate;
    };
    assert.ok(half({ [district]: 1 }) < half());
    assert.equal(half({ [district]: 1, [school]: 1 }), half());
    assert.throws(
      () => half({ town: 1 }),
      /the weight of variance 'town' is 1; .* among: district, school/,
    );
    const several = fitMultilevelMeta(toData(golden.data.schoolYears as GoldenData));
    assert.throws(() => several.predict([1, 0]), /name the variances that the next unit is of/);
  });
});

describe("fitMultilevelMeta beside metafor and clubSandwich", () => {
  for (const { data, options, result, robust } of golden.cases) {
    const set = golden.data[data] as GoldenData;
    it(`agrees with rma.mv on ${data} (${options.method}, ${options.interval})`, () => {
      const fit = fitMultilevelMeta(toData(set), options);
      assertGolden(
        valuesOf(fit),
        { ...result, variances: sumsOf(fit, set, result) },
        TOLERANCE,
        data,
      );
      assert.ok(fit.converged);
    });
    for (const { type, coefficients, contrasts } of robust ?? []) {
      it(`agrees with clubSandwich on ${data} (${options.method}, ${type})`, () => {
        const fit = fitMultilevelMeta(toData(set), options);
        const clusters = set.clusters as readonly string[];
        const own = columnsOf(clusterRobust(fit, clusters, { type }).contrasts);
        if (coefficients) assertGolden(own, coefficients, TOLERANCE, data);
        const asked = { type, contrasts: set.contrasts };
        assertGolden(
          columnsOf(clusterRobust(fit, clusters, asked).contrasts),
          contrasts,
          TOLERANCE,
          data,
        );
      });
    }
  }

  it("covers terms with levels, whole matrices, moderators and variances of zero", () => {
    const sets = Object.values(golden.data);
    assert.ok(sets.length >= 20);
    assert.ok(sets.filter(({ terms }) => terms.some(({ by }) => by)).length >= 6);
    assert.ok(sets.filter(({ V }) => Array.isArray(V[0])).length >= 5);
    assert.ok(sets.filter(({ names }) => names.length > 1).length >= 8);
    const zeros = golden.cases.filter(({ result }) => [result.variances].flat().includes(0));
    assert.ok(zeros.length >= 4, `${zeros.length} with a variance of zero`);
  });

  itNeeds(
    clubSandwich,
    "is compared with what metafor and clubSandwich still say",
    () => {
      const path = join(temporaryFolder(), file);
      const { status, stderr } = spawnSync("Rscript", ["multilevel.R", path], {
        cwd: folder,
        encoding: "utf8",
      });
      assert.equal(status, 0, stderr);
      const { cases } = JSON.parse(readFileSync(path, "utf8"));
      assert.equal(cases.length, golden.cases.length);
      for (const [at, { data, options, result, robust }] of golden.cases.entries()) {
        const set = golden.data[data] as GoldenData;
        const fit = fitMultilevelMeta(toData(set), options);
        const [now, then] = [cases[at].result, result].map((one) => ({
          ...one,
          variances: sumsOf(fit, set, one),
        }));
        assertGolden(now, then, TOLERANCE, data);
        assertGolden(cases[at].robust, robust, TOLERANCE, data);
      }
    },
    900_000,
  );
});

function toData({ y, V, X, names, terms }: GoldenData): MultilevelData {
  return { effects: y, covariance: V, moderators: { names, rows: X }, random: terms };
}

// metafor's variances; where only a sum is identified it splits that as its search happens to go.
function sumsOf(fit: MultilevelFit, { terms }: GoldenData, { variances }: GoldenCase["result"]) {
  const names = terms.flatMap(({ name, by }) =>
    by ? [...new Set(by)].map((level) => `${name}: ${level}`) : [name],
  );
  const found = [variances].flat();
  return fit.variances.map(({ includes }) =>
    includes.reduce((sum, name) => sum + (found[names.indexOf(name)] as number), 0),
  );
}

// The fit's values under the names that multilevel.R gives them.
function valuesOf({
  coefficients,
  covariance,
  q,
  moderatorTest,
  logLik,
  variances,
}: MultilevelFit) {
  return {
    ...columnsOf(coefficients),
    covariance,
    q: q.statistic,
    qP: q.p,
    tested: moderatorTest.statistic,
    testedP: moderatorTest.p,
    logLik,
    variances: variances.map(({ variance }) => variance),
  };
}

function columnsOf(estimates: readonly Omit<RobustEstimate, "warning">[]) {
  return {
    estimate: estimates.map(({ estimate }) => estimate),
    se: estimates.map(({ se }) => se),
    df: estimates.map(({ df }) => df),
    statistic: estimates.map(({ statistic }) => statistic),
    p: estimates.map(({ p }) => p),
    lower: estimates.map(({ lower }) => lower),
    upper: estimates.map(({ upper }) => upper),
  };
}
