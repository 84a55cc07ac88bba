import assert from "node:assert/strict";
import { normaliseText, tokenise, wordKey } from "empathy-scorer/training";

describe("normaliseText", () => {
  it("gives texts that read the same the same form", () => {
    const form = normaliseText("I’m so “happy” for you — really");
    assert.equal(normaliseText('  I\'m so\n\t"happy"  for you - really '), form);
    assert.equal(normaliseText("I’m so “happy” for\u200b you — really"), form);
    assert.equal(normaliseText("cafe\u0301"), normaliseText("café"));
    assert.equal(normaliseText("ﬁne"), "fine");
  });

  it("shortens runs and names addresses", () => {
    assert.equal(normaliseText("Nooooooo!!!!!!"), "nooo!!!");
    assert.equal(normaliseText("see https://example.org/a?b=c now"), "see <url> now");
  });

  it("keeps a bounded part of an endless text", () => {
    assert.ok(normaliseText("ab ".repeat(1e6)).length <= 20_000);
  });
});

describe("wordKey", () => {
  it("is the same for a text that was tokenised and lower-cased", () => {
    assert.equal(wordKey("I don't know. We'll see!"), wordKey("i do n't know . we 'll see !"));
    assert.equal(wordKey("I wasn't there, I'm sure."), wordKey("i was not there , i am sure ."));
  });
});

describe("tokenise", () => {
  it("cuts words, numbers, marks and emoji, and ends sentences at marks", () => {
    const { words, sentenceEnds } = tokenise("i'm ok... are you? 24 times 😀");
    assert.deepEqual(words, ["i'm", "ok", "...", "are", "you", "?", "24", "times", "😀"]);
    assert.deepEqual(sentenceEnds, [3, 6, 9]);
  });

  it("writes contractions one way", () => {
    assert.deepEqual(tokenise("im sure u dont").words, ["i'm", "sure", "you", "don't"]);
  });

  it("cuts a sentence that does not end", () => {
    const { sentenceEnds } = tokenise(`${"one two three four five ".repeat(8)}and so on`);
    assert.equal(sentenceEnds.length, 2);
  });

  it("has no tokens for an empty text", () => {
    assert.deepEqual(tokenise("").sentenceEnds, []);
  });
});
