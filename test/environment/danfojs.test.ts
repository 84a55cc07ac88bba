// danfojs-node runs on environment/tfjs-node in place of the package that it asks for.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  DataFrame,
  LabelEncoder,
  MinMaxScaler,
  OneHotEncoder,
  readCSV,
  StandardScaler,
} from "danfojs-node";
import { temporaryFolder } from "test-support/temporary";
import { projectPath } from "../../src/project";

describe("danfojs-node without its binary backend", () => {
  const frame = new DataFrame([
    { group: "x", score: 1 },
    { group: "y", score: 2 },
    { group: "x", score: 4 },
  ]);

  it("loads mathjs and xlsx when something of them is asked for, and whole then", () => {
    const program = `
      const { DataFrame } = require("danfojs-node");
      const files = (name) => Object.keys(require.cache).filter((file) => file.includes(name)).length;
      const loaded = () => [files("/mathjs/") > 1, files("/cpexcel.js") > 0];
      const before = loaded();
      const std = new DataFrame({ a: [1, 3] }).column("a").std();
      console.log(JSON.stringify([before, std, loaded()[0], "add" in require("mathjs"),
        Object.keys(require("xlsx")).includes("read"), typeof require("mathjs").add]));`;
    const { stdout, stderr } = spawnSync(process.execPath, ["-e", program], {
      cwd: projectPath(),
      encoding: "utf8",
    });
    assert.equal(stderr, "");
    assert.deepEqual(JSON.parse(stdout), [
      [false, false],
      Math.SQRT2,
      true,
      true,
      true,
      "function",
    ]);
  });

  it("groups, aggregates and describes", () => {
    const means = frame.groupby(["group"]).agg({ score: ["mean", "count"] });
    assert.deepEqual(means.values, [
      ["x", 2.5, 2],
      ["y", 2, 1],
    ]);
    assert.equal(frame.column("score").mean(), 7 / 3);
  });

  it("leaves missing values out of what it reduces a group to, as out of a column", () => {
    const gaps = new DataFrame({ g: ["A", "A", "B", "C"], v: [1, null, 3, Number.NaN] });
    const means = gaps.groupby(["g"]).agg({ v: ["mean", "sum", "count", "min", "max"] });
    assert.deepEqual(means.values, [
      ["A", 1, 1, 1, 1, 1],
      ["B", 3, 3, 1, 3, 3],
      ["C", Number.NaN, 0, 0, Number.NaN, Number.NaN],
    ]);
    assert.equal(gaps.column("v").mean(), 2);
    const sums = frame.groupby(["group"]).col(["score"]).cumSum();
    assert.deepEqual(sums.values, [
      ["x", 1],
      ["x", 5],
      ["y", 2],
    ]);
  });

  it("reads tables from files, and brings none of request's abandoned packages", async () => {
    const path = join(temporaryFolder(), "table.csv");
    writeFileSync(path, "a,b\n1,x\n2,y\n");
    assert.deepEqual((await readCSV(path)).shape, [2, 2]);
    await assert.rejects(
      async () => readCSV("http://127.0.0.1:9/table.csv"),
      /tables are read from files here/,
    );
    const { packages } = JSON.parse(readFileSync(projectPath("package-lock.json"), "utf8"));
    assert.equal(packages["node_modules/request"].resolved, "environment/request");
    for (const name of ["har-validator", "http-signature", "aws-sign2", "forever-agent"]) {
      assert.ok(!(`node_modules/${name}` in packages), name);
    }
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
