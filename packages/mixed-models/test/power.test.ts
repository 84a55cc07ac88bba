// Power by simulation: against closed forms (power.R), against fits of the same draws one by one, and its refusals.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { UserError } from "kit";
import { compareFits, fitMixed, type MixedFit, refit, satterthwaite } from "mixed-models";
import { simulateFit } from "mixed-models/diagnostics";
import {
  type Power,
  type PowerOptions,
  powerCurve,
  type StatedModel,
  simulatePower,
  stateModel,
} from "mixed-models/node";
import { projectPath } from "test-support/project";
import { contextOf } from "../src/fit/fit-context";
import { extendData } from "../src/inference/extend-data";
import { binomialInterval } from "../src/numerics/binomial-interval";

interface Golden {
  readonly paired: readonly Readonly<Record<"n" | "effect" | "sigma" | "power", number>>[];
  readonly arms: readonly Readonly<
    Record<"n" | "m" | "effect" | "tau" | "sigma" | "power", number>
  >[];
  readonly intervals: readonly {
    readonly x: number;
    readonly n: number;
    readonly level: number;
    readonly limits: readonly [number, number];
  }[];
}

const golden = JSON.parse(
  readFileSync(projectPath("packages", "mixed-models", "test", "power.golden.json"), "utf8"),
) as Golden;

function design(subjects: number, repeats: number, arms: boolean) {
  return Array.from({ length: subjects * 2 * repeats }, (_, at) => {
    const subject = at % subjects;
    const turn = Math.floor(at / subjects);
    return {
      subject: `s${subject}`,
      x: ["a", "b"][(arms ? subject : turn) % 2] as string,
    };
  });
}

function paired(subjects: number, effect: number, sigma = 0.8): StatedModel {
  return stateModel("y ~ x + (1 | subject)", design(subjects, 1, false), {
    effects: { "(Intercept)": 2, xb: effect },
    sds: { subject: 2, Residual: sigma },
  });
}

/** Within four standard errors of the simulation. */
function isNear({ power, simulations }: Power, wanted: number): void {
  const error = Math.sqrt((wanted * (1 - wanted)) / simulations);
  assert.ok(Math.abs(power - wanted) <= 4 * error, `${power}, wanted ${wanted} ± ${error}`);
}

// A pilot: 12 subjects, 6 items, crossed; subjects in 3 clinics.
const pilotRows = Array.from({ length: 144 }, (_, at) => {
  const [subject, item] = [at % 12, Math.floor(at / 12) % 6];
  const latent = Math.sin(3 * subject) + 0.6 * Math.cos(5 * item) + Math.sin(at * at);
  return {
    subject: `s${subject}`,
    item: `i${item}`,
    clinic: `c${subject % 3}`,
    kind: subject < 6 ? "old" : "new",
    x: ((at * 7) % 13) / 6 - 1,
    y: latent,
    hit: Number(latent > 0),
    grade: 1 + Number(latent > -0.4) + Number(latent > 0.5),
  };
});
const linear = fitMixed("y ~ kind * x + (1 | subject) + (1 | item)", pilotRows);
const binomial = fitMixed("hit ~ x + (1 | subject)", pilotRows, { family: "binomial" });
const graded = fitMixed("grade ~ x + (1 | subject)", pilotRows, { family: "cumulative" });

function coefficientOf({ coefficients }: MixedFit, name: string) {
  return coefficients.find((one) => one.name === name) ?? assert.fail(name);
}

