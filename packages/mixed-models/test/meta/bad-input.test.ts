import assert from "node:assert/strict";
import { UserError } from "kit";
import { fitMeta, type MetaData, type MetaOptions } from "mixed-models/meta";

const good: MetaData = { effects: [0.1, 0.5, 0.9, 0.4], covariance: [0.1, 0.2, 0.1, 0.3] };
const two = { ...good, groups: ["a", "a", "b", "b"] };

function refuses(message: string, data: MetaData, options: MetaOptions = {}): void {
  assert.throws(
    () => fitMeta(data, options),
    (error) => {
      assert.ok(error instanceof UserError);
      assert.equal(error.message, message);
      return true;
    },
  );
}

describe("fitMeta refuses", () => {
  it("two equal effects, whose scaled standard error is zero but for rounding", () => {
    const equal = { effects: [0.1 + 0.2, 0.3], covariance: [0.1, 0.2] };
    refuses(
      "the effects lie exactly on the fitted values, and Hartung-Knapp's standard errors are zero; ask for another interval, or for the truncated one",
      equal,
    );
    const [one] = fitMeta(equal, { truncated: true }).coefficients;
    assert.ok(one && Math.abs(one.statistic) < 5);
  });

  it("more effects than memory, before it takes any", () => {
    const effects = Array.from({ length: 20_000 }, (_, at) => at % 7);
    const before = process.memoryUsage().arrayBuffers;
    refuses(
      "the covariances of 20000 effects need 14.9 GiB of memory, where 4 are allowed; average the effects of each study first, or fit parts of them",
      { effects, covariance: effects.map(() => 1) },
    );
    assert.ok(process.memoryUsage().arrayBuffers - before < 2 ** 28);
  });

  it("an effect that is no number", () => {
    refuses("the effect of effect 2 ('B') is NaN; give a finite number or leave the effect out", {
      ...good,
      effects: [0.1, Number.NaN, 0.9, 0.4],
      labels: ["A", "B", "C", "D"],
    });
  });

  it("a variance that is not positive", () => {
    for (const bad of [0, -0.2, Number.NaN]) {
      refuses(
        `the variance of effect 3 is ${bad}; give a positive number (a squared standard error)`,
        { ...good, covariance: [0.1, 0.2, bad, 0.3] },
      );
    }
  });

  it("lists of other lengths", () => {
    const remedy = "give one for each effect";
    refuses(`there are 4 effects and 3 variances; ${remedy}`, {
      ...good,
      covariance: [0.1, 0.1, 0.1],
    });
    refuses(`there are 4 effects and 1 groups; ${remedy}`, { ...good, groups: ["a"] });
    refuses(`there are 4 effects and 1 labels; ${remedy}`, { ...good, labels: ["a"] });
    refuses(`there are 4 effects and 0 rows of moderators; ${remedy}`, {
      ...good,
      moderators: { names: ["x"], rows: [] },
    });
  });

  it("a covariance matrix of another size, without symmetry, or not positive definite", () => {
    const effects = [0.1, 0.5, 0.9];
    refuses("the covariance matrix is 3 x 2 for 3 effects; it should be 3 x 3", {
      effects,
      covariance: [1, 2, 3].map(() => [1, 0]),
    });
    refuses(
      "the covariance matrix has 0.5 in row 1, column 2 and 0.1 in row 2, column 1; both should be one finite number",
      {
        effects,
        covariance: [
          [1, 0.5, 0],
          [0.1, 1, 0],
          [0, 0, 1],
        ],
      },
    );
    refuses(
      "the covariance matrix is not positive definite: given those before it, effect 2 has no variance of its own left; check its covariances, or leave the effect out if it repeats others",
      {
        effects,
        covariance: [
          [1, 1, 0],
          [1, 1, 0],
          [0, 0, 1],
        ],
      },
    );
  });

  it("moderators that do not fit", () => {
    const rows = [
      [1, 2],
      [1, 2],
      [1, 2],
      [1, 2],
    ];
    refuses(
      "moderator 'x' is a combination of those before it (or zero throughout); leave it out",
      { ...good, moderators: { names: ["intercept", "x"], rows } },
    );
    refuses("the moderators of effect 1 are 2 numbers for 1 names; give one for each name", {
      ...good,
      moderators: { names: ["intercept"], rows },
    });
    refuses("the moderators have no column; leave them out or name one", {
      ...good,
      moderators: { names: [], rows: rows.map(() => []) },
    });
    refuses("moderator 'x' of effect 3 is Infinity; give a finite number or leave the effect out", {
      ...good,
      moderators: { names: ["x"], rows: [[1], [2], [Number.POSITIVE_INFINITY], [1]] },
    });
  });

  it("no more effects than coefficients", () => {
    refuses(
      "1 effect cannot carry 1 coefficient and a measure of their spread; give at least 2, or fewer moderators",
      { effects: [1], covariance: [1] },
    );
  });

  it("a group of one effect, or with as many coefficients as effects, but not under FE", () => {
    const single = { ...good, groups: ["a", "a", "a", "b"] };
    refuses(
      "group 'b' has one effect only, from which its variance cannot be estimated; join it to another group, or use method FE",
      single,
    );
    assert.equal(fitMeta(single, { method: "FE" }).converged, true);
    const rows = [
      [1, 0, 0],
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ];
    refuses(
      "group 'b' has 2 effects and as many coefficients of its own, from which its variance cannot be estimated; join it to another group, or use method FE",
      { ...two, moderators: { names: ["a", "b", "c"], rows } },
    );
  });

  it("unknown methods, intervals and levels, and moments for several groups", () => {
    refuses("method DL estimates one variance, and there are 2 groups; use REML or ML", two, {
      method: "DL",
    });
    refuses("the level is 95; give a number between 0 and 1, such as 0.95", good, { level: 95 });
    const asked: object = { method: "EB" };
    refuses("unknown method 'EB'; choose one of REML, ML, FE, DL, PM", good, asked);
  });

  it("effects on the fitted line, where Hartung-Knapp's standard errors are zero", () => {
    refuses(
      "the effects lie exactly on the fitted values, and Hartung-Knapp's standard errors are zero; ask for another interval, or for the truncated one",
      { effects: [0, 0, 0], covariance: [1, 2, 1] },
    );
  });
});

describe("contrast and predict refuse", () => {
  const message = (text: string) => (error: unknown) =>
    error instanceof UserError && error.message === text;

  it("weights that do not fit", () => {
    const fit = fitMeta(good);
    for (const weights of [[], [Number.NaN], [1, 2]]) {
      assert.throws(
        () => fit.contrast(weights),
        message(
          `the weights are ${weights.join(", ")}; give 1 finite number, one for each of: intercept`,
        ),
      );
    }
    assert.throws(
      () => fit.contrast([0]),
      message("the weights are all zero; at least one should not be"),
    );
  });

  it("an unknown group, or none among several", () => {
    const fit = fitMeta(two);
    assert.throws(
      () => fit.predict([1]),
      message('name the groups that the next unit is of, such as { "a": 1 }; there are: a, b'),
    );
    assert.throws(
      () => fit.predict([1], { groups: { c: 1 } }),
      message("the weight of group 'c' is 1; give finite numbers for groups among: a, b"),
    );
  });
});
