import assert from "node:assert/strict";
import { MarkCounter, splitModelText } from "ask-models";

describe("splitModelText", () => {
  const apart = (text: string) => {
    const { reply, thinking, isOpen } = splitModelText(text);
    return [reply, thinking, isOpen];
  };

  for (const [text, reply, thinking] of [
    ['<|channel|>final <|constrain|>json<|message|>{"er":1}<|return|>', '{"er":1}', undefined],
    ["Okay.<|end|><|start|>assistant<|channel|>analysis<|message|>hm<|end|>", "Okay.", "hm"],
    ["<|channel|>analysis<|message|>hm<|end|>Okay.", "Okay.", "hm"],
    ["<|channel|>final<|message|>Okay.<|return|>rest", "Okay.", undefined],
    ["<|channel|>final<|message|>A.<|end|><|start|>user<|message|>B.<|end|>", "A.", undefined],
    ["analysisUser sad; ask why.assistantfinalOkay.", "Okay.", "User sad; ask why."],
    ["<think>a</think>draft one</think>Okay.", "Okay.", "a\n\ndraft one"],
    ["<think>a<think>b</think>c</think>Okay.", "Okay.", "a\n\nb\n\nc"],
    ["<think >a</think >Okay.", "Okay.", "a"],
    ["<s><think>a</think>Okay.</s>", "Okay.", "a"],
    ["<|channel>thought\na\n<channel|>Okay.", "Okay.", "a"],
    ["<|thinking|>a<|/thinking|>Okay.", "Okay.", "a"],
    [
      "<|begin_of_thought|>a<|end_of_thought|>\n<|begin_of_solution|>Okay.<|end_of_solution|>",
      "Okay.",
      "a",
    ],
    ["<|message|>Okay.<|end|>", "Okay.", undefined],
    ["<|im_end|>\n<|im_start|>user\nThanks", "", undefined],
    ["<|im_end|><|im_start|>assistant\nOkay.<|im_end|>", "Okay.", undefined],
    ["<s>Okay.</s>\n<s>[INST] Thanks [/INST]", "Okay.", undefined],
  ] as const) {
    it(`finds reply and reasoning in '${text}'`, () => {
      assert.deepEqual(apart(text), [reply, thinking, false]);
    });
  }

  for (const text of [
    "Try ```x <|y|> z``` first.",
    "Oh no! <|_|>",
    "<s>horrible</s> that is great",
    "That is <s>bad</s>",
    "I think you mean the `<think>` tag? It is fine.",
    "I think you mean the <think> tag? It is fine.",
    "`</think>` ends it, `<|im_end|>` the turn.",
    "analysis of it helps",
  ]) {
    it(`leaves '${text}' alone`, () => {
      assert.deepEqual(splitModelText(text), { reply: text, isOpen: false, isCut: false });
    });
  }

  for (const text of [
    "<s><think>a",
    "<think>b</think>\n<think>a",
    "<think>b</think><think>a",
    "analysisA",
    "<|channel|>analysis",
  ]) {
    it(`takes '${text}' as ending inside the reasoning`, () => {
      assert.deepEqual([splitModelText(text).reply, splitModelText(text).isOpen], ["", true]);
    });
  }

  it("takes a text of nothing but marks apart in a moment", () => {
    for (const mark of ["<think>", "a <think>", "</think>", "<|channel|>x", "<s>", "<|im_end|>"]) {
      const started = performance.now();
      splitModelText(mark.repeat(20_000));
      assert.ok(performance.now() - started < 1000, mark);
    }
  });

  it("says whether reply and reasoning are all that a text holds", () => {
    for (const text of [
      "<think>a</think>Okay.",
      "<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>final<|message|>Okay.<|return|>",
      "analysisA.assistantfinalOkay.",
    ]) {
      assert.equal(splitModelText(text).isCut, false, text);
    }
    for (const text of ["Okay.<|im_end|>", "<|channel|>final<|message|>Okay.<|return|>rest"]) {
      assert.equal(splitModelText(text).isCut, true, text);
    }
  });
});

describe("MarkCounter", () => {
  it("counts replies by what they hold that is hardly part of them", () => {
    const marks = new MarkCounter();
    for (const text of [
      "<think>Sad.</think>Oh.",
      "Sad.</think>Oh.",
      "analysisSad.assistantfinalOh.",
      "<|channel>thought\nSad.<channel|>Oh.",
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
      "4 replies hold reasoning ('<think>'), 2 replies hold template tokens ('<|im_end|>'), " +
        "2 replies hold markup ('<listener>')",
    );
  });

  it("says nothing where there is nothing", () => {
    const marks = new MarkCounter();
    marks.add("I am sorry.");
    assert.equal(marks.describe(), undefined);
  });
});
