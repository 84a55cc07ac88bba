import assert from "node:assert/strict";
import { createGenerator } from "kit";
import { fitMixed, type MixedFit } from "mixed-models";
import { type SimulateOptions, simulateFit } from "mixed-models/diagnostics";

// A pilot: 12 systems of two kinds answer 8 prompts, twice each.
const random = createGenerator(3);
const pilot = Array.from({ length: 192 }, (_, at) => {
  const [system, prompt] = [at % 12, Math.floor(at / 24)];
  const latent = 0.4 * (system % 2) + Math.sin(3 * system) + 0.5 * Math.cos(7 * prompt);
  const y = latent + random.normal();
  return {
    system: `s${system}`,
    prompt: `p${prompt}`,
    kind: system % 2 === 0 ? "old" : "new",
    x: ((at * 7) % 13) / 6 - 1,
    y,
    hits: Math.min(6, Math.max(0, Math.round(3 + y))),
    misses: 6 - Math.min(6, Math.max(0, Math.round(3 + y))),
    grade: 1 + Number(y > -0.3) + Number(y > 0.8),
  };
});
const linear = fitMixed("y ~ kind + x + (1 + x | system) + (1 | prompt)", pilot);
const binomial = fitMixed("cbind(hits, misses) ~ kind + (1 | system) + (1 | prompt)", pilot, {
  family: "binomial",
});
const graded = fitMixed("grade ~ kind + (1 | system)", pilot, { family: "cumulative" });

/** A plan: so many systems of each kind, each answering so many prompts once. */
function plan(systems: number, prompts: number) {
  return Array.from({ length: 2 * systems * prompts }, (_, at) => {
    const system = at % (2 * systems);
    return {
      system: `planned ${system}`,
      prompt: `prompt ${Math.floor(at / (2 * systems))}`,
      kind: system % 2 === 0 ? "old" : "new",
      x: system % 4 < 2 ? -0.5 : 0.5,
      n: 20,
    };
  });
}

const mean = (values: ArrayLike<number>) =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

function covariance(one: readonly number[], other: readonly number[]): number {
  const [a, b] = [mean(one), mean(other)];
  return mean(one.map((value, at) => (value - a) * ((other[at] as number) - b)));
}

function close(found: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(found - expected) <= tolerance, `${found} and ${expected}`);
}

function estimateOf({ coefficients }: MixedFit, name: string): number {
  return coefficients.find((one) => one.name === name)?.estimate ?? assert.fail(name);
}

