// What single effects and groups do to meta-analyses, and Egger's test, beside metafor's influence, leave1out, regtest and
// refitted rma.mv. influence.R says what each case is; values agree to 1e-6, those of rma.mv to 1e-5, relative or absolute, the larger.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type EffectsOptions,
  type EggerOptions,
  effectInfluence,
  eggerTest,
  fitMultilevelMeta,
  leaveOneOut,
  type MetaData,
  type MetaFit,
  type MultilevelData,
  type RandomTerm,
} from "mixed-models/meta";
import { itNeeds, metafor } from "test-support/needs";
import { projectPath } from "test-support/project";
import { temporaryFolder } from "test-support/temporary";
import { assertGolden } from "./assert-golden";

interface GoldenData {
  readonly y: readonly number[];
  readonly V: MetaData["covariance"];
  readonly X: readonly (readonly number[])[];
  readonly names: readonly string[];
  readonly terms: readonly RandomTerm[];
  readonly clusters: readonly string[];
}

interface GoldenCase<Options> {
  readonly data: string;
  readonly options: Options;
  readonly result: { readonly isInfluential?: readonly number[] };
}

const TOLERANCE = 1e-6;
const folder = projectPath("packages", "mixed-models", "test", "meta");
const read = (file: string) => JSON.parse(readFileSync(join(folder, file), "utf8"));
const golden: {
  readonly influence: readonly GoldenCase<EffectsOptions>[];
  readonly leftOut: readonly GoldenCase<EffectsOptions>[];
  readonly egger: readonly GoldenCase<EggerOptions>[];
  readonly groups: readonly GoldenCase<never>[];
} = read("influence.golden.json");
const plain: Readonly<Record<string, GoldenData>> = read("metafor.golden.json").data;
const nested: Readonly<Record<string, GoldenData>> = read("multilevel.golden.json").data;

describe("effectInfluence beside metafor's influence", () => {
  for (const { data, options, result } of golden.influence) {
    it(`agrees on ${data} (${Object.values(options).join(", ")})`, () => {
      const found = effectInfluence(dataOf(data), options);
      const values = Object.keys(result).map((name) => [
        name,
        found.map((one) => {
          const value = one[name as keyof typeof one];
          return typeof value === "boolean" ? Number(value) : value;
        }),
      ]);
      assertGolden(Object.fromEntries(values), result, TOLERANCE, data);
    });
  }

  it("meets effects that metafor's limits name, and some that they do not", () => {
    const all = golden.influence.flatMap(({ result }) => result.isInfluential ?? []);
    assert.ok(all.filter((one) => one === 1).length >= 10);
    assert.ok(all.filter((one) => one === 0).length >= 100);
  });
});

describe("leaveOneOut beside metafor's leave1out", () => {
  for (const { data, options, result } of golden.leftOut) {
    it(`agrees on ${data} (${Object.values(options).join(", ")})`, () => {
      const set = dataOf(data);
      const by = set.effects.map((_, at) => String(at));
      const fits = leaveOneOut(set, by, options).map(({ fit }) => fit as MetaFit);
      const means = fits.map(({ coefficients: [mean] }) => mean);
      const columns = ["estimate", "se", "statistic", "p", "lower", "upper"] as const;
      const values = {
        ...Object.fromEntries(columns.map((name) => [name, means.map((mean) => mean?.[name])])),
        q: fits.map(({ q }) => q.statistic),
        qP: fits.map(({ q }) => q.p),
        tau2: fits.map(({ heterogeneity: [all] }) => all?.tau2),
        i2: fits.map(({ heterogeneity: [all] }) => all?.i2),
      };
      assertGolden(values, result, TOLERANCE, data);
    });
  }

  for (const { data, result } of golden.groups) {
    it(`agrees with rma.mv without each group of ${data}, and its Cook's distances`, () => {
      const { clusters, terms } = nested[data] as GoldenData;
      const set = { ...toData(nested[data] as GoldenData), random: terms };
      const found = leaveOneOut(set, clusters);
      const values = {
        left: found.map(({ left }) => left),
        estimate: found.map(({ estimates }) => estimates?.map(({ estimate }) => estimate)),
        se: found.map(({ estimates }) => estimates?.map(({ se }) => se)),
        cooksDistance: found.map(({ cooksDistance }) => cooksDistance),
      };
      assertGolden(values, result, 1e-5, data);
    });
  }
});

