import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "test-support/temporary";
import { Ledger } from "../../apps/pipeline/ledger";
import { runStages, type Stage, type StudyRun } from "../../apps/pipeline/stage";
import { Stamps } from "../../apps/pipeline/stamps";

/** A root with two files, and a stage that makes one of the other and is disturbed before it ends. */
function stageWith(disturb: (root: string) => void) {
  const root = temporaryFolder();
  const write = (file: string, text: string) => writeFileSync(join(root, file), text);
  mkdirSync(join(root, "in"));
  write("in/a.txt", "1");
  write("out.txt", "");
  const copy: Stage = {
    name: "copy",
    needs: "scores",
    reads: ["in/", "out.txt"],
    writes: ["out.txt"],
    run: async ({ ledger }) => {
      const [input, output] = ["in/a.txt", "out.txt"].map((file) =>
        readFileSync(join(root, file), "utf8"),
      );
      disturb(root);
      ledger.keep("out.txt", `made of ${input}`, output);
      return ["out.txt"];
    },
  };
  const work = async (stages: readonly Stage[] = [copy], check = false) => {
    const ledger = new Ledger(root, check);
    const run = { ledger, stamps: new Stamps(root), note: () => {} } as unknown as StudyRun;
    const done = await runStages(stages, run, () => false);
    return { done, changed: ledger.changedInputs.map(({ file }) => file) };
  };
  return { root, copy, work, write };
}

describe("runStages", () => {
  it("repeats a stage when an input was changed, added or removed after it had been read", async () => {
    const changes: [string, (root: string) => void][] = [
      ["in/a.txt", (root) => writeFileSync(join(root, "in", "a.txt"), "2")],
      ["in/b.txt", (root) => writeFileSync(join(root, "in", "b.txt"), "")],
    ];
    for (const [file, change] of changes) {
      let isFirst = true;
      const { work } = stageWith((root) => {
        if (isFirst) change(root);
        isFirst = false;
      });
      assert.deepEqual(await work(), { done: ["copy"], changed: [file] });
      assert.deepEqual(await work(), { done: ["copy"], changed: [] });
      assert.deepEqual(await work(), { done: [], changed: [] });
    }
  });

  it("counts what an earlier stage of the run has read as read", async () => {
    const { copy, work, write } = stageWith(() => {});
    let texts = "";
    const first: Stage = {
      ...copy,
      name: "first",
      reads: [],
      writes: [],
      run: async ({ ledger }) => {
        texts = readFileSync(join(ledger.root, "in", "a.txt"), "utf8");
        write("in/a.txt", "2");
        return undefined;
      },
    };
    const second: Stage = {
      ...copy,
      run: async ({ ledger }) => {
        ledger.keep("out.txt", texts);
        return ["out.txt"];
      },
    };
    assert.deepEqual((await work([first, second])).changed, ["in/a.txt"]);
    assert.deepEqual((await work([second])).done, ["copy"]);
  });

  it("takes what an earlier stage of the run has written for read", async () => {
    const { copy, work } = stageWith(() => {});
    const first: Stage = {
      ...copy,
      name: "first",
      reads: [],
      run: async ({ ledger }) => {
        ledger.keep("in/a.txt", "2");
        return ["in/a.txt"];
      },
    };
    assert.deepEqual((await work([first, copy])).changed, []);
    assert.deepEqual((await work([first, copy])).done, []);
  });

  it("repeats a stage when its output was changed before it ended", async () => {
    const { copy, root, work } = stageWith(() => {});
    const slow: Stage = {
      ...copy,
      run: async (run, insist) => {
        const written = await copy.run(run, insist);
        writeFileSync(join(root, "out.txt"), "edited");
        return written;
      },
    };
    await work([slow]);
    assert.deepEqual((await work()).done, ["copy"]);
    assert.equal(readFileSync(join(root, "out.txt"), "utf8"), "made of 1");
  });

  it("leaves a file alone that was changed after its stage had read it", async () => {
    const { root, work } = stageWith((folder) => writeFileSync(join(folder, "out.txt"), "mine"));
    await assert.rejects(work(), /out\.txt: was changed after this run had read it/);
    assert.equal(readFileSync(join(root, "out.txt"), "utf8"), "mine");
  });

  it("fails a check whose inputs change", async () => {
    const { work, write } = stageWith((root) => writeFileSync(join(root, "in", "a.txt"), "2"));
    write("out.txt", "made of 1");
    await assert.rejects(
      work(undefined, true),
      /^UserError: in\/a\.txt: was changed while copy was checked; check again$/,
    );
  });
});
