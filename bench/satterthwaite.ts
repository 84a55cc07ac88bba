// Compares Satterthwaite's degrees of freedom with lmerTest's, in one run: times inside each process, warmed up, medians;
// lmerTest's defaults. Without R only this package's times are printed.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGenerator } from "kit";
import { readCsvTable } from "kit/tables";
import { fitMixed, satterthwaite, type Table } from "mixed-models";
import { toCsv } from "mixed-models/test/parity/simulate";
import { projectPath } from "../src/project";

interface RTimes {
  readonly version: string;
  readonly whole: number;
  readonly tests: number;
  readonly df: number | readonly number[];
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "empathy-bench-"));
  try {
    const sleep = join(folder, "sleepstudy.csv");
    const found = timeR(sleep, "Reaction ~ Days + (Days | Subject)", 20, "sleepstudy");
    if (found) {
      const table = await readCsvTable(sleep);
      compare("sleepstudy, 180 rows", table, "Reaction ~ Days + (Days | Subject)", found);
    } else console.log("Rscript with lmerTest is not here: no ratios.");
    const crossed = simulateCrossed();
    const csv = join(folder, "crossed.csv");
    writeFileSync(csv, toCsv(crossed));
    const formula = "y ~ x * length + (1 | system) + (1 | dialogue)";
    compare("10 systems, 1,000 dialogues: 10,000 rows", crossed, formula, timeR(csv, formula, 3));
    const slopes = "y ~ x * length + (length | dialogue) + (1 | system)";
    compare("the same with slopes by dialogue", crossed, slopes, timeR(csv, slopes, 3));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function compare(title: string, table: Table, formula: string, found: RTimes | undefined): void {
  const fit = fitMixed(formula, table);
  const tests = medianSeconds(() => satterthwaite(fit));
  const whole = medianSeconds(() => satterthwaite(fitMixed(formula, table)));
  const df = satterthwaite(fit).coefficients.map((one) => one.df as number);
  console.log(`${title}\n  here      tests ${show(tests)}, fit and tests ${show(whole)}`);
  if (!found) return;
  const apart = [found.df].flat().map((value, at) => Math.abs((df[at] as number) / value - 1));
  console.log(
    `  lmerTest  tests ${show(found.tests)}, fit and tests ${show(found.whole)}; ratios ` +
      `${(found.tests / tests).toFixed(0)} and ${(found.whole / whole).toFixed(0)}, ` +
      `df at most ${Math.max(...apart).toExponential(1)} apart`,
  );
}

function medianSeconds(run: () => unknown): number {
  const begun = performance.now();
  while (performance.now() - begun < 1000) run();
  const times = Array.from({ length: 9 }, () => {
    const started = performance.now();
    run();
    return (performance.now() - started) / 1000;
  });
  return times.sort((left, right) => left - right)[4] as number;
}

function show(seconds: number): string {
  return `${seconds.toFixed(4)} s`;
}

function timeR(
  csv: string,
  formula: string,
  repeats: number,
  ...table: readonly string[]
): RTimes | undefined {
  const script = projectPath("bench", "satterthwaite.R");
  const args = [script, csv, formula, String(repeats), ...table];
  const { stdout, status } = spawnSync("Rscript", args, { encoding: "utf8" });
  return status === 0 ? JSON.parse(stdout) : undefined;
}

function simulateCrossed() {
  const random = createGenerator(5);
  const normals = (count: number, sd: number) =>
    Array.from({ length: count }, () => sd * random.normal());
  const [moods, slopes, shifts] = [normals(1000, 1), normals(1000, 0.2), normals(10, 0.5)];
  const noise = normals(10_000, 1);
  const rows = noise.map((rest, at) => {
    const [system, dialogue] = [at % 10, Math.floor(at / 10)];
    const length = Math.round(100 * random.normal()) / 100;
    const x = system < 5 ? 0 : 1;
    const slope = 0.4 + (slopes[dialogue] as number);
    const shift = (moods[dialogue] as number) + (shifts[system] as number);
    return { x, length, system, dialogue, y: 3 + 0.3 * x + slope * length + shift + rest };
  });
  return {
    y: rows.map(({ y }) => y),
    x: rows.map(({ x }) => x),
    length: rows.map(({ length }) => length),
    system: rows.map(({ system }) => `s${system}`),
    dialogue: rows.map(({ dialogue }) => `d${dialogue}`),
  };
}

void main();
