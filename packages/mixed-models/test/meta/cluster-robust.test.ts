import assert from "node:assert/strict";
import { clusterRobust, fitMeta, fitMultilevelMeta, leaveOneOut } from "mixed-models/meta";
import { close, drawn, pickRows } from "./drawn-multilevel";

const { clusters, ...data } = drawn(4, 6, 3);

describe("clusterRobust", () => {
  const rows = Array.from({ length: 10 }, (_, at) => `r${at}`);
  const effects = [0.3, 1.2, -0.4, 0.8, 2.1, 0.9, 1.4, -0.2, 0.6, 1.0];
  const covariance = effects.map(() => 0.1);
  const random = [{ name: "row", groups: rows }];

  it("is the t test of independent balanced data", () => {
    const [mean] = clusterRobust(
      fitMultilevelMeta({ effects, covariance, random }),
      rows,
    ).contrasts;
    const average = effects.reduce((a, b) => a + b) / 10;
    const spread = effects.reduce((sum, one) => sum + (one - average) ** 2, 0) / 9;
    close(mean?.estimate as number, average, 1e-12);
    close(mean?.se as number, Math.sqrt(spread / 10), 1e-10);
    close(mean?.df as number, 9, 1e-10);
    assert.equal(mean?.warning, null);
  });

  it("is Welch's test of two groups but for its degrees of freedom, from a fit of fitMeta too", () => {
    const x = effects.map((_, at) => (at < 4 ? [1, 0] : [0, 1]));
    const moderators = { names: ["a", "b"], rows: x };
    const part = (list: readonly number[]) => {
      const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
      return (
        list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (list.length - 1) / list.length
      );
    };
    const expected = Math.sqrt(part(effects.slice(0, 4)) + part(effects.slice(4)));
    const own = fitMultilevelMeta({ effects, covariance, moderators, random });
    const other = fitMeta({ effects, covariance, moderators });
    for (const fit of [own, other]) {
      const asked = { contrasts: [[1, -1]], names: ["a - b"] };
      const { contrasts, covariance: found } = clusterRobust(fit, rows, asked);
      close(contrasts[0]?.se as number, expected, 1e-10);
      close(found[0]?.[0] as number, expected ** 2, 1e-10);
      assert.equal(contrasts[0]?.name, "a - b");
    }
  });

  it("has a covariance of the coefficients that makes that of contrasts", () => {
    const fit = fitMultilevelMeta(data);
    const { covariance: v } = clusterRobust(fit, clusters);
    const [difference] = clusterRobust(fit, clusters, { contrasts: [[1, -1]] }).contrasts;
    const [a, b, ab] = [v[0]?.[0], v[1]?.[1], v[0]?.[1]] as [number, number, number];
    close((difference?.se as number) ** 2, a + b - 2 * ab, 1e-10);
  });

  it("says where a coefficient rests on one cluster, and where its degrees of freedom are few", () => {
    const x = effects.map((_, at) => (at < 3 ? [1, 0] : [0, 1]));
    const moderators = { names: ["one cluster", "others"], rows: x };
    const fit = fitMultilevelMeta({ effects, covariance, moderators, random });
    const three = effects.map((_, at) => (at < 3 ? "first" : at < 6 ? "second" : "third"));
    const asked = {
      contrasts: [
        [1, 0],
        [0, 1],
        [1, -1],
      ],
    };
    const [alone, few, difference] = clusterRobust(fit, three, asked).contrasts;
    assert.equal(alone?.se, null);
    assert.match(alone?.warning as string, /rests on one cluster/);
    assert.match(few?.warning as string, /1\.0 degrees of freedom, below 4/);
    assert.match(difference?.warning as string, /show \d+ % of its variance/);
  });

  it("says where effects lie exactly on the fitted values", () => {
    const equal = effects.map(() => 0.3);
    const fit = fitMultilevelMeta({ effects: equal, covariance, random });
    const [mean] = clusterRobust(fit, rows).contrasts;
    assert.equal(mean?.p, null);
    assert.match(mean?.warning as string, /lie exactly on the fitted values/);
  });

  it("says where errors of different clusters are correlated", () => {
    const shared = effects.map((_, i) => effects.map((_, j) => (i === j ? 0.12 : 0.02)));
    const fit = fitMultilevelMeta({ effects, covariance: shared, random });
    assert.match(
      clusterRobust(fit, rows).warnings[0] as string,
      /different clusters are correlated/,
    );
  });
});

describe("leaveOneOut", () => {
  it("fits the others as if the group had never been there", () => {
    const contrasts = [[1, -1]];
    const found = leaveOneOut(data, clusters, { contrasts, names: ["difference"], clusters });
    assert.deepEqual(
      found.map(({ left }) => left),
      ["c0", "c1", "c2", "c3", "c4", "c5"],
    );
    const rows = [...clusters.keys()].filter((row) => clusters[row] !== "c2");
    const fit = fitMultilevelMeta(pickRows(data, rows));
    const left = rows.map((row) => clusters[row] as string);
    const [expected] = clusterRobust(fit, left, {
      contrasts,
      names: ["difference"],
    }).contrasts;
    assert.deepEqual(found[2]?.estimates?.[0], expected);
    assert.equal(found[2]?.effects, 6);
  });

  it("gives the fit's own intervals without clusters, and says which group the model needs", () => {
    const by = data.random[0]?.by as readonly string[];
    const without = leaveOneOut(data, clusters, { interval: "z" });
    assert.equal(without[0]?.estimates?.[0]?.df, Number.POSITIVE_INFINITY);
    const [first] = leaveOneOut(data, by);
    assert.equal(first?.estimates, null);
    assert.match(first?.problem as string, /moderator 'new' is a combination/);
  });
});
