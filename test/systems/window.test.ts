import assert from "node:assert/strict";
import { stimulusAt } from "../../src/corpus/stimulus";
import { JoinIndex } from "../../src/systems/join-index";
import { matchRecord } from "../../src/systems/join-record";
import { readSample } from "../published-files";

describe("a record whose context was cut to a window", () => {
  it("joins where the window is the end of situation and utterances, and nowhere else", async () => {
    const dialogues = await readSample();
    const [dialogue] = dialogues;
    assert.ok(dialogue);
    const said = stimulusAt(dialogue, 4).context.map(({ text }) => text);
    const index = new JoinIndex(dialogues);
    const match = (window: readonly string[], turn: number) =>
      matchRecord({ line: 1, dialogue: dialogue.id, turn, window, replies: [] }, index);
    const all = [dialogue.situation, ...said];
    for (const width of [1, 2, 3, 4]) {
      assert.ok("dialogue" in match(all.slice(-width), 4), `${width} lines`);
    }
    assert.ok("dialogue" in match(all.slice(0, 2), 2));
    for (const window of [[], all.slice(0, 3), [...all, "x"], ["x", ...all], ["x"]]) {
      assert.deepEqual(match(window, 4), { left: "another context" });
    }
    assert.deepEqual(match(all.slice(0, 1), 1), { left: "a turn of the speaker" });
  });
});
