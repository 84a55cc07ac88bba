import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { temporaryFolder } from "test-support/temporary";
import { prepareStudy } from "../../apps/pipeline/local-study";
import { readClaimsFile } from "../../src/claims/claim";
import { readCorpusTable } from "../../src/corpus/corpus-table";
import { projectPath } from "../../src/project";
import { readSystemScores } from "../../src/scoring/system-scores";
import { describeAsked, readAsked } from "../../src/study/asked-systems";
import {
  openStudy,
  PUBLISHED_STUDY,
  readStudy,
  studyFolder,
  systemsIn,
  systemsOfStudy,
} from "../../src/study/study";
import { readStyles } from "../../src/systems/reply-style";
import { journalLine } from "./journal-line";

const CLAIM = {
  id: "er-above-human",
  origin: "beside",
  metric: "er",
  outcome: "any",
  compared: { family: "llm", with: "human" },
  contrast: "all",
  sign: "positive",
  marginInPoints: 5,
  short: "react more",
  statement: "LLMs react more than people.",
  reading: "as it stands",
};

function put(root: string, file: string, content: unknown): void {
  const path = join(root, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
}

/** A project with scores of three published systems, of one of this machine's own, and a study. */
function rootWith(study: object): string {
  const root = temporaryFolder();
  for (const id of ["human", "kemp", "zephyr-7b"]) {
    put(root, `data/scores/embedded-roberta/${id}.csv`, `scores of ${id}`);
  }
  put(root, "studies/local/data/scores/embedded-roberta/falcon-7b.csv", "scores of falcon-7b");
  put(root, "data/claims.json", { claims: [CLAIM, { ...CLAIM, id: "other" }] });
  put(root, "notebooks/01-list.ipynb", {
    cells: [
      { cell_type: "markdown", id: "title", metadata: {}, source: ["# 1. A list"] },
      {
        cell_type: "code",
        id: "imports",
        execution_count: null,
        metadata: {},
        outputs: [],
        source: ["const study = openStudy();"],
      },
    ],
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5,
  });
  put(root, "studies/mine/study.json", study);
  return root;
}

const MINE = { name: "mine", systems: ["human", "kemp", "own"], scorers: ["embedded-roberta"] };

describe("a study of one's own", () => {
  it("has the systems, scores and claims that its file names, and nothing else", async () => {
    const root = rootWith({ ...MINE, claims: ["other"] });
    const { own, study } = await prepareStudy(root, "mine");
    const folder = join(root, "studies", "mine");
    assert.deepEqual(own, ["falcon-7b"]);
    assert.equal(study.fewestReplies, PUBLISHED_STUDY.fewestReplies);
    const ids = systemsOfStudy(readStudy(folder)).map(({ id }) => id);
    assert.deepEqual(ids.sort(), ["falcon-7b", "human", "kemp"]);
    const has = (id: string) =>
      existsSync(join(folder, "data/scores/embedded-roberta", `${id}.csv`));
    assert.deepEqual(["human", "kemp", "zephyr-7b", "falcon-7b"].map(has), [
      true,
      true,
      false,
      true,
    ]);
    const claims = readClaimsFile(join(folder, "data", "claims.json"));
    assert.deepEqual(
      claims.map(({ id }) => id),
      ["other"],
    );
    assert.equal(existsSync(join(root, "data", "results")), false);
  });

  it("drops the tables of systems that its file names no more", async () => {
    const root = rootWith(MINE);
    await prepareStudy(root, "mine");
    put(root, "studies/mine/study.json", { ...MINE, systems: ["human"] });
    assert.deepEqual((await prepareStudy(root, "mine")).own, []);
    const scores = join(root, "studies/mine/data/scores/embedded-roberta");
    assert.equal(existsSync(join(scores, "kemp.csv")), false);
    assert.equal(existsSync(join(scores, "human.csv")), true);
    const pool = join(root, "studies/local/data/scores/embedded-roberta/falcon-7b.csv");
    assert.equal(existsSync(pool), true);
  });

  it("may bring claims of its own", async () => {
    const root = rootWith(MINE);
    put(root, "studies/mine/claims.json", { claims: [{ ...CLAIM, id: "mine" }] });
    await prepareStudy(root, "mine");
    const claims = readClaimsFile(join(root, "studies/mine/data/claims.json"));
    assert.deepEqual(
      claims.map(({ id }) => id),
      ["mine"],
    );
  });

  it("copies notebooks with a note that names it, without what is said of the published study, and keeps their outputs", async () => {
    const root = rootWith(MINE);
    const published = join(root, "notebooks");
    const list = JSON.parse(readFileSync(join(published, "01-list.ipynb"), "utf8"));
    const said = { ...list.cells[0], id: "said", source: ["KEMP has 5,249."] };
    said.metadata = { tags: ["published"] };
    put(root, "notebooks/01-list.ipynb", { ...list, cells: [...list.cells, said] });
    const needs = (...names: string[]) => ({ metadata: { empathy: { needs: names } } });
    put(root, "notebooks/02-graded.ipynb", { ...list, ...needs("corpus", "grades") });
    put(root, "notebooks/03-other.ipynb", { ...list, ...needs("corpus", "published systems") });
    put(root, "studies/mine/notebooks/02-graded.ipynb", list);
    put(root, "studies/mine/notebooks/my-own.ipynb", list);
    await prepareStudy(root, "mine");
    const path = join(root, "studies/mine/notebooks/01-list.ipynb");
    const text = readFileSync(path, "utf8");
    assert.match(text, /The study `mine`/);
    assert.match(text, /openStudy\(\)/);
    assert.doesNotMatch(text, /5,249/);
    assert.match(text, /1 cell about the published study's systems is left out/);
    assert.match(text, /Notebooks left out: 02-graded.ipynb needs a system that people graded/);
    assert.deepEqual(readdirSync(dirname(path)).sort(), [
      "01-list.ipynb",
      "03-other.ipynb",
      "my-own.ipynb",
    ]);
    const run = text.replace('"execution_count": null', '"execution_count": 1');
    writeFileSync(path, run);
    await prepareStudy(root, "mine");
    assert.equal(readFileSync(path, "utf8"), run);
  });

  it("refuses a notebook that needs what nobody knows, with one line that names the nearest", async () => {
    const root = rootWith(MINE);
    const list = JSON.parse(readFileSync(join(root, "notebooks/01-list.ipynb"), "utf8"));
    const metadata = { empathy: { needs: ["corpsu"] } };
    put(root, "notebooks/01-list.ipynb", { ...list, metadata });
    await assert.rejects(prepareStudy(root, "mine"), {
      name: "UserError",
      message: /needs 'corpsu'; did you mean 'corpus'\?/,
    });
  });

  it("tells what was asked on this machine, and how the replies sound", async () => {
    const root = rootWith(MINE);
    put(
      root,
      "data/replies/falcon-7b.jsonl",
      [
        journalLine({}),
        journalLine({ turn: 4, time: "2026-03-02T10:00:00.000Z", reply: "Are you well?" }),
        journalLine({ turn: 6, status: "failed", reply: undefined, model: undefined }),
      ].join(""),
    );
    await prepareStudy(root, "mine");
    const [row] = readAsked({ root: join(root, "studies/mine") });
    assert.equal(
      row && describeAsked(row),
      "2 replies of falcon-0301 (falcon was asked), 1 requests without one, 2026-03-01 to 2026-03-02",
    );
    const styles = readStyles(join(root, "studies/mine/data/published/style.csv"));
    assert.deepEqual(
      styles.map(({ system, replies, questionShare }) => [system, replies, questionShare]),
      [["falcon-7b", 2, 0.5]],
    );
  });

  it("on the sample corpus scores people and this machine's systems on the spot", async () => {
    const study = { systems: ["human", "own"], corpus: "sample", fewestReplies: 5 };
    const root = rootWith(study);
    const reply = "Oh no! What happened then?";
    put(root, "data/replies/falcon-7b.jsonl", journalLine({ dialogue: "sample:1", reply }));
    const { own } = await prepareStudy(root, "mine");
    assert.deepEqual(own, ["falcon-7b"]);
    const folder = join(root, "studies", "mine");
    assert.equal(readCorpusTable(join(folder, "data/corpus/test.csv")).length, 64);
    const scores = (id: string) =>
      readSystemScores(join(folder, `data/scores/embedded-roberta/${id}.csv`));
    assert.deepEqual(
      scores("falcon-7b").map(({ dialogue, scores: found }) => [dialogue, found?.ex.level]),
      [["sample:1", 2]],
    );
    assert.ok(scores("human").length >= 64);
    assert.ok(!existsSync(join(root, "studies/local/data/scores/embedded-roberta/human.csv")));
  });

  for (const [fault, study, message] of [
    ["an unknown system", { ...MINE, systems: ["kemq"] }, /names 'kemq'.*did you mean 'kemp'\?/],
    [
      "an unknown claim",
      { ...MINE, claims: ["othe"] },
      /no claim is called 'othe'; did you mean 'other'\?/,
    ],
    [
      "a system without scores",
      { ...MINE, systems: ["cem"] },
      /'cem' has no scores by embedded-roberta/,
    ],
    ["a study without people", { ...MINE, systems: ["kemp"] }, /'systems' lacks 'human'/],
    ["another name than its folder's", { ...MINE, name: "yours" }, /called as its folder, 'mine'/],
    ["an unknown field", { ...MINE, system: [] }, /'system'; did you mean 'systems'\?/],
    ["a formula that cannot be read", { ...MINE, formula: "share ~ (1 |" }, /'formula': expected/],
    ["an unknown column", { ...MINE, formula: "share ~ famly" }, /names 'famly'.*'family'/],
    ["too few replies", { ...MINE, fewestReplies: 1 }, /'fewestReplies' must be >= 2/],
  ] as const) {
    it(`refuses ${fault} with one line that names the file`, async () => {
      await assert.rejects(prepareStudy(rootWith(study), "mine"), ({ message: text }: Error) => {
        assert.match(text, /studies.mine.study\.json: /);
        assert.match(text, message);
        return true;
      });
    });
  }
});

describe("systemsIn", () => {
  const idsOf = (systems: string[], own: string[] = [], prompts?: string[]) =>
    systemsIn({ ...PUBLISHED_STUDY, systems, ...(prompts ? { prompts } : {}) }, own).map(
      ({ id }) => id,
    );

  it("takes groups and identifiers", () => {
    assert.ok(idsOf(["published"]).includes("gpt-4-plain"));
    assert.ok(!idsOf(["published"]).includes("falcon-7b"));
    assert.deepEqual(idsOf(["own"], ["falcon-7b"]), ["falcon-7b"]);
    const study = idsOf(["study"]);
    assert.ok(["human", "kemp", "gpt-4-plain"].every((id) => study.includes(id)));
    assert.ok(!study.includes("zephyr-7b") && !study.includes("cem"));
  });

  it("takes of one's own systems those that were asked with the study's prompts", () => {
    assert.deepEqual(idsOf(["own"], ["falcon-7b"], ["paper"]), ["falcon-7b"]);
    assert.deepEqual(idsOf(["own"], ["falcon-7b"], ["short"]), []);
  });
});

describe("openStudy", () => {
  it("opens the study in whose folder a notebook lies", () => {
    const root = rootWith(MINE);
    const mine = join(root, "studies", "mine");
    put(root, "data/published/style.csv", "system");
    assert.deepEqual(openStudy(undefined, join(root, "notebooks")), { ...PUBLISHED_STUDY, root });
    for (const folder of ["notebooks", join("notebooks", "lessons")]) {
      const study = openStudy(undefined, join(mine, folder));
      assert.deepEqual([study.name, study.root, study.systems], ["mine", mine, MINE.systems]);
    }
  });

  it("opens the published study elsewhere, and any by its name", () => {
    for (const folder of [temporaryFolder(), projectPath(), projectPath("notebooks", "teaching")])
      assert.equal(openStudy(undefined, folder).root, projectPath());
    assert.deepEqual(openStudy("published"), { ...PUBLISHED_STUDY, root: projectPath() });
  });

  it("reads no environment and keeps nothing: two studies stand side by side", () => {
    const [one, other] = [MINE, { ...MINE, systems: ["human"] }].map((file) => rootWith(file));
    const open = (root = "") => readStudy(join(root, "studies", "mine"));
    assert.deepEqual(open(one).systems, MINE.systems);
    assert.deepEqual(open(other).systems, ["human"]);
    assert.deepEqual(open(one).systems, MINE.systems);
  });

  it("names the nearest study where there is none of that name", () => {
    const root = rootWith(MINE);
    assert.throws(
      () => studyFolder("mien", root),
      /no study is called 'mien'; did you mean 'mine'/,
    );
  });
});
