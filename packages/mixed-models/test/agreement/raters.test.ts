// What raters' ratings say of the raters: against values of R (raters.R), printed ones, and by hand.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { studentQuantile, studentTwoSided, upperTail } from "mixed-models";
import {
  agreementOfAll,
  agreementOfPairs,
  biasOfPairs,
  biasOfRaters,
  bootstrapCounts,
  bootstrapInterval,
  confusionOf,
  countUnits,
  generalizability,
  gwetAc,
  intervalsOfAll,
  marginalHomogeneity,
  percentAgreement,
  type Rating,
  raterLeniency,
  type UnitRating,
  WEIGHTINGS,
  type Weighting,
} from "mixed-models/agreement";
import { projectPath } from "test-support/project";
import { correctionOf } from "../../src/agreement/bias-correction";
import { measureOn } from "../../src/agreement/weighting";

interface Test {
  readonly pair: readonly [number, number];
  readonly chiSquare: number;
  readonly df: number;
  readonly p: number;
  readonly difference: Readonly<Record<"estimate" | "lower" | "upper" | "p", number>>;
}

interface Golden {
  readonly coefficients: readonly {
    readonly ratings: Rating[][];
    readonly ac2: Readonly<Record<string, number>>;
  }[];
  readonly homogeneity: readonly Test[];
  readonly balanced: {
    readonly rows: UnitRating[];
    readonly anova: Readonly<Record<string, number>>;
  };
  readonly unbalanced: {
    readonly rows: UnitRating[];
    readonly lme4: Readonly<Record<string, number>>;
  };
  readonly leniency: {
    readonly estimate: readonly number[];
    readonly se: readonly number[];
    readonly chiSquare: number;
  };
}

const golden = JSON.parse(
  readFileSync(
    projectPath("packages", "mixed-models", "test", "agreement", "raters.golden.json"),
    "utf8",
  ),
) as Golden;
const gaps = golden.coefficients[0]?.ratings as Rating[][];
const names = ["ana", "ben", "cy"];

function near(value: number | null | undefined, wanted: number, tolerance: number): void {
  const isNear = typeof value === "number" && Math.abs(value - wanted) <= tolerance;
  assert.ok(isNear, `${value}, wanted ${wanted}`);
}

describe("gwetAc with weights", () => {
  it("gives what the formulas give in matrices, with ratings missing and with gaps in the scale", () => {
    for (const { ratings, ac2 } of golden.coefficients) {
      assert.deepEqual(Object.keys(ac2).sort(), WEIGHTINGS.slice(1).sort());
      for (const [weighting, value] of Object.entries(ac2)) {
        near(gwetAc(ratings, weighting as Weighting), value, 1e-10);
      }
    }
  });

  it("gives what irrCAC's documentation prints for two abstractors of 100 records", () => {
    // cont3x3abstractors: ectopic, abnormal and normal intrauterine pregnancies.
    const table = [
      [13, 0, 0],
      [0, 20, 7],
      [0, 4, 56],
    ];
    const ratings = table.flatMap((row, one) =>
      row.flatMap((count, other) => Array<number[]>(count).fill([one, other])),
    );
    near(gwetAc(ratings), 0.84933, 5e-6);
    near(gwetAc(ratings, "quadratic"), 0.94024, 5e-6);
  });

  it("has the weights that irrCAC's documentation prints for three steps", () => {
    const printed: Partial<Record<Weighting, readonly [number, number]>> = {
      nominal: [0, 0],
      radical: [0.2928932, 0],
      linear: [0.5, 0],
      ordinal: [0.6666667, 0],
      quadratic: [0.75, 0],
      bipolar: [0.6666667, 0],
    };
    for (const [weighting, weights] of Object.entries(printed)) {
      const measure = measureOn([1, 2, 3], weighting as Weighting);
      for (const [at, weight] of weights.entries()) {
        near(1 - measure(1, at + 2) / measure(1, 3), weight, 5e-8);
      }
    }
    const around = measureOn([1, 2, 3], "circular");
    near(around(1, 2), around(1, 3), 1e-12);
  });

  it("refuses names, ratings below zero where their ratio counts, and a rating that is not on the scale", () => {
    assert.throws(() => gwetAc([["a", "b"]], "ordinal"), /ordinal weights need numbers/);
    assert.throws(
      () => gwetAc([[-1, 2]], "ratio"),
      /ratio weights need ratings from 0; -1 is below/,
    );
    assert.throws(() => gwetAc([[1, 2]], "linear", [1, 3]), /the rating '2' is not on the scale/);
  });

  it("is in the table of all coefficients by the weighting that is asked for", () => {
    const { ac2 } = agreementOfAll(gaps, { weighting: "ordinal" });
    near(ac2, golden.coefficients[0]?.ac2.ordinal as number, 1e-10);
    near(agreementOfAll(gaps).ac2, golden.coefficients[0]?.ac2.quadratic as number, 1e-10);
  });
});

