// Times the two stages behind the verdicts on the committed scores: `npm run bench:claims`. The peer of stage 1 is lme4 in
// its fastest form (nAGQ = 0, coarser than the Laplace approximation here) on the same rows, where R is at hand.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { METRICS } from "empathy-scorer";
import { fitMixed } from "mixed-models";
import { putClaims } from "../apps/claims/put-claims";
import { type AnchoredReply, readAnchoredReplies, shows } from "../src/claims/anchored-replies";
import { readClaims } from "../src/claims/claim";
import { estimateLeads, type Leads } from "../src/claims/leads";
import { projectPath } from "../src/project";
import { PUBLISHED_STUDY, readStudy } from "../src/study/study";
import { isCompared } from "../src/systems/unit";

const FORMULA = "y ~ 0 + cell + (1 | dialogue) + (1 | stimulus)";

function seconds(work: () => void): number {
  const started = performance.now();
  work();
  return (performance.now() - started) / 1000;
}

const study = readStudy(projectPath());
const anchored = readAnchoredReplies(study, isCompared);
const leads = new Map<string, Leads>();
for (const metric of METRICS) {
  const took = seconds(() =>
    leads.set(
      metric,
      estimateLeads(anchored, metric, "any", { fewest: PUBLISHED_STUDY.fewestReplies }),
    ),
  );
  const { rows = 0 } = leads.get(metric) ?? {};
  console.log(
    `a mixed model of all replies, ${metric.toUpperCase()}: ${took.toFixed(2)} s for ${rows} rows (aim 3 s)`,
  );
}
const claims = readClaims(study);
const started = performance.now();
void putClaims(study, claims, undefined).then(({ multiverse, without }) => {
  const took = ((performance.now() - started) / 1000).toFixed(2);
  console.log(
    `all tables of results: ${took} s for ${claims.length} claims, ${multiverse.length} analyses and ${without.length} left out`,
  );
  compareWithLme4();
});

function compareWithLme4(): void {
  if (spawnSync("Rscript", ["-e", "library(lme4)"]).status !== 0) {
    console.log("beside lme4: pending, since Debian's r-cran-lme4 is not here");
    return;
  }
  const columns = toColumns(anchored.replies);
  const own = seconds(() => {
    fitMixed(FORMULA, columns, { family: "binomial", standardErrors: "conditional" });
  });
  const folder = mkdtempSync(join(tmpdir(), "empathy-bench-"));
  try {
    const path = join(folder, "rows.csv");
    const names = Object.keys(columns) as (keyof typeof columns)[];
    const lines = columns.y.map((_, row) => names.map((name) => columns[name][row]).join(","));
    writeFileSync(path, `${[names.join(","), ...lines].join("\n")}\n`);
    const script = `suppressMessages(library(lme4)); d <- read.csv("${path}"); cat(system.time(glmer(${FORMULA}, d, binomial, nAGQ = 0))[["elapsed"]])`;
    const { stdout } = spawnSync("Rscript", ["-e", script], { encoding: "utf8" });
    const theirs = Number(stdout);
    const ratio = (theirs / own).toFixed(0);
    console.log(
      `ER without turns, ${columns.y.length} rows: ${own.toFixed(2)} s, lme4 (nAGQ = 0) ${theirs.toFixed(2)} s: ${ratio} times`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// Cells that are all alike have no estimate in either.
function toColumns(replies: readonly AnchoredReply[]) {
  const cellOf = ({ system, sentiment }: AnchoredReply) => `${system} ${sentiment}`;
  const seen = new Map<string, Set<number>>();
  for (const reply of replies) {
    const values = seen.get(cellOf(reply)) ?? new Set();
    seen.set(cellOf(reply), values.add(shows(reply, "er", "any")));
  }
  const kept = replies.filter((reply) => seen.get(cellOf(reply))?.size === 2);
  return {
    y: kept.map((reply) => shows(reply, "er", "any")),
    cell: kept.map(cellOf),
    dialogue: kept.map(({ dialogue }) => dialogue),
    stimulus: kept.map(({ stimulus }) => stimulus),
  };
}
