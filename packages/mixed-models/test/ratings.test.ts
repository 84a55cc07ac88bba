// The two models whose fits by clmm take a minute each: npm run bench:ordinal makes golden/ratings.json.
import assert from "node:assert/strict";
import { fitMixed } from "mixed-models";
import { itNeeds, mirror } from "test-support/needs";
import { CUMULATIVE, findDifferences, findFaults } from "./parity/compare";
import { GRADES, RATING_MODELS, readRatings, readRatingsGolden } from "./parity/ratings";

describe("fitMixed against clmm, on 12,000 ratings", () => {
  const { models } = readRatingsGolden();

  it("has every model", () => {
    assert.deepEqual(
      models.map(({ id }) => id),
      Object.keys(RATING_MODELS),
    );
  });

  for (const reference of models) {
    itNeeds(mirror, `agrees on ${reference.id}`, () => {
      const table = readRatings(mirror.folder);
      const fit = fitMixed(RATING_MODELS[reference.id] as string, table, {
        family: "cumulative",
        levels: { rating: GRADES },
      });
      assert.equal(fit.nobs, reference.nobs);
      assert.ok(fit.converged);
      assert.deepEqual(findFaults(findDifferences(fit, reference), CUMULATIVE), []);
    });
  }
});
