// The tables of coefficients against each coefficient alone, and against printed values.
import assert from "node:assert/strict";
import {
  agreementOfAll,
  agreementOfPairs,
  cohenKappa,
  fleissKappa,
  gwetAc,
  intraclassCorrelation,
  kendall,
  percentAgreement,
  type Rating,
  spearman,
} from "mixed-models/agreement";

// Krippendorff 2011, section C, a row for each unit: the last one is rated once only.
const RATINGS: Rating[][] = [
  [1, 1, null, 1],
  [2, 2, 3, 2],
  [3, 3, 3, 3],
  [3, 3, 3, 3],
  [2, 2, 2, 2],
  [1, 2, 3, 4],
  [4, 4, 4, 4],
  [1, 1, 2, 1],
  [2, 2, 2, 2],
  [null, 5, 5, 5],
  [null, null, 1, 1],
  [null, 3, null, null],
];
const named = RATINGS.map((unit) => unit.map((one) => (one === null ? null : `level ${one}`)));

function near(value: number | null, wanted: number, tolerance: number): void {
  assert.ok(value !== null && Math.abs(value - wanted) <= tolerance, `${value}, wanted ${wanted}`);
}

describe("intraclassCorrelation", () => {
  it("gives the reliabilities of Shrout and Fleiss's example", () => {
    // Shrout and Fleiss 1979, tables 2 and 4: mean squares of 11.24 between and 6.26 within.
    const { raters, iccOne, iccMean } = intraclassCorrelation([
      [9, 2, 5, 8],
      [6, 1, 3, 2],
      [8, 4, 6, 8],
      [7, 1, 2, 6],
      [10, 5, 6, 9],
      [6, 2, 4, 7],
    ]);
    assert.equal(raters, 4);
    near(iccOne, (11.24 - 6.26) / (11.24 + 3 * 6.26), 5e-4);
    near(iccMean, (11.24 - 6.26) / 11.24, 5e-4);
  });

  it("is 1 where raters agree, and below zero where things differ less than their ratings", () => {
    const alike = intraclassCorrelation([
      [1, 1],
      [2, 2],
      [4, 4],
    ]);
    assert.deepEqual(alike, { raters: 2, iccOne: 1, iccMean: 1 });
    const apart = intraclassCorrelation([
      [1, 3],
      [3, 1],
    ]);
    // No variance between, and two within.
    assert.deepEqual(apart, { raters: 2, iccOne: -1, iccMean: Number.NEGATIVE_INFINITY });
  });
});

describe("agreementOfAll", () => {
  it("gives the printed coefficients, of the units that two have rated at least", () => {
    const found = agreementOfAll(RATINGS);
    assert.equal(found.units, 11);
    near(found.alphaNominal, 0.743, 5e-4);
    near(found.alphaOrdinal, 0.815, 5e-4);
    near(found.alphaInterval, 0.849, 5e-4);
    near(found.ac1, 0.77544, 5e-6);
    near(found.fleissKappa, 0.76117, 5e-6);
    near(found.ac2, gwetAc(RATINGS, "quadratic") as number, 1e-12);
    near(found.percent, percentAgreement(RATINGS) as number, 1e-12);
  });

  it("gives of names what needs no numbers", () => {
    const { alphaOrdinal, alphaInterval, ac2, ...found } = agreementOfAll(named);
    assert.deepEqual([alphaOrdinal, alphaInterval, ac2], [null, null, null]);
    near(found.alphaNominal, 0.743, 5e-4);
    near(found.ac1, 0.77544, 5e-6);
  });

  it("takes ratings for names where one is a name", () => {
    const mixed = RATINGS.map((unit) => unit.map((one) => (one === 5 ? "unclear" : one)));
    const { alphaOrdinal, alphaNominal } = agreementOfAll(mixed);
    assert.equal(alphaOrdinal, null);
    near(alphaNominal, 0.743, 5e-4);
  });
});

describe("agreementOfPairs", () => {
  const raters = ["ana", "ben", "cy", "dee"];

  it("gives each pair's coefficients of the units that both have rated", () => {
    const pairs = agreementOfPairs(RATINGS, raters, { resamples: 50 });
    assert.deepEqual(
      pairs.map((pair) => pair.raters.join()),
      ["ana,ben", "ana,cy", "ana,dee", "ben,cy", "ben,dee", "cy,dee"],
    );
    for (const pair of pairs) {
      const [at, to] = pair.raters.map((name) => raters.indexOf(name)) as [number, number];
      const both = RATINGS.filter((unit) => unit[at] !== null && unit[to] !== null);
      const [one, other] = [at, to].map((rater) => both.map((unit) => unit[rater] as number)) as [
        number[],
        number[],
      ];
      const rows = one.map((rating, unit) => [rating, other[unit] as number]);
      assert.equal(pair.units, both.length);
      near(pair.percent, percentAgreement(rows) as number, 1e-12);
      near(pair.kappa, cohenKappa(one, other) as number, 1e-12);
      near(pair.kappaLinear, cohenKappa(one, other, "linear") as number, 1e-12);
      near(pair.kappaQuadratic, cohenKappa(one, other, "quadratic") as number, 1e-12);
      near(pair.ac1, gwetAc(rows) as number, 1e-12);
      near(pair.spearman, spearman(one, other) as number, 1e-12);
      near(pair.kendall, kendall(one, other) as number, 1e-12);
    }
  });

  it("gives of names what needs no numbers, with the interval of the plain kappa", () => {
    const [pair] = agreementOfPairs(named, raters, { resamples: 50 });
    assert.ok(pair);
    const { kappaLinear, kappaQuadratic, spearman: rho, kendall: tau } = pair;
    assert.deepEqual([kappaLinear, kappaQuadratic, rho, tau], [null, null, null, null]);
    near(pair.kappa, agreementOfPairs(RATINGS, raters, { resamples: 9 })[0]?.kappa ?? 0, 1e-12);
    assert.ok(pair.interval && pair.interval.lower <= (pair.kappa ?? 0));
  });
});

describe("coefficients of several raters", () => {
  it("pass over units that nobody has rated", () => {
    const more: Rating[][] = [[null, null, null, null], ...RATINGS];
    assert.equal(fleissKappa(more), fleissKappa(RATINGS));
    assert.equal(gwetAc(more), gwetAc(RATINGS));
  });

  it("are null where no unit has two ratings", () => {
    const single: Rating[][] = [
      [1, null],
      [null, 2],
    ];
    assert.equal(gwetAc(single), null);
    assert.equal(fleissKappa(single), null);
  });

  it("refuse distances between a number and a name, in either order", () => {
    for (const [one, other] of [
      [
        [1, 2],
        ["a", 2],
      ],
      [
        ["a", 2],
        [1, 2],
      ],
    ] as [Rating[], Rating[]][]) {
      assert.throws(() => cohenKappa(one, other, "linear"), RangeError);
      assert.throws(() => gwetAc([one, other], "quadratic"), RangeError);
    }
  });
});
