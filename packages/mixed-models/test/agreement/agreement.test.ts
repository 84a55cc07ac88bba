import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createGenerator } from "kit";
import {
  agreementOfAll,
  agreementOfPairs,
  alphaInterval,
  alphaOfCounts,
  bootstrapCounts,
  bootstrapInterval,
  cohenKappa,
  countUnits,
  fleissKappa,
  gwetAc,
  kendall,
  krippendorffAlpha,
  percentAgreement,
  type Rating,
  spearman,
} from "mixed-models/agreement";
import { projectPath } from "test-support/project";
import { drawBinomial } from "../../src/agreement/draw-counts";
import { alphaByDefinition, kappaByDefinition, kendallByDefinition } from "./by-definition";

interface Case {
  readonly one: number[];
  readonly other: number[];
  readonly kappa: Readonly<Record<"nominal" | "linear" | "quadratic", number>>;
  readonly spearman: number;
  readonly kendall: number;
}

const golden = JSON.parse(
  readFileSync(
    projectPath("packages", "mixed-models", "test", "agreement", "golden", "reference.json"),
    "utf8",
  ),
) as { tolerance: number; cases: Case[] };

// Krippendorff 2011, section C: four observers, twelve units, ratings missing.
const OBSERVERS: Rating[][] = [
  [1, 2, 3, 3, 2, 1, 4, 1, 2, null, null, null],
  [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, null, 3],
  [null, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, null],
  [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, null],
];
const KRIPPENDORFF = transpose(OBSERVERS);

// Fleiss 1971's design in the form of a widely printed example: 14 raters, 10 units, 5 categories.
const COUNTS = [
  [0, 0, 0, 0, 14],
  [0, 2, 6, 4, 2],
  [0, 0, 3, 5, 6],
  [0, 3, 9, 2, 0],
  [2, 2, 8, 1, 1],
  [7, 7, 0, 0, 0],
  [3, 2, 6, 3, 0],
  [2, 5, 3, 2, 2],
  [6, 5, 2, 1, 0],
  [0, 2, 2, 3, 7],
];

function transpose(rows: readonly Rating[][]): Rating[][] {
  return (rows[0] as Rating[]).map((_, at) => rows.map((row) => row[at] as Rating));
}

function near(value: number | null, wanted: number, tolerance: number): void {
  assert.ok(value !== null && Math.abs(value - wanted) <= tolerance, `${value}, wanted ${wanted}`);
}

describe("cohenKappa, spearman, kendall", () => {
  it("agree with scikit-learn and SciPy", () => {
    assert.equal(golden.cases.length, 4);
    for (const { one, other, kappa, ...ranks } of golden.cases) {
      for (const weighting of ["nominal", "linear", "quadratic"] as const) {
        near(cohenKappa(one, other, weighting), kappa[weighting], golden.tolerance);
      }
      near(spearman(one, other), ranks.spearman, golden.tolerance);
      near(kendall(one, other), ranks.kendall, golden.tolerance);
    }
  });

  it("leave out units that one rater did not rate", () => {
    assert.equal(cohenKappa([0, 1, 1, 0, null, 1], [0, 1, 0, 0, 1, null]), 0.5);
  });

  it("are null where there is nothing to disagree on", () => {
    assert.equal(cohenKappa([1, 1], [1, 1]), null);
    assert.equal(cohenKappa([], []), null);
    assert.equal(spearman([1, 1], [1, 2]), null);
    assert.equal(kendall([1], [2]), null);
  });

  it("refuse weights without numbers, and lists of different lengths", () => {
    assert.throws(
      () => cohenKappa(["a", "b"], ["b", "a"], "linear"),
      /linear weights need numbers/,
    );
    assert.throws(() => cohenKappa([1], []), /should have the same length/);
    assert.throws(() => spearman([1], []), /should have the same length/);
    assert.throws(() => kendall([1], []), /should have the same length/);
  });
});

describe("krippendorffAlpha", () => {
  it("gives the figures that Krippendorff 2011 prints", () => {
    near(krippendorffAlpha(KRIPPENDORFF, "nominal"), 0.743, 5e-4);
    near(krippendorffAlpha(KRIPPENDORFF, "ordinal"), 0.815, 5e-4);
    near(krippendorffAlpha(KRIPPENDORFF, "interval"), 0.849, 5e-4);
  });

  it("is null where all ratings are alike, and refuses an order of names", () => {
    assert.equal(krippendorffAlpha([[1, 1]], "interval"), null);
    assert.equal(krippendorffAlpha([], "nominal"), null);
    assert.throws(() => krippendorffAlpha([["a", "b"]], "ordinal"), /should be numbers/);
  });
});

