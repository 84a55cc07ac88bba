import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openTable } from "kit/tables";
import { temporaryFolder } from "test-support/temporary";
import { readFilePopulation } from "../../apps/annotate/file-population";
import { CollectionBuilder } from "../../apps/view/collection";
import { addReplyFile } from "../../apps/view/reply-file";
import { findStimuli } from "../../src/asking/stimuli";
import { readScoreRequests } from "../../src/scoring/score-table";
import { splitContext } from "../../src/tables/split-context";

describe("splitContext", () => {
  it("takes a JSON list of texts, or one utterance a line", () => {
    assert.deepEqual(splitContext('["a\\nb", "c"]'), ["a\nb", "c"]);
    assert.deepEqual(splitContext("a\r\n\n b "), ["a", "b"]);
    assert.deepEqual(splitContext("[1, 2]"), ["[1, 2]"]);
    assert.deepEqual(splitContext("  "), []);
  });

  const UTTERANCES = [
    "I lost my 'job', today.",
    "Oh no, what happened?,]",
    "They closed the shop.",
  ];
  const python = UTTERANCES.map((text) => (text.includes("'") ? `"${text}"` : `'${text}'`));
  for (const [what, text] of [
    ["Python prints it", `[${python.join(", ")}]`],
    ["Python is written", `[\n  ${python.join(",\n  ")},\n]`],
    ["NumPy prints it", `[${python.join("\n ")}]`],
    ["NumPy 2 prints it", `[${python.map((text) => `np.str_(${text})`).join(", ")}]`],
    ["Python prints tuples", `(${python.join(", ")})`],
    ["NumPy 2 prints tuples", `(${python.map((text) => `np.str_(${text})`).join(", ")})`],
    ["NumPy names it", `array([${python.join(", ")}], dtype=object)`],
    [
      "chats hold it",
      JSON.stringify(
        UTTERANCES.map((content, at) => ({ role: at % 2 === 0 ? "user" : "assistant", content })),
      ),
    ],
    [
      "chats of other makers hold it",
      JSON.stringify(
        UTTERANCES.map((value, at) => ({ from: at % 2 === 0 ? "human" : "gpt", value })),
      ),
    ],
    [
      "Python prints chats",
      `[${python.map((text, at) => `{'role': '${at % 2 === 0 ? "user" : "assistant"}', 'content': ${text}}`).join(", ")}]`,
    ],
  ] as const) {
    it(`takes a list as ${what}, like the same list in JSON`, () => {
      assert.deepEqual(splitContext(text), splitContext(JSON.stringify(UTTERANCES)));
      assert.deepEqual(splitContext(text), UTTERANCES);
    });
  }

  for (const [text, why] of [
    ["['a', 'b'", /looks like a list but cannot be read as one/],
    ["['a' 'b', 'c']", /commas stand between some texts and not others/],
    ["['a' ... 'c']", /'context' looks like a list but cannot be read as one; write the utter/],
    ["['a, b]", /\(the string that starts in column 2 has no end\)/],
    ["[('user','Hi'), ('assistant','Oh')]", /looks like a list but cannot be read as one; write/],
    ["[None, 'a']", /entry 1 of the list/],
    ["list(['a'])", /looks like a list/],
    ['"[\\"a\\"]"', /looks like a list/],
    ["[np.str_('a', 'b']", /the string in column 2 has no closing bracket/],
    ['["a", 1]', /entry 2 of the list is neither a text nor a message/],
    ['[["a"], ["b"]]', /entry 1 of the list/],
    ['{"role": "user", "content": "a"}', /neither a text nor a list/],
    ['[{"role":"system","content":"Be kind."},{"role":"user","content":"a"}]', /is of 'system'/],
    ['[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]', /the speaker last/],
    ['[{"role":"user","content":null}]', /entry 1/],
  ] as const) {
    it(`refuses ${text}, with the place and the remedy`, () => {
      assert.throws(
        () => splitContext(text, "f.csv:2: 'context'"),
        (error: Error) => {
          assert.equal(error.name, "UserError");
          assert.match(error.message, /^f\.csv:2: 'context'[^\n]*$/);
          assert.match(error.message, why);
          return true;
        },
      );
    });
  }

  for (const text of [
    '["sighs"] I lost my job.',
    "['tis the season] I am sad",
    "[[laughs]] I am ok",
    '["sighs"] I lost my job [cries]',
    '["sighs"], I lost my job.',
    "('tis true) I am sad",
    '("Hi", she said)',
    '("sighs")',
    "list (of [all] things)",
    '"[laughs] I am ok"',
  ]) {
    it(`takes ${text} for what was said`, () => assert.deepEqual(splitContext(text), [text]));
  }

  it("takes a tuple of one text", () => assert.deepEqual(splitContext("('a',)"), ["a"]));

  it("refuses it wherever contexts are read: asked, scored, rated and seen", async () => {
    const bad = `"['a', 'b'"`;
    const write = (text: string) => {
      const path = join(temporaryFolder(), "table.csv");
      writeFileSync(path, text);
      return path;
    };
    const scored = write(`dialogue,context,reply,system,er,ip,ex\nd,${bad},Oh.,s,0,0,0\n`);
    const plain = write(`dialogue,context,reply\nd,${bad},Oh.\n`);
    const drain = async (rows: AsyncIterable<unknown>) => {
      for await (const _ of rows);
    };
    const columns = { context: "context", reply: "reply" };
    const view = (path: string) => addReplyFile(new CollectionBuilder(), path, { note: () => {} });
    for (const read of [
      async () => drain((await findStimuli(plain, "all")).open()),
      async () => drain(readScoreRequests(plain, await openTable(plain, "csv"), columns)),
      () => readFilePopulation(scored),
      () => view(scored),
    ]) {
      await assert.rejects(read, /table\.csv:2: 'context' looks like a list/);
    }
  });

  it("gives what is asked and what is scored the same utterances", async () => {
    const context = "[laughs] I am not kidding.\nNo?\nNo.";
    const path = join(temporaryFolder(), "table.csv");
    writeFileSync(path, `dialogue,context,reply\nd,"${context}",Oh.\n`);
    const stimuli = await findStimuli(path, "all");
    const asked: string[] = [];
    for await (const { stimulus } of stimuli.open()) {
      asked.push(...stimulus.context.map(({ text }) => text));
    }
    const table = await openTable(path, "csv");
    const columns = { context: "context", reply: "reply" };
    for await (const request of readScoreRequests(path, table, columns)) {
      assert.deepEqual(request.context, asked);
    }
    assert.equal(asked.length, 3);
  });
});
