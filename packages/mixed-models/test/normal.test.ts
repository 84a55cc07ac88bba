import assert from "node:assert/strict";
import { twoSided, upperTail } from "../src/numerics/normal";

// R 4.2.2: sprintf("%.17g", pnorm(z, lower.tail = FALSE))
const FROM_R: readonly (readonly [z: number, tail: number])[] = [
  [0.5, 0.30853753872598694],
  [1, 0.15865525393145705],
  [1.96, 0.024997895148220428],
  [2.999, 0.0013543365337271064],
  [3, 0.0013498980316300946],
  [5, 2.8665157187919391e-7],
  [10, 7.6198530241605269e-24],
  [20, 2.7536241186062337e-89],
  [37, 5.7255712225245771e-300],
  [-1.96, 0.97500210485177963],
  [-5, 0.99999971334842808],
];

describe("upperTail", () => {
  for (const [z, tail] of FROM_R) {
    it(`is R's pnorm at ${z}`, () => {
      const error = Math.abs(upperTail(z) / tail - 1);
      // Below 3 the tail is a difference of areas around 0.5, which costs three digits.
      assert.ok(error < 1e-12, `off by ${error}`);
    });
  }

  it("is a half at zero, and its two-sided value is one", () => {
    assert.equal(upperTail(0), 0.5);
    assert.equal(twoSided(0), 1);
  });
});
