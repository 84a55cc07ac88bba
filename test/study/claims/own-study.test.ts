// An author's own study: few replies, of few systems, from the score tables to every table of data/results.

import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createGenerator } from "kit";
import { temporaryFolder } from "test-support/temporary";
import { Ledger } from "../../../apps/pipeline/ledger";
import { keepResults } from "../../../apps/pipeline/results-stage";
import { MAIN_ANALYSIS } from "../../../src/claims/analysis";
import { readClaims } from "../../../src/claims/claim";
import { estimateAll } from "../../../src/claims/estimate-all";
import { taskOf } from "../../../src/claims/multiverse";
import {
  type ClaimResult,
  readClaimResults,
  readLeads,
  readMultiverse,
  readSensitivities,
} from "../../../src/claims/results-tables";
import { projectPath } from "../../../src/project";
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
  for (const scorer of ["embedded-dialogue", "embedded-support"]) {
    for (const [at, [system, [share, count]]] of Object.entries(shares).entries()) {
      const { uniform } = createGenerator(at, scorer.length);
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
  await keepResults({ ledger: new Ledger(root, false), signal: undefined });
  return { root, results: readClaimResults({ root }) };
}

const verdictsOf = (results: readonly ClaimResult[], set: string) =>
  results.filter((row) => row.set === set).map(({ verdict }) => verdict);

describe("a study of one's own", () => {
  it("of eight replies a system says of every claim why it cannot be tested", async () => {
    const { root, results } = await runStudy(
      { human: [0.4, 8], "gpt-4": [0.6, 8], "falcon-7b": [0.5, 8], kemp: [0.5, 6] },
      9,
    );
    assert.equal(results.length, 4 * readClaims({ root: projectPath() }).length);
    assert.deepEqual(new Set(verdictsOf(results, "all")), new Set(["cannot be tested"]));
    for (const { set, note, claim } of results) {
      if (set === "all" || set === "study") {
        assert.match(note, /^no system of family 'LLM' can be compared: .* fewer than 20$/, claim);
      }
    }
    for (const { reason, estimate } of readMultiverse({ root })) {
      assert.ok(estimate === null && reason !== "");
    }
    for (const { reason, estimate } of readSensitivities({ root })) {
      assert.ok(estimate === null && reason !== "");
    }
    assert.ok(readLeads({ root }).every(({ lead, reason }) => lead === null && reason !== ""));
  });

  it("of people alone has no system to be compared", async () => {
    const { results } = await runStudy({ human: [0.4, 9] }, 9);
    for (const { set, verdict, note } of results) {
      if (set !== "people") assert.equal(verdict, "cannot be tested");
      if (set === "all") assert.equal(note, "no scored replies of family 'LLM'");
    }
  });

  it("of a hundred replies to each sentiment finds what they were given", async () => {
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
    for (const set of ["all", "study"]) {
      const { verdict, models, estimate, share } = of(set, "er-above-human");
      assert.deepEqual([verdict, models], ["supported", 3]);
      assert.ok(Math.abs((estimate as number) - 1.69) < 0.4, `${estimate}`);
      assert.ok(Math.abs((share as number) - 0.4) < 0.08, `${share}`);
      assert.equal(of(set, "er-above-ecs").others, 1);
    }
    // GPT-4, Falcon and PaLM 2 stand for themselves; FE has too few replies to stand for anything.
    assert.equal(
      of("study", "er-above-ecs").note,
      "without GPT-3.5, Vicuna FastChat-T5, Focused Empathy (FE), CAB",
    );
    assert.equal(of("all", "er-strong-above-human").verdict, "cannot be tested");
    assert.match(of("all", "er-strong-above-human").note, /none of 100 replies \(separation\)$/);
    // All are first turns of the test part: those analyses are one.
    const analyses = readMultiverse({ root }).filter(
      ({ set, claim }) => set === "all" && claim === "er-above-human",
    );
    assert.equal(analyses.length, 2);
  });
});

describe("estimateAll", () => {
  const root = writeStudy({ human: [0.4, 90], "gpt-4": [0.6, 90], kemp: [0.5, 90] }, 90);
  const tasks = (["er", "ip", "ex"] as const).map((metric) =>
    taskOf({ metric, outcome: "any" }, MAIN_ANALYSIS),
  );

  it("comes to the same on one thread and on three", async () => {
    const [one, three] = await Promise.all(
      [1, 3].map((workers) => estimateAll(tasks, { root, workers })),
    );
    for (const task of tasks) {
      assert.deepEqual(one?.(task), three?.(task));
      assert.equal(one?.(task).rows, 270);
    }
  });

  it("stops when it is told to, and on a broken table", async () => {
    const aborted = { root, signal: AbortSignal.abort(new Error("enough")) };
    await assert.rejects(estimateAll(tasks, aborted), /enough/);
    const later = new AbortController();
    const run = estimateAll(tasks, { root, signal: later.signal });
    later.abort(new Error("enough now"));
    await assert.rejects(run, /enough now/);
    await assert.rejects(estimateAll(tasks, { root: temporaryFolder() }), /no such file/);
  });

  it("knows the tasks that it was given and no others", async () => {
    const leadsOf = await estimateAll([], { root });
    assert.throws(
      () => leadsOf(taskOf({ metric: "er", outcome: "any" }, MAIN_ANALYSIS)),
      /was not given the task/,
    );
  });
});
