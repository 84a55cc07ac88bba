import assert from "node:assert/strict";
import { createGenerator, type RandomGenerator } from "kit";
import type { ConfusionCounts } from "../../src/validity/confusion-counts";
import {
  type CorrectedMean,
  type LevelCounts,
  misclassificationCorrectedMean,
  predictionPoweredMean,
  recoverShares,
} from "../../src/validity/corrected-means";
import { meanError } from "../../src/validity/mean-error";

type Rates = readonly [LevelCounts, LevelCounts, LevelCounts];

const TRUE_SHARES = [0.5, 0.3, 0.2] as const;
const TRUE_MEAN = 0.7;
// Takes 2 for 1 far more often than 1 for 2: a plain mean is too high.
const RATES: Rates = [
  [0.85, 0.15, 0],
  [0.05, 0.55, 0.4],
  [0, 0.05, 0.95],
];

function draw(weights: readonly number[], random: RandomGenerator): number {
  let point = random.uniform();
  for (const [level, weight] of weights.entries()) {
    point -= weight;
    if (point < 0) return level;
  }
  return weights.length - 1;
}

function simulate(
  replies: number,
  random: RandomGenerator,
  shares: readonly number[] = TRUE_SHARES,
) {
  const pairs = [0, 1, 2].map(() => [0, 0, 0]);
  for (let reply = 0; reply < replies; reply++) {
    const truth = draw(shares, random);
    const row = pairs[truth] as number[];
    const level = draw(RATES[truth as 0], random);
    row[level] = (row[level] as number) + 1;
  }
  const scored = [0, 1, 2].map((level) =>
    pairs.reduce((sum, row) => sum + (row[level] as number), 0),
  );
  return { pairs: pairs as unknown as ConfusionCounts, scored: scored as unknown as LevelCounts };
}

function coverage(
  rounds: number,
  estimate: (random: RandomGenerator, round: number) => CorrectedMean,
) {
  let covered = 0;
  let sum = 0;
  let plain = 0;
  for (let round = 0; round < rounds; round++) {
    const found = estimate(createGenerator(11, round), round);
    if (found.lower <= TRUE_MEAN && TRUE_MEAN <= found.upper) covered++;
    sum += found.mean / rounds;
    plain += found.plain / rounds;
  }
  return { covered: covered / rounds, mean: sum, plain };
}

function close(found: number, wanted: number, within = 1e-10): void {
  assert.ok(Math.abs(found - wanted) < within, `${found} is not ${wanted}`);
}

describe("predictionPoweredMean", () => {
  it("equals mean and interval worked out by hand", () => {
    // Labelled: scorer's errors y - f are -1 ten times, +1 ten times, 0 eighty times; f elsewhere 0.8.
    const { mean, lower, upper } = predictionPoweredMean(
      [
        [40, 10, 0],
        [0, 30, 0],
        [0, 10, 10],
      ],
      [400, 400, 200],
    );
    close(mean, 0.8);
    close((upper - lower) / 2, 1.959963984540054 * Math.sqrt(0.56 / 1000 + 0.2 / 100));
  });

  it("is the reference levels' own mean where every reply is labelled", () => {
    const { mean, lower } = predictionPoweredMean(
      [
        [0, 50, 0],
        [0, 0, 50],
        [0, 0, 0],
      ],
      [0, 0, 0],
    );
    close(mean, 0.5);
    close(mean - lower, 1.959963984540054 * Math.sqrt(0.25 / 100));
  });

  it("covers the true mean 95 times in 100, where the plain mean is far off", () => {
    const { covered, mean, plain } = coverage(1000, (random) =>
      predictionPoweredMean(simulate(200, random).pairs, simulate(2000, random).scored),
    );
    assert.ok(covered > 0.935 && covered < 0.965, String(covered));
    close(mean, TRUE_MEAN, 0.01);
    assert.ok(plain > TRUE_MEAN + 0.1, String(plain));
  });

  it("says which count is none", () => {
    assert.throws(
      () =>
        predictionPoweredMean(
          [
            [1, 0, 0],
            [0, 1, 0],
            [0, 0, 1],
          ],
          [0.5, 1, 1],
        ),
      /predictionPoweredMean: 0.5 is not a valid count of replies/,
    );
    assert.throws(
      () =>
        predictionPoweredMean(
          [
            [1, 0, 0],
            [0, 0, 0],
            [0, 0, 0],
          ],
          [1, 1, 1],
        ),
      /two labelled replies/,
    );
  });
});