describe("fleissKappa and gwetAc", () => {
  it("give the printed kappa of the example with 14 raters", () => {
    const ratings = COUNTS.map((row) => row.flatMap((count, at) => Array(count).fill(at)));
    near(fleissKappa(ratings), 0.21, 5e-4);
  });

  it("give the AC1 that Gwet's handbook prints for Krippendorff's ratings", () => {
    near(gwetAc(KRIPPENDORFF), 0.77544, 5e-6);
    near(fleissKappa(KRIPPENDORFF), 0.76117, 5e-6);
  });

  it("equal the plain form where weights are nominal, and use the scale that is given", () => {
    const pairs = [
      [1, 1],
      [1, 2],
      [2, 2],
      [1, 1],
    ];
    assert.equal(gwetAc(pairs, "nominal"), gwetAc(pairs));
    assert.notEqual(gwetAc(pairs, "quadratic", [1, 2, 3]), gwetAc(pairs, "quadratic"));
  });

  it("are null without categories to tell apart", () => {
    assert.equal(fleissKappa([[1, 1]]), null);
    for (let units = 1; units < 60; units++) {
      const same = Array.from({ length: units }, () => [1, 1, 1, null]);
      assert.equal(fleissKappa(same), null, `${units} units`);
    }
    assert.equal(gwetAc([[1, 1]]), null);
    assert.equal(percentAgreement([[1, null]]), null);
  });
});

describe("coefficients from counts", () => {
  const random = createGenerator(5);
  /** Ratings of up to four raters on a scale of so many steps, with some missing; of 0 steps they are continuous. */
  const draw = (units: number, steps: number): Rating[][] =>
    Array.from({ length: units }, () => {
      const truth = 4 * random.uniform();
      return [0, 1, 2, 3].map(() => {
        const value = truth + 2 * random.normal();
        if (random.uniform() < 0.2) return null;
        return steps === 0 ? value : Math.min(steps, Math.max(1, Math.round(value)));
      });
    });
  const designs = [draw(60, 3), draw(60, 7), draw(60, 0), draw(60, 1), draw(1, 5), draw(0, 3)];

  it("equal what the definitions give pair by pair", () => {
    for (const ratings of designs) {
      for (const level of ["nominal", "ordinal", "interval"] as const) {
        const [found, wanted] = [
          krippendorffAlpha(ratings, level),
          alphaByDefinition(ratings, level),
        ];
        if (wanted === null) assert.equal(found, null);
        else near(found, wanted, 1e-12);
      }
      const pairs = ratings.flatMap(([one, other]) =>
        typeof one === "number" && typeof other === "number" ? [[one, other]] : [],
      );
      const [one, other] = transpose(pairs.length > 0 ? pairs : [[], []]) as [number[], number[]];
      const kappa = kappaByDefinition(pairs);
      if (kappa === null) assert.equal(cohenKappa(one ?? [], other ?? [], "quadratic"), null);
      else near(cohenKappa(one, other, "quadratic"), kappa, 1e-12);
      const tau = kendallByDefinition(pairs);
      if (!Number.isNaN(tau)) near(kendall(one, other), tau, 1e-12);
    }
  });

  it("are those of the units written out as often as they are counted", () => {
    for (const ratings of designs.slice(0, 3)) {
      const counts = ratings.map((_, at) => at % 4);
      const whole = ratings.flatMap((unit, at) => Array<Rating[]>(at % 4).fill(unit));
      near(percentAgreement(ratings, counts), percentAgreement(whole) as number, 1e-12);
      near(fleissKappa(ratings, counts), fleissKappa(whole) as number, 1e-12);
      for (const weighting of ["nominal", "linear", "quadratic"] as const) {
        const scale = [...new Set(ratings.flat())].filter((rating) => rating !== null);
        const wanted = gwetAc(whole, weighting, scale) as number;
        near(gwetAc(ratings, weighting, scale, counts), wanted, 1e-12);
      }
      const [one, other] = transpose(ratings.map((unit) => unit.map((rating) => rating ?? 0)));
      const times = (values: readonly Rating[] = []) =>
        values.flatMap((value, at) => Array<number>(at % 4).fill(Number(value)));
      for (const correlation of [spearman, kendall]) {
        const wanted = correlation(times(one), times(other)) as number;
        near(correlation(one as number[], other as number[], counts), wanted, 1e-12);
      }
    }
  });

  it("give the pairs of raters what each pair alone gives", () => {
    const names = ["a", "b", "c", "d"];
    for (const ratings of designs.slice(0, 3)) {
      for (const { raters, units, kappaQuadratic, interval } of agreementOfPairs(ratings, names, {
        resamples: 50,
      })) {
        const [one, other] = raters.map((name) => names.indexOf(name)) as [number, number];
        const pairs = ratings.flatMap((unit) => {
          const pair = [unit[one], unit[other]];
          return pair.every((rating) => typeof rating === "number") ? [pair as number[]] : [];
        });
        assert.equal(units, pairs.length);
        near(kappaQuadratic, kappaByDefinition(pairs) as number, 1e-12);
        const copies = bootstrapInterval(pairs, kappaByDefinition, { resamples: 50 });
        near(interval?.lower ?? null, copies?.lower as number, 1e-12);
        near(interval?.upper ?? null, copies?.upper as number, 1e-12);
      }
    }
  });
});

