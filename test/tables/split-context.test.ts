import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readScoreRequests } from "../../src/empathy/score-table";
import { findStimuli } from "../../src/replies/stimuli";
import { openTable } from "../../src/tables/open-table";
import { splitContext } from "../../src/tables/split-context";
import { temporaryFolder } from "../support/temporary";

describe("splitContext", () => {
  it("takes a JSON list of texts, or one utterance a line", () => {
    assert.deepEqual(splitContext('["a\\nb", "c"]'), ["a\nb", "c"]);
    assert.deepEqual(splitContext("a\r\n\n b "), ["a", "b"]);
    assert.deepEqual(splitContext("[1, 2]"), ["[1, 2]"]);
    assert.deepEqual(splitContext("  "), []);
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