describe("simulatePower", () => {
  it("gives a paired t test the power that its noncentral distribution does", async () => {
    for (const { n, effect, sigma, power } of golden.paired) {
      const found = await simulatePower(paired(n, effect, sigma), {
        test: "xb",
        simulations: 500,
        seed: 3,
        workers: 1,
      });
      isNear(found, power);
      assert.equal(found.test, "t test of xb with Satterthwaite's degrees of freedom");
      assert.ok(found.lower < found.power && found.power < found.upper);
    }
  });

  it("gives a comparison of arms its power, with more subjects and with more rows of each", async () => {
    const [first] = golden.arms;
    assert.ok(first);
    const { n, m, effect, tau, sigma } = first;
    const model = stateModel(
      "y ~ x + (1 | subject)",
      design(2 * n, m, true).filter((_, at) => at < 2 * n * m),
      { effects: { "(Intercept)": 0, xb: effect }, sds: { subject: tau, Residual: sigma } },
    );
    const options: PowerOptions = { test: "xb", simulations: 300, seed: 4, workers: 1 };
    const sizes = golden.arms.map((arm) => ({
      groups: { subject: 2 * arm.n },
      within: { subject: arm.m },
    }));
    const found = await powerCurve(model, options, sizes);
    for (const [at, arm] of golden.arms.entries()) {
      isNear(found[at] as Power, arm.power);
      assert.equal(found[at]?.rows, 2 * arm.n * arm.m);
      assert.deepEqual(found[at]?.levels, { subject: 2 * arm.n });
    }
  });

  it("checks every plan of a curve before the first is simulated", async () => {
    let simulated = 0;
    const onProgress = () => {
      simulated++;
    };
    const options = { test: "x", simulations: 2, seed: 1, onProgress } as const;
    const curve = powerCurve(linear, options, [{}, { groups: { subject: 2 } }]);
    await assert.rejects(curve, /cannot tell kindold/);
    assert.equal(simulated, 0);
  });

  it("errs at five percent where there is no effect, in every family", async () => {
    const rows = design(30, 2, false);
    const effects = { xb: 0 };
    const models = [
      paired(20, 0),
      stateModel(
        "y ~ x + (1 | subject)",
        rows,
        { effects: { ...effects, "(Intercept)": 0.3 }, sds: { subject: 0.8 } },
        { family: "binomial" },
      ),
      stateModel(
        "y ~ x + (1 | subject)",
        rows,
        { effects, sds: { subject: 0.8 }, thresholds: [-1, 0.2, 1] },
        { family: "cumulative" },
      ),
    ];
    for (const model of models) {
      const found = await simulatePower(model, {
        test: "xb",
        simulations: 300,
        seed: 5,
        workers: 1,
      });
      isNear(found, 0.05);
      assert.equal(found.effect, 0);
      assert.ok(Math.abs(found.medianEstimate ?? 1) < 0.05);
    }
  });

  it("tests each draw as a fit of it would be tested", async () => {
    const options = { simulations: 4, seed: 9, workers: 1 } as const;
    for (const [fit, name, family] of [
      [linear, "kindold:x", "gaussian"],
      [binomial, "x", "binomial"],
      [graded, "x", "cumulative"],
    ] as const) {
      const { p } = await simulatePower(fit, { ...options, test: name });
      const draws = simulateFit(fit, { seed: 9, count: 4 });
      for (const [at, draw] of draws.entries()) {
        const again = refit(fit, draw);
        const tested = family === "gaussian" ? satterthwaite(again) : again;
        assert.equal(p[at], coefficientOf(tested, name).p, `${family} ${at}`);
      }
    }
  });

  it("tests a term by the likelihood ratio of fits with and without it", async () => {
    const chosen = { effects: { "kindold:x": 0.5 }, seed: 2, simulations: 3, workers: 1 } as const;
    const found = await simulatePower(linear, { ...chosen, term: "kind:x" });
    const { p, test, effect, medianEstimate } = found;
    assert.deepEqual(
      [test, effect, medianEstimate],
      ["likelihood-ratio test of kind:x", null, null],
    );
    const draws = simulateFit(linear, { seed: 2, count: 3, effects: chosen.effects });
    for (const [at, draw] of draws.entries()) {
      const rows = pilotRows.map((row, place) => ({ ...row, y: draw[place] as number }));
      const fits = ["kind * x", "kind + x"].map((fixed) =>
        fitMixed(`y ~ ${fixed} + (1 | subject) + (1 | item)`, rows, { method: "ML" }),
      ) as [MixedFit, MixedFit];
      const wanted = compareFits(...fits).p;
      assert.ok(Math.abs((p[at] as number) - wanted) < 1e-6, `${p[at]}, ${wanted}`);
    }
  });

  it("tests a term that is not the last", async () => {
    const both = fitMixed("hit ~ x + kind + (1 | subject)", pilotRows, { family: "binomial" });
    const { p } = await simulatePower(both, { term: "x", seed: 4, simulations: 2, workers: 1 });
    for (const [at, draw] of simulateFit(both, { seed: 4, count: 2 }).entries()) {
      const rows = pilotRows.map((row, place) => ({ ...row, hit: draw[place] as number }));
      const fits = ["x + kind", "kind"].map((fixed) =>
        fitMixed(`hit ~ ${fixed} + (1 | subject)`, rows, { family: "binomial" }),
      ) as [MixedFit, MixedFit];
      const wanted = compareFits(...fits).p;
      assert.ok(Math.abs((p[at] as number) - wanted) < 1e-6, `${p[at]}, ${wanted}`);
    }
  });

  it("counts p-values up to alpha, of normal tests where they are asked for", async () => {
    const options = { test: "x", simulations: 30, seed: 9, df: "normal", workers: 1 } as const;
    const { p, significant, test } = await simulatePower(linear, { ...options, alpha: 0.4 });
    assert.equal(test, "z test of x");
    assert.equal(significant, p.filter((one) => one !== null && one <= 0.4).length);
    assert.ok(significant > 0 && significant < 30);
    const [draw] = simulateFit(linear, { seed: 9 });
    assert.equal(p[0], coefficientOf(refit(linear, draw as Float64Array), "x").p);
    const exact = await simulatePower(linear, { ...options, alpha: p[0] as number });
    assert.ok(exact.p.filter((one) => one === p[0]).length <= exact.significant);
    assert.equal(
      exact.significant,
      p.filter((one) => one !== null && one <= (p[0] as number)).length,
    );
    const one = await simulatePower(linear, { ...options, simulations: 1 });
    assert.deepEqual(one.p, p.slice(0, 1));
  });

  it("gives the same bits on any number of threads, and others with another seed", async () => {
    const options = { test: "x", effects: { x: 0.3 }, simulations: 13 } as const;
    const one = await simulatePower(binomial, { ...options, seed: 1, workers: 1 });
    let told = 0;
    const three = await simulatePower(binomial, {
      ...options,
      seed: 1,
      workers: 3,
      onProgress: (done) => {
        told = done;
      },
    });
    assert.deepEqual(three, one);
    assert.equal(told, 13);
    const other = await simulatePower(binomial, { ...options, seed: 2 });
    assert.notDeepEqual(other.p, one.p);
  });

  it("takes a pilot's rows or others, as simulateFit does", async () => {
    const rows = pilotRows.slice(0, 72).map(({ y: _y, ...row }) => row);
    const options = { test: "x", simulations: 2, seed: 6, effects: { x: 1 }, workers: 1 } as const;
    const { p, rows: count } = await simulatePower(linear, { ...options, rows });
    const draws = simulateFit(linear, { seed: 6, count: 2, rows, effects: { x: 1 } });
    assert.equal(count, 72);
    const first = rows.map((row, at) => ({ ...row, y: (draws[0] as Float64Array)[at] }));
    const fit = satterthwaite(fitMixed("y ~ kind * x + (1 | subject) + (1 | item)", first));
    assert.ok(Math.abs((p[0] as number) - coefficientOf(fit, "x").p) < 1e-9);
  });

  it("counts studies that cannot be fitted, says why, and takes them for tests that did not come out", async () => {
    const rare = stateModel(
      "y ~ x + (1 | subject)",
      design(8, 1, false),
      { effects: { "(Intercept)": -4, xb: 0 }, sds: { subject: 0.1 } },
      { family: "binomial" },
    );
    const found = await simulatePower(rare, { test: "xb", simulations: 60, seed: 1, workers: 1 });
    assert.ok((found.failures["all responses were alike"] ?? 0) > 20, JSON.stringify(found));
    assert.equal(found.failed, found.p.filter((p) => p === null).length);
    assert.equal(
      found.failed,
      Object.values(found.failures).reduce((sum, one) => sum + one, 0),
    );
    assert.equal(found.power, found.significant / 60);
    const grades = stateModel(
      "y ~ x + (1 | subject)",
      design(6, 1, false),
      { effects: { xb: 0 }, sds: { subject: 0.1 }, thresholds: [-5, 0] },
      { family: "cumulative" },
    );
    const few = await simulatePower(grades, { test: "xb", simulations: 20, seed: 1, workers: 1 });
    assert.ok((few.failures["a grade did not occur"] ?? 0) > 10);
  });

  it("refuses what the model does not have, and numbers that are none", async () => {
    const options = { test: "x", simulations: 2, seed: 1 } as const;
    const refuses = (more: object, message: RegExp, model: MixedFit | StatedModel = linear) =>
      assert.rejects(simulatePower(model, { ...options, ...more }), (error: Error) => {
        assert.ok(error instanceof UserError);
        assert.match(error.message, message);
        return true;
      });
    await refuses({ test: "kindnew" }, /no coefficient 'kindnew'; did you mean 'kindold'\?/);
    await refuses({ test: undefined, term: "kind" }, /'kind' is part of 'kind:x'; test that term/);
    await refuses({ test: undefined, term: "y" }, /no term 'y'; (did|they)/);
    await refuses({ term: "kind:x" }, /name what is tested: a coefficient in test, or a term/);
    await refuses(
      { groups: { subjects: 5 } },
      /^groups: the model has no group 'subjects'; did you mean 'subject'\?/,
    );
    await refuses(
      { groups: { subject: 1.5 } },
      /size of 'subject' is 1.5; give a whole number from 2/,
    );
    await refuses({ within: { item: 0 } }, /size of 'item' is 0; give a whole number from 1/);
    await refuses(
      { groups: { subject: 2 } },
      /cannot tell kindold, kindold:x from the other effects/,
    );
    await refuses(
      { within: { subject: 1 } },
      /'subject' has as many random effects as there are rows/,
    );
    await refuses({ within: { clinic: 5 } }, /^within: the model has no group 'clinic'; they are/);
    const slopes = fitMixed("y ~ x + (1 + x | subject)", pilotRows);
    await refuses({ within: { subject: 2 } }, /'subject' has as many random effects/, slopes);
    const single = { ...options, within: { subject: 1 }, groups: { subject: 24 } };
    assert.equal((await simulatePower(binomial, single)).rows, 24);
    const whole = fitMixed("y ~ 0 + kind + x + (1 | subject)", pilotRows);
    const coded = /without an intercept the model without 'x' is coded otherwise/;
    await refuses({ test: undefined, term: "x" }, coded, whole);
    const twice = pilotRows.map((row) => ({ ...row, twice: 2 * row.x }));
    const doubled = fitMixed("y ~ x + twice + (1 | subject)", twice);
    const lost = /'twice' has no column that can be estimated/;
    await refuses({ test: undefined, term: "twice" }, lost, doubled);
    await refuses({ alpha: 0 }, /alpha should be between 0 and 1/);
    await refuses({ alpha: 1 }, /alpha should be between 0 and 1/);
    await refuses({ test: undefined, term: "(Intercept)" }, /no term '\(Intercept\)'/);
    await refuses({ test: "nothing like it" }, /; they are \(Intercept\), kindold, x, kindold:x$/);
    await refuses({ simulations: 0 }, /simulations should be a whole number from 1/);
    await refuses({ alpha: 5 }, /alpha should be between 0 and 1/);
    await refuses({ workers: 0 }, /workers should be a whole number from 1/);
    await refuses({ nsim: 5 }, /unknown option 'nsim'/);
    await refuses({ trials: "n" }, /trials is a column of new rows/);
    await refuses(
      { df: "satterthwaite" },
      /for the gaussian family; the model is binomial/,
      binomial,
    );
    await refuses(
      { test: "xb", rows: [] },
      /rows are those that the model was stated for/,
      paired(5, 0),
    );
  });
});

