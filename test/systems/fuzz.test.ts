import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createGenerator, type RandomGenerator } from "kit";
import { patience } from "test-support/needs";
import { temporaryFolder } from "test-support/temporary";
import { type Format, listFormats, readPublished } from "../../src/systems/formats";
import { JoinIndex } from "../../src/systems/join-index";
import { joinReplies } from "../../src/systems/join-replies";
import { readSample, recordsOf, WRITERS } from "../published-files";

// All of them in `npm run test:all`; every fifth where somebody waits.
const FILES = patience.met ? 5000 : 1000;
const SPLICES = [
  "\0",
  "\\",
  "'",
  '"',
  "[",
  "]",
  "\n",
  "\r\n",
  ",",
  "~",
  "{",
  "\uFEFF",
  "\ud83d",
  "9".repeat(40),
];

const FORMATS = listFormats();

describe("reading mutated files", () => {
  it(`answers each of ${FILES} with records or with one line`, async () => {
    const dialogues = await readSample();
    const index = new JoinIndex(dialogues);
    const made = recordsOf(dialogues.slice(0, 4));
    const random = createGenerator(2310, 8017);
    const path = join(temporaryFolder(), "mutated");
    const order = `${path}.order`;
    writeFileSync(order, (WRITERS.kemp as (typeof WRITERS)[string])(made));
    const outcomes = { records: 0, refused: 0 };
    for (let file = 0; file < FILES; file++) {
      const format = FORMATS[file % FORMATS.length] as Format;
      const whole = Buffer.from((WRITERS[format.name] as (typeof WRITERS)[string])(made));
      writeFileSync(path, mutate(whole, random));
      const options = { systemOf: () => "made", samples: format.samples };
      try {
        const records = readPublished(path, format, order);
        for await (const entry of joinReplies(records, index, options)) {
          assert.ok(entry.replies ? entry.replies.length > 0 : entry.reason);
        }
        outcomes.records++;
      } catch (error) {
        assert.equal((error as Error).constructor.name, "UserError", (error as Error).stack);
        assert.doesNotMatch((error as Error).message, /\n/);
        outcomes.refused++;
      }
    }
    assert.ok(
      outcomes.records > FILES / 10 && outcomes.refused > FILES / 10,
      JSON.stringify(outcomes),
    );
  }).timeout(60_000);
});

/** Cuts, repeats, overwrites or splices a few times, anywhere. */
function mutate(whole: Buffer, random: RandomGenerator): Buffer {
  let bytes = whole;
  const below = (limit: number) => Math.floor(random.uniform() * limit);
  for (let left = 1 + below(4); left > 0; left--) {
    const at = below(bytes.length + 1);
    const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
    const kind = below(5);
    if (kind === 0) bytes = Buffer.from(before);
    else if (kind === 1) bytes = Buffer.concat([before, after.subarray(below(40))]);
    else if (kind === 2)
      bytes = Buffer.concat([before, Buffer.from([below(256)]), after.subarray(1)]);
    else if (kind === 3) bytes = Buffer.concat([before, before.subarray(-below(200)), after]);
    else
      bytes = Buffer.concat([before, Buffer.from(SPLICES[below(SPLICES.length)] as string), after]);
  }
  return bytes;
}
