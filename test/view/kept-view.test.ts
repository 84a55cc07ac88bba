// A view that is kept as a folder: which texts go along, and that it answers as the server does, without one.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { formatRecord } from "ask-models";
import { openChromium } from "test-support/chromium";
import { chromium, itNeeds } from "test-support/needs";
import { runEmpathy } from "test-support/run-empathy";
import { temporaryFolder } from "test-support/temporary";
import { collectReplies } from "../../apps/view/collect-replies";
import { type Collection, CollectionBuilder } from "../../apps/view/collection";
import { createKeptApi } from "../../apps/view/kept-api";
import { readValues, writeValues } from "../../apps/view/kept-values";
import { linkModules } from "../../apps/view/link-modules";
import { nameRun } from "../../apps/view/name-run";
import { buildReplyIndex } from "../../apps/view/reply-index";
import { createViewApi } from "../../apps/view/view-api";
import { LEFT_OUT, writeBundle } from "../../apps/view/write-bundle";
import { projectPath } from "../../src/project";
import { recordOf, writeTemporary } from "./made-records";
import { columnsOf } from "./made-replies";

const NOWHERE = { mirror: undefined, cache: join(temporaryFolder(), "cache") };

// One stimulus of the sample corpus and one of a corpus that is others'; an own system and a published one.
function makeMixed(): Collection {
  const builder = new CollectionBuilder();
  const common = { turn: 2, emotion: "sad", sentiment: "negative" as const };
  const [sample, others] = ["sample", "test"].map((part) =>
    builder.addStimulus({
      ...common,
      dialogue: `${part}:1`,
      part,
      situation: `situation of ${part}`,
      context: [`prompt of ${part}`],
    }),
  ) as [number, number];
  const add = (id: string) =>
    builder.addSystem({
      id,
      name: id,
      family: "",
      model: "",
      instruction: "",
      way: "",
      shown: "all",
    });
  const [own, published] = [add("own"), add("published")];
  for (const stimulus of [sample, others]) {
    builder.addReply({ stimulus, system: own, sample: 1, text: "an own reply", isFree: true });
    builder.addReply({ stimulus, system: published, sample: 1, text: "a published reply" });
  }
  return builder.finish();
}

function makeIndex() {
  const collection = makeMixed();
  const scorer = columnsOf("first", [[2, 1, 0], [0, 0, 2], [1, 1, 1], null]);
  return buildReplyIndex(
    collection,
    [scorer],
    new Map([[1, [{ by: "a rater", said: "good", value: 1 }]]]),
  );
}

async function keep(folder: string) {
  const markWords = async () => ({
    scorer: "made",
    words: [{ from: 0, to: 2, changes: [1, 0, 0] }],
  });
  return writeBundle(folder, makeIndex(), { notes: ["a note"], run: "run", markWords });
}

function keptText(folder: string): string {
  const script = readFileSync(join(folder, "replies.js"), "utf8");
  return JSON.parse(script.replace("globalThis.keptView = ", "").replace(/;\n$/, ""));
}