describe("extendData", () => {
  const { data } = contextOf(
    fitMixed("y ~ x + (1 | subject) + (1 | item) + (1 | clinic)", pilotRows),
  );
  const levelsOf = (sizes: Parameters<typeof extendData>[1]) => {
    const extended = extendData(data, sizes);
    return [
      extended.rows,
      ...["subject", "item", "clinic"].map(
        (name) => extended.groups.find((group) => group.name === name)?.levels,
      ),
    ];
  };

  it("copies levels with their rows, gives nested groups new ones, and keeps crossed ones", () => {
    assert.deepEqual(levelsOf({}), [144, 12, 6, 3]);
    assert.deepEqual(levelsOf({ groups: { subject: 30 } }), [360, 30, 6, 3]);
    assert.deepEqual(levelsOf({ groups: { clinic: 6 } }), [288, 24, 6, 6]);
    assert.deepEqual(levelsOf({ groups: { item: 18 } }), [432, 12, 18, 3]);
    assert.deepEqual(levelsOf({ groups: { subject: 4 } }), [48, 4, 6, 3]);
  });

  it("repeats or leaves out rows within levels", () => {
    assert.deepEqual(levelsOf({ within: { subject: 30 } }), [360, 12, 6, 3]);
    assert.deepEqual(levelsOf({ groups: { subject: 24 }, within: { subject: 5 } })[0], 120);
  });

  it("keeps each row's covariates, response and weight together", () => {
    const extended = extendData(data, { groups: { subject: 24 } });
    const { values, of } = extended.fixed;
    for (const row of [0, 77, 143, 144, 287]) {
      const x = values[(of[row] as number) * 2 + 1] as number;
      const place = pilotRows.findIndex((one) => one.x === x && one.y === extended.y[row]);
      assert.ok(place >= 0, `row ${row}`);
    }
  });
});

