// Nominal terms and the test of proportional odds beside R's ordinal (clmm2, clm); nominal.R writes nominal.golden.json.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  compareFits,
  contrastMeans,
  type FitOptions,
  fitMixed,
  fitToText,
  type GradeLink,
  type MixedFit,
  marginalMeans,
  marginalSlopes,
  predictFit,
  predictGrades,
  profileInterval,
  refit,
  varianceExplained,
} from "mixed-models";
import {
  groupInfluence,
  quantileResiduals,
  simulatedResiduals,
  simulateFit,
} from "mixed-models/diagnostics";
import { jointTests, testProportionalOdds } from "mixed-models/hypotheses";
import { bootstrapFit, fitToJson, preparePower, restoreFit } from "mixed-models/node";
import { augmentFit, tidyFit } from "mixed-models/report";
import { projectPath } from "test-support/project";
import { temporaryFolder } from "test-support/temporary";
import { objectiveAt } from "../src/fit/fit-mixed";
import { upperTail } from "../src/numerics/normal";
import { assertClose, assertSameEstimates } from "./assert-fits";

type Columns = Readonly<Record<string, string[] | number[]>>;

interface GoldenFit {
  readonly data: "drawn" | "wine" | "soup";
  readonly formula: string;
  readonly nominal: string;
  readonly link: GradeLink;
  readonly nodes: number;
  readonly logLik: number;
  readonly sd: number;
  /** For each threshold its constant, then what each nominal column adds. */
  readonly thresholds: readonly (readonly number[])[];
  readonly theta_names: readonly string[];
  /** By row of `thresholds`. */
  readonly threshold_se: readonly number[];
  readonly location: Readonly<Record<string, number>>;
  readonly location_se: Readonly<Record<string, number>>;
}

interface Golden {
  readonly data: Readonly<Record<GoldenFit["data"], Columns>>;
  readonly cases: readonly GoldenFit[];
  readonly proportional: Readonly<Record<"drawn" | "wine", GoldenFit>>;
  /** By clm, without a group. */
  readonly without: {
    readonly logLik: number;
    readonly temp: number;
    /** Thresholds by contact. */
    readonly no: readonly number[];
    readonly yes: readonly number[];
  };
}

const golden: Golden = JSON.parse(
  readFileSync(projectPath("packages", "mixed-models", "test", "nominal.golden.json"), "utf8"),
);

const tableOf = (name: GoldenFit["data"]) => {
  const table = golden.data[name];
  const response = Object.keys(table).find((one) => ["y", "rating", "SURENESS"].includes(one));
  return { ...table, [response as string]: (table[response as string] as string[]).map(Number) };
};

const optionsOf = ({ nominal, link, nodes }: GoldenFit): FitOptions => ({
  family: "cumulative",
  nominal,
  link,
  nodes,
});

const drawn = tableOf("drawn");
const wine = tableOf("wine");
const graded = { family: "cumulative" } as const;
const FORMULA = "y ~ kind + x + (1 | g)";
const WINE = "rating ~ temp + contact + (1 | judge)";

// clmm2's modes are known to 1e-9, its optimum to 1e-4 standard errors, its errors by differences.
for (const one of golden.cases) {
  describe(`nominal ${one.nominal} of ${one.formula}, ${one.link}, ${one.nodes} node(s)`, () => {
    const fit = fitMixed(one.formula, tableOf(one.data), optionsOf(one));
    const { ordinal } = fit;

    it("has clmm2's likelihood and variance, or a better one", () => {
      assert.ok(fit.converged);
      assert.deepEqual(fit.warnings, []);
      assertClose(fit.logLik - one.logLik, 0, 1e-5, "logLik");
      assertClose(fit.variances[0]?.sd, one.sd, 1e-4, "sd");
    });

    it("has its thresholds and effects, with their errors", () => {
      const count = ordinal?.thresholds.length as number;
      for (const [row, name] of one.theta_names.entries()) {
        for (let cut = 0; cut < count; cut++) {
          const found =
            row === 0
              ? ordinal?.thresholds[cut]
              : ordinal?.nominal?.effects.filter((own) => own.name.startsWith(`${name} at `))[cut];
          const sign = row === 0 ? 1 : -1;
          const se = one.threshold_se[row * count + cut] as number;
          const due = one.thresholds[row]?.[cut] as number;
          assertClose((found?.estimate ?? Number.NaN) / se, (sign * due) / se, 1e-3, found?.name);
          assertClose((found?.se ?? Number.NaN) / se, 1, 2e-3, `error of ${found?.name}`);
        }
      }
      for (const [name, due] of Object.entries(one.location)) {
        const found = fit.coefficients.find((own) => own.name === name);
        const se = one.location_se[name] as number;
        assertClose((found?.estimate ?? Number.NaN) / se, due / se, 1e-3, name);
        assertClose((found?.se ?? Number.NaN) / se, 1, 2e-3, `error of ${name}`);
      }
    });
  });
}

