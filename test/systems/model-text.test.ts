import assert from "node:assert/strict";
import { MarkCounter } from "../../src/systems/model-text";

describe("MarkCounter", () => {
  it("counts replies by what they hold that is hardly part of them", () => {
    const marks = new MarkCounter();
    for (const text of [
      "<think>Sad.</think>Oh.",
      "Sad.</think>Oh.",
      "Oh.<|im_end|>",
      "Oh.</s>",
      "<listener>Oh.</listener>",
      "Oh&#39;s",
      "I <3 you & me, a_b [sic]",
      "Oh.",
    ]) {
      marks.add(text);
    }
    assert.equal(
      marks.describe(),
      "2 replies hold reasoning ('<think>'), 2 replies hold template tokens ('<|im_end|>'), " +
        "2 replies hold markup ('<listener>')",
    );
  });

  it("says nothing where there is nothing", () => {
    const marks = new MarkCounter();
    marks.add("I am sorry.");
    assert.equal(marks.describe(), undefined);
  });
});
