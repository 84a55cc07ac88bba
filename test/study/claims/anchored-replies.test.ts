import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "test-support/temporary";
import {
  keepSystems,
  readAnchoredReplies,
  selectReplies,
  shows,
} from "../../../src/claims/anchored-replies";
import { readStudy } from "../../../src/study/study";
import { readSystems } from "../../../src/systems/system";
import { madeReply, madeSystem } from "./made-claims";
import { writeScores } from "./made-study";

const SCORER = "embedded-roberta";

/** A study of three systems; what each answered, as dialogue and turn. */
function writeStudy(answers: Readonly<Record<string, readonly string[]>>): string {
  const root = temporaryFolder();
  const corpus = join(root, "data", "corpus");
  mkdirSync(corpus, { recursive: true });
  writeFileSync(join(root, "study.json"), JSON.stringify({ systems: Object.keys(answers) }));
  const header = "dialogue,emotion,sentiment,turns\n";
  writeFileSync(join(corpus, "test.csv"), `${header}d1,sad,negative,4\nd2,proud,positive,4\n`);
  writeFileSync(join(corpus, "answered.csv"), `${header}d3,surprised,ambiguous,4\n`);
  for (const [system, stimuli] of Object.entries(answers)) {
    const rows = stimuli.map((stimulus) => {
      const [dialogue, turn] = stimulus.split(" ") as [string, string];
      return { dialogue, turn: Number(turn), level: 1 as const };
    });
    writeScores(root, SCORER, system, rows);
  }
  return root;
}

const stimuliOf = (
  replies: readonly { readonly system: string; readonly stimulus: string }[],
  id: string,
) => replies.filter(({ system }) => system === id).map(({ stimulus }) => stimulus);

describe("readAnchoredReplies", () => {
  const root = writeStudy({
    human: ["d1 2", "d1 4", "d2 2", "d3 2"],
    kemp: ["d1 2", "d2 4", "d3 2"],
    "falcon-7b": ["d1 2"],
  });

  it("leaves out a reply without a human reply, and a human reply to what nobody answered", () => {
    const { systems, replies } = readAnchoredReplies(readStudy(root), undefined, SCORER);
    assert.deepEqual(
      systems.map(({ id }) => id),
      readSystems()
        .map(({ id }) => id)
        .filter((id) => ["kemp", "falcon-7b"].includes(id)),
    );
    assert.deepEqual(stimuliOf(replies, "kemp"), ["d1 2", "d3 2"]);
    assert.deepEqual(stimuliOf(replies, "human"), ["d1 2", "d3 2"]);
    assert.deepEqual(stimuliOf(replies, "falcon-7b"), ["d1 2"]);
  });

  it("knows of each reply its dialogue's part, sentiment, turn, words and levels", () => {
    const { replies } = readAnchoredReplies(readStudy(root), ({ id }) => id === "kemp", SCORER);
    const of = replies.filter(({ system }) => system === "kemp");
    assert.deepEqual(
      of.map(({ isTest, isFirst, sentiment, words, levels }) => [
        isTest,
        isFirst,
        sentiment,
        words,
        levels.er,
      ]),
      [
        [true, true, "negative", 5, 1],
        [false, true, "ambiguous", 5, 1],
      ],
    );
    assert.deepEqual(new Set(replies.map(({ system }) => system)), new Set(["human", "kemp"]));
  });

  it("refuses a dialogue that is in no corpus table, in one line that names file, row and remedy", () => {
    const broken = writeStudy({ human: ["d1 2"], kemp: ["d1 2", "d9 2"] });
    assert.throws(() => readAnchoredReplies(readStudy(broken), undefined, SCORER), {
      name: "UserError",
      message: `${join(broken, "data", "scores", SCORER, "kemp.csv")}:3: the dialogue 'd9' is in no table of data/corpus; score the file again`,
    });
  });

  it("refuses a study without people's scores", () => {
    const broken = writeStudy({ kemp: ["d1 2"] });
    assert.throws(
      () => readAnchoredReplies(readStudy(broken), undefined, SCORER),
      /human\.csv: no such file/,
    );
  });
});

describe("selectReplies and keepSystems", () => {
  const systems = [madeSystem("a", "llm"), madeSystem("b", "ecs")];
  const to = (system: string, dialogue: string, turn: number, isTest: boolean) =>
    madeReply(system, dialogue, "positive", true, { turn, isTest });
  const replies = [
    to("human", "d1", 2, true),
    to("human", "d1", 4, true),
    to("human", "d2", 2, false),
    to("a", "d1", 2, true),
    to("a", "d2", 2, false),
    to("b", "d1", 4, true),
  ];
  const anchored = { systems, replies };

  it("keep the test part, first turns, or both, of systems and people alike", () => {
    const left = (dialogues: "all" | "test", turns: "all" | "first") =>
      selectReplies(anchored, { dialogues, turns }).replies.map(
        ({ system, stimulus }) => `${system} ${stimulus}`,
      );
    assert.equal(left("all", "all").length, 6);
    assert.deepEqual(left("test", "all"), ["human d1 2", "human d1 4", "a d1 2", "b d1 4"]);
    assert.deepEqual(left("all", "first"), ["human d1 2", "human d2 2", "a d1 2", "a d2 2"]);
    assert.deepEqual(left("test", "first"), ["human d1 2", "a d1 2"]);
  });

  it("keep people's replies to what the systems kept answered", () => {
    const kept = keepSystems(anchored, ({ id }) => id === "b");
    assert.deepEqual(
      kept.systems.map(({ id }) => id),
      ["b"],
    );
    assert.deepEqual(stimuliOf(kept.replies, "human"), ["d1 4"]);
  });

  it("call level 2 strong, and levels 1 and 2 any", () => {
    const at = (er: number) => ({ ...to("a", "d1", 2, true), levels: { er, ip: 0, ex: 0 } });
    const shown = ([0, 1, 2] as const).map((er) => [
      shows(at(er), "er", "any"),
      shows(at(er), "er", "strong"),
    ]);
    assert.deepEqual(shown, [
      [0, 0],
      [1, 0],
      [1, 1],
    ]);
  });
});
