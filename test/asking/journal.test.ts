import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import {
  buildRequest,
  formatRecord,
  Journal,
  parseRecord,
  type ReplyRecord,
  readJournal,
  slotOf,
} from "ask-models";
import { UserError } from "kit";
import { itNeeds, mounting } from "test-support/needs";
import { temporaryFolder } from "test-support/temporary";
import { journalPath, planOf, stimulusOf } from "./ask-support";

function recordOf(dialogue: string, overrides: Partial<ReplyRecord> = {}): ReplyRecord {
  const text = `Something happened to me: ${dialogue} — naïvely, “so to speak”.`;
  const { body, ...place } = buildRequest(planOf(), stimulusOf(dialogue, text), 1);
  const end = { attempts: 1, time: "2026-01-02T03:04:05.000Z", request: body };
  return { ...place, status: "ok", reply: `Oh, ${dialogue}! Tell me.`, ...end, ...overrides };
}

async function writeJournal(path: string, records: readonly ReplyRecord[]): Promise<void> {
  const journal = await Journal.open(path);
  for (const record of records) await journal.append(record);
  await journal.close();
}

const five = ["a", "b", "c", "d", "e"].map((name) => recordOf(name));

describe("Journal", () => {
  it("gives back what was written, in order, with nothing beside it", async () => {
    const path = journalPath();
    await writeJournal(path, five);
    assert.deepEqual(await readJournal(path), five);
    assert.ok(!existsSync(`${path}.reserve`));
    assert.ok(!existsSync(`${path}.torn`));
  });

  it("counts a record once it is flushed", async () => {
    const journal = await Journal.open(journalPath());
    for (const record of five) await journal.append(record);
    await journal.flush();
    assert.equal(journal.count, 5);
    await journal.close();
  });

  it("knows what is answered, failed and missing when it is opened again", async () => {
    const path = journalPath();
    await writeJournal(path, [
      recordOf("a"),
      recordOf("b", { status: "failed", reply: undefined }),
    ]);
    const journal = await Journal.open(path);
    const states = ["a", "b", "c"].map((name) => journal.stateOf(slotOf(recordOf(name))));
    assert.deepEqual(states, ["answered", "failed", "missing"]);
    await journal.close();
  });

  it("lets a later answer stand for an earlier failure, and never the other way round", async () => {
    const path = journalPath();
    const failed = recordOf("a", { status: "failed", reply: undefined });
    await writeJournal(path, [failed, recordOf("a"), failed]);
    assert.deepEqual(await readJournal(path), [recordOf("a")]);
    const journal = await Journal.open(path);
    assert.equal(journal.stateOf(slotOf(failed)), "answered");
    await journal.close();
  });

  it("loses nothing but the cut line when truncated at any of its last 200 bytes", async () => {
    const whole = journalPath();
    await writeJournal(whole, five);
    const bytes = readFileSync(whole);
    for (let cut = 1; cut <= 200; cut++) {
      const path = journalPath();
      writeFileSync(path, bytes.subarray(0, bytes.length - cut));
      const repairs: string[] = [];
      const journal = await Journal.open(path, { onRepair: (message) => repairs.push(message) });
      await journal.append(recordOf("f"));
      await journal.close();
      const kept = cut === 1 ? five : five.slice(0, 4);
      assert.deepEqual(await readJournal(path), [...kept, recordOf("f")], `cut by ${cut}`);
      const aside = `${path}.torn`;
      assert.equal(existsSync(aside), cut > 1);
      assert.equal(repairs.length, cut > 1 ? 1 : 0);
      if (cut === 1) continue;
      const lost = bytes.subarray(
        bytes.lastIndexOf("\n", bytes.length - 2) + 1,
        bytes.length - cut,
      );
      assert.deepEqual(readFileSync(aside), Buffer.concat([lost, Buffer.from("\n")]));
    }
  });

  it("reads a journal with a torn end without changing it", async () => {
    const path = journalPath();
    await writeJournal(path, five);
    truncateSync(path, readFileSync(path).length - 7);
    const before = readFileSync(path);
    assert.deepEqual(await readJournal(path), five.slice(0, 4));
    assert.deepEqual(readFileSync(path), before);
  });

  for (const [what, edit] of [
    ["a changed reply", (line: string) => line.replace("Tell me", "Tell us")],
    ["a changed status", (line: string) => line.replace('"status":"ok"', '"status":"no"')],
    ["an empty line", () => ""],
    ["a line that is not JSON", () => "oops"],
    ["added white space", (line: string) => `${line} `],
  ] as [string, (line: string) => string][]) {
    it(`names file, line and remedy at ${what}, and changes nothing`, async () => {
      const path = journalPath();
      await writeJournal(path, five);
      const lines = readFileSync(path, "utf8").split("\n");
      lines[2] = edit(lines[2] as string);
      writeFileSync(path, lines.join("\n"));
      const before = readFileSync(path);
      const isRight = (error: unknown) =>
        error instanceof UserError &&
        error.message.startsWith(`${path}:3: `) &&
        error.message.includes("delete the whole line");
      await assert.rejects(Journal.open(path), isRight);
      await assert.rejects(readJournal(path), isRight);
      assert.deepEqual(readFileSync(path), before);
      assert.ok(!existsSync(`${path}.reserve`));
    });
  }

  it("asks again for a line that was deleted", async () => {
    const path = journalPath();
    await writeJournal(path, five);
    const lines = readFileSync(path, "utf8").split("\n");
    writeFileSync(path, [...lines.slice(0, 2), ...lines.slice(3)].join("\n"));
    const journal = await Journal.open(path);
    assert.equal(journal.stateOf(slotOf(recordOf("c"))), "missing");
    await journal.close();
  });

  it("is written by one at a time, under whichever name", async () => {
    const path = journalPath();
    const other = `${path}-other-name`;
    const first = await Journal.open(path);
    linkSync(path, other);
    for (const name of [path, other]) {
      await assert.rejects(Journal.open(name), (error: Error) => {
        assert.equal(
          error.message,
          `${name}: another process is writing this journal; wait for it, or name another --journal`,
        );
        return true;
      });
    }
    await first.append(recordOf("a"));
    await first.close();
    const second = await Journal.open(other);
    await second.close();
    assert.equal((await readJournal(path)).length, 1);
  });

  it("is free again at once when its writer is killed", async () => {
    const path = journalPath();
    const script = `const { Journal } = require(${JSON.stringify(require.resolve("ask-models"))});
      Journal.open(${JSON.stringify(path)}).then(() => { console.log("open"); setInterval(() => {}, 1000); });`;
    const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout, "data");
    await assert.rejects(Journal.open(path), /another process is writing/);
    child.kill("SIGKILL");
    await once(child, "exit");
    const journal = await Journal.open(path);
    await journal.close();
  });

  it("says in one line that a path cannot be written", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "file"), "");
    await assert.rejects(Journal.open(join(folder, "file", "j.jsonl")), /cannot be written \(E/);
    await assert.rejects(Journal.open(folder), /cannot be written \(EISDIR\)/);
  });

  itNeeds(
    mounting,
    "records all that was answered when the disk fills up, and asks for no more",
    async () => {
      const folder = temporaryFolder();
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=192k", "tmpfs", folder]);
      try {
        const path = join(folder, "journal.jsonl");
        const journal = await Journal.open(path, { unflushed: 4 });
        const written: ReplyRecord[] = [];
        let error: unknown;
        for (let n = 0; n < 5000 && !error; n++) {
          const record = recordOf(`d${n}`);
          await journal.append(record).catch((caught: unknown) => {
            error = caught;
          });
          written.push(record);
        }
        assert.ok(error instanceof UserError);
        assert.match(error.message, /the disk is full; everything answered is recorded/);
        // Answers that were under way at that moment still find room.
        for (const name of ["late1", "late2", "late3"]) {
          await assert.rejects(journal.append(recordOf(name)), /the disk is full/);
          written.push(recordOf(name));
        }
        await journal.close();
        assert.deepEqual(await readJournal(path), written);
        appendFileSync(join(folder, "filler"), "");
        fill(join(folder, "filler"));
        await assert.rejects(Journal.open(path), /the disk is full/);
        assert.deepEqual(await readJournal(path), written);
      } finally {
        execFileSync("umount", [folder]);
      }
    },
  );

  itNeeds(mounting, "sets room aside for answers as large as those before", async () => {
    const folder = temporaryFolder();
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", folder]);
    try {
      const path = join(folder, "journal.jsonl");
      const journal = await Journal.open(path, { unflushed: 4 });
      const large = (name: string) => recordOf(name, { reply: name.padEnd(40_000, ".") });
      await journal.append(large("first"));
      fill(join(folder, "filler"));
      const names = ["late1", "late2", "late3", "late4"];
      for (const name of names) {
        await assert.rejects(journal.append(large(name)), /everything answered is recorded/);
      }
      await journal.close();
      assert.deepEqual(await readJournal(path), ["first", ...names].map(large));
    } finally {
      execFileSync("umount", [folder]);
    }
  });

  itNeeds(
    mounting,
    "says how many answers a full disk had no room for, and asks for them again",
    async () => {
      const folder = temporaryFolder();
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", folder]);
      try {
        const path = join(folder, "journal.jsonl");
        const journal = await Journal.open(path, { unflushed: 4 });
        await journal.append(recordOf("small"));
        const large = recordOf("large", { reply: ".".repeat(400_000) });
        await assert.rejects(journal.append(large), /1 of the answers had no room/);
        await assert.rejects(
          journal.append({ ...large, dialogue: "2nd" }),
          /2 of the answers had no/,
        );
        await assert.rejects(journal.append(recordOf("late")), /2 of the answers had no room/);
        assert.throws(
          () => journal.check(),
          /2 of the answers had no room and will be asked for again/,
        );
        assert.equal(journal.stateOf(slotOf(large)), "missing");
        await journal.close();
        assert.deepEqual(
          await readJournal(path),
          ["small", "late"].map((name) => recordOf(name)),
        );
      } finally {
        execFileSync("umount", [folder]);
      }
    },
  );

  it("puts back what it held where it is deleted while it is written, and says so", async () => {
    const path = journalPath();
    const journal = await Journal.open(path, { unflushed: 1 });
    await journal.append(recordOf("a"));
    rmSync(path);
    const said = new RegExp(`was deleted or moved during the run; what it held is in ${path};`);
    await assert.rejects(async () => {
      for (const name of ["b", "c", "d"]) await journal.append(recordOf(name));
      await journal.flush();
      journal.check();
    }, said);
    await assert.rejects(journal.append(recordOf("late")), said);
    await journal.close();
    const left = (await readJournal(path)).map(({ dialogue }) => dialogue);
    assert.deepEqual([left[0], left[1], left.at(-1)], ["a", "b", "late"]);
  });

  it("notices on closing that it was deleted, and leaves a file alone that took its place", async () => {
    const path = journalPath();
    const journal = await Journal.open(path);
    await journal.append(recordOf("a"));
    await journal.flush();
    rmSync(path);
    writeFileSync(path, "another");
    await assert.rejects(journal.close(), /what it held is in .*journal\.jsonl\.restored-\d+;/);
    assert.equal(readFileSync(path, "utf8"), "another");
    assert.deepEqual(await readJournal(`${path}.restored-${process.pid}`), [recordOf("a")]);
  });

  itNeeds(mounting, "refuses to begin on a disk that is full", async () => {
    const folder = temporaryFolder();
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder]);
    try {
      mkdirSync(join(folder, "replies"));
      await assert.rejects(Journal.open(join(folder, "replies", "j.jsonl")), /the disk is full/);
      assert.ok(!existsSync(join(folder, "replies", "j.jsonl.reserve")));
    } finally {
      execFileSync("umount", [folder]);
    }
  });
});

function fill(path: string): void {
  try {
    for (;;) appendFileSync(path, Buffer.alloc(4096, 1));
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, "ENOSPC");
  }
}

describe("formatRecord", () => {
  it("writes one line that parseRecord reads back, and that any change breaks", () => {
    const record = recordOf("line", { reply: 'two\nlines, "quoted", \u2028 and 🙂' });
    const line = formatRecord(record);
    assert.equal(line.indexOf("\n"), line.length - 1);
    assert.deepEqual(parseRecord(line.slice(0, -1)), record);
    for (let place = 0; place < line.length - 1; place++) {
      const changed = `${line.slice(0, place)}#${line.slice(place + 1, -1)}`;
      if (changed !== line.slice(0, -1)) assert.equal(parseRecord(changed), undefined, `${place}`);
    }
  });
});
