import assert from "node:assert/strict";
import { createGenerator } from "kit";
import { permutationP } from "../../../src/claims/permutation";

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Share of all ways to call so many first whose statistic reaches that of the first ones. */
function bruteForce(
  count: number,
  firsts: number,
  statistic: (isFirst: boolean[]) => number,
): number {
  const ways = Array.from({ length: 2 ** count }, (_, mask) =>
    Array.from({ length: count }, (_, at) => ((mask >> at) & 1) === 1),
  ).filter((way) => way.filter(Boolean).length === firsts);
  const observed = statistic(Array.from({ length: count }, (_, at) => at < firsts));
  return ways.filter((way) => statistic(way) >= observed - 1e-9).length / ways.length;
}

const differenceOf = (estimates: readonly number[]) => (isFirst: readonly boolean[]) =>
  mean(estimates.filter((_, at) => isFirst[at])) - mean(estimates.filter((_, at) => !isFirst[at]));

function drawn(count: number, seed: number, lead = 0): number[] {
  const random = createGenerator(seed);
  return Array.from({ length: count }, (_, at) => random.normal() + (at < count / 2 ? lead : 0));
}

const labels = (first: number, all: number) => Array.from({ length: all }, (_, at) => at < first);

describe("permutationP", () => {
  for (const [first, all, lead] of [
    [3, 5, 0],
    [4, 8, 1],
    [2, 9, 2],
    [1, 4, 0],
  ] as const) {
    it(`is the share of all arrangements of ${first} and ${all - first} models`, () => {
      const estimates = drawn(all, first, lead);
      const expected = bruteForce(all, first, (way) => Math.abs(differenceOf(estimates)(way)));
      assert.equal(permutationP(estimates, labels(first, all)), expected);
    });
  }

  it("is the share of all arrangements of signs where there is one family", () => {
    const estimates = [0.9, 1.4, -0.2, 0.6, 1.1];
    const sums = Array.from({ length: 32 }, (_, mask) =>
      estimates.reduce((sum, value, at) => sum + ((mask >> at) & 1 ? -value : value), 0),
    );
    const reached = sums.filter((sum) => Math.abs(sum) >= 3.8 - 1e-9).length;
    assert.equal(permutationP(estimates, labels(5, 5)), reached / 32);
    assert.equal(permutationP([1, 2, 3, 4, 5, 6, 7], labels(7, 7)), 2 / 128);
  });

  it("does not depend on the order of models, nor on which family is called first", () => {
    const estimates = drawn(9, 4, 1);
    const isFirst = labels(4, 9);
    const p = permutationP(estimates, isFirst);
    assert.equal(permutationP([...estimates].reverse(), [...isFirst].reverse()), p);
    assert.equal(
      permutationP(
        estimates,
        isFirst.map((first) => !first),
      ),
      p,
    );
  });

  it("draws arrangements where there are too many, the same ones each time, near the exact value", () => {
    // 20 choose 8 are 125,970 arrangements, few enough to be listed here.
    const estimates = drawn(20, 9, 0.6);
    const isFirst = labels(8, 20);
    const p = permutationP(estimates, isFirst);
    assert.equal(permutationP(estimates, isFirst), p);
    let [reached, all] = [0, 0];
    const total = estimates.reduce((sum, value) => sum + value, 0);
    const apart = (sum: number) => Math.abs(sum / 8 - (total - sum) / 12);
    const observed = apart(estimates.slice(0, 8).reduce((sum, value) => sum + value, 0));
    const visit = (from: number, left: number, sum: number) => {
      if (left === 0) {
        all++;
        if (apart(sum) >= observed - 1e-9) reached++;
        return;
      }
      for (let at = from; at <= 20 - left; at++) {
        visit(at + 1, left - 1, sum + (estimates[at] as number));
      }
    };
    visit(0, 8, 0);
    assert.equal(all, 125_970);
    const exact = reached / all;
    assert.ok(exact > 0.02 && exact < 0.98);
    // 10,000 draws: four standard errors.
    assert.ok(Math.abs(p - exact) < 4 * Math.sqrt((exact * (1 - exact)) / 10_000), `${p} ${exact}`);
  });

  it("draws signs of many models, and never gives zero", () => {
    const p = permutationP(
      Array.from({ length: 24 }, () => 1),
      labels(24, 24),
    );
    assert.equal(p, 1 / 10_000);
  });
});
