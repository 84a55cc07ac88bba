import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { projectPath } from "../../src/project";

interface VisibleText {
  readonly visibleText: (text: string) => string;
  readonly findHits: (text: string, search: string) => [number, number][];
}

// The page's own module, as the browser loads it.
async function load(): Promise<VisibleText> {
  return import(pathToFileURL(projectPath("apps", "view", "page", "visible-text.mjs")).href);
}

describe("visibleText", () => {
  const SEEN: Readonly<Record<string, readonly [string, string]>> = {
    "an escape sequence": ["\u001b[31mred", "␛[31mred"],
    "a bell, a null, a carriage return": ["\u0007\u0000\r", "␇␀␍"],
    "delete and C1": ["\u007f\u009b", "␡⟨U+009B⟩"],
    "an override of direction": ["a\u202Eb\u2066c", "a⟨U+202E⟩b⟨U+2066⟩c"],
    "invisible signs": ["a\u200bb\u00adc\ufeff", "a⟨U+200B⟩b⟨U+00AD⟩c⟨U+FEFF⟩"],
    "hidden tags": ["x\u{e0041}", "x⟨U+E0041⟩"],
    "half a pair": ["a\ud83d!", "a⟨U+D83D⟩!"],
    "markup and formulas, as they are": ["<b>&amp; =1+1", "<b>&amp; =1+1"],
    "line ends, tabs, emoji and other scripts, as they are": [
      "a\n\tb 👩‍🚀 שלום",
      "a\n\tb 👩‍🚀 שלום",
    ],
  };
  for (const [name, [text, expected]] of Object.entries(SEEN)) {
    it(`shows ${name}`, async () => {
      const { visibleText } = await load();
      assert.equal(visibleText(text), expected);
    });
  }
});

describe("findHits", () => {
  it("finds words and phrases in order, run together where they overlap", async () => {
    const { findHits } = await load();
    assert.deepEqual(findHits("So sorry, so SORRY", 'sorry "so s"'), [
      [0, 8],
      [10, 18],
    ]);
    assert.deepEqual(findHits("I’m", "i'm"), [[0, 3]]);
    assert.deepEqual(findHits("a", ""), []);
  });
});