describe("stateModel", () => {
  const rows = design(5, 1, false);
  const formula = "y ~ x + (1 | subject)";
  const effects = { "(Intercept)": 0, xb: 1 };
  const sds = { subject: 1, Residual: 1 };

  it("takes standard deviations of several groups, by name or by effect", () => {
    const crossed = design(12, 3, false).map((row, at) => ({ ...row, item: `i${at % 5}` }));
    const { parameters, grouped } = stateModel("y ~ x + (1 | subject) + (x | item)", crossed, {
      effects,
      sds: { subject: 3, item: { "(Intercept)": 2, xb: 1 }, Residual: 2 },
    });
    assert.deepEqual(
      grouped.groups.map(({ name }) => name),
      ["subject", "item"],
    );
    assert.deepEqual([...Array.from(parameters.theta), parameters.sigma], [1.5, 1, 0, 0.5, 2]);
  });

  it("simulates what was stated", () => {
    const model = stateModel(
      "y ~ x + (1 + x | subject)",
      design(40, 3, false),
      {
        effects: { xb: 1 },
        sds: { subject: { "(Intercept)": 0.5, xb: 2 } },
        thresholds: [-1, 0.5],
      },
      { family: "cumulative", link: "probit" },
    );
    assert.deepEqual(Array.from(model.parameters.beta), [1, 1]);
    assert.deepEqual(Array.from(model.parameters.thresholdParameters), [1.5]);
    assert.deepEqual(Array.from(model.parameters.theta), [0.5, 0, 2]);
    assert.equal(model.data.scale?.link, "probit");
  });

  for (const [what, given, options, message] of [
    ["a coefficient", { effects: { xb: 1 }, sds }, {}, /effects: \(Intercept\) not given/],
    ["a group", { effects, sds: { Residual: 1 } }, {}, /sds: 'subject' not given/],
    ["a residual", { effects, sds: { subject: 1 } }, {}, /sds: 'Residual' not given/],
    [
      "thresholds",
      { effects: { xb: 1 }, sds: { subject: 1 } },
      { family: "cumulative" },
      /thresholds are not given/,
    ],
  ] as const) {
    it(`refuses a model without ${what}`, () => {
      assert.throws(() => stateModel(formula, rows, given, options), message);
    });
  }

  it("refuses thresholds that do not rise or do not belong, and a response that is there", () => {
    const cumulative = { family: "cumulative" } as const;
    const graded = { effects: { xb: 1 }, sds: { subject: 1 } };
    const falling = { ...graded, thresholds: [1, 0] };
    assert.throws(
      () => stateModel(formula, rows, falling, cumulative),
      /thresholds are 1, 0; give/,
    );
    const level = { ...graded, thresholds: [0, 0] };
    assert.throws(() => stateModel(formula, rows, level, cumulative), /thresholds are 0, 0; give/);
    const empty = { ...graded, thresholds: [] };
    assert.throws(() => stateModel(formula, rows, empty, cumulative), /thresholds are none; give/);
    const two = { effects, sds: { Residual: 1, subject: { xb: 1 } } };
    const sloped = "y ~ x + (1 + x | subject)";
    const twelve = design(12, 3, false);
    const missing = /sds: '\(Intercept\)' of 'subject' not given; state every/;
    assert.throws(() => stateModel(sloped, twelve, two), missing);
    const given = { effects, sds, thresholds: [0] };
    assert.throws(
      () => stateModel(formula, rows, given),
      /thresholds are for the cumulative family/,
    );
    const answered = rows.map((row) => ({ ...row, y: 1 }));
    assert.throws(() => stateModel(formula, answered, { effects, sds }), /have a column 'y'/);
    const logged = "log(y) ~ x + (1 | subject)";
    assert.throws(() => stateModel(logged, rows, { effects, sds }), /should be a plain column/);
    const unknown = { effects: { ...effects, z: 1 }, sds };
    assert.throws(() => stateModel(formula, rows, unknown), /no coefficient 'z'/);
  });
});

describe("binomialInterval", () => {
  it("gives the limits of binom.test", () => {
    for (const { x, n, level, limits } of golden.intervals) {
      for (const [at, limit] of binomialInterval(x, n, level).entries()) {
        assert.ok(Math.abs(limit - (limits[at] as number)) < 1e-10, `${x} of ${n}: ${limit}`);
      }
    }
  });
});
