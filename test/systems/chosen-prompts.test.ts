import assert from "node:assert/strict";
import { createGenerator } from "kit";
import { itNeeds, mirror } from "test-support/needs";
import { comparePromptTexts } from "../../apps/replies/prompt-texts";
import { projectPath } from "../../src/project";
import { findChosenPrompts, measurePrompts } from "../../src/study/find-chosen-prompts";
import { openStudy } from "../../src/study/study";
import {
  CHOSEN,
  comparePrompts,
  describeChosen,
  type HumanReply,
  kindOfTurn,
} from "../../src/systems/chosen-prompts";
import { loadJoinIndex } from "../../src/systems/load-join-index";
import { joinPublished } from "../../src/systems/published-replies";
import { readSystems } from "../../src/systems/system";

const PLACES = { mirror: mirror.folder, cache: projectPath("data", "no-cache") };
const random = createGenerator(2310, 8017);

/** A corpus in which people ask at 55 % of first turns and at 15 % of last ones. */
const ASKING = { first: 0.55, last: 0.15 };

function simulate(count: number, kind: "first" | "last", asking = ASKING[kind]): HumanReply[] {
  return Array.from({ length: count }, () => ({
    kind,
    asks: random.uniform() < asking,
    words: Math.floor(4 + 12 * random.uniform()),
  }));
}

const corpus = [...simulate(5000, "first"), ...simulate(5000, "last")];

function find(prompts: readonly HumanReply[], by: "asking" | "length" = "asking") {
  const found = comparePrompts(prompts, corpus).find((one) => one.by === by);
  assert.ok(found);
  return found;
}

describe("comparePrompts", () => {
  it("finds prompts that were chosen by a question, or by its absence", () => {
    for (const share of [1, 0.95, 0]) {
      const found = find(simulate(300, "first", share));
      assert.ok(found.isChosen && Math.abs(found.z) > CHOSEN.z, `${share}: z ${found.z}`);
      assert.equal(Math.sign(found.z), Math.sign(share - 0.5));
    }
  });

  it("finds prompts that were chosen by the length of the reply", () => {
    const long = simulate(300, "first").map((reply) => ({ ...reply, words: reply.words + 12 }));
    assert.ok(find(long, "length").isChosen);
    assert.ok(!find(long).isChosen);
  });

  it("compares like with like: last turns only, or first ones only, were not chosen", () => {
    for (const kind of ["first", "last"] as const) {
      const found = find(simulate(1000, kind));
      assert.ok(!found.isChosen, `${kind}: ${found.share}, ${found.expected}`);
      assert.ok(Math.abs(found.expected - ASKING[kind]) < 0.03);
    }
  });

  it("calls no random draw chosen, of whatever size", () => {
    for (let draw = 0; draw < 1000; draw++) {
      const size = 1 + Math.floor(random.uniform() * 60);
      const prompts = [...simulate(size, "first"), ...simulate(size, "last")];
      for (const { isChosen } of comparePrompts(prompts, corpus)) assert.equal(isChosen, false);
    }
  });

  it("says nothing of a handful, nor of a shift that is sure and small", () => {
    assert.ok(!find(simulate(8, "first", 1)).isChosen);
    const sure = find(simulate(4000, "first", 0.4));
    assert.ok(Math.abs(sure.z) > CHOSEN.z && !sure.isChosen);
  });

  it("gives a finite z where the corpus always or never does it", () => {
    const never = simulate(500, "first", 0);
    const found = comparePrompts(simulate(200, "first", 1), never).at(0);
    assert.ok(found?.isChosen && Number.isFinite(found.z));
  });

  it("has nothing to say without prompts, or of kinds that the corpus lacks", () => {
    assert.deepEqual(comparePrompts([], corpus), []);
    assert.deepEqual(comparePrompts([{ kind: "other", asks: true, words: 3 }], corpus), []);
  });

  it("says in one sentence what it found", () => {
    const found = { by: "asking", prompts: 9, share: 1, expected: 0.464, z: 40, isChosen: true };
    assert.match(
      describeChosen(found as Parameters<typeof describeChosen>[0]),
      /^its prompts look chosen by the human reply: 100 % of the human replies there ask, against 46 % at such turns/,
    );
  });
});

describe("kindOfTurn", () => {
  it("tells first, last and other turns of the listener", () => {
    assert.deepEqual(
      [kindOfTurn(2, 6), kindOfTurn(4, 6), kindOfTurn(6, 6), kindOfTurn(4, 5), kindOfTurn(2, 3)],
      ["first", "between", "last", "last", "last"],
    );
  });
});

describe("the published systems", () => {
  const study = openStudy("published");

  for (const scorer of study.scorers) {
    it(`have one whose prompts were chosen by a question, by ${scorer}`, () => {
      const found = findChosenPrompts(study, { scorer });
      assert.deepEqual(
        found.map(({ system }) => system),
        ["llama-2-13b"],
      );
      assert.match(
        found[0]?.finding ?? "",
        /[89]\d % of the human replies there ask, against 4\d %/,
      );
    });
  }

  it("have one file whose prompts were chosen by the length of the human reply", () => {
    const found = findChosenPrompts(study, { by: "length" });
    const sources = new Set(
      found.map(({ system }) => readSystems().find(({ id }) => id === system)?.publication),
    );
    assert.deepEqual([...sources], ["Welivita and Pu 2024"]);
    assert.equal(found.length, 5);
    for (const { share } of found) assert.equal(share, 1);
  });

  it("are all looked at, the excluded one too", () => {
    const systems = measurePrompts(study).map(({ system }) => system);
    assert.ok(systems.includes("llama-2-13b") && systems.includes("kemp"));
    assert.ok(!systems.includes("human"));
  });

  itNeeds(mirror, "are told apart by their question marks alone", async () => {
    const { index } = await loadJoinIndex(PLACES);
    const joined = await joinPublished(readSystems(), index, PLACES);
    const chosen = joined.flatMap(({ system, replies }) =>
      comparePromptTexts(replies, index)
        .filter(({ by, isChosen }) => by === "asking" && isChosen)
        .map(({ prompts, share }) => [system.id, prompts, share]),
    );
    assert.deepEqual(chosen, [["llama-2-13b", 1867, 1]]);
  });
});
