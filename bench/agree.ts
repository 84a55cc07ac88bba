// What agreement costs, beside its definitions taken pair by pair in the same run, and with 2,000,000 ratings.
// Usage: node dist/bench/agree.js. Seeded; about half a minute.
import { createGenerator } from "kit";
import {
  agreementOfAll,
  agreementOfPairs,
  bootstrapInterval,
  kendall,
  krippendorffAlpha,
} from "mixed-models/agreement";
import {
  alphaByDefinition,
  kappaByDefinition,
  kendallByDefinition,
} from "mixed-models/test/agreement/by-definition";

const RESAMPLES = 20;

function main(): void {
  const ratings = draw(1000, 3, false);
  const pairs = ratings.map((unit) => unit.slice(0, 2));
  const [one, other] = [0, 1].map((at) => pairs.map((pair) => pair[at])) as [number[], number[]];
  const options = { resamples: RESAMPLES };
  console.log("1,000 units, continuous:            here, ms   by definition, times as long");
  const tasks: [string, () => unknown, () => unknown][] = [
    [
      "interval alpha of 3 raters",
      () => krippendorffAlpha(ratings, "interval"),
      () => alphaByDefinition(ratings, "interval"),
    ],
    ["Kendall's tau-b", () => kendall(one, other), () => kendallByDefinition(pairs)],
    [
      `a pair, kappa with ${RESAMPLES} resamples`,
      () => agreementOfPairs(pairs, ["a", "b"], options),
      () => bootstrapInterval(pairs, kappaByDefinition, options),
    ],
  ];
  for (const [name, here, definition] of tasks) {
    const ms = millisecondsOf(here, 9);
    const ratio = millisecondsOf(definition, 1) / ms;
    console.log(
      `  ${name.padEnd(33)} ${ms.toFixed(1).padStart(8)} ${ratio.toFixed(0).padStart(12)}`,
    );
  }
  console.log("Every coefficient, 2,000 resamples:");
  for (const [units, raters, isWhole] of [
    [1000, 3, false],
    [1_000_000, 2, true],
    [200_000, 10, true],
  ] as const) {
    const table = draw(units, raters, isWhole);
    const names = table[0]?.map((_, at) => `r${at}`) ?? [];
    const ms = millisecondsOf(() => [agreementOfPairs(table, names), agreementOfAll(table)], 1);
    const what = `${units} units x ${raters} raters, ${isWhole ? "five levels" : "continuous"}`;
    console.log(`  ${what.padEnd(46)} ${(ms / 1000).toFixed(1)} s`);
  }
  console.log(
    `Memory of the process at most: ${(process.resourceUsage().maxRSS / 1000).toFixed(0)} MB`,
  );
}

function draw(units: number, raters: number, isWhole: boolean): number[][] {
  const random = createGenerator(1);
  return Array.from({ length: units }, () => {
    const truth = 4 * random.uniform();
    return Array.from({ length: raters }, () => {
      const value = truth + random.normal();
      return isWhole ? Math.min(4, Math.max(0, Math.round(value))) : value;
    });
  });
}

/** The median of some runs, after one that is not counted where there are several. */
function millisecondsOf(task: () => unknown, runs: number): number {
  if (runs > 1) task();
  const times = Array.from({ length: runs }, () => {
    const started = performance.now();
    task();
    return performance.now() - started;
  }).sort((a, b) => a - b);
  return times[Math.floor(runs / 2)] as number;
}

main();