describe("a model with nominal terms", () => {
  const fit = fitMixed(FORMULA, drawn, { ...graded, nominal: "x" });
  const factor = fitMixed(WINE, wine, { ...graded, nominal: "contact" });

  it("is clm's where the groups do not vary", () => {
    const { no, yes, temp, logLik } = golden.without;
    const added = no.map((one, at) => (yes[at] as number) - one);
    const own = no.slice(1).flatMap((one, at) => {
      return [one - (no[0] as number), (added[at + 1] as number) - (added[0] as number)];
    });
    const beta = [-(no[0] as number), temp, -(added[0] as number)];
    const options = { ...graded, nominal: "contact" } as const;
    const found = objectiveAt(WINE, wine, options, [1e-6], beta, own);
    assertClose(found, -2 * logLik, 1e-8);
  });

  it("has the likelihood of an integral over each group's effect", () => {
    const theta = [0.6];
    const beta = [0.5, -0.8, 0.2, 0.03];
    const own = [2.2, -0.02];
    const found = objectiveAt(
      FORMULA,
      drawn,
      { ...graded, nominal: "x", nodes: 40 },
      theta,
      beta,
      own,
    );
    assertClose(found, -2 * integrate(theta[0] as number, beta, own), 1e-8);
  });

  it("is the same in other units of a nominal covariate, and in another order of the rows", () => {
    const far = { ...drawn, x: (drawn.x as number[]).map((value) => 1000 * value + 5e5) };
    const other = fitMixed(FORMULA, far, { ...graded, nominal: "x" });
    assertClose(other.logLik, fit.logLik, 1e-9);
    for (const [at, { estimate, se }] of (fit.ordinal?.nominal?.effects ?? []).entries()) {
      const own = other.ordinal?.nominal?.effects[at];
      assertClose((1000 * (own?.estimate ?? Number.NaN)) / se, estimate / se, 1e-4);
      assertClose((1000 * (own?.se ?? Number.NaN)) / se, 1, 1e-3);
    }
    const turned = Object.fromEntries(
      Object.entries(drawn).map(([name, column]) => [name, [...column].reverse()]),
    );
    assertSameEstimates(fitMixed(FORMULA, turned, { ...graded, nominal: "x" }), fit);
  });

  it("holds the proportional model: with equal effects the likelihood is that one's", () => {
    const plain = fitMixed(FORMULA, drawn, graded);
    const [first, second] = (plain.ordinal?.thresholds ?? []).map(({ estimate }) => estimate);
    const beta = [-(first as number), ...plain.coefficients.map(({ estimate }) => estimate)];
    const theta = [...plain.theta];
    const own = [(second as number) - (first as number), 0];
    const found = objectiveAt(FORMULA, drawn, { ...graded, nominal: "x" }, theta, beta, own);
    assertClose(found, plain.minusTwoLogLik, 1e-9);
    assert.ok(fit.df === plain.df + 1 && fit.logLik > plain.logLik);
    const { chiSquare, df } = compareFits(plain, fit);
    assert.equal(df, 1);
    assertClose(chiSquare, 2 * (fit.logLik - plain.logLik), 1e-9);
  });

  it("prints the effects by threshold, apart from those that all thresholds share", () => {
    const text = fitToText(factor);
    assert.match(
      text,
      /Fixed effects \(log-odds\):\n name[^\n]*\n tempwarm[^\n]*\n\nNominal effects/,
    );
    assert.match(text, /\n contactyes at 1\|2 +1\.8298 +1\.2386[^\n]*\n contactyes at 2\|3 /);
    assert.match(text, /Thresholds, where nominal terms are 0:/);
    const rows = tidyFit(factor, "fixed").filter((row) => row["coef.type"] === "nominal");
    assert.deepEqual(
      rows.map(({ term }) => term),
      ["1|2", "2|3", "3|4", "4|5"].map((cut) => `contactyes at ${cut}`),
    );
  });

  it("comes back from a saved file", () => {
    for (const [own, table] of [
      [fit, drawn],
      [factor, wine],
    ] as const) {
      const path = join(temporaryFolder(), "fit.json");
      writeFileSync(path, JSON.stringify(fitToJson(own)));
      const again = restoreFit(path, table);
      assert.equal(again.logLik, own.logLik);
      for (const [at, { estimate, se }] of (own.ordinal?.nominal?.effects ?? []).entries()) {
        const other = again.ordinal?.nominal?.effects[at];
        assertClose(other?.estimate, estimate, 1e-12);
        assertClose(other?.se, se, 1e-9);
      }
    }
  });

  it("predicts by the thresholds of each row, its own and new ones", () => {
    const rows = (drawn.x as number[]).map((x, at) => ({
      x,
      kind: drawn.kind?.[at] as string,
      g: drawn.g?.[at] as string,
    }));
    const own = predictGrades(fit);
    const others = predictGrades(fit, { rows });
    for (const [at, value] of own.probabilities.entries()) {
      assertClose(others.probabilities[at], value, 1e-12);
    }
    const [effects, first] = [fit.ordinal?.nominal?.effects, fit.ordinal?.thresholds];
    const x = 40;
    const zero = predictGrades(fit, { rows: [{ x, kind: "a", g: "" }], randomEffects: false });
    const cut = (at: number) => (first?.[at]?.estimate ?? 0) - x * (effects?.[at]?.estimate ?? 0);
    const below = [0, 1].map((at) => 1 / (1 + Math.exp(-cut(at))));
    assertClose(zero.probabilities[0], below[0], 1e-12);
    assertClose(zero.probabilities[2], 1 - (below[1] as number), 1e-12);
    const means = predictFit(fit);
    assertClose(
      means[5],
      1 + (own.probabilities[16] as number) + 2 * (own.probabilities[17] as number),
      1e-12,
    );
    assert.throws(
      () => predictGrades(fit, { rows: [{ x: 200, kind: "a", g: "" }], randomEffects: false }),
      /^UserError: row 1: nominal terms put the thresholds out of order/,
    );
  });

  it("has marginal means as probabilities and expected grades, with errors by the delta method", () => {
    const over = ["contact"];
    const { means } = marginalMeans(factor, { over, type: "probabilities" });
    for (const level of ["no", "yes"]) {
      const own = means.filter(({ levels }) => levels.contact === level);
      assertClose(
        own.reduce((sum, { estimate }) => sum + (estimate ?? 0), 0),
        1,
        1e-12,
      );
    }
    const expected = marginalMeans(factor, { over, type: "expected" });
    for (const [at, { se }] of expected.means.entries()) {
      assertClose(se ?? Number.NaN, deltaError(factor, at), 1e-5);
    }
    const [pair] = contrastMeans(expected, { method: "pairwise" }).contrasts;
    assert.ok((pair?.z ?? 0) < -3);
    const latent = marginalMeans(factor, { over: ["temp"] });
    const [warm] = contrastMeans(latent, { method: "revpairwise" }).contrasts;
    assertClose(warm?.estimate ?? Number.NaN, factor.coefficients[0]?.estimate, 1e-12);
  });

  it("gives back its effects where it is simulated and fitted again", () => {
    const large = { ...repeatColumns(drawn, 12) };
    const found = fitMixed(FORMULA, large, { ...graded, nominal: "x" });
    const [y] = simulateFit(found, { seed: 4 });
    const again = refit(found, y as Float64Array);
    for (const [at, { estimate, se }] of (found.ordinal?.nominal?.effects ?? []).entries()) {
      const other = again.ordinal?.nominal?.effects[at];
      assert.ok(Math.abs((other?.estimate ?? Number.NaN) - estimate) < 3.5 * se);
    }
    const rows = [{ x: 30, kind: "a", g: "new" }];
    const all = simulateFit(found, { seed: 5, rows, count: 500, sds: { g: 0 } });
    const shares = [0, 1, 2].map((due) => all.filter(([grade]) => grade === due).length / 500);
    const { probabilities } = predictGrades(found, { rows, randomEffects: false });
    for (const [at, share] of shares.entries()) assertClose(share, probabilities[at], 0.07);
  });

  it("has residuals that are even where it holds, and intervals by the bootstrap", async () => {
    const residuals = quantileResiduals(fit, 1);
    const { probabilities } = predictGrades(fit);
    for (const [row, value] of residuals.entries()) {
      const at = (drawn.y as number[])[row] as number;
      const own = probabilities.subarray(3 * row, 3 * row + at);
      const upto = own.reduce((sum, one) => sum + one, 0);
      const below = upto - (own.at(-1) as number);
      const place = 1 - upperTail(value);
      assert.ok(place > below - 1e-9 && place < upto + 1e-9, `row ${row}`);
    }
    const mean = residuals.reduce((sum, value) => sum + value, 0) / residuals.length;
    const square = residuals.reduce((sum, value) => sum + value * value, 0) / residuals.length;
    assert.ok(Math.abs(mean) < 0.15 && Math.abs(square - 1) < 0.2, `${mean} ${square}`);
    const tests = simulatedResiduals(fit, { seed: 1, simulations: 99 }).tests;
    assert.ok(tests.every(({ p }) => p > 0.01));
    const { nominal } = await bootstrapFit(fit, { replicates: 40, seed: 2 });
    for (const [at, { se, estimate }] of (nominal ?? []).entries()) {
      const own = fit.ordinal?.nominal?.effects[at];
      assert.equal(estimate, own?.estimate);
      assert.ok(se / (own?.se ?? 0) > 0.6 && se / (own?.se ?? 0) < 1.6, `${se} ${own?.se}`);
    }
  });

  it("counts a replicate as failed where a level of a nominal factor lacks a grade", async () => {
    // One of the 36 rows with contact has the lowest grade, two of those without it the highest.
    const { failed, nominal } = await bootstrapFit(factor, { replicates: 30, seed: 3 });
    assert.ok(failed > 3 && failed < 27, `${failed} of 30`);
    for (const { values } of nominal ?? []) {
      assert.ok(values.every((value) => Math.abs(value) < 20));
    }
  });

  it("refuses what needs one effect for all thresholds, in one line", () => {
    const cases: readonly [() => unknown, RegExp][] = [
      [
        () => marginalMeans(factor, { over: ["contact"] }),
        /'contact' is nominal, .* no latent mean/,
      ],
      [() => marginalSlopes(fit, { of: "x" }), /'x' is nominal, .* no latent slope/],
      [() => predictFit(fit, { scale: "link" }), /no single linear predictor: .* scale response/],
      [() => jointTests(fit), /no single effect of a term: .* by their likelihoods/],
      [() => augmentFit(fit), /no single linear predictor: .* probabilities/],
      [
        () => varianceExplained(fit),
        /no single variance of the fixed effects: .* leave nominal out/,
      ],
      [() => groupInfluence(fit, "g"), /no single effect that a group could move/],
      [
        () => preparePower(fit, { test: "kindb", simulations: 2, seed: 1 }),
        /no single effect to find/,
      ],
      [() => profileInterval(factor, "contactyes"), /no single effect of 'contactyes'/],
      [() => simulateFit(fit, { seed: 1, effects: { x: 1 } }), /effects: 'x' is nominal/],
    ];
    for (const [ask, message] of cases) {
      assert.throws(ask, (error: Error) => {
        return (
          error.name === "UserError" && message.test(error.message) && !/\n/.test(error.message)
        );
      });
    }
    profileInterval(factor, "tempwarm");
  });
});

