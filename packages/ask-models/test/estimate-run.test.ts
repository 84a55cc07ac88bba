// What a run would take, against sums that are made by hand.
import assert from "node:assert/strict";
import {
  type AskPlan,
  buildRequest,
  type Counted,
  createTokenCounter,
  estimateRun,
  JournalIndex,
  toReplyRecord,
} from "ask-models";
import { answerOf, failureOf, requestOf } from "./made-requests";

const plan: AskPlan = {
  system: "mine",
  provider: "openai-compatible",
  model: "gpt-4o-mini",
  interface: "chat",
  template: {
    id: "plain",
    version: 1,
    title: "Plain",
    origin: "written here",
    completion: { speaker: "A: ", listener: "B: ", separator: "\n", stop: ["\n"] },
  },
  shown: "all",
  parameters: { maxTokens: 100 },
  samples: 1,
};
const price = { input: 1e6, output: 3e6 };
// "Hello." is two tokens: with one of the role and three of the message and of the reply's beginning each, nine.
const TOKENS = 9;

function sourceOf(count: number) {
  return {
    opened: 0,
    async *open() {
      this.opened++;
      for (let n = 0; n < count; n++) {
        const context = [{ role: "speaker" as const, text: "Hello." }];
        yield { stimulus: { dialogue: `d${n}`, turn: 2, context } };
      }
    },
  };
}

describe("estimateRun", () => {
  it("prices every word that is sent and every reply at its longest", async () => {
    const estimate = await estimateRun(plan, sourceOf(4), new JournalIndex(), price);
    assert.deepEqual(estimate, {
      system: "mine",
      model: "gpt-4o-mini",
      requests: 4,
      answered: 0,
      inputTokens: 4 * TOKENS,
      exactTokens: true,
      outputTokensAtMost: 400,
      costUsdAtMost: 4 * TOKENS + 3 * 400,
      batchUsdAtMost: null,
    });
  });

  it("prices every draw", async () => {
    const drawn = { ...plan, samples: 3 };
    const source = sourceOf(4);
    const estimate = await estimateRun(drawn, source, new JournalIndex(), price);
    assert.deepEqual(
      [estimate.requests, estimate.inputTokens, estimate.outputTokensAtMost],
      [12, 12 * TOKENS, 1200],
    );
    assert.equal(source.opened, 1);
  });

  it("halves the price of a batch, which OpenAI alone takes", async () => {
    const openai = { ...plan, provider: "openai" as const };
    const { costUsdAtMost, batchUsdAtMost } = await estimateRun(
      openai,
      sourceOf(2),
      new JournalIndex(),
      price,
    );
    assert.deepEqual([costUsdAtMost, batchUsdAtMost], [618, 309]);
    const unknown = await estimateRun(openai, sourceOf(2), new JournalIndex());
    assert.deepEqual([unknown.costUsdAtMost, unknown.batchUsdAtMost], [null, null]);
  });

  it("takes what this package computes itself for free, and counts none of its words", async () => {
    const own = { ...plan, provider: "embedded" as const, parameters: {} };
    const estimate = await estimateRun(own, sourceOf(3), new JournalIndex());
    assert.deepEqual(
      [estimate.requests, estimate.inputTokens, estimate.outputTokensAtMost, estimate.exactTokens],
      [3, 0, 0, true],
    );
    assert.deepEqual([estimate.costUsdAtMost, estimate.batchUsdAtMost], [0, null]);
  });

  it("prices what has no answer, of a system that was asked before", async () => {
    const index = new JournalIndex();
    for await (const { stimulus } of sourceOf(3).open()) {
      const result = stimulus.dialogue === "d2" ? failureOf("request") : answerOf();
      index.remember(toReplyRecord(buildRequest(plan, stimulus, 1), { result, attempts: 1 }, 0));
    }
    const { requests, answered, inputTokens, costUsdAtMost } = await estimateRun(
      plan,
      sourceOf(5),
      index,
      price,
    );
    assert.deepEqual(
      [requests, answered, inputTokens, costUsdAtMost],
      [3, 2, 3 * TOKENS, 3 * TOKENS + 900],
    );
  });

  it("counts plans with the same words once, and those with other words anew", async () => {
    const counted = new Map<string, Counted>();
    const { template } = plan;
    const others: Partial<AskPlan>[] = [
      { template: { ...template, id: "other" } },
      { template: { ...template, version: 2 } },
      { template: { ...template, instructionIn: "user" } },
      { shown: "last" },
      { interface: "completion" },
      { model: "gpt-4" },
    ];
    const openedBy = async (change: Partial<AskPlan>) => {
      const source = sourceOf(1);
      await estimateRun({ ...plan, ...change }, source, new JournalIndex(), price, { counted });
      return source.opened;
    };
    assert.equal(await openedBy({}), 1);
    assert.equal(await openedBy({ samples: 2, system: "yours", model: "gpt-4o" }), 0);
    for (const other of others) assert.equal(await openedBy(other), 1, JSON.stringify(other));
  });

  it("looks at its signal once in a thousand stimuli", async () => {
    const signal = AbortSignal.abort(new Error("stopped by hand"));
    const run = (count: number) =>
      estimateRun(plan, sourceOf(count), new JournalIndex(), price, { signal });
    assert.equal((await run(999)).requests, 999);
    await assert.rejects(run(1000), /stopped by hand/);
  });
});

describe("createTokenCounter", () => {
  const message = (role: "user" | "assistant", content: string) => ({ role, content });
  const { body } = requestOf("d0");

  it("counts messages as OpenAI does, and a text by its tokens alone", async () => {
    const { count } = await createTokenCounter("gpt-4o");
    const two = [message("user", "Hello."), message("assistant", "Hello.")];
    assert.equal(count({ ...body, messages: two.slice(0, 1) }), TOKENS);
    assert.equal(count({ ...body, messages: two }), 3 + 2 * (3 + 1 + 2));
    const { messages: _none, ...continued } = body;
    assert.equal(count({ ...continued, text: "Hello." }), 2);
    assert.equal(count(continued), 0);
  });

  it("takes what looks like a control token for text", async () => {
    const { count } = await createTokenCounter("gpt-4o");
    const { messages: _none, ...continued } = body;
    assert.ok(count({ ...continued, text: "<|endoftext|>" }) > 1);
  });

  it("knows whose encoding is public, and which one that is", async () => {
    for (const [model, encoding, exact] of [
      ["gpt-3.5-turbo", "cl100k_base", true],
      ["gpt-4", "cl100k_base", true],
      ["gpt-4-turbo", "cl100k_base", true],
      ["gpt-4o", "o200k_base", true],
      ["gpt-4o-mini", "o200k_base", true],
      ["gpt-4.1-nano", "o200k_base", true],
      ["chatgpt-4o-latest", "o200k_base", true],
      ["gpt-5", "o200k_base", true],
      ["o1", "o200k_base", true],
      ["o3-mini", "o200k_base", true],
      ["o4-mini", "o200k_base", true],
      ["gpt-6", "o200k_base", false],
      ["o5", "o200k_base", false],
      ["gpt-45", "o200k_base", false],
      ["my-gpt-4", "o200k_base", false],
      ["llama-3", "o200k_base", false],
    ] as const) {
      const counter = await createTokenCounter(model);
      assert.deepEqual([counter.encoding, counter.exact], [encoding, exact], model);
    }
  });
});
