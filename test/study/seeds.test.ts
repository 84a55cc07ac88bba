import assert from "node:assert/strict";
import { readSeedShares, SEED_METHODS } from "../../src/study/seeds";
import { openStudy } from "../../src/study/study";

// That the table is what the mirrored texts give is tested with all tables: test/pipeline.
describe("the same methods, trained again", () => {
  const rows = readSeedShares(openStudy("published"));

  it("have a row for each of four seeds, three heads and two kinds of turn", () => {
    assert.equal(rows.length, SEED_METHODS.length * 4 * 3 * 2);
    const keys = rows.map(({ method, seed, scorer, turns }) =>
      [method, seed, scorer, turns].join(),
    );
    assert.equal(new Set(keys).size, rows.length);
    for (const { replies, er, ip, ex, topFive } of rows) {
      assert.equal(replies, 5249);
      for (const share of [er, ip, ex, topFive]) assert.ok(share >= 0 && share <= 1);
    }
  });

  it("stand beside their own prompts, all of them", () => {
    for (const { method, seed, own, next } of rows) {
      assert.ok(own > 2 * next, `${method}, seed ${seed}: ${own}, ${next}`);
    }
  });

  it("say how few different replies there may be", () => {
    const fewest = rows.reduce((one, other) => (one.distinct <= other.distinct ? one : other));
    assert.deepEqual([fewest.method, fewest.seed, fewest.distinct], ["mime", 42, 290]);
    assert.ok(fewest.topFive > 0.4);
  });
});
