import assert from "node:assert/strict";
import { SearchableTexts, searchedParts } from "../../apps/view/searchable-texts";

describe("SearchableTexts", () => {
  const texts = ["", "So sorry.", "so\nso", "I’m “fine”", "ÉTÉ", "sorry, so sorry", ""];
  const searchable = new SearchableTexts(texts);
  const found = (part: string) => [...searchable.find(part)].flatMap((is, at) => (is ? [at] : []));

  it("finds words in any case, once a text", () => {
    assert.deepEqual(found("SO"), [1, 2, 5]);
    assert.deepEqual(found("sorry"), [1, 5]);
  });

  it("finds phrases over a line end, and never over the end of a text", () => {
    assert.deepEqual(found("so so"), [1, 2, 5]);
    assert.deepEqual(found("sorry. so"), []);
    assert.deepEqual(found("\n"), found(" "));
  });

  it("takes curly marks for straight ones, and letters however they are composed", () => {
    assert.deepEqual(found("i'm"), [3]);
    assert.deepEqual(found('"fine"'), [3]);
    assert.deepEqual(found("e\u0301te\u0301"), [4]);
  });

  it("finds everything where nothing is wanted, nothing where nothing is like it", () => {
    assert.equal(found("").length, texts.length);
    assert.deepEqual(found("zebra"), []);
  });

  it("forgets old searches without a change of what is found", () => {
    for (let at = 0; at < 60; at++) searchable.find(`word ${at}`);
    assert.deepEqual(found("sorry"), [1, 5]);
  });

  it("works on no text at all", () => {
    assert.equal(new SearchableTexts([]).find("a").length, 0);
  });
});

describe("searchedParts", () => {
  it("parts words from phrases, also one whose end is not typed yet", () => {
    assert.deepEqual(searchedParts(' a  "b c" “d e” "f g'), ["a", "b c", "d e", "f g"]);
    assert.deepEqual(searchedParts('""  '), []);
  });
});
