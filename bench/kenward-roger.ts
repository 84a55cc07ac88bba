// Times Kenward and Roger's adjustment on simulated crossed designs, beside pbkrtest where Rscript has it and the design is small enough
// for its matrices: one run each.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGenerator } from "kit";
import { fitMixed } from "mixed-models";
import { kenwardRoger } from "mixed-models/hypotheses";
import { toCsv } from "mixed-models/test/parity/simulate";

const SCRIPT = `suppressPackageStartupMessages({library(lme4); library(pbkrtest)})
d <- read.csv(commandArgs(TRUE)[1]); f <- lmer(y ~ x + (1 | a) + (1 | b), d)
s <- system.time(v <- vcovAdj(f))[["elapsed"]]; cat(s, Lb_ddf(c(0, 1), vcov(f), v))`;

const DESIGNS = [
  { rows: 2000, first: 200, second: 50, beside: true },
  { rows: 4000, first: 400, second: 100, beside: true },
  { rows: 23_000, first: 2000, second: 12, beside: false },
  { rows: 12_000, first: 2000, second: 1200, beside: false },
  { rows: 60_000, first: 20_000, second: 3, beside: false },
] as const;

function main(): void {
  const folder = mkdtempSync(join(tmpdir(), "empathy-bench-"));
  try {
    for (const { rows, first, second, beside } of DESIGNS) {
      const table = simulate(rows, first, second);
      const fit = fitMixed("y ~ x + (1 | a) + (1 | b)", table);
      const started = performance.now();
      const df = kenwardRoger(fit).coefficients[1]?.df ?? Number.NaN;
      const seconds = (performance.now() - started) / 1000;
      const design = `${rows} rows, ${first} and ${second} levels`;
      console.log(
        `${design}: ${seconds.toFixed(2)} s, df ${df.toFixed(3)}${beside ? besideR(folder, table) : ""}`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function besideR(folder: string, table: ReturnType<typeof simulate>): string {
  const csv = join(folder, "crossed.csv");
  writeFileSync(csv, toCsv(table));
  const { stdout, status } = spawnSync("Rscript", ["-e", SCRIPT, csv], { encoding: "utf8" });
  if (status !== 0) return "; Rscript with pbkrtest is not here";
  const [seconds, df] = stdout.split(" ").map(Number);
  return `; pbkrtest ${seconds?.toFixed(1)} s, df ${df?.toFixed(3)}`;
}

function simulate(rows: number, first: number, second: number) {
  const random = createGenerator(7);
  const normals = (count: number) => Array.from({ length: count }, () => random.normal());
  const [as, bs, x, noise] = [normals(first), normals(second), normals(rows), normals(rows)];
  const b = x.map(() => Math.floor(random.uniform() * second));
  return {
    y: x.map(
      (value, at) => 0.3 * value + (as[at % first] ?? 0) + (bs[b[at] ?? 0] ?? 0) + (noise[at] ?? 0),
    ),
    x,
    a: x.map((_, at) => `a${at % first}`),
    b: b.map((level) => `b${level}`),
  };
}

main();
