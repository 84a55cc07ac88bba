import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { formatCsvTable } from "kit/tables";
import { temporaryFolder } from "test-support/temporary";
import { listReplies } from "../../apps/archive/list-replies";
import { requireScored } from "../../apps/archive/require-current";
import { SYSTEM_SCORE_COLUMNS } from "../../src/scoring/system-scores";
import { PUBLISHED_STUDY, type Study } from "../../src/study/study";
import { checksumOf } from "../../src/systems/reply";
import { journalLine } from "../study/journal-line";

function put(root: string, file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

/** Replies that were recorded to some turns, and a table of scores of the replies to others. */
async function check(recorded: readonly number[], scored: readonly number[], scorer: string) {
  const root = temporaryFolder();
  const lines = recorded.map((turn) =>
    journalLine({ turn, key: `${turn}`, reply: `Reply ${turn}` }),
  );
  const failed = journalLine({ turn: 8, status: "failed", reply: undefined, model: undefined });
  put(root, "data/replies/falcon-7b.jsonl", `${lines.join("")}${failed}`);
  const rows = scored.map((turn) => ({
    ...Object.fromEntries(SYSTEM_SCORE_COLUMNS.map((column) => [column, ""])),
    ...Object.fromEntries([
      ["dialogue", "hit:0_conv:0"],
      ["turn", turn],
      ["sample", 1],
      ["words", 2],
      ["missing", "not scored here"],
      ["checksum", checksumOf(`Reply ${turn}`).slice(0, 16)],
    ]),
  }));
  const table = `data/scores/${scorer}/falcon-7b.csv`;
  put(root, table, formatCsvTable(SYSTEM_SCORE_COLUMNS, rows as never));
  const study: Study = { ...PUBLISHED_STUDY, name: "mine", scorers: [scorer], root };
  const replies = await listReplies(root, "falcon-7b", new Set(["hit:0_conv:0"]));
  requireScored(study, "falcon-7b", replies);
  return replies;
}

describe("requireScored", () => {
  it("takes scores of all recorded replies, and requests without one", async () => {
    const replies = await check([2, 4], [4, 2], "embedded-readings");
    assert.deepEqual(
      replies.map(({ turn, status, sha256 }) => [turn, status, sha256 !== ""]),
      [
        [2, "ok", true],
        [4, "ok", true],
        [8, "failed", false],
      ],
    );
  });

  it("names a score of a reply that is not recorded", async () => {
    await assert.rejects(check([2], [2, 4], "embedded-readings"), {
      name: "UserError",
      message: /falcon-7b\.csv:3: is of a reply of 'falcon-7b' that data\/replies does not hold/,
    });
  });

  it("names a recorded reply without a score, but not of a judge, who may have been shown some", async () => {
    await assert.rejects(check([2, 4], [2], "embedded-readings"), {
      name: "UserError",
      message: /lacks a reply of 'falcon-7b' that was recorded since \(hit:0_conv:0, turn 4\); run/,
    });
    await check([2, 4], [2], "judge-x");
  });
});
