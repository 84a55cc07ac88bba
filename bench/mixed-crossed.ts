// Linear models with crossed factors beside lme4, each case and each package in a process of its own: the time from the
// table to the fit, and the most memory that the process held. The block of the smaller factors is dense here, sparse there;
// in the case `fixed` one of them is a fixed effect.
// Usage: node dist/bench/mixed-crossed.js [names of cases]. Needs Rscript with lme4; takes six minutes, `fixed` by itself more.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fitMixed, type Table } from "mixed-models";
import { Random } from "mixed-models/test/random";
import { projectPath } from "../src/project";

const RANDOM = "y ~ x + (1 | g) + (1 | h)";
const CASES = {
  wide: { formula: RANDOM, rows: 20_000, g: 3000, h: 2500 },
  long: { formula: RANDOM, rows: 500_000, g: 2000, h: 500 },
  million: { formula: RANDOM, rows: 1_000_000, g: 5000, h: 500 },
  fixed: { formula: "y ~ x + factor(h) + (1 | g)", rows: 10_000, g: 50, h: 2500 },
  // Bates et al.: ratings of lectures by students at ETH Zürich, which lme4 carries.
  InstEval: { formula: "y ~ service + (1 | s) + (1 | d) + (1 | dept:service)" },
} as const;

type Name = keyof typeof CASES;

interface Found {
  readonly seconds: number;
  readonly logLik: number;
  readonly megabytes: number;
}

function main(): void {
  const [first, csv, ...others] = process.argv.slice(2);
  if (first === "--fit") {
    process.stdout.write(JSON.stringify(fitHere(others[0] as string, csv as string)));
    return;
  }
  const asked = [first, csv, ...others].filter((name) => name !== undefined);
  const unknown = asked.find((name) => !(name in CASES));
  if (unknown !== undefined) {
    console.error(`no case '${unknown}'; there are ${Object.keys(CASES).join(", ")}`);
    process.exitCode = 2;
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "empathy-bench-"));
  try {
    for (const name of Object.keys(CASES) as Name[]) {
      if (asked.length === 0 || asked.includes(name)) compare(name, folder);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function compare(name: Name, folder: string): void {
  const { formula } = CASES[name];
  const csv = join(folder, `${name}.csv`);
  console.log(`${name}: ${formula}`);
  if (name !== "InstEval") writeCrossed(CASES[name], csv);
  else if (!writeInstEval(csv)) {
    console.log("  lme4  not here: no data");
    return;
  }
  const own = spawnSync(process.execPath, [__filename, "--fit", csv, formula], {
    encoding: "utf8",
  });
  const here = JSON.parse(own.stdout) as Found;
  print("here", here);
  const script = projectPath("bench", "mixed-lme4.R");
  const args = [script, csv, formula, "gaussian", "1", "lme4", "REML"];
  const { stdout, status } = spawnSync("Rscript", args, { encoding: "utf8" });
  if (status !== 0) {
    console.log("  lme4  not here: no ratio");
    return;
  }
  const { median_seconds: seconds, logLik, peak_megabytes: megabytes } = JSON.parse(stdout);
  print("lme4", { seconds, logLik, megabytes });
  const time = (seconds / here.seconds).toFixed(1);
  console.log(`  ratio ${time} in time, ${(megabytes / here.megabytes).toFixed(1)} in memory`);
}

function print(who: string, { seconds, logLik, megabytes }: Found): void {
  console.log(
    `  ${who}  ${seconds.toFixed(2)} s  ${megabytes.toFixed(0)} MB  logLik ${logLik.toFixed(6)}`,
  );
}

function fitHere(formula: string, csv: string): Found {
  const table = readColumns(csv);
  const started = performance.now();
  const { logLik } = fitMixed(formula, table);
  const seconds = (performance.now() - started) / 1000;
  return { seconds, logLik, megabytes: process.resourceUsage().maxRSS / 1024 };
}

// Columns of numbers; what is not one is text.
function readColumns(csv: string): Table {
  const lines = readFileSync(csv, "utf8").trim().split("\n");
  const names = (lines[0] as string).replaceAll('"', "").split(",");
  const numbers = names.map(() => new Float64Array(lines.length - 1));
  for (let row = 1; row < lines.length; row++) {
    const cells = (lines[row] as string).replaceAll('"', "").split(",");
    for (let column = 0; column < names.length; column++) {
      (numbers[column] as Float64Array)[row - 1] = Number(cells[column]);
    }
  }
  return Object.fromEntries(names.map((name, column) => [name, numbers[column] as Float64Array]));
}

function writeInstEval(csv: string): boolean {
  const script = `write.csv(lme4::InstEval, "${csv}", row.names = FALSE, quote = FALSE)`;
  return spawnSync("Rscript", ["-e", script]).status === 0;
}

function writeCrossed({ rows, g, h }: { rows: number; g: number; h: number }, csv: string): void {
  const random = new Random(7);
  const [byG, byH] = [random.normals(g, 0.7), random.normals(h, 0.5)];
  const lines = ["y,x,g,h"];
  for (let row = 0; row < rows; row++) {
    const [ofG, ofH] = [random.whole(0, g - 1), random.whole(0, h - 1)];
    const x = random.normal();
    const effects = (byG[ofG] as number) + (byH[ofH] as number);
    lines.push(`${0.4 * x + effects + random.normal()},${x},${ofG},${ofH}`);
  }
  writeFileSync(csv, `${lines.join("\n")}\n`);
}

main();
