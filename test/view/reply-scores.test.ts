import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isMissing, loadScorer } from "empathy-scorer";
import { UserError } from "kit";
import { temporaryFolder } from "test-support/temporary";
import { scoreReplies } from "../../apps/scoring/score-replies";
import { gatherScores, scoreRequestOf } from "../../apps/view/reply-scores";
import { wordEffects } from "../../apps/view/word-effects";
import { makeCollection } from "./made-replies";

const collection = makeCollection();

/** Writes a score table of the owl's replies, and gives the root above it. */
async function writeOwlScores(text: (reply: string) => string): Promise<string> {
  const root = temporaryFolder();
  const { replies, stimuli, systems } = collection;
  const owl = replies.flatMap(({ stimulus, system, sample, text: own }) => {
    const { dialogue = "", turn = 2 } = stimuli[stimulus] ?? {};
    return systems[system]?.id === "owl"
      ? [{ dialogue, turn, system: "owl", sample, text: text(own) }]
      : [];
  });
  const table = await scoreReplies(loadScorer(), owl, ({ text: reply }) => ({
    context: [],
    reply,
  }));
  mkdirSync(join(root, "data", "scores", "judge"), { recursive: true });
  writeFileSync(join(root, "data", "scores", "judge", "owl.csv"), table);
  return root;
}

describe("gatherScores", () => {
  it("takes levels from score tables, by dialogue, turn and sample", async () => {
    const root = await writeOwlScores((reply) => reply);
    const scorers = gatherScores(collection, { roots: [root] });
    assert.deepEqual(
      scorers.map(({ scorer }) => scorer),
      ["embedded-readings", "embedded-roberta", "embedded-epitome", "judge"],
    );
    const judged = scorers[3]?.levels ?? [];
    assert.deepEqual(
      collection.replies.map((_, at) => (judged[3 * at] ?? -1) >= 0),
      [true, false, false, true, false, true],
    );
  });

  it("takes no level of another text", async () => {
    const notes: string[] = [];
    const root = await writeOwlScores((reply) => `${reply}!`);
    const scorers = gatherScores(collection, { roots: [root], note: (text) => notes.push(text) });
    assert.deepEqual(
      scorers.map(({ scorer }) => scorer),
      ["embedded-readings", "embedded-roberta", "embedded-epitome"],
    );
    assert.match(notes.join(), /^3 levels of replies that are no longer the same are left out$/);
  });

  it("scores what has no levels yet, as `empathy score` does", () => {
    const [columns] = gatherScores(collection, { roots: [] });
    const outcome = loadScorer().scoreNow(scoreRequestOf(collection, 0));
    assert.ok(columns && !isMissing(outcome));
    assert.equal(columns.levels[0], outcome.er.level);
    assert.equal(columns.probabilities[2]?.toFixed(6), outcome.er.probabilities[2].toFixed(6));
  });

  it("says how to score more than it scores itself", () => {
    const notes: string[] = [];
    const note = (text: string) => notes.push(text);
    assert.deepEqual(gatherScores(collection, { roots: [], most: 2, note }), []);
    assert.match(
      notes.join("\n"),
      /^6 replies have no level by embedded-readings; `npx empathy score/,
    );
  });
});

describe("wordEffects", () => {
  const scorer = loadScorer();
  const request = { context: ["My dog died."], reply: "I am so\nsorry to hear that." };

  it("refuses a reply of very many words before it scores it, in one line", async () => {
    const reply = "so sorry ".repeat(100_000);
    await assert.rejects(wordEffects(scorer, { context: [], reply }), (error: Error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /replies of up to 1000 words; this one is longer$/);
      return true;
    });
  });

  it("has every word of the reply, where it stands", async () => {
    const effects = await wordEffects(scorer, request);
    const words = effects.map(({ from, to }) => request.reply.slice(from, to));
    assert.deepEqual(words, ["I", "am", "so", "sorry", "to", "hear", "that."]);
  });

  it("is the change of the expected level that leaving the word out makes", async () => {
    const effects = await wordEffects(scorer, request);
    const expected = (reply: string) => {
      const outcome = scorer.scoreNow({ ...request, reply });
      assert.ok(!isMissing(outcome));
      return outcome.er.probabilities[1] + 2 * outcome.er.probabilities[2];
    };
    const change = expected(request.reply) - expected("I am so to hear that.");
    assert.ok(Math.abs((effects[3]?.changes[0] ?? 0) - change) < 1e-12);
    assert.ok(change > 0);
  });

  it("gives a word alone the whole expected level, and a reply without a score nothing", async () => {
    const [only] = await wordEffects(scorer, { context: [], reply: "Sorry" });
    assert.ok((only?.changes[0] ?? 0) > 0);
    assert.deepEqual(await wordEffects(scorer, { context: [], reply: "123 …" }), []);
  });
});