describe("simulateFit with parameters and rows of one's choice", () => {
  it("has the mean, variances and covariances that were asked for", () => {
    const rows = plan(2, 2);
    const draws = simulateFit(linear, {
      seed: 5,
      count: 8000,
      rows,
      effects: { "(Intercept)": 1, kindold: -0.5, x: 2 },
      sds: { system: { "(Intercept)": 0.8, x: 0 }, prompt: 0.3, Residual: 0.5 },
    });
    const at = (row: number) => draws.map((draw) => draw[row] as number);
    // Rows 0 and 4 are one system's answers to two prompts, rows 0 and 1 two systems' to one.
    const variance = 0.8 ** 2 + 0.3 ** 2 + 0.5 ** 2;
    // 8,000 draws: a variance's standard error is 1.6 % of it.
    for (const row of [0, 1, 2, 3]) {
      close(mean(at(row)), 1 - 0.5 * Number(row % 2 === 0) + 2 * (rows[row]?.x ?? 0), 0.05);
      close(covariance(at(row), at(row)), variance, 0.06);
    }
    close(covariance(at(0), at(4)), 0.8 ** 2, 0.05);
    close(covariance(at(0), at(1)), 0.3 ** 2, 0.04);
    close(covariance(at(0), at(5)), 0, 0.04);
  });

  it("keeps the correlation of effects whose standard deviations change", () => {
    const [intercept, slope] = linear.variances.filter(({ group }) => group === "system");
    const rows = [-1, 0, 1].map((x) => ({ system: "a", prompt: "b", kind: "old", x }));
    const draws = simulateFit(linear, {
      seed: 6,
      count: 8000,
      rows,
      sds: { system: { "(Intercept)": 2, x: 1 }, prompt: 0, Residual: 0.01 },
    });
    const at = (row: number) => draws.map((draw) => draw[row] as number);
    const slopes = at(2).map((value, draw) => (value - (at(0)[draw] as number)) / 2);
    close(covariance(at(1), at(1)), 4, 0.25);
    const corr =
      covariance(at(1), slopes) / Math.sqrt(covariance(at(1), at(1)) * covariance(slopes, slopes));
    close(corr, slope?.corr as number, 0.04);
    assert.ok(intercept);
  }).timeout(5000);

  for (const [name, fit, formula, answers] of [
    ["numbers", linear, "y ~ kind + x + (1 | system) + (1 | prompt)", (y: number) => ({ y })],
    [
      "counts",
      binomial,
      "cbind(y, n - y) ~ kind + (1 | system) + (1 | prompt)",
      (y: number) => ({ y }),
    ],
    ["grades", graded, "y ~ kind + (1 | system)", (y: number) => ({ y: y + 1 })],
  ] as const) {
    it(`is fitted to the effects that ${name} were drawn with`, () => {
      const rows = plan(40, 12);
      const sds = name === "numbers" ? { system: { "(Intercept)": 0.5, x: 0 } } : { system: 0.5 };
      const options: SimulateOptions = { seed: 8, rows, effects: { kindold: -1 }, sds };
      const [response] = simulateFit(
        fit,
        name === "counts" ? { ...options, trials: "n" } : options,
      );
      const table = rows.map((row, at) => ({ ...row, ...answers(response?.[at] as number) }));
      const again = fitMixed(formula, table, { family: fit.family });
      // 40 systems a kind: a standard error of 0.12 or so.
      close(estimateOf(again, "kindold"), -1, 0.4);
      const found = again.variances.find(({ group }) => group === "system")?.sd;
      close(found as number, 0.5, 0.17);
      if (fit.ordinal) {
        const [first] = fit.ordinal.thresholds;
        close(again.ordinal?.thresholds[0]?.estimate as number, first?.estimate as number, 0.5);
      }
    }).timeout(10_000);
  }

  it("draws the same for one seed, and what it drew without options", () => {
    const options = { seed: 2, rows: plan(3, 3), effects: { x: 1 }, count: 2 };
    assert.deepEqual(simulateFit(linear, options), simulateFit(linear, options));
    const [one, two] = simulateFit(linear, options);
    assert.notDeepEqual(one, two);
    assert.deepEqual(
      simulateFit(linear, { seed: 2, effects: {}, sds: {} }),
      simulateFit(linear, { seed: 2 }),
    );
  });

  it("counts no more successes than there are trials", () => {
    const rows = plan(3, 3).map((row, at) => ({ ...row, n: 1 + (at % 4) }));
    const [response] = simulateFit(binomial, { seed: 1, rows, trials: "n" });
    assert.ok(response?.every((count, at) => count >= 0 && count <= (rows[at]?.n as number)));
    assert.ok(response?.some((count) => count > 1));
  });

  it("says in one line what it cannot draw", () => {
    const rows = plan(1, 1);
    const [row] = rows;
    for (const [fit, options, message] of [
      [
        linear,
        { effects: { kindnew: 1 } },
        /^UserError: effects: the model has no coefficient 'kindnew'; did you mean 'kindold'\?$/,
      ],
      [
        linear,
        { effects: { x: Number.NaN } },
        /^UserError: effects: 'x' is NaN; give a finite number$/,
      ],
      [
        graded,
        { effects: { "(Intercept)": 1 } },
        /has no coefficient '\(Intercept\)'; they are kindold$/,
      ],
      [
        linear,
        { sds: { sytem: 1 } },
        /^UserError: sds: the model has no group 'sytem'; did you mean 'system'\?$/,
      ],
      [
        binomial,
        { sds: { Residual: 1 } },
        /the model has no group 'Residual'; they are system, prompt$/,
      ],
      [
        linear,
        { sds: { system: 1 } },
        /^UserError: sds: 'system' has several effects; .* \(Intercept\), x$/,
      ],
      [
        linear,
        { sds: { system: { z: 1 } } },
        /^UserError: sds of 'system': the model has no effect 'z'/,
      ],
      [linear, { sds: { prompt: -1 } }, /^UserError: sds: 'prompt' is -1; give a number from 0$/],
      [
        linear,
        { sds: { system: { x: -1 } } },
        /^UserError: sds: 'x' of 'system' is -1; give a number from 0$/,
      ],
      [
        linear,
        { sds: { Residual: 0 } },
        /^UserError: sds: 'Residual' is 0; give a number above 0$/,
      ],
      [linear, { rows: [row, { ...row, kind: "older" }] }, /^UserError: row 2: .*'older'.*old/],
      [
        linear,
        { rows: [{ kind: "old", x: 0, system: "a" }] },
        /^UserError: row 1: no value is given for 'prompt'/,
      ],
      [
        linear,
        { rows: [{ ...row, x: null }] },
        /^UserError: row 1 lacks a value that the model reads; fill it in/,
      ],
      [linear, { rows: [] }, /^UserError: rows is empty/],
      [linear, { rows: [null] }, /^UserError: row 1 is null; give an object/],
      [
        binomial,
        { rows },
        /^UserError: cbind\(hits, misses\) counts several trials a row; name the rows' column/,
      ],
      [
        binomial,
        { rows, trials: "m" },
        /^UserError: row 1: 'm' is undefined; it should be a whole number from 1$/,
      ],
      [binomial, { trials: "n" }, /^UserError: trials is a column of new rows; give rows/],
      [
        linear,
        { rows, trials: "n" },
        /^UserError: trials is for the binomial family; this fit is gaussian$/,
      ],
      [linear, { sd: { prompt: 1 } }, /sd/],
    ] as const) {
      assert.throws(() => simulateFit(fit, { seed: 1, ...options } as SimulateOptions), message);
    }
  });
});
