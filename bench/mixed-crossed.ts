// Two crossed factors, both large, beside lme4 in one run: the block of the smaller factor is dense here, sparse there. In
// the case `fixed` one of them is a fixed effect.
// Usage: node dist/bench/mixed-crossed.js [name of a case]. Needs Rscript with lme4; takes about five minutes.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fitMixed } from "mixed-models";
import { Random } from "mixed-models/test/random";
import { projectPath } from "../src/project";

const RANDOM = "y ~ x + (1 | g) + (1 | h)";
const CASES = {
  wide: { formula: RANDOM, rows: 20_000, g: 3000, h: 2500 },
  long: { formula: RANDOM, rows: 500_000, g: 2000, h: 500 },
  fixed: { formula: "y ~ x + factor(h) + (1 | g)", rows: 10_000, g: 50, h: 2500 },
};

function main(): void {
  const folder = mkdtempSync(join(tmpdir(), "empathy-bench-"));
  try {
    for (const [name, size] of Object.entries(CASES)) {
      if (process.argv[2] === undefined || process.argv[2] === name) compare(size, folder);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function compare({ formula, rows, g, h }: (typeof CASES)["wide"], folder: string): void {
  const table = crossed(rows, g, h);
  const started = performance.now();
  const fit = fitMixed(formula, table);
  const seconds = (performance.now() - started) / 1000;
  console.log(`${g} x ${h} levels, ${rows} rows\n  here  ${seconds.toFixed(1)} s  ${fit.logLik}`);
  const csv = join(folder, "crossed.csv");
  const lines = table.y.map((y, row) => [y, table.x[row], table.g[row], table.h[row]].join());
  writeFileSync(csv, `y,x,g,h\n${lines.join("\n")}\n`);
  const script = projectPath("bench", "mixed-lme4.R");
  const args = [script, csv, formula, "gaussian", "1", "lme4", "REML"];
  const { stdout, status } = spawnSync("Rscript", args, { encoding: "utf8" });
  if (status !== 0) {
    console.log("  lme4  not here: no ratio");
    return;
  }
  const { median_seconds, logLik } = JSON.parse(stdout);
  const ratio = (median_seconds / seconds).toFixed(1);
  console.log(`  lme4  ${median_seconds.toFixed(1)} s  ${logLik}  ratio ${ratio}`);
}

function crossed(rows: number, groups: number, others: number) {
  const random = new Random(7);
  const [byG, byH] = [random.normals(groups, 0.7), random.normals(others, 0.5)];
  const g = Array.from({ length: rows }, () => random.whole(0, groups - 1));
  const h = g.map(() => random.whole(0, others - 1));
  const x = random.normals(rows);
  const y = x.map((value, row) => {
    const effects = (byG[g[row] as number] as number) + (byH[h[row] as number] as number);
    return 0.4 * value + effects + random.normal();
  });
  return { y, x, g, h };
}

main();
