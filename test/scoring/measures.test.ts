import assert from "node:assert/strict";
import type { Level, LevelProbabilities } from "empathy-scorer";
import {
  dealFolds,
  dialogueFold,
  dialogueKey,
  isLocked,
  sigmoid,
  softmax3,
  stableExp,
  stableLog,
} from "empathy-scorer/training";
import { summarise } from "../../apps/train/summarise-tests";
import { accuracy, calibrationError, macroF1, quadraticKappa } from "../../src/validity/measures";

// Worked by hand: the cross table is [[2, 1, 0], [0, 1, 1], [0, 0, 1]].
const truth: Level[] = [0, 0, 0, 1, 1, 2];
const found: Level[] = [0, 0, 1, 1, 2, 2];

describe("measures of agreement", () => {
  it("equal what is worked out by hand", () => {
    assert.equal(accuracy(truth, found), 4 / 6);
    assert.ok(Math.abs(macroF1(truth, found) - (4 / 5 + 2 / 4 + 2 / 3) / 3) < 1e-12);
    // Seen disagreement 2; expected (3*2*1 + 3*2*4 + 2*2*1 + 2*2*1 + 1*2*4 + 1*2*1) / 6 = 8.
    assert.ok(Math.abs(quadraticKappa(truth, found) - (1 - 2 / 8)) < 1e-12);
  });

  it("leave out of macro-F1 a level that never occurs, and give kappa 0 where nothing varies", () => {
    assert.equal(macroF1([0, 2], [0, 2]), 1);
    assert.equal(quadraticKappa([0, 0], [0, 0]), 0);
  });

  it("find no calibration error where the top probability is the share that is right", () => {
    const p: LevelProbabilities = [0.75, 0.25, 0];
    assert.equal(calibrationError([0, 0, 0, 1], [p, p, p, p]), 0);
    assert.equal(calibrationError([1, 1, 1, 1], [p, p, p, p]), 0.75);
  });
});

describe("summarise", () => {
  it("gives an interval around the value, the same at every call", () => {
    const run = Array.from({ length: 60 }, (_, at) => ({
      group: String(at),
      origin: "hand-written",
      truth: (at % 3) as Level,
      probabilities: (at % 4 === 0 ? [0.6, 0.3, 0.1] : [0.1, 0.2, 0.7]) as LevelProbabilities,
    }));
    const summary = summarise([run]);
    const { value, lower, upper } = summary.accuracy;
    assert.ok(lower < value && value < upper, `${lower} ${value} ${upper}`);
    assert.deepEqual(summarise([run]), summary);
  });
});

describe("stableExp and stableLog", () => {
  it("agree with Math to 15 digits, and undo each other", () => {
    for (let x = -40; x < 40; x += 0.37) {
      assert.ok(Math.abs(stableExp(x) / Math.exp(x) - 1) < 4e-15, `exp ${x}`);
      assert.ok(Math.abs(stableLog(stableExp(x)) - x) < 1e-13, `log ${x}`);
    }
    assert.ok(Math.abs(stableLog(1e-300) / Math.log(1e-300) - 1) < 1e-14);
  });

  it("keep probabilities within 0 and 1 far out", () => {
    assert.deepEqual([sigmoid(-1e4), sigmoid(1e4)], [0, 1]);
    assert.deepEqual(softmax3(1e4, 0, -1e4), [1, 0, 0]);
  });
});

describe("folds", () => {
  const groups = Array.from({ length: 100 }, (_, at) => `group ${at % 80}`);
  const strata = groups.map((_, at) => at % 2);

  it("do not depend on the order of the rows, and keep groups whole", () => {
    const folds = dealFolds(groups, strata, 5, 1);
    const turned = dealFolds(groups.toReversed(), strata.toReversed(), 5, 1);
    assert.deepEqual([...turned].reverse(), [...folds]);
    for (const [at, group] of groups.entries()) {
      assert.equal(folds[at], folds[groups.indexOf(group)]);
    }
  });

  it("hold about equally many rows, and differ between seeds", () => {
    const sizes = [0, 0, 0, 0, 0];
    for (const fold of dealFolds(groups, strata, 5, 1)) sizes[fold] = (sizes[fold] as number) + 1;
    assert.ok(Math.min(...sizes) >= 14, sizes.join());
    assert.notDeepEqual(dealFolds(groups, strata, 5, 1), dealFolds(groups, strata, 5, 2));
  });

  it("are the same for a dialogue in whatever form its first utterance comes", () => {
    const key = dialogueKey("I didn't sleep, and I'm tired.");
    assert.equal(dialogueKey("i did n't sleep , and i 'm tired ."), key);
    assert.equal(dialogueFold(key, 5), 0);
  });

  it("lock about a tenth", () => {
    const locked = Array.from({ length: 5000 }, (_, at) => isLocked(`pair ${at}`)).filter(Boolean);
    assert.ok(Math.abs(locked.length / 5000 - 0.1) < 0.02);
  });
});
