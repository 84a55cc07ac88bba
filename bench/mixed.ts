// Compares fitting mixed models with lme4 and glmmTMB, in one run: fit time inside each process, warmed up,
// medians; package defaults in R. Without R only this package's times are printed.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fitMixed, type MixedFit, type Table } from "mixed-models";
import { bootstrapFit } from "mixed-models/node";
import { simulate, toCsv } from "mixed-models/test/parity/simulate";
import { projectPath } from "../src/project";

const PAPER = "y ~ type * sentiment + (1 | system) + (1 | dialogue)";
const ONE = "y ~ type * sentiment + (1 | system)";
const VERB_AGG = "y01 ~ Anger + mode * Gender + btype + situ + (1 | id) + (1 | item)";

interface RTimes {
  readonly package: string;
  readonly median_seconds: number;
  readonly logLik: number;
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "empathy-bench-"));
  try {
    const hasR = spawnSync("Rscript", ["-e", "library(lme4); library(glmmTMB)"]).status === 0;
    if (!hasR) console.log("Rscript with lme4 and glmmTMB is not here: no ratios.");
    const paper = simulate("paper");
    const csv = join(folder, "paper.csv");
    writeFileSync(csv, toCsv(paper));
    const fit = compare("the paper's crossed design, 22,914 rows", paper, PAPER, csv, hasR, 1);
    compare("(1 | system) alone, the same rows", paper, ONE, csv, hasR, 3);
    if (hasR) compareVerbAgg(folder);
    growth();
    await timeBootstrap(fit);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function compare(
  title: string,
  table: Table,
  formula: string,
  csv: string,
  hasR: boolean,
  repeats: number,
): MixedFit {
  const { fit, seconds } = timeFits(table, formula);
  console.log(`${title}\n  here      ${seconds.toFixed(4)} s  logLik ${fit.logLik.toFixed(4)}`);
  for (const name of hasR ? ["lme4", "glmmTMB"] : []) {
    const { median_seconds, logLik } = timeR(csv, formula, repeats, name);
    const ratio = (median_seconds / seconds).toFixed(0);
    const gain = (fit.logLik - logLik).toExponential(1);
    console.log(
      `  ${name.padEnd(8)}  ${median_seconds.toFixed(4)} s  logLik ${logLik.toFixed(4)}  ratio ${ratio}, our logLik ${gain} above`,
    );
  }
  return fit;
}

function compareVerbAgg(folder: string): void {
  const csv = join(folder, "VerbAgg.csv");
  const script = `d <- lme4::VerbAgg; d$y01 <- as.integer(d$r2 == "Y"); write.csv(d, "${csv}", row.names = FALSE)`;
  spawnSync("Rscript", ["-e", script]);
  compare("VerbAgg, 7,584 rows, two crossed factors", readCsv(csv), VERB_AGG, csv, true, 2);
}

function timeFits(table: Table, formula: string): { fit: MixedFit; seconds: number } {
  let fit = fitMixed(formula, table, { family: "binomial" });
  for (let run = 0; run < 4; run++) fit = fitMixed(formula, table, { family: "binomial" });
  const times: number[] = [];
  for (let run = 0; run < 9; run++) {
    fit = fitMixed(formula, table, { family: "binomial" });
    times.push(fit.fitMs / 1000);
  }
  return { fit, seconds: median(times) };
}

function timeR(csv: string, formula: string, repeats: number, name: string): RTimes {
  const script = projectPath("bench", "mixed-lme4.R");
  const args = [script, csv, formula, "binomial", String(repeats), name];
  const { stdout, stderr, status } = spawnSync("Rscript", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${name} failed: ${stderr}`);
  return JSON.parse(stdout);
}

// Ten systems answer 1,000 to 100,000 dialogues; how time grows with the rows.
function growth(): void {
  console.log("growth, 10 systems");
  let last: { rows: number; seconds: number } | undefined;
  for (const dialogues of [1000, 10_000, 100_000]) {
    const table = crossed(dialogues);
    const rows = dialogues * 10;
    const fit = fitMixed("y ~ x + (1 | system) + (1 | dialogue)", table, { family: "binomial" });
    const seconds = fit.fitMs / 1000;
    const power = last
      ? `, rows^${(Math.log(seconds / last.seconds) / Math.log(rows / last.rows)).toFixed(2)}`
      : "";
    const peak = process.resourceUsage().maxRSS / 1024;
    console.log(
      `  ${String(rows).padStart(8)} rows  ${seconds.toFixed(2)} s${power}, peak ${peak.toFixed(0)} MB`,
    );
    last = { rows, seconds };
  }
}

function crossed(dialogues: number): Table {
  let state = 1;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
  const rows = dialogues * 10;
  const moods = Float64Array.from({ length: dialogues }, () => 2 * (uniform() + uniform() - 1));
  const y = new Float64Array(rows);
  const x = new Float64Array(rows);
  const system = new Float64Array(rows);
  const dialogue = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    system[row] = row % 10;
    dialogue[row] = Math.floor(row / 10);
    x[row] = (system[row] as number) < 5 ? 0 : 1;
    const eta = 0.5 * (x[row] as number) + (moods[dialogue[row] as number] as number);
    y[row] = uniform() < 1 / (1 + Math.exp(-eta)) ? 1 : 0;
  }
  return { y, x, system, dialogue };
}

async function timeBootstrap(fit: MixedFit): Promise<void> {
  const started = performance.now();
  const { failed } = await bootstrapFit(fit, { replicates: 1000, seed: 1, workers: 2 });
  const seconds = (performance.now() - started) / 1000;
  console.log(
    `1,000 bootstrap refits of the crossed design, 2 threads: ${seconds.toFixed(1)} s, ${failed} failed`,
  );
}

function readCsv(path: string): Table {
  const lines = readFileSync(path, "utf8").trim().replaceAll('"', "").split(/\r?\n/);
  const header = (lines[0] as string).split(",");
  const cells = lines.slice(1).map((line) => line.split(","));
  return Object.fromEntries(
    header.map((name, at) => {
      const column = cells.map((row) => row[at] as string);
      return [
        name,
        column.every((cell) => !Number.isNaN(Number(cell))) ? column.map(Number) : column,
      ];
    }),
  );
}

function median(values: number[]): number {
  return values.sort((left, right) => left - right)[Math.floor(values.length / 2)] as number;
}

void main();