describe("bootstrapCounts", () => {
  it("gives very many units the interval that the normal distribution gives their mean", () => {
    const ratings = Array.from({ length: 60_000 }, (_, at) => [at % 10 === 0 ? 1 : 0]);
    const units = countUnits(ratings);
    const mean = (counts: Float64Array) => {
      const ones = units.kinds.findIndex(([code]) => units.categories[code as number] === 1);
      return (counts[ones] as number) / counts.reduce((sum, count) => sum + count, 0);
    };
    const interval = bootstrapCounts(units, mean);
    const half = 1.96 * Math.sqrt((0.1 * 0.9) / 60_000);
    near(interval?.lower ?? null, 0.1 - half, half / 10);
    near(interval?.upper ?? null, 0.1 + half, half / 10);
    assert.deepEqual(bootstrapCounts(units, mean), interval);
  });
});

describe("drawBinomial", () => {
  it("gives every number of successes as often as it should", () => {
    const random = createGenerator(8);
    const draws = 40_000;
    for (const [trials, p] of [
      [6, 0.3],
      [50, 0.1],
      [60, 0.4],
      [200, 0.93],
      [1, 0.5],
    ] as const) {
      const found = Array<number>(trials + 1).fill(0);
      for (let at = 0; at < draws; at++) (found[drawBinomial(trials, p, random)] as number)++;
      let probability = (1 - p) ** trials;
      let [chiSquare, df] = [0, -1];
      for (const [k, count] of found.entries()) {
        const wanted = draws * probability;
        if (wanted > 5) {
          chiSquare += (count - wanted) ** 2 / wanted;
          df++;
        }
        probability *= ((trials - k) / (k + 1)) * (p / (1 - p));
      }
      assert.ok(chiSquare < df + 4 * Math.sqrt(2 * df), `${trials}, ${p}: ${chiSquare} on ${df}`);
    }
  });
});

describe("every coefficient", () => {
  const random = createGenerator(11);
  const ratings = Array.from({ length: 40 }, () => {
    const truth = Math.floor(random.uniform() * 3);
    return [0, 1, 2].map(() => (random.uniform() < 0.7 ? truth : Math.floor(random.uniform() * 3)));
  });
  const all = (rows: readonly Rating[][]) => agreementOfAll(rows);

  it("does not depend on the order of units or raters", () => {
    const turned = [...ratings].reverse().map((unit) => [...unit].reverse());
    for (const [name, value] of Object.entries(all(ratings))) {
      near(all(turned)[name as "ac1"], value as number, 1e-12);
    }
  });

  it("is 1 where all raters agree", () => {
    const { units, ...agreement } = all(ratings.map(([one]) => [one, one, one] as number[]));
    assert.equal(units, 40);
    for (const value of Object.values(agreement)) near(value, 1, 1e-12);
  });

  it("corrected for chance is near 0 where raters guess", () => {
    const guesses = Array.from({ length: 4000 }, () =>
      [0, 1].map(() => Math.floor(random.uniform() * 3)),
    );
    const { fleissKappa, alphaOrdinal, ac1 } = all(guesses);
    for (const value of [fleissKappa, alphaOrdinal, ac1]) near(value, 0, 0.05);
  });
});