describe("the option nominal", () => {
  const ask =
    (nominal: string, more: FitOptions = {}, formula = FORMULA) =>
    () =>
      fitMixed(formula, drawn, { ...graded, nominal, ...more });

  it("refuses what makes no model, in one line with the remedy", () => {
    const cases: readonly [() => unknown, RegExp][] = [
      [ask("kinds"), /'kinds' is not a term of y ~ kind \+ x .* did you mean 'kind'/],
      [
        ask("x", {}, "y ~ kind + (1 | g)"),
        /'x' is not a term of y ~ kind .*; add it there, or leave it out/,
      ],
      [ask("kind:x", {}, "y ~ kind * x + (1 | g)"), /'kind:x' contains 'kind'; name that, too/],
      [ask("(1 | g)"), /should be terms of the fixed effects/],
      [ask("0 + x"), /should be terms of the fixed effects/],
      [ask(" "), /should be terms of the fixed effects/],
      [ask("x", { family: "binomial" }), /nominal is for the cumulative family/],
      [ask("x", { thresholds: "equidistant" }), /leave equidistant out/],
      [ask("x", { prior: "cauchy" }), /leave nominal out/],
    ];
    for (const [fit, message] of cases) {
      assert.throws(fit, (error: Error) => {
        return error.name === "UserError" && message.test(error.message);
      });
    }
    const two = { ...drawn, y: (drawn.y as number[]).map((grade) => Math.min(2, grade)) };
    assert.throws(
      () => fitMixed(FORMULA, two, { ...graded, nominal: "x" }),
      /^UserError: two grades have one threshold, .*; leave nominal out$/,
    );
  });

  it("reads an interaction in either order, and a leading tilde", () => {
    const formula = "y ~ kind * x + (1 | g)";
    const all = fitMixed(formula, drawn, { ...graded, nominal: "~ kind + x + x:kind" });
    const other = fitMixed(formula, drawn, { ...graded, nominal: "x * kind" });
    assert.equal(all.ordinal?.nominal?.places.length, 5);
    assert.equal(all.logLik, other.logLik);
  });

  it("names the level that lacks a grade", () => {
    const y = (drawn.y as number[]).map((grade, at) => {
      return drawn.kind?.[at] === "b" && grade === 2 ? 1 : grade;
    });
    assert.throws(
      () => fitMixed(FORMULA, { ...drawn, y }, { ...graded, nominal: "kind" }),
      /^UserError: nominal: where kindb is 1 and kindc is 0, no row has the grade '2'/,
    );
  });
});

