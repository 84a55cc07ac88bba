// The whole pipeline on one screen: what each stage needs, reads and writes. A stage is run again when one
// of its inputs, one of its outputs, or the code has changed; `docs/design.md` says how that is known.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { answerIn, formatAnswers } from "../../src/claims/answer";
import { readClaimsFile } from "../../src/claims/claim";
import { readClaimResults } from "../../src/claims/results-tables";
import { CONVERSATIONS_FOLDER } from "../../src/conversations/conversation-scores";
import { INSTRUCTIONS_FOLDER } from "../../src/instructions/post-scores";
import { PEOPLE_FILE } from "../../src/people/people-results";
import { STOCK_FILE } from "../../src/readings/stock-sentences";
import { SEEDS_FILE } from "../../src/study/seeds";
import { readStudy, STUDY_FILE } from "../../src/study/study";
import { sayContext } from "../claims/say-context";
import { formatSystemMap, formatVerdicts, replaceTable } from "../report/readme-tables";
import { formatReport } from "../report/write-report";
import { checkCommittedTables } from "./committed-tables";
import { computeFacts, replaceFacts } from "./facts";
import { keepLocalScores } from "./local-scores";
import { readManifest } from "./manifest";
import { keepNotebooks } from "./notebooks-stage";
import { keepResults } from "./results-stage";
import type { Stage, StudyRun } from "./stage";
import {
  keepActs,
  keepConversations,
  keepCorpusTable,
  keepInstructions,
  keepPeople,
  keepPublishedTables,
  keepScores,
  keepSeeds,
  keepStock,
  keepValidity,
} from "./texts-stage";
import { ACTS_FILE, JUDGED_FILE } from "./validity-stage";

const COMMITTED = "committed tables";
const REGISTRIES = ["data/sources.json", "data/systems.json"];
const CLAIMS = ["data/claims.json", "data/systems.json"];
const READINGS = "data/readings/";
const REPORT = "report.html";

/** The stage that reruns notebooks and draws figures. */
export const NOTEBOOKS = "notebooks";

/** The published study, from the texts to the report. */
export const STAGES: readonly Stage[] = [
  {
    name: "corpus",
    needs: "texts",
    reads: ["data/sources.json"],
    writes: ["data/corpus/test.csv"],
    run: keepCorpusTable,
  },
  {
    name: "published replies",
    needs: "texts",
    reads: REGISTRIES,
    writes: ["data/corpus/answered.csv", "data/published/"],
    run: keepPublishedTables,
  },
  {
    name: "scores",
    needs: "texts",
    reads: [...REGISTRIES, "data/weights/"],
    writes: ["data/scores/"],
    run: keepScores,
  },
  {
    name: "validity",
    needs: "texts",
    reads: [...REGISTRIES, "data/weights/", JUDGED_FILE],
    writes: ["data/validity/reference.csv", "data/validity/judges.csv"],
    run: keepValidity,
  },
  {
    name: "stock sentences",
    needs: "texts",
    reads: [...REGISTRIES, "data/readings/readings.csv"],
    writes: [STOCK_FILE],
    run: keepStock,
  },
  {
    name: "seeds",
    needs: "texts",
    reads: ["data/sources.json", "data/weights/"],
    writes: [SEEDS_FILE],
    run: keepSeeds,
  },
  {
    name: "acts and intents",
    needs: "texts",
    reads: ["data/sources.json", "data/weights/"],
    writes: [ACTS_FILE],
    run: keepActs,
  },
  {
    name: "people",
    needs: "texts",
    reads: ["data/sources.json", "data/scores/", "data/weights/"],
    writes: [PEOPLE_FILE],
    run: keepPeople,
  },
  {
    name: "instructions",
    needs: "texts",
    reads: ["data/sources.json", "data/weights/"],
    writes: [INSTRUCTIONS_FOLDER],
    run: keepInstructions,
  },
  {
    name: "conversations",
    needs: "texts",
    reads: ["data/sources.json", "data/weights/"],
    writes: [CONVERSATIONS_FOLDER],
    run: keepConversations,
  },
  {
    name: "local scores",
    needs: "models",
    reads: [...REGISTRIES, "data/replies/", "data/weights/"],
    writes: ["studies/local/data/scores/"],
    run: keepLocalScores,
  },
  {
    name: COMMITTED,
    needs: "scores",
    // Without a stamp: it takes less time than to tell whether something has changed.
    reads: [],
    writes: [],
    async run({ ledger }) {
      checkCommittedTables(ledger.root, ledger.kept);
      return undefined;
    },
  },
  {
    name: "results",
    needs: "scores",
    reads: [STUDY_FILE, ...CLAIMS, "data/corpus/", READINGS, "data/scores/", PEOPLE_FILE],
    writes: ["data/results/"],
    run: keepResults,
  },
  {
    name: "sentences",
    needs: "scores",
    reads: ["data/corpus/", "data/published/", "data/validity/", "docs/", "notebooks/"],
    writes: ["docs/", "notebooks/"],
    run: async (run) => keepSentences(run),
  },
  {
    name: NOTEBOOKS,
    needs: "scores",
    // What each notebook reads is observed while it runs, and each is rerun for itself.
    reads: ["notebooks/"],
    writes: ["notebooks/", "figures/"],
    async run(run) {
      run.notebooks = await keepNotebooks(run);
      return undefined;
    },
  },
  {
    name: "README",
    needs: "scores",
    reads: [
      ...CLAIMS,
      "data/published/coverage.csv",
      READINGS,
      "data/results/",
      "data/scores/",
      "README.md",
    ],
    writes: ["README.md"],
    run: async (run) => keepReadme(run),
  },
  {
    name: "report",
    needs: "scores",
    reads: [
      STUDY_FILE,
      ...CLAIMS,
      ...REGISTRIES,
      "data/published/",
      READINGS,
      "data/results/",
      "figures/",
    ],
    writes: [REPORT],
    run: async (run) => keepReport(run),
  },
];

