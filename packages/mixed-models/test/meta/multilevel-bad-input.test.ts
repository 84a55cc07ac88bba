import assert from "node:assert/strict";
import { UserError } from "kit";
import {
  clusterRobust,
  fitMultilevelMeta,
  leaveOneOut,
  type MultilevelData,
  type MultilevelOptions,
} from "mixed-models/meta";

const groups = ["a", "a", "b", "b", "c", "c"];
const good: MultilevelData = {
  effects: [0.1, 0.5, 0.9, 0.4, 0.2, 0.7],
  covariance: [0.1, 0.2, 0.1, 0.3, 0.1, 0.2],
  random: [{ name: "study", groups }],
};

function throwsMessage(run: () => unknown, message: string): void {
  assert.throws(run, (error: unknown) => {
    assert.ok(error instanceof UserError, String(error));
    assert.equal(error.message, message);
    return true;
  });
}

function refuses(
  message: string,
  change: Partial<MultilevelData>,
  options?: MultilevelOptions,
): void {
  throwsMessage(() => fitMultilevelMeta({ ...good, ...change }, options), message);
}

describe("fitMultilevelMeta refuses", () => {
  it("lists of other lengths, and missing labels", () => {
    refuses("there are 6 effects and 1 groups of 'study'; give one for each effect", {
      random: [{ name: "study", groups: ["a"] }],
    });
    refuses("there are 6 effects and 2 levels of 'study'; give one for each effect", {
      random: [{ name: "study", groups, by: ["x", "y"] }],
    });
    refuses("the groups of 'study' have no label for effect 2; give one, or leave the effect out", {
      random: [{ name: "study", groups: groups.with(1, "") }],
    });
    const holes: unknown[] = [...groups];
    holes[4] = undefined;
    refuses("the levels of 'study' have no label for effect 5; give one, or leave the effect out", {
      random: [{ name: "study", groups, by: holes as string[] }],
    });
    refuses("there are 6 effects and 2 variances; give one for each effect", {
      covariance: [0.1, 0.2],
    });
  });

  it("data and terms with fields that it does not know, and none", () => {
    const stray: object = { groups };
    refuses(
      "unknown option 'groups'; known are effects, covariance, moderators, labels, random",
      stray,
    );
    const misspelt: object = { random: [{ name: "study", group: groups }] };
    refuses("unknown option 'group'; did you mean 'groups'?", misspelt);
    const missing: object = { random: undefined };
    refuses("random is missing; give a list of random terms, or [] for none", missing);
    const unlabelled: object = { random: [{ name: "study" }] };
    refuses("there are 6 effects and 0 groups of 'study'; give one for each effect", unlabelled);
  });

  it("terms without names of their own", () => {
    const message = "the random terms are named 'study', 'study'; give each a name of its own";
    const term = { name: "study", groups };
    refuses(message, { random: [term, term] });
  });

  it("effects and variances that are none", () => {
    refuses("the effect of effect 1 is NaN; give a finite number or leave the effect out", {
      effects: good.effects.with(0, Number.NaN),
    });
    refuses("the variance of effect 3 is -0.1; give a positive number (a squared standard error)", {
      covariance: (good.covariance as readonly number[]).with(2, -0.1),
    });
    const ones = groups.map(() => groups.map(() => 1));
    refuses(
      "the covariance matrix is not positive definite: given those before it, effect 2 has no variance of its own left; check its covariances, or leave the effect out if it repeats others",
      { covariance: ones },
    );
    const skew = groups.map((_, i) => groups.map((_, j) => (i === j ? 1 : i < j ? 0.1 : 0)));
    refuses(
      "the covariance matrix has 0.1 in row 1, column 2 and 0 in row 2, column 1; both should be one finite number",
      { covariance: skew },
    );
  });

  it("as many coefficients as effects, and dependent ones", () => {
    const names = ["1", "2", "3", "4", "5", "6"];
    refuses(
      "6 effects cannot carry 6 coefficients and a measure of their spread; give at least 7, or fewer moderators",
      { moderators: { names, rows: names.map((_, i) => names.map((_, j) => (i === j ? 1 : 0))) } },
    );
    refuses(
      "moderator 'twice' is a combination of those before it (or zero throughout); leave it out",
      { moderators: { names: ["once", "twice"], rows: groups.map(() => [1, 2]) } },
    );
  });

  it("options that it does not know", () => {
    const misspelt: object = { metod: "ML" };
    refuses("unknown option 'metod'; did you mean 'method'?", {}, misspelt);
    const unknown: object = { method: "DL" };
    refuses("unknown method 'DL'; choose one of REML, ML", {}, unknown);
    const interval: object = { interval: "satterthwaite" };
    refuses("unknown interval 'satterthwaite'; choose one of t, z", {}, interval);
    refuses("the level is 95; give a number between 0 and 1, such as 0.95", {}, { level: 95 });
  });

  it("variances of which only combinations are known", () => {
    const pairs = ["a", "b", "c", "d", "e", "f", "g", "h"];
    const data = {
      effects: [0.1, 0.5, 0.9, 0.4, 0.2, 0.7, 0.3, 0.8],
      covariance: pairs.map(() => 0.1),
      random: [
        { name: "x", groups: pairs, by: ["1", "1", "1", "1", "2", "2", "2", "2"] },
        { name: "y", groups: pairs, by: ["1", "1", "2", "2", "1", "1", "2", "2"] },
      ],
    };
    throwsMessage(
      () => fitMultilevelMeta(data),
      "the variances of 'x: 1', 'x: 2', 'y: 1', 'y: 2' cannot be told apart: the data know combinations of them only; leave a random term out",
    );
  });
});

