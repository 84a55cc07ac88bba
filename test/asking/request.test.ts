import assert from "node:assert/strict";
import {
  type AskPlan,
  buildRequest,
  findPrompt,
  type ReplyRequest,
  renderChat,
  renderCompletion,
  wayOf,
  withoutInstruction,
} from "ask-models";
import { readPrompts } from "../../src/asking/registries";
import { planOf, stimulusOf } from "./ask-support";

const stimulus = {
  dialogue: "d1",
  turn: 4,
  context: [
    { index: 1, role: "speaker" as const, text: "I passed!" },
    { index: 2, role: "listener" as const, text: "Wonderful. Was it hard?" },
    { index: 3, role: "speaker" as const, text: "Very." },
  ],
};

function keyOf(overrides: Partial<AskPlan> = {}, sample = 1, asked = stimulus): string {
  return buildRequest(planOf(overrides), asked, sample).key;
}

describe("buildRequest", () => {
  it("gives another key for everything that can change the output", () => {
    const prompts = readPrompts();
    const keys = [
      keyOf(),
      keyOf({ model: "other" }),
      keyOf({ provider: "openai" }),
      keyOf({ interface: "completion" }),
      keyOf({ template: findPrompt(prompts, "short") }),
      keyOf({ template: findPrompt(prompts, "none") }),
      keyOf({ shown: "last" }),
      keyOf({ parameters: { maxTokens: 255 } }),
      keyOf({ parameters: { maxTokens: 256, temperature: 0 } }),
      keyOf({ parameters: { maxTokens: 256, topP: 0.9 } }),
      keyOf({ parameters: { maxTokens: 256, seed: 7 } }),
      keyOf({ parameters: { maxTokens: 256, reasoningEffort: "none" } }),
      keyOf({}, 2),
      keyOf({}, 1, { ...stimulus, context: stimulus.context.slice(0, 1) }),
    ];
    assert.equal(new Set(keys).size, keys.length);
    for (const key of keys) assert.match(key, /^[0-9a-f]{64}$/);
  });

  it("gives the same key whatever name the same words are filed under", () => {
    const template = findPrompt(readPrompts(), "paper");
    assert.equal(keyOf({ system: "another-name" }), keyOf());
    assert.equal(
      keyOf({ template: { ...template, id: "renamed", version: 9, title: "x" } }),
      keyOf(),
    );
    assert.equal(keyOf({ samples: 5 }), keyOf());
    assert.equal(keyOf({}, 1, { ...stimulus, dialogue: "d2", turn: 6 }), keyOf());
    const { maxTokens } = planOf().parameters;
    assert.equal(keyOf({ parameters: { temperature: undefined, maxTokens } }), keyOf());
  });

  it("keeps one key from one version to the next", () => {
    assert.equal(keyOf(), "e99bc4bbf2379a4d1f70f9e7a0e93568b2f60fb596f3eb8f88d389b86a222543");
  });

  it("sends every draw a seed of its own", () => {
    const plan = planOf({ parameters: { seed: 40 } });
    const seeds = [1, 2, 3].map((n) => buildRequest(plan, stimulus, n).body.parameters.seed);
    assert.deepEqual(seeds, [40, 41, 42]);
  });

  it("makes the dialogue part of an embedded system's key, which may not answer from it", () => {
    const embedded = { provider: "embedded" as const };
    const other = { ...stimulus, dialogue: "d2" };
    assert.notEqual(keyOf(embedded, 1, other), keyOf(embedded));
  });
});

describe("renderChat", () => {
  const paper = findPrompt(readPrompts(), "paper");

  it("puts the instruction first, the speaker as user and the listener as assistant", () => {
    const messages = renderChat(paper, stimulus, "all");
    assert.deepEqual(
      messages.map(({ role }) => role),
      ["system", "user", "assistant", "user"],
    );
    assert.match(messages[0]?.content ?? "", /^This experiment requires you to continue/);
    assert.equal(messages[3]?.content, "Very.");
  });

  it("shows the last utterance alone where that is what a system sees", () => {
    assert.equal(renderChat(paper, stimulus, "last").length, 2);
    assert.equal(renderChat(paper, stimulus, "last")[1]?.content, "Very.");
  });
});

describe("an instruction in the first user turn", () => {
  const paper = findPrompt(readPrompts(), "paper");
  const inside = findPrompt(readPrompts(), "paper", "user");

  it("stands before what the speaker said first, or alone where the listener began", () => {
    const messages = renderChat(inside, stimulus, "all");
    assert.deepEqual(
      messages.map(({ role }) => role),
      ["user", "assistant", "user"],
    );
    assert.equal(messages[0]?.content, `${paper.instruction}\n\nI passed!`);
    assert.deepEqual(withoutInstruction(paper.instruction as string, messages), [
      ...renderChat(paper, stimulus, "all").slice(1),
    ]);
    const late = { ...stimulus, context: stimulus.context.slice(1) };
    const alternating = renderChat(inside, late, "all");
    assert.equal(alternating[0]?.content, paper.instruction);
    assert.equal(alternating[1]?.role, "assistant");
    assert.equal(withoutInstruction(paper.instruction as string, alternating).length, 2);
  });

  it("is another request, and another way of asking", () => {
    const [there, here] = [paper, inside].map(
      (template) => buildRequest(planOf({ template }), stimulus, 1) as ReplyRequest,
    ) as [ReplyRequest, ReplyRequest];
    assert.notEqual(here.key, there.key);
    assert.notEqual(wayOf(here.body), wayOf(there.body));
  });
});

describe("renderCompletion", () => {
  it("ends with the listener's cue, and stops before the speaker's", () => {
    const none = findPrompt(readPrompts(), "none");
    assert.deepEqual(renderCompletion(none, stimulus, "all"), {
      text: "User: I passed!\nAssistant: Wonderful. Was it hard?\nUser: Very.\nAssistant:",
      stop: ["\nUser:"],
    });
    const short = findPrompt(readPrompts(), "short");
    const { text } = renderCompletion(short, stimulusOf("d", "Hello."), "all");
    assert.match(text, /^Reply to the user .*sentences\.\n\nUser: Hello\.\nAssistant:$/);
  });
});