/** A study of one's own: from its scores on, as the published one, but for the project's README. */
export const LOCAL_STAGES: readonly Stage[] = STAGES.filter(
  ({ name, needs }) => needs === "scores" && !["README", "sentences", COMMITTED].includes(name),
).map((stage) => ({ ...stage, reads: stage.reads.flatMap(besideProject) }));

// A study without readings of its own is measured by the project's.
function besideProject(input: string): string[] {
  return input === READINGS ? [READINGS, `../../${READINGS}`] : [input];
}

// Only what has a marker, so that a copy of a part of the project needs no table that it does not name.
function keepSentences({ ledger }: StudyRun): string[] {
  const texts = ["docs", "notebooks"].flatMap((folder) => {
    const path = join(ledger.root, folder);
    const names = existsSync(path) ? readdirSync(path) : [];
    return names
      .filter((name) => /\.(md|ipynb)$/.test(name))
      .map((name) => ({ file: `${folder}/${name}`, text: readFileSync(join(path, name), "utf8") }));
  });
  const marked = texts.filter(({ text }) => text.includes("<!--="));
  if (marked.length === 0) return [];
  const facts = computeFacts(ledger.root);
  for (const { file, text } of marked) ledger.keep(file, replaceFacts(text, facts, file), text);
  return marked.map(({ file }) => file);
}

function keepReadme({ ledger }: StudyRun): string[] | undefined {
  const path = join(ledger.root, "README.md");
  if (!existsSync(path)) return undefined;
  const read = readFileSync(path, "utf8");
  const map = formatSystemMap(join(ledger.root, "data", "published", "coverage.csv"));
  const claims = readClaimsFile(join(ledger.root, "data", "claims.json"));
  const results = readClaimResults(ledger);
  const study = readStudy(ledger.root);
  const answer = [
    formatAnswers(answerIn(claims, results, "main")),
    ...sayContext(study, results),
  ].join("\n\n");
  const parts = {
    systems: map,
    answer,
    verdicts: formatVerdicts(claims, results),
  };
  const document = Object.entries(parts).reduce(
    (text, [name, part]) => replaceTable(text, name, part),
    read,
  );
  ledger.keep("README.md", document, read);
  return ["README.md"];
}

// The page is not committed, so a check has nothing to compare it with, and a new one is no difference; an opened study has one.
async function keepReport({ ledger }: StudyRun): Promise<string[] | undefined> {
  const { root, check } = ledger;
  if (!existsSync(join(root, "figures", "checksums.txt"))) return undefined;
  const manifest = readManifest(root);
  if (check && !manifest) return undefined;
  const isListed = manifest?.files.some(({ path }) => path === REPORT);
  const report = await formatReport(root);
  if (check && isListed) ledger.keep(REPORT, report);
  else ledger.write(REPORT, report);
  return [REPORT];
}