describe("testProportionalOdds", () => {
  const plain = fitMixed(FORMULA, drawn, graded);
  const { tests, assumption } = testProportionalOdds(plain);

  it("is the likelihood ratio of each term's nominal model, by clmm2's likelihoods", () => {
    assert.equal(assumption, "proportional odds");
    assert.deepEqual(
      tests.map(({ term, df }) => [term, df]),
      [
        ["kind", 2],
        ["x", 1],
      ],
    );
    const freed = golden.cases.find(({ nominal, nodes }) => nominal === "x" && nodes === 1);
    const due = 2 * ((freed?.logLik ?? Number.NaN) - golden.proportional.drawn.logLik);
    assertClose(tests[1]?.chiSquare ?? Number.NaN, due, 1e-5);
    assertClose(tests[1]?.p ?? Number.NaN, 2 * upperTail(Math.sqrt(due)), 1e-5);
    assert.match(
      tests[1]?.meaning ?? "",
      /effects of x differ between thresholds: fit it as nominal/,
    );
    assert.match(tests[0]?.meaning ?? "", /no sign that the effects of kind differ/);
  });

  it("frees an interaction together with what it contains", () => {
    const fit = fitMixed("y ~ kind * x + (1 | g)", drawn, graded);
    const found = testProportionalOdds(fit).tests.map(({ term, df }) => [term, df]);
    assert.deepEqual(found, [
      ["kind", 2],
      ["x", 1],
      ["kind:x", 5],
    ]);
  });

  it("adds a coefficient for each threshold but the first", () => {
    const [temp, contact] = testProportionalOdds(fitMixed(WINE, wine, graded)).tests;
    assert.deepEqual([contact?.df, contact?.reason], [3, null]);
    const due = 2 * ((golden.cases[0]?.logLik ?? Number.NaN) - golden.proportional.wine.logLik);
    assertClose(contact?.chiSquare ?? Number.NaN, due, 1e-5);
    assert.match(temp?.reason ?? "", /^where tempwarm is 0, no row has the grade '5'/);
  });

  it("says why a term has no test", () => {
    const y = (drawn.y as number[]).map((grade, at) => {
      return drawn.kind?.[at] === "b" && grade === 1 ? 2 : grade;
    });
    const [kind, x] = testProportionalOdds(fitMixed(FORMULA, { ...drawn, y }, graded)).tests;
    assert.deepEqual([kind?.chiSquare, kind?.p], [null, null]);
    assert.match(kind?.reason ?? "", /no row has the grade '1'/);
    assert.match(kind?.meaning ?? "", /^not tested: /);
    assert.ok(x?.reason === null && x.p !== null);
  });

  it("says where effects run to infinity, as the nominal fit does", () => {
    const x = (drawn.kind as string[]).map((kind) => (kind === "b" ? 1 : 0));
    const y = (drawn.y as number[]).map((grade, at) => (x[at] === 1 ? Math.min(grade, 2) : grade));
    const table = { x, y, g: drawn.g as string[] };
    const nominal = fitMixed("y ~ x + (1 | g)", table, { ...graded, nominal: "x" });
    assert.deepEqual(
      nominal.warnings.map(({ kind }) => kind),
      ["separation"],
    );
    assert.match(nominal.warnings[0]?.message ?? "", /x at 2\|3 predicts some rows perfectly/);
    const [found] = testProportionalOdds(fitMixed("y ~ x + (1 | g)", table, graded)).tests;
    assert.equal(found?.p, null);
    assert.match(found?.reason ?? "", /run to infinity/);
  });

  it("says where thresholds cross", () => {
    // The second grade is given in the middle of x only, so that thresholds meet beyond.
    const x = Array.from({ length: 200 }, (_, at) => (at % 50) / 10 - 2.5);
    const crossing = x.map((value, at) =>
      Math.abs(value) < 1 && at % 3 === 0 ? 2 : (at * 7) % 2 ? 1 : 3,
    );
    const table = {
      y: crossing,
      x: x.map((value) => value * value),
      g: x.map((_, at) => `g${at % 10}`),
    };
    const [found] = testProportionalOdds(fitMixed("y ~ x + (1 | g)", table, graded)).tests;
    assert.equal(found?.p, null);
    assert.match(found?.reason ?? "", /cross/);
  });

  it("refuses fits that it is not of", () => {
    const cases: readonly [MixedFit, RegExp][] = [
      [fitMixed("x ~ kind + (1 | g)", drawn), /this fit is gaussian/],
      [fitMixed(FORMULA, drawn, { ...graded, nominal: "x" }), /without nominal terms/],
      [fitMixed(FORMULA, drawn, { ...graded, thresholds: "equidistant" }), /leave equidistant out/],
      [fitMixed(FORMULA, drawn, { ...graded, prior: "cauchy" }), /no test of proportional odds/],
      [fitMixed("y ~ 1 + (1 | g)", drawn, graded), /no term but the intercept/],
    ];
    for (const [fit, message] of cases) assert.throws(() => testProportionalOdds(fit), message);
  });

  it("rejects a model that holds in one of twenty data sets, about", () => {
    const small = fitMixed("y ~ x + (1 | g)", drawn, graded);
    const found = simulateFit(small, { seed: 7, count: 60 }).map((y) => {
      return testProportionalOdds(refit(small, y)).tests[0]?.p ?? Number.NaN;
    });
    const rejected = found.filter((p) => p < 0.05).length;
    assert.ok(rejected <= 8, `${rejected} of 60`);
    const middle = found.filter((p) => p < 0.5).length;
    assert.ok(middle > 18 && middle < 42, `${middle} of 60`);
  });
});

