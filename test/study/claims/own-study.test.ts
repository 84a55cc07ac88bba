// An author's own study: few replies, of few systems, from the score tables to every table of data/results.

import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createGenerator } from "kit";
import { temporaryFolder } from "test-support/temporary";
import { planPower } from "../../../apps/claims/plan-power";
import { Ledger } from "../../../apps/pipeline/ledger";
import { keepResults } from "../../../apps/pipeline/results-stage";
import { readClaims } from "../../../src/claims/claim";
import {
  type ClaimResult,
  readClaimResults,
  readMultiverse,
  readShares,
  readWithout,
} from "../../../src/claims/results-tables";
import { projectPath } from "../../../src/project";
import { PUBLISHED_STUDY, readStudy } from "../../../src/study/study";
import { writeScores } from "./made-study";

const EMOTIONS = ["proud", "sad", "surprised"] as const;
const SENTIMENTS = { proud: "positive", sad: "negative", surprised: "ambiguous" } as const;

/** How often each system shows it, on the first so many dialogues. */
type Shares = Readonly<Record<string, readonly [share: number, dialogues: number]>>;

function writeStudy(shares: Shares, dialogues: number): string {
  const root = temporaryFolder();
  mkdirSync(join(root, "data", "corpus"), { recursive: true });
  copyFileSync(projectPath("data", "claims.json"), join(root, "data", "claims.json"));
  writeFileSync(join(root, "study.json"), JSON.stringify({ systems: Object.keys(shares) }));
  const rows = Array.from({ length: dialogues }, (_, at) => {
    const emotion = EMOTIONS[at % 3] as (typeof EMOTIONS)[number];
    return `d${at},${emotion},${SENTIMENTS[emotion]},4`;
  });
  const header = "dialogue,emotion,sentiment,turns";
  const corpus = (name: string) => join(root, "data", "corpus", `${name}.csv`);
  writeFileSync(corpus("test"), `${[header, ...rows].join("\n")}\n`);
  writeFileSync(corpus("answered"), `${header}\nother,sad,negative,4\n`);
  for (const [of, scorer] of PUBLISHED_STUDY.scorers.entries()) {
    for (const [at, [system, [share, count]]] of Object.entries(shares).entries()) {
      const { uniform } = createGenerator(at, of);
      const scores = Array.from({ length: count }, (_, dialogue) => ({
        dialogue: `d${dialogue}`,
        turn: 2,
        level: uniform() < share ? (1 as const) : (0 as const),
      }));
      writeScores(root, scorer, system, scores);
    }
  }
  return root;
}

async function runStudy(shares: Shares, dialogues: number) {
  const root = writeStudy(shares, dialogues);
  await keepResults({ ledger: new Ledger(root, false) });
  return { root, results: readClaimResults({ root }) };
}

const SETS = ["main", "study", "embedded-roberta", "embedded-epitome", "study-model", "people"];

const verdictsOf = (results: readonly ClaimResult[], set: string) =>
  results.filter((row) => row.set === set).map(({ verdict }) => verdict);

describe("a study of one's own", () => {
  it("of eight replies a system says of every claim why it cannot be told", async () => {
    const { root, results } = await runStudy(
      { human: [0.4, 8], "gpt-4": [0.6, 8], "falcon-7b": [0.5, 8], kemp: [0.5, 6] },
      9,
    );
    // Nobody read its systems: heads alone measure, and say so.
    assert.deepEqual(new Set(results.map(({ set }) => set)), new Set(SETS));
    assert.equal(results.length, SETS.length * readClaims({ root: projectPath() }).length);
    assert.deepEqual(new Set(verdictsOf(results, "main")), new Set(["cannot be told"]));
    for (const { set, note, claim } of results) {
      if (set !== "main" && set !== "study") continue;
      const expected = claim.includes("fits")
        ? /^a head knows nothing of whether a reply makes sense$/
        : /^no system of family '(LLM|older system \(ECS\))' can be compared: .* fewer than 20$/;
      assert.match(note, expected, claim);
    }
    for (const { reason, these } of readMultiverse({ root })) {
      assert.ok(these === null && reason !== "");
    }
    assert.deepEqual(readWithout({ root }), []);
    assert.ok(readShares({ root }).every(({ share, reason }) => share === null && reason !== ""));
  });

  it("of people alone has no system to be compared", async () => {
    const { results } = await runStudy({ human: [0.4, 9] }, 9);
    for (const { set, verdict, note, claim } of results) {
      if (set !== "people") assert.equal(verdict, "cannot be told");
      if (set === "main" && !claim.includes("fits")) {
        assert.match(note, /^no scored replies of family '(LLM|older system \(ECS\))'$/);
      }
    }
  });

  it("of a hundred replies to each sentiment finds what they were given, and says of whom", async () => {
    const { root, results } = await runStudy(
      {
        human: [0.3, 300],
        "gpt-4": [0.72, 300],
        "falcon-7b": [0.68, 300],
        "palm-2": [0.7, 300],
        kemp: [0.3, 300],
        fe: [0.9, 15],
      },
      300,
    );
    const of = (set: string, claim: string) =>
      results.find((row) => row.set === set && row.claim === claim) as ClaimResult;
    for (const set of ["main", "study"]) {
      const { verdict, units, these, instrument } = of(set, "er-above-human");
      assert.deepEqual(
        [verdict, units, instrument],
        ["seen in these systems", 3, "embedded-readings"],
      );
      assert.ok(Math.abs((these as number) - 0.4) < 0.08, `${these}`);
      assert.equal(of(set, "er-above-ecs").others, 1);
    }
    // GPT-4, Falcon and PaLM 2 stand for themselves; FE has too few replies to stand for anything.
    assert.equal(
      of("study", "er-above-ecs").note,
      "without GPT-3.5, Vicuna FastChat-T5, Focused Empathy (FE), CAB",
    );
    // Nobody showed level 2: a difference of nothing, known exactly enough, but of one publication.
    assert.equal(of("main", "er-strong-above-human").these, 0);
    assert.equal(of("main", "er-strong-above-human").verdict, "cannot be told");
    // All are first turns of the test part: those analyses are one for each head.
    const analyses = readMultiverse({ root }).filter(({ claim }) => claim === "er-above-human");
    assert.equal(analyses.length, 3);
    // Its power: one older system says nothing of others, and three LLMs differ by how much is unknown but for these.
    const study = readStudy(root);
    const claims = ["er-above-human", "er-above-ecs"];
    const plan = planPower(study, { claims, models: [3, 10], prompts: [300, 3000] });
    assert.equal(plan.from, study.name);
    const [human, older] = plan.claims;
    assert.deepEqual(human?.parts?.counts, {
      models: [3],
      collections: [1],
      prompts: 300,
      readings: 300,
    });
    for (const { obstacle } of older?.designs ?? []) {
      assert.match(obstacle ?? "", /^one model on a side says nothing of models like it/);
    }
    const reaches = human?.designs.map(({ theseReach }) => theseReach) ?? [];
    // Ten times the prompts, and a head scores them all.
    assert.ok(Math.abs((reaches[2] as number) / (reaches[0] as number) - Math.sqrt(0.1)) < 1e-9);
    assert.throws(
      () => planPower(study, { claims, readings: [100] }),
      /--readings: claim 'er-above-human' is measured by embedded-readings, which scores every reply; give --prompts/,
    );
  });
});