describe("clusterRobust refuses", () => {
  const fit = fitMultilevelMeta(good);

  it("one cluster, clusters that split groups, and labels that do not fit", () => {
    throwsMessage(
      () =>
        clusterRobust(
          fit,
          groups.map(() => "all"),
        ),
      "all 6 effects are in one cluster ('all'); cluster-robust standard errors need several",
    );
    throwsMessage(
      () => clusterRobust(fit, ["1", "2", "3", "4", "5", "6"]),
      "effects 1 and 2 share a random effect of 'study' but are in clusters '1' and '2'; choose clusters that hold whole groups",
    );
    throwsMessage(
      () => clusterRobust(fit, ["a"]),
      "there are 6 effects and 1 clusters; give one for each effect",
    );
    throwsMessage(
      () => clusterRobust(fit, groups.with(5, "")),
      "the clusters have no label for effect 6; give one, or leave the effect out",
    );
  });

  it("contrasts, names and options that do not fit, and copies of fits", () => {
    throwsMessage(
      () => clusterRobust(fit, groups, { contrasts: [[1, 0]] }),
      "the weights are 1, 0; give 1 finite number, one for each of: intercept",
    );
    throwsMessage(
      () => clusterRobust(fit, groups, { contrasts: [[1]], names: [] }),
      "there are 1 contrasts and 0 names; give at least one contrast, and one name for each",
    );
    const unknown: object = { type: "CR3" };
    throwsMessage(
      () => clusterRobust(fit, groups, unknown),
      "unknown type 'CR3'; choose one of CR0, CR1, CR2",
    );
    throwsMessage(
      () => clusterRobust({ ...fit }, groups),
      "the fit is a copy, or was read from a file; give the fit itself, as fitMultilevelMeta or fitMeta returned it",
    );
  });
});

describe("leaveOneOut refuses", () => {
  it("what the fit refuses, one group, and unknown options", () => {
    throwsMessage(
      () => leaveOneOut({ ...good, effects: [1] }, groups),
      "there are 1 effects and 6 variances; give one for each effect",
    );
    throwsMessage(
      () =>
        leaveOneOut(
          good,
          groups.map(() => "a"),
        ),
      "all effects are in one group ('a'); nothing is left without it",
    );
    const misspelt: object = { cluster: groups };
    throwsMessage(
      () => leaveOneOut(good, groups, misspelt),
      "unknown option 'cluster'; did you mean 'clusters'?",
    );
  });
});