describe("compareFits of models with nominal terms", () => {
  it("refuses a smaller one whose nominal terms are not the larger one's", () => {
    const left = fitMixed(FORMULA, drawn, { ...graded, nominal: "x" });
    const right = fitMixed(FORMULA, drawn, { ...graded, nominal: "kind" });
    assert.throws(
      () => compareFits(left, right),
      /not nested: x is nominal in the smaller model only/,
    );
  });
});

// By the trapezoidal rule over each group's effect, from the probabilities as they are defined.
function integrate(sd: number, beta: readonly number[], own: readonly number[]): number {
  const groups = new Map<string, number[]>();
  for (const [row, name] of (drawn.g as string[]).entries()) {
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  const F = (value: number) => 1 / (1 + Math.exp(-value));
  const chance = (row: number, move: number) => {
    const [kind, x, y] = [drawn.kind?.[row], drawn.x?.[row] as number, drawn.y?.[row] as number];
    const effect = kind === "b" ? beta[1] : kind === "c" ? beta[2] : 0;
    const eta = (beta[0] as number) + (effect as number) + (beta[3] as number) * x + move;
    const second = (own[0] as number) + (own[1] as number) * x;
    const below = [0, F(-eta), F(second - eta), 1] as const;
    return (below[y] as number) - (below[y - 1] as number);
  };
  let sum = 0;
  for (const rows of groups.values()) {
    let integral = 0;
    const step = 0.02;
    for (let u = -8; u <= 8; u += step) {
      const density = Math.exp((-u * u) / 2) / Math.sqrt(2 * Math.PI);
      integral += step * density * rows.reduce((all, row) => all * chance(row, sd * u), 1);
    }
    sum += Math.log(integral);
  }
  return sum;
}

// The error of an expected grade by central differences in thresholds, shifts and coefficients.
function deltaError(fit: MixedFit, contact: number): number {
  const { ordinal } = fit;
  const cuts = ordinal?.thresholds.map(({ estimate }) => estimate) ?? [];
  const start = [
    ...cuts,
    ...(ordinal?.nominal?.shifts ?? []),
    ...fit.coefficients.map((one) => one.estimate),
  ];
  const meanAt = (p: readonly number[]) => {
    let mean = 0;
    for (const warm of [0, 1]) {
      for (let at = 0; at < 4; at++) {
        const shift = at === 0 ? 0 : (p[3 + at] as number);
        const cut = (p[at] as number) + contact * shift;
        const eta = warm * (p[7] as number) + contact * (p[8] as number);
        mean += 0.5 / (1 + Math.exp(cut - eta));
      }
    }
    return mean;
  };
  const gradient = start.map((_, at) => {
    const moved = (by: number) => meanAt(start.map((value, i) => (i === at ? value + by : value)));
    return (moved(1e-5) - moved(-1e-5)) / 2e-5;
  });
  let variance = 0;
  for (const [i, left] of gradient.entries()) {
    for (const [j, right] of gradient.entries()) {
      variance += left * right * (ordinal?.covariance[i * start.length + j] as number);
    }
  }
  return Math.sqrt(variance);
}

function repeatColumns(table: Columns, times: number): Record<string, unknown[]> {
  const own = Object.entries(table).map(([name, column]) => [
    name,
    Array.from({ length: times }, (_, at) => {
      return name === "g" ? column.map((value) => `${value}.${at}`) : [...column];
    }).flat(),
  ]);
  return Object.fromEntries(own);
}