describe("eggerTest beside metafor's regtest", () => {
  for (const { data, options, result } of golden.egger) {
    it(`agrees on ${data} (${Object.values(options).join(", ")})`, () => {
      const { slope, limit } = eggerTest(dataOf(data), options);
      assertGolden({ statistic: slope.statistic, p: slope.p, limit }, result, TOLERANCE, data);
    });
  }

  it("is the slope of the standard errors in a multilevel fit, by clusters where they are given", () => {
    const { clusters, terms } = nested.schools as GoldenData;
    const data: MultilevelData = { ...toData(nested.schools as GoldenData), random: terms };
    const rows = data.effects.map((_, at) => [1, Math.sqrt(data.covariance[at] as number)]);
    const own = fitMultilevelMeta({ ...data, moderators: { names: ["intercept", "se"], rows } });
    const { slope } = eggerTest(data);
    assert.deepEqual(slope, own.coefficients[1]);
    assert.notEqual(eggerTest(data, { clusters }).slope.se, slope.se);
  });
});

describe("influence and Egger's test refuse", () => {
  const effects = [1, 2, 4, 3];
  const covariance = [0.1, 0.2, 0.3, 0.4];
  const cases: readonly (readonly [string, () => unknown, RegExp])[] = [
    [
      "effects that covary",
      () =>
        effectInfluence({
          effects: [1, 2],
          covariance: [
            [1, 0.1],
            [0.1, 1],
          ],
        }),
      /independent effects in one group; use leaveOneOut/,
    ],
    [
      "several groups",
      () => effectInfluence({ effects, covariance, groups: ["a", "a", "b", "b"] }),
      /independent effects in one group; use leaveOneOut/,
    ],
    [
      "standard errors that are all alike",
      () => eggerTest({ effects, covariance: [1, 1, 1, 1] }),
      /moderator 'se' is a combination of those before it/,
    ],
    [
      "a classic regression of groups",
      () => eggerTest({ effects, covariance, groups: ["a", "a", "b", "b"] }, { model: "classic" }),
      /Egger's classic regression takes independent effects/,
    ],
    [
      "a classic regression with a method",
      () => eggerTest({ effects, covariance }, { model: "classic", method: "ML" }),
      /no option but level; use model 'random'/,
    ],
    [
      "an unknown option",
      () => eggerTest({ effects, covariance }, { modle: "classic" } as EggerOptions),
      /modle.*did you mean.*model/,
    ],
  ];
  for (const [what, run, message] of cases) {
    it(what, () => assert.throws(run, { name: "UserError", message }));
  }

  it("nothing where an effect cannot be left out, but say why", () => {
    const moderators = {
      names: ["intercept", "x"],
      rows: [
        [1, 0],
        [1, 0],
        [1, 0],
        [1, 1],
      ],
    };
    const found = effectInfluence({ effects, covariance, moderators });
    const { cooksDistance, dffits, problem, hat } = found[3] as NonNullable<(typeof found)[0]>;
    assert.deepEqual([cooksDistance, dffits], [null, null]);
    assert.match(problem as string, /'x' is a combination of those before it/);
    assert.ok(Math.abs(hat - 1) < 1e-12);
    assert.equal(found[0]?.problem, null);
  });
});

itNeeds(
  metafor,
  "influence.golden.json is what metafor still says, fits without groups apart",
  () => {
    const path = join(temporaryFolder(), "influence.golden.json");
    const { status, stderr } = spawnSync("Rscript", ["influence.R", "--quick", path], {
      cwd: folder,
      encoding: "utf8",
    });
    assert.equal(status, 0, stderr);
    const now = JSON.parse(readFileSync(path, "utf8"));
    const { influence, leftOut, egger } = golden;
    assertGolden(now, { influence, leftOut, egger }, TOLERANCE, "influence");
  },
  300_000,
);

function dataOf(name: string): MetaData {
  return toData(plain[name] as GoldenData);
}

function toData({ y, V, X, names }: GoldenData): MetaData {
  return { effects: y, covariance: V, moderators: { names, rows: X } };
}
