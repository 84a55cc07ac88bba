// How often 95 % intervals of Krippendorff's ordinal alpha hold it, for few replies and rare levels: `alphaInterval` beside the
// percentile bootstrap in the same run. Usage: node dist/bench/alpha.js [repetitions]. Seeded; half a minute for 400.
//
// Replies have a true level, and each rater gives one by the same table of errors; the truth is the alpha of 100,000 replies.

import { createGenerator, type RandomGenerator } from "kit";
import {
  alphaInterval,
  alphaOfCounts,
  bootstrapCounts,
  countUnits,
  krippendorffAlpha,
} from "mixed-models/agreement";

const REPETITIONS = Number(process.argv[2] ?? 400);
const SCALE = [0, 1, 2];
const RESAMPLES = 1000;
const MANY = 100_000;

/** How often replies have each level, and what raters give each. */
interface Setting {
  readonly name: string;
  readonly levels: readonly number[];
  readonly given: readonly (readonly number[])[];
}

const SETTINGS: readonly Setting[] = [
  {
    name: "raters who agree",
    levels: [0.9, 0.07, 0.03],
    given: [
      [0.99, 0.008, 0.002],
      [0.1, 0.8, 0.1],
      [0.02, 0.13, 0.85],
    ],
  },
  {
    name: "raters who waver",
    levels: [0.93, 0.04, 0.03],
    given: [
      [0.96, 0.03, 0.01],
      [0.3, 0.6, 0.1],
      [0.15, 0.25, 0.6],
    ],
  },
  {
    name: "raters who guess",
    levels: [0.96, 0.02, 0.02],
    given: [
      [0.93, 0.05, 0.02],
      [0.5, 0.4, 0.1],
      [0.3, 0.3, 0.4],
    ],
  },
];

function main(): void {
  const error = Math.sqrt((0.95 * 0.05) / REPETITIONS).toFixed(3);
  console.log(`${REPETITIONS} repetitions (a coverage's error: ${error})`);
  console.log("replies raters                     above 0  alpha  coverage  percentile bootstrap");
  for (const [replies, raters, more] of [
    [30, 3, 0],
    [30, 2, 0],
    [60, 3, 0.25],
  ] as const) {
    for (const setting of SETTINGS) printSetting(setting, replies, raters, more);
  }
}

function printSetting(setting: Setting, replies: number, raters: number, more: number): void {
  const [none = 0, weak = 0, strong = 0] = setting.levels;
  const levels = [none - more, weak + more / 2, strong + more / 2];
  const draw = (count: number, random: RandomGenerator) =>
    Array.from({ length: count }, () => {
      const row = setting.given[pick(levels, random)] as readonly number[];
      return Array.from({ length: raters }, () => pick(row, random));
    });
  const all = draw(MANY, createGenerator(1, 7));
  const truth = krippendorffAlpha(all, "ordinal") as number;
  const above = all.flat().filter((level) => level > 0).length / MANY / raters;
  const held = { here: 0, percentile: 0 };
  for (let seed = 1; seed <= REPETITIONS; seed++) {
    const ratings = draw(replies, createGenerator(seed));
    const options = { seed, resamples: RESAMPLES };
    const units = countUnits(ratings);
    const found = {
      here: alphaInterval(ratings, "ordinal", { ...options, scale: SCALE }),
      percentile: bootstrapCounts(
        units,
        (drawn) => alphaOfCounts(units, "ordinal", drawn),
        options,
      ),
    };
    for (const method of ["here", "percentile"] as const) {
      const { lower, upper } = found[method] ?? { lower: 1, upper: -1 };
      held[method] += Number(lower <= truth && truth <= upper);
    }
  }
  const rate = (count: number) => (count / REPETITIONS).toFixed(3);
  console.log(
    `${String(replies).padEnd(8)}${`${raters} ${setting.name}`.padEnd(27)}${above.toFixed(3)}    ${truth.toFixed(2)}   ${rate(held.here)}     ${rate(held.percentile)}`,
  );
}

function pick(weights: readonly number[], random: RandomGenerator): number {
  let left = random.uniform();
  const found = weights.findIndex((weight) => {
    left -= weight;
    return left < 0;
  });
  return found < 0 ? weights.length - 1 : found;
}

main();
