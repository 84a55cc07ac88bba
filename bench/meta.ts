// How often meta-analyses' intervals hold the truth where effects are few, by simulation; and how long a fit with its
// limits takes beside metafor's in one run. Usage: node dist/bench/meta.js [replicates]. Seeded; about four minutes.
import { spawnSync } from "node:child_process";
import { createGenerator, type RandomGenerator } from "kit";
import { fitMeta, type MetaData, type MetaInterval } from "mixed-models/meta";
import { projectPath } from "../src/project";

const REPLICATES = Number(process.argv[2] ?? 1000);
const SIZES = [3, 4, 5, 6, 8];
/** Standard deviations between true effects; a typical standard error is 0.25. */
const TAUS = [0, 0.2, 0.6];
const SHARED = 0.01;

function main(): void {
  const error = Math.sqrt((0.95 * 0.05) / REPLICATES);
  console.log(`Coverage of 95 % intervals, ${REPLICATES} replicates (error ${error.toFixed(3)})`);
  console.log("\nOne group, the mean, and the next true effect:");
  console.log("  k   tau   hartung-knapp  truncated  z      next");
  for (const tau of TAUS) for (const size of SIZES) printOneGroup(size, tau);
  console.log("\nTwo groups that share a comparison, the difference of their means:");
  console.log("  k each  tau of both  satterthwaite  t      z");
  for (const taus of [[0, 0] as const, [0.2, 0.2] as const, [0.1, 0.6] as const]) {
    for (const size of SIZES) printTwoGroups(size, taus);
  }
  compareSpeed();
}

function printOneGroup(size: number, tau: number): void {
  const random = createGenerator(1, size);
  const held = { plain: 0, truncated: 0, normal: 0, next: 0 };
  for (let replicate = 0; replicate < REPLICATES; replicate++) {
    const data = draw(random, [size], [tau], 0);
    const plain = fitMeta(data).predict([1]);
    const truncated = fitMeta(data, { truncated: true }).predict([1]);
    const next = tau * random.normal();
    held.plain += Number(plain.lower <= 0 && plain.upper >= 0);
    held.truncated += Number(truncated.lower <= 0 && truncated.upper >= 0);
    held.next += Number(plain.predictionLower <= next && plain.predictionUpper >= next);
    held.normal += Number(holds(data, "z", [1]));
  }
  const [plain, truncated, normal, next] = Object.values(held).map(share);
  console.log(
    `  ${size}   ${tau.toFixed(1)}   ${plain}          ${truncated}      ${normal}  ${next}`,
  );
}

function printTwoGroups(size: number, taus: readonly [number, number]): void {
  const random = createGenerator(2, size);
  const intervals = ["satterthwaite", "t", "z"] as const;
  const held = intervals.map(() => 0);
  for (let replicate = 0; replicate < REPLICATES; replicate++) {
    const data = draw(random, [size, size], taus, SHARED);
    for (const [at, interval] of intervals.entries()) {
      held[at] = (held[at] ?? 0) + Number(holds(data, interval, [1, -1]));
    }
  }
  const [satterthwaite, t, z] = held.map(share);
  console.log(
    `  ${size}       ${taus.map((tau) => tau.toFixed(1)).join(", ")}     ${satterthwaite}          ${t}  ${z}`,
  );
}

function share(count: number): string {
  return (count / REPLICATES).toFixed(3);
}

function holds(data: MetaData, interval: MetaInterval, weights: readonly number[]): boolean {
  const { lower, upper } = fitMeta(data, { interval }).contrast(weights);
  return lower <= 0 && upper >= 0;
}

/** Groups whose true means are zero, with a mean each; errors share a part where that is above zero. */
function draw(
  random: RandomGenerator,
  sizes: readonly number[],
  taus: readonly number[],
  shared: number,
): MetaData {
  const groups = sizes.flatMap((size, group) => Array<number>(size).fill(group));
  const own = groups.map(() => 0.02 + 0.08 * random.uniform());
  const common = Math.sqrt(shared) * random.normal();
  const effects = groups.map((group, at) => {
    const between = (taus[group] ?? 0) * random.normal();
    return common + between + Math.sqrt(own[at] ?? 0) * random.normal();
  });
  const rows = groups.map((group) => sizes.map((_, other) => (other === group ? 1 : 0)));
  return {
    effects,
    covariance:
      shared === 0 ? own : own.map((value, i) => own.map((_, j) => shared + (i === j ? value : 0))),
    moderators: { names: sizes.map((_, at) => `g${at}`), rows },
    groups: groups.map(String),
  };
}

function compareSpeed(): void {
  console.log("\nSeconds for a fit by REML with its limits, beside metafor's rma.mv and confint:");
  for (const size of [5, 20]) {
    const data = draw(createGenerator(3), [size, size, size], [0.2, 0.4, 0.6], SHARED);
    fitMeta(data);
    const begun = performance.now();
    const { logLik } = fitMeta(data);
    const seconds = (performance.now() - begun) / 1000;
    console.log(`  3 groups of ${size}: here ${seconds.toFixed(4)} (logLik ${logLik.toFixed(6)})`);
    const script = projectPath("bench", "meta-metafor.R");
    const { status, stdout } = spawnSync("Rscript", [script], {
      encoding: "utf8",
      input: JSON.stringify(data),
    });
    if (status !== 0) {
      console.log("  metafor is not here: no ratio");
      return;
    }
    const theirs = JSON.parse(stdout);
    const ratio = (theirs.seconds / seconds).toFixed(0);
    console.log(
      `    metafor ${theirs.seconds} (logLik ${theirs.logLik.toFixed(6)}), ratio ${ratio}`,
    );
  }
}

main();