describe("a scale of which some steps were not given", () => {
  it("counts in AC1, AC2 and alpha's intervals, of all raters and of pairs", () => {
    const scale = [1, 2, 3, 4, 5];
    const all = agreementOfAll(gaps, { scale });
    near(all.ac1, gwetAc(gaps, "nominal", scale) as number, 1e-12);
    near(all.ac2, gwetAc(gaps, "quadratic", scale) as number, 1e-12);
    assert.notEqual(all.ac1, agreementOfAll(gaps).ac1);
    const both = gaps.map((unit) => unit.slice(0, 2)).filter((unit) => !unit.includes(null));
    const [pair] = agreementOfPairs(gaps, names, { scale, resamples: 20 });
    near(pair?.ac1, gwetAc(both, "nominal", scale) as number, 1e-12);
    near(pair?.ac2, gwetAc(both, "quadratic", scale) as number, 1e-12);
    const draws = { resamples: 50 };
    assert.notDeepEqual(
      intervalsOfAll(gaps, { ...draws, scale }).alphaOrdinal,
      intervalsOfAll(gaps, draws).alphaOrdinal,
    );
  });
});

describe("intervals by BCa", () => {
  // Efron and Tibshirani 1993, table 14.1: the variance of spatial test A of 26 children, 171.5.
  const spatial = [
    48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6, 0, 33, 28, 34, 4, 32, 24, 47, 41, 24, 26, 30,
    41,
  ];
  const variance = (values: readonly number[]) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  };
  const options = { confidence: 0.9, resamples: 20_000, seed: 2 } as const;

  it("are those that Efron and Tibshirani print for a variance, within the error of their 2,000 resamples", () => {
    const found = bootstrapInterval(spatial, variance, { ...options, method: "bca" });
    near(found?.lower, 115.8, 3);
    near(found?.upper, 259.6, 4);
    const plain = bootstrapInterval(spatial, variance, options);
    near(plain?.lower, 100.8, 4);
    near(plain?.upper, 233.9, 4);
  });

  it("measure the acceleration that they print, 0.061", () => {
    const leftOut = spatial.map((_, at) => ({
      value: variance(spatial.toSpliced(at, 1)),
      count: 1,
    }));
    const found = correctionOf([170, 173], variance(spatial), leftOut);
    near(found?.acceleration, 0.061, 5e-4);
    near(found?.bias, 0, 1e-12);
    // Draws that equal the estimate, up to rounding, count half.
    const ties = [1, 1000 - 1e-10, 1000 + 1e-10, 1000, 2000];
    near(correctionOf(ties, 1000, leftOut)?.bias, 0, 1e-12);
    const some = [...leftOut, { value: null, count: 9 }];
    near(correctionOf([170, 173], 171, some)?.acceleration, 0.061, 5e-4);
    const alike = leftOut.map(({ count }) => ({ value: 3, count }));
    assert.equal(correctionOf([170, 173], 171, alike)?.acceleration, 0);
    assert.equal(correctionOf([4, 5], 3, leftOut), null);
    assert.equal(correctionOf([1, 2], 3, leftOut), null);
  });

  it("are the same from the units as from their counts", () => {
    const rows = gaps.filter((unit) => unit.every((rating) => rating !== null));
    const units = countUnits(rows);
    const bca = { method: "bca", resamples: 200 } as const;
    const interval = intervalsOfAll(rows, bca).percent;
    assert.deepEqual(
      bootstrapInterval(rows, (drawn) => percentAgreement(drawn), bca),
      interval,
    );
    const [one] = units.kinds;
    const share = (counts: Float64Array) => (one ? (counts[0] as number) / rows.length : null);
    assert.notDeepEqual(bootstrapCounts(units, share, bca), bootstrapCounts(units, share));
  });

  it("hold every coefficient that is defined, and none that is not", () => {
    const intervals = intervalsOfAll(gaps, { weighting: "ordinal", resamples: 100 });
    for (const [name, value] of Object.entries(agreementOfAll(gaps, { weighting: "ordinal" }))) {
      if (name === "units") continue;
      const interval = intervals[name as keyof typeof intervals];
      assert.ok(
        interval && value !== null && interval.lower < value && value < interval.upper,
        name,
      );
    }
    const worded = gaps.map((unit) => unit.map((one) => (one === null ? null : `level ${one}`)));
    assert.equal(intervalsOfAll(worded, { resamples: 20 }).ac2, null);
    assert.throws(() => intervalsOfAll(gaps, { method: "BCa" as never }), /unknown method 'BCa'/);
  });
});

