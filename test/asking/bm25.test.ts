import assert from "node:assert/strict";
import { buildRequest, findPrompt } from "ask-models";
import { Bm25Index, splitWords } from "../../src/asking/bm25";
import { readPrompts } from "../../src/asking/registries";
import { RetrievalProvider, readPool } from "../../src/asking/retrieval-provider";
import { readAllDialogues } from "../../src/corpus/read-dialogues";
import { stimulusAt } from "../../src/corpus/stimulus";
import { projectPath } from "../../src/project";
import { planOf } from "./ask-support";

describe("Bm25Index", () => {
  it("scores as the formula says, worked out by hand", () => {
    // N = 3, average length 3; "cat" is in two texts, "ran" in one.
    const index = new Bm25Index(["cat cat ran", "cat sat down", "dogs bark loudly"]);
    const match = index.search("cat ran");
    const rare = (n: number) => Math.log(1 + (3 - n + 0.5) / (n + 0.5));
    const expected = rare(2) * ((2 * 2.2) / (2 + 1.2)) + rare(1) * (2.2 / 2.2);
    assert.equal(match?.document, 0);
    assert.ok(Math.abs((match?.score as number) - expected) < 1e-8);
  });

  it("prefers the shorter of two texts that match alike, and the first of equals", () => {
    const texts = ["my dog is ill and I do not know what to do", "my dog is ill", "my dog is ill"];
    assert.equal(new Bm25Index(texts).search("dog ill")?.document, 1);
  });

  it("passes over what is not accepted", () => {
    const index = new Bm25Index(["a cat", "a dog"]);
    assert.equal(index.search("cat", (document) => document !== 0)?.document, 1);
    assert.equal(
      index.search("cat", () => false),
      undefined,
    );
  });
});

describe("splitWords", () => {
  it("keeps accents, digits and apostrophes, and drops the rest", () => {
    assert.deepEqual(splitWords("Élan — it’s 3 o'clock!"), ["élan", "it's", "3", "o'clock"]);
    assert.deepEqual(splitWords(" … "), []);
  });
});

describe("RetrievalProvider", () => {
  it("answers every dialogue of the sample with a listener's reply from another dialogue", async () => {
    const pool = await readPool("sample");
    const provider = new RetrievalProvider(pool);
    const template = findPrompt(readPrompts(), "none");
    const plan = planOf({ provider: "embedded", template, model: "bm25" });
    const dialogues = await readAllDialogues(projectPath("data", "sample", "sample.csv"));
    for (const dialogue of dialogues) {
      const answer = await provider.ask(buildRequest(plan, stimulusAt(dialogue, 2), 1).body);
      const origin = pool.replies.indexOf(answer.text as string);
      assert.ok(origin >= 0);
      assert.notEqual(pool.dialogues[origin], dialogue.id);
    }
  });
});
