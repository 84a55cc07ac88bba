import assert from "node:assert/strict";
import { readLabels, readTexts } from "../../src/notebook/exercise";

describe("readLabels", () => {
  for (const [given, labels, fault] of [
    [[0, 1, 2], [0, 1, 2], null],
    [[0, null, 2], [0, null, 2], "1 of 3 levels are missing"],
    [[0, 3, 2], [0, null, 2], "number 2 is 3; a level is 0, 1 or 2"],
    [["2", 1, 0], [null, 1, 0], 'number 1 is the text "2"; a level is 0, 1 or 2'],
    [[0, 1], [0, 1, null], "there are 2 levels for 3 replies"],
    [[0, 1, 2, 0], [0, 1, 2], "there are 4 levels for 3 replies"],
    ["201", [null, null, null], "a row of 3 levels in square brackets is needed"],
    [undefined, [null, null, null], "a row of 3 levels in square brackets is needed"],
  ] as const) {
    it(`reads ${JSON.stringify(given)}`, () => {
      assert.deepEqual(readLabels(given, 3), { labels, fault });
    });
  }
});

describe("readTexts", () => {
  it("takes what is no text, or is too short, for an empty text, and says how many are missing", () => {
    assert.deepEqual(readTexts(["a", 3], 3), {
      texts: ["a", "", ""],
      fault: "2 of 3 texts are missing",
    });
    assert.deepEqual(readTexts(["a", "b"], 2), { texts: ["a", "b"], fault: null });
    assert.equal(readTexts(["a", "b", "c"], 2).fault, "there are 3 texts for 2");
    assert.equal(readTexts("a", 1).fault, "1 of 1 texts are missing");
  });
});