describe("marginalHomogeneity", () => {
  // Stuart 1955: unaided vision of 7,477 women, right eye by left eye.
  const vision = [
    [1520, 266, 124, 66],
    [234, 1512, 432, 78],
    [117, 362, 1772, 205],
    [36, 82, 179, 492],
  ];

  it("gives the statistics that are printed of Stuart's example", () => {
    const found = marginalHomogeneity({ categories: [1, 2, 3, 4], counts: vision, units: 7477 });
    near(found?.chiSquare, 11.957, 5e-4);
    assert.equal(found?.df, 3);
    near(found?.p, 0.00753, 5e-6);
    near(found?.bhapkar?.chiSquare, 11.976, 5e-4);
  });

  it("does not count ratings on which the two never differ, nor links that are not there", () => {
    const counts = [
      [5, 3, 0, 0, 0],
      [1, 4, 0, 0, 0],
      [0, 0, 9, 0, 0],
      [0, 0, 0, 2, 7],
      [0, 0, 0, 2, 3],
    ];
    const found = marginalHomogeneity({ categories: [1, 2, 3, 4, 5], counts, units: 36 });
    // Two of McNemar's tests.
    near(found?.chiSquare, 4 / 4 + 25 / 9, 1e-12);
    assert.equal(found?.df, 2);
    const alike = {
      categories: [1, 2],
      counts: [
        [3, 0],
        [0, 4],
      ],
      units: 7,
    };
    assert.equal(marginalHomogeneity(alike), null);
    const even = {
      categories: [1, 2],
      counts: [
        [3, 2],
        [2, 4],
      ],
      units: 11,
    };
    assert.deepEqual(marginalHomogeneity(even), {
      chiSquare: 0,
      df: 1,
      p: 1,
      bhapkar: { chiSquare: 0, p: 1 },
    });
    const against = {
      categories: [1, 2],
      counts: [
        [0, 4],
        [0, 0],
      ],
      units: 4,
    };
    assert.equal(marginalHomogeneity(against)?.bhapkar, null);
    // The second and third judge of Shrout and Fleiss (1979): no target has the same rating from both.
    const judges = confusionOf([2, 1, 4, 1, 5, 2], [5, 3, 6, 2, 6, 4]);
    assert.equal(marginalHomogeneity(judges)?.bhapkar, null);
  });
});

