import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "kit";
import { temporaryFolder } from "test-support/temporary";
import { readSystemScores, SYSTEM_SCORE_COLUMNS } from "../../src/scoring/system-scores";

describe("readSystemScores", () => {
  const path = join(temporaryFolder(), "mine.csv");
  const scored = {
    dialogue: "a",
    turn: "2",
    sample: "1",
    words: "3",
    er: "1",
    ip: "0",
    ex: "0",
    er_p1: "0.9",
    er_p2: "0.05",
    ip_p1: "0",
    ip_p2: "0",
    ex_p1: "0.2",
    ex_p2: "0",
    missing: "",
    checksum: "0123456789abcdef",
  };
  const read = (changed: Readonly<Record<string, string>> = {}) => {
    const cells: Readonly<Record<string, string>> = { ...scored, ...changed };
    const line = SYSTEM_SCORE_COLUMNS.map((column) => cells[column] ?? "").join();
    writeFileSync(path, `${SYSTEM_SCORE_COLUMNS.join()}\n${line}\n`);
    return readSystemScores(path);
  };

  it("gives levels and probabilities, or why there are none", () => {
    const [found] = read();
    assert.deepEqual(found?.scores?.er, { level: 1, probabilities: [0.05, 0.9, 0.05] });
    const none = { er: "", ip: "", ex: "", missing: "it is empty" };
    assert.equal(read(none)[0]?.missing, "it is empty");
  });

  for (const [cell, said] of [
    [{ turn: "two" }, "'turn' is 'two', not a number"],
    [{ words: "" }, "'words' is empty, not a number"],
    [{ er: "" }, "'er' is empty, not a number"],
    [{ ip: "3" }, "'ip' is 3, not a level"],
    [{ ip: "0.5" }, "'ip' is 0.5, not a level"],
    [{ ex_p1: "2" }, "'ex_p1' is 2, not a probability"],
    [{ ex_p2: "-0.1" }, "'ex_p2' is -0.1, not a probability"],
    [{ er_p2: "0.2" }, "'er_p2' is 0.2, more than p1 leaves"],
    [{ ex_p2: "NaN" }, "'ex_p2' is 'NaN', not a number"],
  ] as const) {
    it(`refuses ${JSON.stringify(cell)}, naming the line`, () => {
      const message = `${path}:2: ${said}; restore it with \`git checkout\``;
      assert.throws(() => read(cell), new UserError(message));
    });
  }
});