describe("bootstrapInterval", () => {
  it("covers the true kappa about as often as it says, and repeats with its seed", () => {
    const random = createGenerator(3);
    // Two raters who both see a fair coin and each err on a tenth: kappa is 0.8^2.
    const draw = () => {
      const truth = random.uniform() < 0.5;
      return [0, 1].map(() => Number(random.uniform() < 0.1 ? !truth : truth)) as [number, number];
    };
    const kappa = (pairs: readonly [number, number][]) =>
      cohenKappa(
        pairs.map(([one]) => one),
        pairs.map(([, other]) => other),
      );
    let covered = 0;
    for (let round = 0; round < 200; round++) {
      const pairs = Array.from({ length: 100 }, draw);
      const interval = bootstrapInterval(pairs, kappa, { resamples: 200, seed: round });
      assert.deepEqual(interval, bootstrapInterval(pairs, kappa, { resamples: 200, seed: round }));
      assert.ok(interval);
      if (interval.lower <= 0.64 && 0.64 <= interval.upper) covered++;
    }
    assert.ok(covered >= 176 && covered <= 200, `${covered} of 200`);
  });

  it("is null where the statistic mostly is", () => {
    assert.equal(
      bootstrapInterval([1, 2], () => null),
      null,
    );
  });
});

describe("agreementOfPairs", () => {
  it("compares names without numbers by plain kappa", () => {
    const [pair] = agreementOfPairs(
      [
        ["a", "a"],
        ["b", "b"],
        ["a", "b"],
        ["b", "b"],
      ],
      ["x", "y"],
    );
    assert.equal(pair?.kappaQuadratic, null);
    assert.equal(pair?.spearman, null);
    near(pair?.kappa ?? null, 0.5, 1e-12);
    assert.ok(pair?.interval);
  });
});

describe("alphaInterval", () => {
  // One rating in ten above the lowest level, by raters who err now and then.
  const draw = (seed: number) => {
    const random = createGenerator(seed);
    return Array.from({ length: 30 }, () => {
      const truth = random.uniform() < 0.1 ? 1 + Number(random.uniform() < 0.4) : 0;
      const rate = () => (random.uniform() < (truth > 0 ? 0.25 : 0.02) ? (truth + 1) % 3 : truth);
      return [rate(), rate(), rate()];
    });
  };

  it("holds alpha as often as it says where levels are rare, and a percentile interval does not", () => {
    const many = Array.from({ length: 2000 }, (_, seed) => draw(seed + 1)).flat();
    const truth = krippendorffAlpha(many, "ordinal") as number;
    const held = { here: 0, percentile: 0 };
    const options = { resamples: 400 };
    for (let seed = 1; seed <= 100; seed++) {
      const ratings = draw(seed);
      const units = countUnits(ratings);
      const here = alphaInterval(ratings, "ordinal", { ...options, scale: [0, 1, 2] });
      const percentile = bootstrapCounts(
        units,
        (drawn) => alphaOfCounts(units, "ordinal", drawn),
        options,
      );
      held.here += Number(here !== null && here.lower <= truth && truth <= here.upper);
      held.percentile += Number(
        percentile !== null && percentile.lower <= truth && truth <= percentile.upper,
      );
    }
    assert.ok(held.here >= 90 && held.here < 100, `${held.here}`);
    assert.ok(held.percentile < 85, `${held.percentile}`);
  });

  it("is null without two units that two rated, and refuses a rating that is not on the scale", () => {
    assert.equal(alphaInterval([[0, 1]], "ordinal"), null);
    assert.equal(
      alphaInterval(
        [
          [0, null],
          [1, null],
          [0, 1],
        ],
        "ordinal",
      ),
      null,
    );
    assert.throws(
      () =>
        alphaInterval(
          [
            [0, 3],
            [1, 1],
          ],
          "ordinal",
          { scale: [0, 1, 2] },
        ),
      /the rating '3' is not on the scale; give every step in 'scale'/,
    );
  });

  it("leaves room where all agreed, and takes the same draws for the same seed", () => {
    const agreed = draw(1).map(() => [0, 0, 0]);
    const options = { scale: [0, 1, 2], resamples: 500 };
    const found = alphaInterval(agreed, "ordinal", options);
    assert.deepEqual(found, alphaInterval(agreed, "ordinal", options));
    assert.ok(found && found.lower < 0.4 && found.upper > 0.95, JSON.stringify(found));
  });
});
