import assert from "node:assert/strict";
import { measureStyle } from "../../apps/replies/measure-style";
import { splitWords } from "../../src/systems/reply-style";

const toReplies = (texts: readonly string[]) =>
  texts.map((text, at) => ({ dialogue: `sample:${at}`, turn: 2, system: "made", sample: 1, text }));

describe("splitWords", () => {
  it("gives a tokenised text the words of the plain one", () => {
    const plain = splitWords("You shouldn't worry, it's fine — I've been there!");
    assert.deepEqual(splitWords("you should n't worry , it 's fine -- i 've been there !"), plain);
  });

  it("keeps letters of any script and drops emoji", () => {
    assert.deepEqual(splitWords("Ça va 🙂 好"), ["ça", "va", "好"]);
  });
});

describe("measureStyle", () => {
  it("counts words, different words and pairs, stock replies and questions", () => {
    const style = measureStyle(toReplies(["a b a b", "a b", "c ?"]));
    assert.equal(style.replies, 3);
    assert.equal(style.meanWords, 7 / 3);
    assert.equal(style.distinct1, 3 / 7);
    assert.equal(style.distinct2, 2 / 7); // "a b", "b a"; pairs do not cross replies
    assert.equal(style.questionShare, 1 / 3);
    assert.equal(style.stockShare, 0);
  });

  it("calls a reply stock from five stimuli on, whatever its punctuation", () => {
    const five = ["I see.", "i see !", "I see", "i see", "I SEE", "other"];
    assert.equal(measureStyle(toReplies(five)).stockShare, 5 / 6);
    assert.equal(measureStyle(toReplies(five.slice(1))).stockShare, 0);
  });

  it("measures distinct-n on the first 10,000 words only", () => {
    const words = Array.from({ length: 10_000 }, (_, at) => `w${at % 100}`);
    const style = measureStyle(toReplies([words.join(" "), "never counted words"]));
    assert.equal(style.distinct1, 100 / 10_000);
  });

  it("refuses an empty list", () => {
    assert.throws(() => measureStyle([]), RangeError);
  });
});