describe("biasOfPairs and biasOfRaters", () => {
  it("give R's tests of each pair", () => {
    const pairs = biasOfPairs(gaps, names);
    assert.equal(pairs.length, golden.homogeneity.length);
    for (const [at, { pair, chiSquare, df, p, difference }] of golden.homogeneity.entries()) {
      const found = pairs[at];
      assert.deepEqual(
        found?.raters,
        pair.map((rater) => names[rater]),
      );
      near(found?.homogeneity?.chiSquare, chiSquare, 1e-9);
      assert.equal(found?.homogeneity?.df, df);
      near(found?.homogeneity?.p, p, 1e-9);
      for (const key of ["estimate", "lower", "upper", "p"] as const) {
        near(found?.difference?.[key], difference[key], 1e-9);
      }
    }
  });

  it("compare a rater with the others' mean, and with what most of them say", () => {
    const ratings: Rating[][] = [
      [2, 1, 1],
      [3, 1, 2],
      [1, null, 1],
      [null, 2, 2],
      [2, null, null],
    ];
    const [ana] = biasOfRaters(ratings, names);
    assert.equal(ana?.units, 3);
    near(ana?.difference?.estimate, (1 + 1.5 + 0) / 3, 1e-12);
    assert.equal(ana?.undecided, 1);
    assert.deepEqual(ana?.confusion, {
      categories: [1, 2],
      counts: [
        [1, 0],
        [1, 0],
      ],
      units: 2,
    });
  });

  it("take for the others' rating the one that most of them gave", () => {
    const ratings: Rating[][] = [
      [1, 2, 2, 3],
      [2, 3, 1, 3],
      [1, 2, 3, 1],
      [3, 2, null, 1],
    ];
    const [first] = biasOfRaters(ratings, ["a", "b", "c", "d"]);
    // By unit 2, 3, and twice nothing that two of the others agree on.
    assert.deepEqual(first?.confusion, {
      categories: [1, 2, 3],
      counts: [
        [0, 1, 0],
        [0, 0, 1],
        [0, 0, 0],
      ],
      units: 2,
    });
    assert.equal(first?.undecided, 2);
  });

  it("have an interval from two units on, and a test of up to 20 ratings", () => {
    const pair = (units: number) =>
      biasOfPairs(
        Array.from({ length: units }, (_, at) => [at, (at * 3) % units]),
        ["a", "b"],
      )[0];
    assert.equal(pair(1)?.difference, null);
    const two = biasOfPairs(
      [
        [1, 2],
        [3, 1],
      ],
      ["a", "b"],
    )[0]?.difference;
    near(two?.estimate, 0.5, 1e-12);
    near(two?.upper, 0.5 + 12.7062 * 1.5, 1e-3);
    assert.ok(pair(20)?.homogeneity);
    assert.equal(pair(22)?.homogeneity, null);
    const mixed = biasOfPairs(
      [
        ["x", 1],
        [2, 3],
      ],
      ["a", "b"],
    );
    assert.equal(mixed[0]?.difference, null);
  });

  it("have no test where all differences are equal, and no mean of names", () => {
    const [same] = biasOfPairs(
      [
        [2, 1],
        [3, 2],
        [4, 3],
      ],
      ["a", "b"],
    );
    assert.deepEqual(same?.difference, { estimate: 1, se: 0, df: 2, lower: 1, upper: 1, p: null });
    const [worded] = biasOfRaters(
      [
        ["x", "y"],
        ["x", "x"],
      ],
      ["a", "b"],
    );
    assert.equal(worded?.difference, null);
    assert.deepEqual(worded?.confusion.counts, [
      [1, 1],
      [0, 0],
    ]);
    assert.throws(() => confusionOf([1], []), /should have the same length/);
  });
});

describe("generalizability", () => {
  it("gives the components of the expected mean squares where ratings are balanced", () => {
    const { rows, anova } = golden.balanced;
    const { components, counts } = generalizability(rows);
    assert.deepEqual(counts, { units: 12, raters: 4, ratings: 144 });
    assert.deepEqual(
      components.map(({ source }) => source),
      Object.keys(anova),
    );
    for (const { source, variance } of components) near(variance, anova[source] as number, 1e-6);
    near(
      components.reduce((sum, { share }) => sum + share, 0),
      1,
      1e-12,
    );
  });

  it("gives lme4's components where raters rated some of the units", () => {
    const { rows, lme4 } = golden.unbalanced;
    const { components } = generalizability(rows);
    assert.deepEqual(
      components.map(({ source }) => source),
      Object.keys(lme4),
    );
    for (const { source, variance } of components) near(variance, lme4[source] as number, 1e-4);
  });

  it("gives the intraclass correlations of Shrout and Fleiss as its coefficients", () => {
    // Shrout and Fleiss 1979, table 4: ICC(2, 1), ICC(2, 4), ICC(3, 1), ICC(3, 4).
    const printed = [
      [9, 2, 5, 8],
      [6, 1, 3, 2],
      [8, 4, 6, 8],
      [7, 1, 2, 6],
      [10, 5, 6, 9],
      [6, 2, 4, 7],
    ];
    const rows = printed.flatMap((ratings, unit) =>
      ratings.map((rating, rater) => ({ unit: `u${unit}`, rater: `r${rater}`, rating })),
    );
    const [one, four] = generalizability(rows).decisions;
    assert.deepEqual([one?.raters, four?.raters], [1, 4]);
    near(one?.absolute, 0.29, 5e-3);
    near(four?.absolute, 0.62, 5e-3);
    near(one?.relative, 0.71, 5e-3);
    near(four?.relative, 0.91, 5e-3);
  });

  it("decides by Brennan's formulas for other numbers of raters and replicates", () => {
    const { rows, anova } = golden.balanced;
    const [found] = generalizability(rows, { raters: [5], replicates: 2 }).decisions;
    const { unit = 0, rater = 0, residual = 0 } = anova;
    const relative = (anova["unit x rater"] as number) / 5 + residual / 10;
    near(found?.relative, unit / (unit + relative), 1e-6);
    near(found?.absolute, unit / (unit + relative + rater / 5), 1e-6);
    near(found?.relativeError, Math.sqrt(relative), 1e-6);
    near(found?.absoluteError, Math.sqrt(relative + rater / 5), 1e-6);
  });

  it("refuses one rater, raters who agree on every unit, and numbers that are none", () => {
    const single = golden.unbalanced.rows.filter(({ unit }) => unit === "u1");
    assert.throws(
      () => generalizability(single),
      /needs two units and two raters; there are 1 and/,
    );
    const agreed = golden.unbalanced.rows.map((row) => ({ ...row, rating: row.unit.length }));
    assert.throws(() => generalizability(agreed), /each unit was given one rating by all/);
    const one = golden.unbalanced.rows.filter(({ rater }) => rater === "r1");
    assert.throws(
      () => generalizability(one),
      /needs two units and two raters; there are \d+ and 1/,
    );
    assert.throws(() => generalizability(golden.unbalanced.rows, { raters: [0] }), /whole numbers/);
  });
});

