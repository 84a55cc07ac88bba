import assert from "node:assert/strict";
import { surpriseOf } from "../../apps/view/surprise";

// Eight replies of one system to prompts of one sentiment, one of another system, one of another sentiment.
const groups = {
  systemOf: Uint16Array.of(0, 0, 0, 0, 0, 0, 0, 0, 1, 0),
  stimulusOf: Int32Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
  sentimentOf: Uint8Array.of(0, 1),
  systems: 2,
};

function levelsOf(er: readonly number[]): Int8Array {
  return Int8Array.from(er.flatMap((level) => [level, 0, -1]));
}

describe("surpriseOf", () => {
  const bits = surpriseOf(levelsOf([0, 0, 0, 0, 0, 0, 0, 2, 2, 2]), groups);
  const at = (reply: number) => bits[3 * reply] ?? Number.NaN;

  it("is the information of a level among the same system's replies to the same sentiment", () => {
    assert.ok(Math.abs(at(0) + Math.log2(7.5 / 9.5)) < 1e-6);
    assert.ok(Math.abs(at(7) + Math.log2(1.5 / 9.5)) < 1e-6);
  });

  it("counts neither another system's replies nor those to another sentiment", () => {
    assert.ok(Math.abs(at(8) + Math.log2(1.5 / 2.5)) < 1e-6);
    assert.equal(at(8), at(9));
  });

  it("is more, the rarer the level", () => assert.ok(at(7) > at(0)));

  it("is none where there is no level", () => assert.ok(Number.isNaN(bits[2])));
});