describe("writeBundle", () => {
  it("hands on the sample corpus and own replies, of the rest identifiers and levels, and says so", async () => {
    const folder = temporaryFolder();
    const { page, withText, withoutText } = await keep(folder);
    assert.deepEqual([page, withText, withoutText], [join(folder, "index.html"), 2, 2]);
    assert.deepEqual(readdirSync(folder).sort(), [
      "index.html",
      "replies.js",
      "view.css",
      "view.js",
    ]);
    const all = readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), "utf8"))
      .join("\n");
    for (const handed of ["an own reply", "prompt of sample", "situation of sample"])
      assert.ok(all.includes(handed), handed);
    for (const others of ["a published reply", "prompt of test", "situation of test", "a rater"])
      assert.ok(!all.includes(others), others);
    assert.ok(!all.includes(projectPath()), "no path of this machine");
    const about = (await createKeptApi(keptText(folder))("about", new URLSearchParams())) as {
      readonly notes: readonly string[];
    };
    assert.deepEqual(about.notes, [
      "a note",
      "Texts that are others' are left out: 2 replies, and what was said before 1 stimulus. Identifiers and levels are here.",
    ]);
  });

  it("writes over an earlier view, and into no folder with other files", async () => {
    const folder = temporaryFolder();
    await keep(folder);
    await keep(folder);
    writeFileSync(join(folder, "thesis.tex"), "mine");
    await assert.rejects(keep(folder), /holds other files \(thesis\.tex\); name a folder/);
  });

  it("answers as the server does", async () => {
    const folder = temporaryFolder();
    await keep(folder);
    const kept = createKeptApi(keptText(folder));
    const server = createViewApi(makeIndex());
    for (const [name, search] of [
      ["rows", "sort=level&er=1&er=2"],
      ["rows", "q=own"],
      ["position", "dialogue=sample:1&turn=2&system=own"],
      ["table", "systems=own&parts=sample"],
    ] as const) {
      const answers = [kept, server].map((api) => api(name, new URLSearchParams(search)));
      const [here, there] = (await Promise.all(answers)).map((one) =>
        JSON.stringify(one).replaceAll(LEFT_OUT, "prompt of test"),
      );
      assert.equal(here, there, search);
    }
    const words = await kept("words", new URLSearchParams("dialogue=sample:1&turn=2&system=own"));
    assert.equal((words as { scorer: string }).scorer, "made");
    await assert.rejects(kept("rows", new URLSearchParams("sort=size")), /'sort' is 'size'/);
  });

  itNeeds(
    chromium,
    "opens from its folder, keeps stars and notes, and saves them as CSV",
    async () => {
      const folder = temporaryFolder();
      await keep(folder);
      const browser = await openChromium();
      try {
        const page = await browser.newPage({ acceptDownloads: true });
        const complaints: string[] = [];
        page.on("console", (message) => complaints.push(message.text()));
        page.on("pageerror", ({ message }) => complaints.push(message));
        await page.goto(pathToFileURL(join(folder, "index.html")).href);
        await page.locator("#count", { hasText: "4 replies to 2 stimuli" }).waitFor();
        await page.keyboard.press("j");
        await page.keyboard.press("Enter");
        await page.locator("#detail-heading:focus").waitFor();
        await page.keyboard.press("j");
        await page.keyboard.press("s");
        await page.getByLabel("Note on the reply of own").fill('=1, "quoted"');
        await page.reload();
        await page.locator(".starred").waitFor();
        const download = page.waitForEvent("download");
        await page.getByRole("button", { name: "Save as CSV" }).click();
        const saved = readFileSync(await (await download).path(), "utf8");
        assert.equal(
          saved.split("\n").find((line) => line.includes("sample:1,2,own")),
          `sample:1,2,own,1,sad,negative,prompt of sample,an own reply,2,1,0,1,"'=1, ""quoted"""`,
        );
        assert.equal(saved.trim().split("\n").length, 5);
        assert.deepEqual(complaints, []);
      } finally {
        await browser.close();
      }
    },
  );
});

describe("whose texts are free", () => {
  it("are the author's, and the sample corpus's: not what the baseline finds elsewhere, nor a table's", async () => {
    const found = (model: string) => ({ ...recordOf("sample:1", "I see."), model });
    const journals = ["toy", "bm25@1/sample-00", "bm25@1/train-00"].map((model, at) =>
      writeTemporary(`run-${at}.jsonl`, formatRecord(found(model))),
    );
    const table = writeTemporary("table.csv", "dialogue,turn,reply\nsample:1,2,Oh.\n");
    const options = { root: temporaryFolder(), places: NOWHERE, files: [...journals, table] };
    const { systems, replies } = (await collectReplies(options)).finish();
    const free = new Map(replies.map(({ system, isFree }) => [systems[system]?.id, isFree]));
    assert.deepEqual(Object.fromEntries(free), {
      human: true,
      "run-0": true,
      "run-1": true,
      "run-2": false,
      table: false,
    });
  });
});

