// Compares fitting cumulative link mixed models with ordinal's clmm, in one run: the 12,000 ratings of the mirror,
// with and without crossed raters; fit time inside each process, ours warmed up and the median, clmm's once.
// Usage: node dist/bench/ordinal.js [--write-golden]. Needs EMPATHY_MIRROR and R with ordinal; takes three minutes.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FitOptions, fitMixed, type MixedFit } from "mixed-models";
import { findDifferences } from "mixed-models/test/parity/compare";
import {
  GRADES,
  RATING_MODELS,
  type RatingColumns,
  readRatings,
  writeRatingsGolden,
} from "mixed-models/test/parity/ratings";
import type { Reference } from "mixed-models/test/parity/reference";
import { toCsv } from "mixed-models/test/parity/simulate";
import { projectPath } from "../src/project";

const OPTIONS: FitOptions = { family: "cumulative", levels: { rating: GRADES } };
const AIMS: Readonly<Record<string, number>> = { "ratings-system": 150, "ratings-rater": 150 };

type Clmm = Omit<Reference, "id"> & { readonly version: string; readonly seconds: number };

function main(): void {
  const mirror = process.env.EMPATHY_MIRROR;
  if (mirror === undefined) {
    console.log("EMPATHY_MIRROR names no mirror of the sources: nothing to fit.");
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "empathy-bench-"));
  try {
    const table = readRatings(mirror);
    const csv = join(folder, "ratings.csv");
    writeFileSync(csv, toCsv(table));
    const found = Object.entries(RATING_MODELS).map(([id, formula]) =>
      compare(id, formula, table, csv),
    );
    if (process.argv.includes("--write-golden")) keep(found);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function compare(
  id: string,
  formula: string,
  table: RatingColumns,
  csv: string,
): readonly [string, Clmm | undefined] {
  const { fit, seconds } = timeFits(table, formula);
  console.log(
    `${formula}\n  here  ${seconds.toFixed(3)} s  logLik ${fit.logLik.toFixed(5)}, ${fit.evaluations.length} evaluations`,
  );
  const clmm = timeClmm(csv, formula);
  if (!clmm) {
    console.log("  clmm  not here: no ratio");
    return [id, undefined];
  }
  const { logLik, coefficient, se } = findDifferences(fit, { ...clmm, id });
  const ratio = (clmm.seconds / seconds).toFixed(0);
  console.log(
    `  clmm  ${clmm.seconds.toFixed(1)} s  logLik ${clmm.logLik.toFixed(5)}  ratio ${ratio} (the aim: ${AIMS[id]})\n` +
      `  our logLik ${logLik.toExponential(1)} above; coefficients within ${coefficient.toExponential(1)} standard errors, ` +
      `errors within ${(100 * se).toFixed(3)} %`,
  );
  return [id, clmm];
}

function timeFits(table: RatingColumns, formula: string): { fit: MixedFit; seconds: number } {
  let fit = fitMixed(formula, table, OPTIONS);
  const times: number[] = [];
  for (let run = 0; run < 7; run++) {
    fit = fitMixed(formula, table, OPTIONS);
    times.push(fit.fitMs / 1000);
  }
  times.sort((left, right) => left - right);
  return { fit, seconds: times[3] as number };
}

function timeClmm(csv: string, formula: string): Clmm | undefined {
  const script = projectPath("bench", "ordinal-clmm.R");
  const { stdout, status } = spawnSync("Rscript", [script, csv, formula], { encoding: "utf8" });
  if (status !== 0) return undefined;
  return { correlations: [], modes: [], sigma: 1, ...JSON.parse(stdout) };
}

function keep(found: readonly (readonly [string, Clmm | undefined])[]): void {
  const version = found[0]?.[1]?.version;
  if (version === undefined) return;
  writeRatingsGolden({
    origin: {
      script: "bench/ordinal-clmm.R",
      command: "npm run bench:ordinal -- --write-golden",
      ordinal: version,
    },
    models: found.flatMap(([id, clmm]) => {
      if (!clmm) return [];
      const { version: _version, seconds: _seconds, ...values } = clmm;
      return [{ id, ...values }];
    }),
  });
}

main();
