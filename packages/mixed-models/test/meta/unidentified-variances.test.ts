import assert from "node:assert/strict";
import { fitMultilevelMeta, type MultilevelData } from "mixed-models/meta";
import { close } from "./drawn-multilevel";

describe("variances that cannot be told apart", () => {
  const collections = ["a", "a", "b", "b", "c", "c", "d", "d"];
  const effects = [0.2, 0.4, 1.1, 1.6, -0.5, 0.1, 0.9, 0.6];
  const covariance = effects.map((_, at) => 0.05 + 0.01 * at);
  const fitOf = (random: MultilevelData["random"], more: Partial<MultilevelData> = {}) =>
    fitMultilevelMeta({ effects, covariance, random, ...more });

  it("are one sum where each group of a term is one of another's", () => {
    const units = collections.map((one) => `unit of ${one}`);
    const fit = fitOf([
      { name: "collection", groups: collections },
      { name: "unit", groups: units },
    ]);
    const alone = fitOf([{ name: "collection", groups: collections }]);
    const [sum] = fit.variances;
    assert.equal(fit.variances.length, 1);
    assert.equal(sum?.name, "collection + unit");
    assert.deepEqual(sum?.includes, ["collection", "unit"]);
    close(sum?.variance as number, alone.variances[0]?.variance as number);
    assert.deepEqual(fit.unidentified, [
      { name: "unit", reason: "combined", with: ["collection"] },
    ]);
    assert.equal(
      fit.warnings[0],
      "The variance of 'unit' cannot be told from that of 'collection': only their sum is estimated.",
    );
  });

  it("are sums with each level where one term repeats another without its levels", () => {
    const by = collections.map((one) => (one < "c" ? "x" : "y"));
    const fit = fitOf([
      { name: "all", groups: collections },
      { name: "each", groups: collections, by },
    ]);
    assert.deepEqual(
      fit.variances.map(({ name }) => name),
      ["each: x + all", "each: y + all"],
    );
    assert.deepEqual(fit.unidentified, [
      { name: "all", reason: "combined", with: ["each: x", "each: y"] },
    ]);
    assert.equal(
      fit.warnings[0],
      "The variance of 'all' cannot be told from those of 'each: x', 'each: y': only its sums with each are estimated.",
    );
    const alone = fitOf([{ name: "each", groups: collections, by }]);
    close(fit.logLik, alone.logLik);
  });

  it("are told for the levels that can, and a sum for the others", () => {
    const units = ["1", "2", "3", "4", "5", "5", "6", "6"];
    const by = collections.map((one) => (one < "c" ? "x" : "y"));
    const fit = fitOf([
      { name: "collection", groups: collections, by },
      { name: "unit", groups: units, by },
    ]);
    assert.deepEqual(
      fit.variances.map(({ name }) => name),
      ["collection: x", "collection: y + unit: y", "unit: x"],
    );
  });

  it("are zero for one group, and where coefficients take up its groups", () => {
    const fit = fitOf([
      { name: "only", groups: collections.map(() => "one") },
      { name: "row", groups: effects.map((_, at) => `r${at}`) },
    ]);
    assert.deepEqual(fit.unidentified, [{ name: "only", reason: "one group", with: [] }]);
    const names = ["a", "b", "c", "d"];
    const rows = collections.map((one) => names.map((name) => (name === one ? 1 : 0)));
    const absorbed = fitOf([{ name: "collection", groups: collections }], {
      moderators: { names, rows },
    });
    assert.deepEqual(absorbed.unidentified, [{ name: "collection", reason: "absorbed", with: [] }]);
    assert.match(absorbed.warnings[0] as string, /take up all differences/);
    assert.deepEqual(absorbed.variances, []);
  });

  it("are named where they lie at zero", () => {
    const flat = fitOf([{ name: "collection", groups: collections }], {
      effects: effects.map((_, at) => 0.01 * at),
    });
    assert.equal(flat.variances[0]?.isZero, true);
    assert.match(flat.warnings[0] as string, /highest with a variance of zero: 'collection'/);
  });
});