describe("the sample corpus where nothing else is at hand", () => {
  it("has three systems beside people, that look replies up in other dialogues and differ", async () => {
    const options = { root: temporaryFolder(), places: NOWHERE };
    const { systems, stimuli, replies } = (await collectReplies(options)).finish();
    const textsOf = (id: string) => {
      const at = systems.findIndex((one) => one.id === id);
      return replies.filter(({ system }) => system === at);
    };
    const human = textsOf("human");
    const lookups = ["lookup", "lookup-last-turn", "lookup-any-word"].map(textsOf);
    for (const own of lookups) {
      assert.equal(own.length, 152);
      for (const { stimulus, text } of own) {
        const from = human.filter((one) => one.text === text);
        const others = from.map((one) => stimuli[one.stimulus]?.dialogue);
        assert.ok(others.some((dialogue) => dialogue !== stimuli[stimulus]?.dialogue));
      }
    }
    const [whole, last, any] = lookups.map((own) => own.map(({ text }) => text)) as [
      string[],
      string[],
      string[],
    ];
    for (const other of [last, any])
      assert.ok(other.filter((text, at) => text !== whole[at]).length > 30);
  });
});

describe("writeValues", () => {
  it("gives typed arrays and maps back, NaN within them too", () => {
    const value = {
      some: [Int8Array.of(-1, 2), Uint16Array.of(65_535), Float32Array.of(0.5, Number.NaN)],
      long: new Uint8Array(20_000).fill(7),
      window: Int32Array.of(1, 2, 3).subarray(1),
      map: new Map([[1, { a: "text" }]]),
    };
    assert.deepEqual(readValues(writeValues(value)), value);
  });
});

describe("linkModules", () => {
  const MODULES: Readonly<Record<string, string>> = {
    a: 'import { two as deux } from "b";\nexport const one = 1;\nglobalThis.linked = one + deux() + four;\nimport { four } from "c";\n',
    b: "export function two() {\n  return 2;\n}\n",
    c: 'Object.defineProperty(exports, "__esModule", { value: true });\nexports.four = 4;\n',
  };
  const resolve = (id: string) => ({ id, text: MODULES[id] ?? "export default 1;" });

  it("makes one script of modules of both kinds, each in a function of its own", () => {
    const ordered = MODULES.a?.replace(/^([\s\S]*)(import \{ four.*\n)$/, "$2$1") ?? "";
    const script = linkModules({ id: "a", text: ordered }, resolve);
    assert.doesNotMatch(script, /^(import|export) /m);
    new Function(script)();
    assert.equal((globalThis as { linked?: number }).linked, 7);
    delete (globalThis as { linked?: number }).linked;
  });

  it("refuses a module that exports otherwise", () => {
    const entry = { id: "x", text: 'import { y } from "d";\n' };
    assert.throws(() => linkModules(entry, resolve), /d imports or exports in a way/);
  });
});

describe("nameRun", () => {
  it("is the same for the same files, whatever has been added to them, and another for others", () => {
    const one = { files: ["a.jsonl"], isSampleOnly: true };
    assert.equal(nameRun(one), nameRun({ ...one }));
    assert.notEqual(nameRun(one), nameRun({ ...one, files: ["b.jsonl"] }));
    assert.notEqual(nameRun(one), nameRun({ ...one, isSampleOnly: false }));
  });
});

describe("empathy view --bundle", () => {
  it("writes the folder, prints the page and ends", async () => {
    const folder = join(temporaryFolder(), "kept");
    const { status, stdout, stderr } = await runEmpathy(["view", "--sample", "--bundle", folder]);
    assert.equal(status, 0, stderr);
    assert.equal(stdout, `${join(folder, "index.html")}\n`);
    assert.match(stderr, /\d+ replies with their texts, 0 without\n/);
  }).timeout(30_000);
});