describe("misclassificationCorrectedMean", () => {
  it("is Rogan and Gladen's prevalence where there are two levels", () => {
    // Sensitivity 0.8, specificity 0.9, apparent prevalence 0.45: (0.45 + 0.9 - 1) / (0.8 + 0.9 - 1) = 0.5.
    const found = misclassificationCorrectedMean(
      [
        [90, 0, 10],
        [0, 0, 0],
        [20, 0, 80],
      ],
      [550, 0, 450],
    );
    assert.ok(!("missing" in found));
    close(found.mean, 2 * 0.5, 1e-7);
    close(found.plain, 0.9);
  });

  it("recovers shares that error rates were applied to", () => {
    const confusion: ConfusionCounts = [
      [90, 10, 0],
      [10, 80, 10],
      [0, 20, 80],
    ];
    const shares = recoverShares(confusion, [480, 330, 190]) as readonly number[];
    for (const [level, share] of [0.5, 0.3, 0.2].entries()) close(shares[level] as number, share);
  });

  it("gives none where three levels are found so alike that the determinant of the rates is below a thousandth", () => {
    // The determinant is twice what the second level is found more often than the third.
    const alike = (more: number): ConfusionCounts => [
      [10_000, 0, 0],
      [0, 5000 + more, 5000 - more],
      [0, 5000 - more, 5000 + more],
    ];
    for (const more of [0, 1, 4, -4])
      assert.equal(recoverShares(alike(more), [20, 40, 40]), undefined);
    for (const more of [6, -6]) {
      const shares = recoverShares(alike(more), [20, 40, 40]) as readonly number[];
      for (const [level, share] of [0.2, 0.4, 0.4].entries()) close(shares[level] as number, share);
    }
  });

  it("gives none where the two levels that occur are found alike within a twentieth", () => {
    const alike = (more: number): ConfusionCounts => [
      [600, 400, 0],
      [600 + more, 400 - more, 0],
      [0, 0, 0],
    ];
    // Rates differ by twice `more`, in sum.
    for (const more of [0, 24, -24])
      assert.equal(recoverShares(alike(more), [600, 400, 0]), undefined);
    for (const more of [26, -26]) {
      const shares = recoverShares(alike(more), [600 + more, 400 - more, 0]) as readonly number[];
      assert.ok((shares[1] as number) > 0.9, `${shares}`);
      assert.equal(shares[2], 0);
    }
  });

  it("gives all to the one level that occurs", () => {
    const only: ConfusionCounts = [
      [0, 0, 0],
      [3, 5, 2],
      [0, 0, 0],
    ];
    assert.deepEqual(recoverShares(only, [10, 80, 10]), [0, 1, 0]);
  });

  it("stays among shares where the inverse would leave them", () => {
    const confusion: ConfusionCounts = [
      [80, 20, 0],
      [20, 80, 0],
      [0, 0, 100],
    ];
    const shares = recoverShares(confusion, [100, 0, 0]) as readonly number[];
    for (const [level, share] of [1, 0, 0].entries()) close(shares[level] as number, share, 1e-6);
  });

  it("covers the true mean 95 times in 100, with errors counted on replies of other levels", () => {
    const { covered, mean, plain } = coverage(300, (random, round) => {
      const { pairs } = simulate(600, random, [0.3, 0.4, 0.3]);
      const found = misclassificationCorrectedMean(pairs, simulate(1000, random).scored, {
        resamples: 200,
        seed: round,
      });
      assert.ok(!("missing" in found));
      return found;
    });
    assert.ok(covered > 0.91 && covered < 0.98, String(covered));
    close(mean, TRUE_MEAN, 0.02);
    assert.ok(plain > TRUE_MEAN + 0.1, String(plain));
  });

  it("gives the same interval for the same seed, and another for another", () => {
    const { pairs, scored } = simulate(300, createGenerator(3));
    const run = (seed: number) =>
      misclassificationCorrectedMean(pairs, scored, { resamples: 99, seed });
    assert.deepEqual(run(5), run(5));
    assert.notDeepEqual(run(5), run(6));
  });

  it("has a reason and no mean where the scorer cannot tell levels apart", () => {
    const confusion: ConfusionCounts = [
      [50, 0, 50],
      [0, 0, 0],
      [50, 0, 50],
    ];
    assert.deepEqual(misclassificationCorrectedMean(confusion, [10, 0, 10]), {
      missing: "the scorer's errors leave levels that cannot be told apart",
    });
  });
});

describe("meanError", () => {
  it("leaves out replies without a level of ours", () => {
    const counts = [
      { reference: 2, level: 1, replies: 2 },
      { reference: 2, level: null, replies: 5 },
      { reference: 0, level: 1, replies: 2 },
    ] as const;
    const { mean, count } = meanError(counts);
    assert.deepEqual([mean, count], [0, 4]);
    assert.throws(
      () => meanError([{ reference: 1, level: null, replies: 3 }]),
      /needs two replies/,
    );
  });
});
