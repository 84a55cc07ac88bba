import assert from "node:assert/strict";
import { parsePythonList } from "../../src/tables/python-list";
import { toPython } from "../published-files";

describe("parsePythonList", () => {
  it("reads both quotes, and a quote inside a word", () => {
    assert.deepEqual(parsePythonList(`['a b', "wasn't", 'say "so"']`), [
      "a b",
      "wasn't",
      'say "so"',
    ]);
  });

  it("reads every escape that repr writes", () => {
    const text = String.raw`['\\ \' \" \n \t \r \x41 \u00e9 \U0001F642 \101 \d']`;
    assert.deepEqual(parsePythonList(text), ["\\ ' \" \n \t \r A é 🙂 A \\d"]);
  });

  it("reads empty lists, a comma before the end, and spaces", () => {
    assert.deepEqual(parsePythonList(" [ ] "), []);
    assert.deepEqual(parsePythonList("['a' , 'b', ]"), ["a", "b"]);
  });

  it("joins a list inside the list by spaces", () => {
    assert.deepEqual(parsePythonList("[['how', 'are', 'you'], ['fine']]"), ["how are you", "fine"]);
  });

  it("gives back what repr wrote, whatever the text", () => {
    const texts = [
      "",
      "it's",
      'a "b"',
      `'"`,
      "\\",
      "\\'",
      "tab\there",
      "line\nbreak",
      "é🙂",
      "],[",
    ];
    assert.deepEqual(parsePythonList(toPython(texts)), texts);
  });

  for (const [text, column] of [
    ["", 1],
    ["'a'", 1],
    ["['a'", 5],
    ["['a' 'b']", 6],
    ["['a'] x", 7],
    ["[,]", 2],
    ["[[['a']]]", 3],
    ["['a", 2],
    [String.raw`['\x4']`, 3],
    [String.raw`['\U99999999']`, 3],
    ["[open('/etc/passwd')]", 2],
  ] as const) {
    it(`refuses ${text || "an empty text"}, naming column ${column}`, () => {
      assert.throws(() => parsePythonList(text), new RegExp(`column ${column}\\b`));
    });
  }

  it("is linear in hostile input", () => {
    assert.throws(() => parsePythonList("[".repeat(1e6)), SyntaxError);
    assert.throws(() => parsePythonList(`['${"\\".repeat(1e6 + 1)}`), SyntaxError);
    assert.equal(parsePythonList(`[${"'a',".repeat(2e5)}]`).length, 2e5);
  });
});
