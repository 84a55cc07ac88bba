// Compares with the R package emmeans; cumulative-means.R writes cumulative-means.golden.json.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { contrastMeans, fitMixed, marginalMeans } from "mixed-models";
import { interactionContrast } from "mixed-models/hypotheses";
import { projectPath } from "test-support/project";
import { assertClose } from "./assert-fits";

interface GoldenMeans {
  readonly levels: readonly string[];
  readonly estimate: readonly number[];
  readonly se: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  readonly contrasts: {
    readonly name: readonly string[];
    readonly estimate: readonly number[];
    readonly se: readonly number[];
  };
}

interface Golden {
  readonly data: Readonly<Record<string, string[] | number[]>>;
  readonly formula: string;
  readonly cases: readonly (Readonly<
    Record<"latent" | "probabilities" | "expected", GoldenMeans>
  > & { readonly link: "logit" | "probit"; readonly thresholds: "flexible" })[];
}

const GRADES = ["Bad", "Okay", "Good"];
// clmm's optimum is known to 1e-4 standard errors, and its errors come from differences.
const TOLERANCE = 2e-4;

const { data, formula, cases }: Golden = JSON.parse(
  readFileSync(
    projectPath("packages", "mixed-models", "test", "cumulative-means.golden.json"),
    "utf8",
  ),
);

const fitOf = (link: "logit" | "probit") =>
  fitMixed(formula, data, { family: "cumulative", link, levels: { y: GRADES } });

for (const golden of cases) {
  const fit = fitOf(golden.link);
  for (const type of ["latent", "probabilities", "expected"] as const) {
    describe(`marginal means of a cumulative fit, ${golden.link}, ${type}`, () => {
      const expected = golden[type];
      const means = marginalMeans(fit, { over: ["a"], type });

      it("are those of emmeans, with their errors and limits", () => {
        assert.equal(means.means.length, expected.estimate.length);
        for (const [at, mean] of means.means.entries()) {
          assert.equal(mean.levels.a, expected.levels[at]);
          for (const name of ["estimate", "se", "lower", "upper"] as const) {
            assertClose(mean[name] ?? Number.NaN, expected[name][at], TOLERANCE, name);
          }
        }
      });

      it("have the contrasts of emmeans", () => {
        const by = type === "probabilities" ? ["y"] : [];
        const { contrasts } = contrastMeans(means, { method: "pairwise", by, adjust: "none" });
        const { name, estimate, se } = expected.contrasts;
        assert.deepEqual(
          contrasts.map((one) => one.name),
          name,
        );
        for (const [at, one] of contrasts.entries()) {
          assertClose(one.estimate ?? Number.NaN, estimate[at], TOLERANCE);
          assertClose(one.se ?? Number.NaN, se[at], TOLERANCE);
          assert.equal(one.oddsRatio !== null, type === "latent" && golden.link === "logit");
        }
      });
    });
  }
}

describe("marginal means of a cumulative fit", () => {
  const fit = fitOf("logit");

  it("have probabilities that sum to one, and whose sum has no error", () => {
    const means = marginalMeans(fit, { over: ["a", "b"], type: "probabilities" });
    assert.deepEqual(means.over, ["a", "b", "y"]);
    for (let cell = 0; cell < 6; cell++) {
      const row = Float64Array.from(means.means, (_, at) => (at % 6 === cell ? 1 : 0));
      const sum = means.estimate(row);
      assert.ok(sum.reason === null);
      assertClose(sum.estimate, 1, 1e-12);
      assertClose(sum.se, 0, 1e-7);
    }
  });

  it("have expected grades with the scores that are given", () => {
    const scored = marginalMeans(fit, { over: ["a"], type: "expected", scores: [0, 0, 1] });
    const good = marginalMeans(fit, { over: ["a"], type: "probabilities" }).means.slice(6);
    for (const [at, { estimate, se }] of scored.means.entries()) {
      assertClose(estimate ?? Number.NaN, good[at]?.estimate ?? 0, 1e-13);
      assertClose(se ?? Number.NaN, good[at]?.se ?? 0, 1e-12);
    }
  });

  it("have contrasts of contrasts on every scale", () => {
    for (const type of ["latent", "expected"] as const) {
      const means = marginalMeans(fit, { over: ["a", "b"], type });
      const factors = { a: { reference: "hi" }, b: "pairwise" } as const;
      const { contrasts } = interactionContrast(means, factors);
      const at = (a: string, b: string) =>
        means.means.find(({ levels }) => levels.a === a && levels.b === b)?.estimate ?? Number.NaN;
      const expected = at("lo", "no") - at("hi", "no") - at("lo", "yes") + at("hi", "yes");
      assertClose(contrasts[0]?.estimate ?? Number.NaN, expected, 1e-12);
    }
  });

  it("do not know what the data do not determine, on the scale of the grades either", () => {
    const rows = data.a?.map((a, row) => !(a === "mid" && data.b?.[row] === "yes")) ?? [];
    const holed = Object.fromEntries(
      Object.entries(data).map(([name, column]) => [
        name,
        (column as (string | number)[]).filter((_, row) => rows[row]),
      ]),
    );
    const own = fitMixed(formula, holed, { family: "cumulative", levels: { y: GRADES } });
    const means = marginalMeans(own, { over: ["a", "b"], type: "expected" });
    const unknown = means.means.filter(({ estimate }) => estimate === null);
    assert.deepEqual(
      unknown.map(({ levels }) => levels),
      [{ a: "mid", b: "yes" }],
    );
  });

  it("refuse a type or scores that do not fit", () => {
    const linear = fitMixed("x ~ a + (1 | g)", data);
    assert.throws(
      () => marginalMeans(linear, { over: ["a"], type: "expected" }),
      /for the cumulative family/,
    );
    assert.throws(() => marginalMeans(fit, { over: ["a"], scores: [1, 2, 3] }), /scores are for/);
    const short = { over: ["a"], type: "expected", scores: [1, 2] } as const;
    assert.throws(() => marginalMeans(fit, short), /3 numbers, one for each grade/);
  });
});
