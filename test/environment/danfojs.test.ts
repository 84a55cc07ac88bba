// danfojs-node runs on environment/tfjs-node in place of the package that it asks for.
import assert from "node:assert/strict";
import { DataFrame, LabelEncoder, MinMaxScaler, OneHotEncoder, StandardScaler } from "danfojs-node";

describe("danfojs-node without its binary backend", () => {
  const frame = new DataFrame([
    { group: "x", score: 1 },
    { group: "y", score: 2 },
    { group: "x", score: 4 },
  ]);

  it("groups, aggregates and describes", () => {
    const means = frame.groupby(["group"]).agg({ score: ["mean", "count"] });
    assert.deepEqual(means.values, [
      ["x", 2.5, 2],
      ["y", 2, 1],
    ]);
    assert.equal(frame.column("score").mean(), 7 / 3);
  });

  it("samples with a seed", async () => {
    const first = await frame.sample(2, { seed: 1 });
    const second = await frame.sample(2, { seed: 1 });
    assert.equal(first.shape[0], 2);
    assert.deepEqual(first.values, second.values);
  });

  it("scales and encodes through tensors", () => {
    const scores = frame.loc({ columns: ["score"] });
    const scaled = new StandardScaler().fitTransform(scores) as DataFrame;
    const values = (scaled.values as number[][]).flat();
    assert.ok(Math.abs(values.reduce((sum, value) => sum + value, 0)) < 1e-6);
    const unit = new MinMaxScaler().fitTransform(scores) as DataFrame;
    assert.deepEqual(
      (unit.values as number[][]).flat().map((value) => Math.round(value * 3)),
      [0, 1, 3],
    );
    assert.deepEqual(new LabelEncoder().fitTransform(["a", "b", "a"]), [0, 1, 0]);
    assert.deepEqual(new OneHotEncoder().fitTransform(["a", "b"]), [
      [1, 0],
      [0, 1],
    ]);
    assert.deepEqual(scores.tensor.shape, [3, 1]);
  });
});
