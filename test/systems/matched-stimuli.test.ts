import assert from "node:assert/strict";
import { type Answer, matchedStimuli } from "../../src/systems/matched-stimuli";

const answers = (table: Readonly<Record<string, readonly string[]>>): Answer[] =>
  Object.entries(table).flatMap(([system, stimuli]) =>
    stimuli.map((stimulus) => {
      const [dialogue, turn] = stimulus.split(" ") as [string, string];
      return { dialogue, turn: Number(turn), system };
    }),
  );

describe("matchedStimuli", () => {
  const answered = answers({
    human: ["hit:10 2", "hit:2 2", "hit:2 4", "hit:3 2"],
    a: ["hit:10 2", "hit:2 4", "hit:2 2", "hit:9 2"],
    b: ["hit:2 4", "hit:10 2", "hit:9 2", "hit:3 2"],
    c: ["hit:3 2"],
  });
  const of = (...ids: string[]) =>
    matchedStimuli(
      ids.map((id) => ({ id })),
      answered,
    ).map(({ dialogue, turn }) => `${dialogue} ${turn}`);

  it("gives what all of them answered and people too, by dialogue and turn", () => {
    assert.deepEqual(of("a"), ["hit:2 2", "hit:2 4", "hit:10 2"]);
    assert.deepEqual(of("a", "b"), ["hit:2 4", "hit:10 2"]);
    assert.deepEqual(of("b", "a"), of("a", "b"));
    assert.deepEqual(of("a", "a"), of("a"));
    assert.deepEqual(of("human"), ["hit:2 2", "hit:2 4", "hit:3 2", "hit:10 2"]);
    assert.deepEqual(of("a", "b", "c"), []);
    assert.deepEqual(of("nobody"), []);
  });

  it("counts a stimulus once that was answered in several samples", () => {
    const twice = [...answered, ...answered];
    assert.equal(matchedStimuli([{ id: "a" }, { id: "b" }], twice).length, 2);
  });

  it("refuses a system that is out of every comparison, and no systems", () => {
    const excluded = { id: "a", excluded: "its prompts were chosen by the reply" };
    assert.throws(
      () => matchedStimuli([excluded], answered),
      /^UserError: a: is out of every comparison: its prompts were chosen by the reply; leave it out$/,
    );
    assert.throws(() => matchedStimuli([], answered), RangeError);
  });
});
