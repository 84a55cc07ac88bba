import assert from "node:assert/strict";
import { type Answer, AttemptFailed, toReplyRecord } from "ask-models";
import { requestOf } from "./made-requests";

const request = requestOf("d0");
const { body, ...place } = request;
const end = { attempts: 3, time: "2001-09-09T01:46:40.000Z", request: body };
const price = { input: 1e6, output: 3e6 };
const recordOf = (result: Answer | AttemptFailed, money?: typeof price) =>
  toReplyRecord(request, { result, attempts: 3 }, 1e12, money);

describe("toReplyRecord", () => {
  it("names what an answer holds, and nothing that it lacks", () => {
    const answer: Answer = { status: "ok", text: "There." };
    assert.deepEqual(recordOf(answer), { ...place, status: "ok", reply: "There.", ...end });
    const more = {
      thinking: "Hm.",
      said: "There.</s>",
      reason: "it ended",
      model: "tiny-1",
      finish: "stop",
      usage: { inputTokens: 10, outputTokens: 2 },
      logprobs: { There: -0.1 },
    };
    assert.deepEqual(recordOf({ ...answer, ...more }), {
      ...place,
      status: "ok",
      reply: "There.",
      ...more,
      ...end,
    });
  });

  it("keeps the text of what is no whole reply apart from replies", () => {
    const cut = recordOf({ status: "cut-off", text: "The" });
    assert.deepEqual(cut, { ...place, status: "cut-off", partial: "The", ...end });
    const refused = recordOf({ status: "refused", reason: "no" });
    assert.deepEqual(refused, { ...place, status: "refused", reason: "no", ...end });
  });

  it("names a cost where price and usage are known", () => {
    const usage = { inputTokens: 10, outputTokens: 2 };
    assert.equal(recordOf({ status: "ok", text: "a", usage }, price).costUsd, 16);
    assert.equal("costUsd" in recordOf({ status: "ok", text: "a", usage }), false);
    assert.equal("costUsd" in recordOf({ status: "ok", text: "a" }, price), false);
  });

  it("says why an attempt failed, with a hint where there is one, and what was said", () => {
    const failed = { ...place, status: "failed" } as const;
    assert.deepEqual(recordOf(new AttemptFailed("request", "HTTP 400"), price), {
      ...failed,
      reason: "HTTP 400",
      ...end,
    });
    const details = { said: "Two?", hint: "ask for less" };
    assert.deepEqual(recordOf(new AttemptFailed("malformed", "No number.", details)), {
      ...failed,
      said: "Two?",
      reason: "No number; ask for less",
      ...end,
    });
  });
});