describe("raterLeniency", () => {
  const rows = gaps.flatMap((unit, at) =>
    unit.flatMap((rating, rater) =>
      rating === null
        ? []
        : [{ unit: `u${at}`, rater: names[rater] as string, rating: Number(rating) }],
    ),
  );

  it("gives clmm's deviations from the mean of raters, and its test", () => {
    const { unit, raters, test } = raterLeniency(rows, names);
    assert.equal(unit, "log-odds");
    for (const [at, { rater, estimate, se }] of raters.entries()) {
      assert.equal(rater, names[at]);
      near(estimate, golden.leniency.estimate[at] as number, 2e-4);
      near(se, golden.leniency.se[at] as number, 2e-3);
    }
    for (const { estimate, se, lower, upper, p } of raters) {
      near(upper, estimate + 1.959964 * se, 1e-5);
      near(lower, estimate - 1.959964 * se, 1e-5);
      near(p, 2 * upperTail(Math.abs(estimate / se)), 1e-12);
    }
    near(test.chiSquare, golden.leniency.chiSquare, 1e-4);
    assert.equal(test.df, 2);
    const turned = [...names].reverse();
    assert.deepEqual(
      raterLeniency(rows, turned).raters.map(({ rater }) => rater),
      turned,
    );
  });

  it("takes ratings that are no whole steps as numbers", () => {
    const { unit, raters, test } = raterLeniency(golden.balanced.rows);
    assert.equal(unit, "points");
    // Of balanced ratings the raters' means.
    const all = golden.balanced.rows;
    const mean = (of: readonly UnitRating[]) =>
      of.reduce((sum, one) => sum + one.rating, 0) / of.length;
    for (const { rater, estimate, se, df, p, upper } of raters) {
      near(p, studentTwoSided(estimate / se, df as number), 1e-12);
      near(upper, estimate + studentQuantile(0.025, df as number) * se, 1e-12);
      near(estimate, mean(all.filter((row) => row.rater === rater)) - mean(all), 1e-8);
      assert.ok(df && df > 100);
    }
    near(
      raters.reduce((sum, { estimate }) => sum + estimate, 0),
      0,
      1e-8,
    );
    assert.equal(test.df, 3);
    const unitOf = (change: (rating: number) => number) =>
      raterLeniency(all.map((row) => ({ ...row, rating: change(row.rating) }))).unit;
    assert.equal(
      unitOf((rating) => Math.round(rating)),
      "log-odds",
    );
    assert.equal(
      unitOf((rating) => Math.round(rating) / 2),
      "points",
    );
    assert.equal(
      unitOf((rating) => Math.round(10 * rating)),
      "points",
    );
    assert.throws(() => raterLeniency(all.slice(0, 3)), /leniency needs two raters; there is 1/);
  });
});
