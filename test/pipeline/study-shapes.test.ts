import assert from "node:assert/strict";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { itNeeds, patience } from "test-support/needs";
import { reproduce } from "../../apps/pipeline/reproduce";
import { projectPath } from "../../src/project";
import { journalLine } from "../study/journal-line";

const NOWHERE = { mirror: undefined, cache: "/does/not/exist" };

interface Shape {
  readonly name: string;
  readonly study: object;
  /** Its own claims; the project's by default. */
  readonly claims?: readonly object[];
  /** The notebooks that it has, by their numbers. */
  readonly notebooks: string;
  /** What its report says. */
  readonly says: RegExp;
}

const SHAPES: readonly Shape[] = [
  {
    name: "no LLM",
    study: { systems: ["human", "kemp", "cem", "moel", "own"] },
    notebooks: "123456",
    says: /Cannot be told/,
  },
  {
    name: "no older system",
    study: { systems: ["human", "gpt-4-plain", "llama-2-70b"] },
    notebooks: "34567",
    says: /Seen, in these systems only/,
  },
  {
    name: "one claim",
    study: { systems: ["human", "kemp", "gpt-4-empathy"], claims: ["er-above-human"] },
    notebooks: "567",
    says: /One claim was put to these replies/,
  },
  {
    name: "fine-tuned LLMs only",
    study: { systems: ["human", "zephyr-7b-tuned"] },
    notebooks: "56",
    says: /Cannot be told/,
  },
  {
    name: "people alone",
    study: { systems: ["human"] },
    notebooks: "56",
    says: /Cannot be told/,
  },
  {
    name: "one system, one claim",
    study: { systems: ["human", "kemp"], claims: ["er-ecs-above-human"] },
    notebooks: "56",
    says: /One claim was put to these replies/,
  },
  {
    name: "the sample corpus",
    study: { systems: ["human", "retrieval"], corpus: "sample", fewestReplies: 5 },
    notebooks: "56",
    says: /retrieval|Retrieval/,
  },
  {
    name: "two models under one instruction",
    study: { systems: ["human", "own"], corpus: "sample", fewestReplies: 5 },
    claims: [
      {
        id: "er-vicuna",
        origin: "beside",
        metric: "er",
        outcome: "any",
        compared: {
          family: "llm",
          change: {
            factor: "model",
            from: "falcon-7b-instruct",
            to: "fastchat-t5-3b-v1.0",
          },
        },
        contrast: "all",
        sign: "positive",
        marginInPoints: 5,
        short: "more emotional reactions by Vicuna than by Falcon",
        statement: "Vicuna reacts more often than Falcon under the same instruction.",
        reading: "As it stands.",
      },
    ],
    notebooks: "568",
    says: /by Vicuna than by Falcon \(in fact.*Falcon-7B-Instruct, minus people on the same prompts: ER/s,
  },
];

const NOTEBOOKS = readdirSync(projectPath("notebooks"))
  .filter((name) => name.endsWith(".ipynb"))
  .sort();

const ROOT = projectPath("dist", "study-shapes");

/** A clone's tables and notebooks, from which cells still find their imports; with replies of three systems to the sample. */
function copyOfProject(names: readonly string[]): string {
  const root = ROOT;
  rmSync(root, { recursive: true, force: true });
  cpSync(projectPath("data"), join(root, "data"), {
    recursive: true,
    filter: (path) => !/[\\/]data[\\/](cache|replies|weights)/.test(path),
  });
  for (const name of names) cpSync(projectPath("notebooks", name), join(root, "notebooks", name));
  mkdirSync(join(root, "data", "replies"));
  const dialogues = Array.from({ length: 64 }, (_, at) => `sample:${at + 1}`);
  for (const [system, replies] of Object.entries({
    retrieval: ["That must be hard.", "I am so sorry.", "Nice."],
    "falcon-7b": ["I am so sorry to hear that.", "What happened?", "I see."],
    "vicuna-t5": ["You must feel awful.", "How did that make you feel?"],
  })) {
    const lines = dialogues.map((dialogue, at) =>
      journalLine({ dialogue, key: `${system} ${at}`, reply: replies[at % replies.length] }),
    );
    writeFileSync(join(root, "data", "replies", `${system}.jsonl`), lines.join(""));
  }
  return root;
}

describe("a study of any shape", function () {
  this.timeout(400_000);

  // What is put down as models' replies there was made up for these tests.
  after(() => rmSync(ROOT, { recursive: true, force: true }));

  for (const { name, study, claims, notebooks, says } of SHAPES) {
    itNeeds(patience, `runs to its report: ${name}`, async () => {
      // What the first two show has nothing to do with a study's shape; the next two are run for two shapes.
      const at = SHAPES.findIndex((one) => one.name === name);
      const wanted = NOTEBOOKS.slice(at === 0 ? 0 : at === 1 ? 2 : 4);
      const root = copyOfProject(wanted);
      const folder = join(root, "studies", "mine");
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "study.json"), JSON.stringify({ name: "mine", ...study }));
      if (claims) writeFileSync(join(folder, "claims.json"), JSON.stringify({ claims }));
      const done = await reproduce({ root, places: NOWHERE, study: "mine" });
      assert.equal(done.notebooks.map((one) => Number(one.slice(0, 2))).join(""), notebooks);
      const report = readFileSync(join(folder, "report.html"), "utf8");
      for (const words of [says, /--study mine/]) assert.ok(words.test(report), String(words));
      const told = report.replace(/<(svg|style|script)\b.*?<\/\1>/gs, "");
      assert.equal(/.{60}(NaN|Infinity|undefined|are at hand).{20}/s.exec(told)?.[0], undefined);
      assert.ok(existsSync(join(folder, "figures", "checksums.txt")));
      assert.deepEqual((await reproduce({ root, places: NOWHERE, study: "mine" })).notebooks, []);
    });
  }

  itNeeds(
    patience,
    "is measured by whichever scorers its file names now, on a sample, too",
    async () => {
      const root = copyOfProject([]);
      const folder = join(root, "studies", "mine");
      for (const place of [root, folder]) mkdirSync(join(place, "notebooks"), { recursive: true });
      const name = (scorers: readonly string[]) =>
        writeFileSync(
          join(folder, "study.json"),
          JSON.stringify({ systems: ["human", "kemp"], claims: ["er-ecs-above-human"], scorers }),
        );
      // Every tenth row of a head's tables, as if somebody's own scorer had scored a sample.
      for (const system of ["human", "kemp"]) {
        const table = join(root, "data", "scores", "embedded-epitome", `${system}.csv`);
        const rows = readFileSync(table, "utf8").trimEnd().split("\n");
        mkdirSync(join(folder, "scores", "mine"), { recursive: true });
        const part = rows.filter((_, at) => at % 10 === 0);
        writeFileSync(join(folder, "scores", "mine", `${system}.csv`), `${part.join("\n")}\n`);
      }
      const run = () => reproduce({ root, places: NOWHERE, study: "mine" });
      const shares = () => readFileSync(join(folder, "data", "results", "shares.csv"), "utf8");
      name(["embedded-readings"]);
      await run();
      assert.doesNotMatch(shares(), /^mine,/m);
      name(["mine", "embedded-readings"]);
      await run();
      assert.match(shares(), /^mine,er,any,kemp,positive/m);
      name(["mine", "judge-me"]);
      await assert.rejects(
        run(),
        /study.json: 'kemp' has no scores by judge-me; have every system/,
      );
    },
  );
});
