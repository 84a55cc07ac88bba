// How often the 95 % intervals of `empathy annotate` hold the truth, and how wide they are beside those of labels alone,
// with simulated raters whose true error is known. Usage: node dist/bench/annotate.js [repetitions]. Seeded.
//
// The replies are scored ones of seven systems; people's levels are drawn once from EPITOME's confusions, for a part of the
// replies, from none of human's to a quarter of zephyr-7b's, without regard to the predicted level. What a rater
// gives lies a level off now and then, more often upwards for one rater, downwards for another. The truth is the mean,
// over all replies, of what the three raters give on average.

import type { Level, Metric } from "empathy-scorer";
import { byMetric } from "empathy-scorer";
import { createGenerator, type RandomGenerator } from "kit";
import { studentQuantile } from "mixed-models";
import {
  estimateDifferences,
  estimateLevels,
  type LevelEstimate,
  type Measure,
} from "../apps/annotate/estimate";
import { makePlan } from "../apps/annotate/plan";
import type { Plan } from "../apps/annotate/plan-file";
import { meanOf, type PopulationReply } from "../apps/annotate/population";
import type { JoinedRatings } from "../apps/annotate/read-ratings";
import { projectPath } from "../src/project";
import { readScoredReplies } from "../src/study/scored-replies";
import { readStudy } from "../src/study/study";
import { readEvaluation } from "../src/validity/evaluation-file";

const REPETITIONS = Number(process.argv[2] ?? 500);
const SYSTEMS = ["human", "kemp", "moel", "cem", "gpt-4-empathy", "llama-2-70b", "zephyr-7b"];
const BUDGETS = [300, 600];
const OVERLAP = 30;

/** How a rater errs: how often a level is given one too low, and one too high. */
interface SimulatedRater {
  readonly name: string;
  readonly down: number;
  readonly up: number;
}

const PANELS: Readonly<Record<string, readonly SimulatedRater[]>> = {
  "one rater without error": [{ name: "a", down: 0, up: 0 }],
  "three raters who err": [
    { name: "a", down: 0.08, up: 0.08 },
    { name: "b", down: 0.03, up: 0.2 },
    { name: "c", down: 0.2, up: 0.03 },
  ],
};

interface SimulatedReply extends PopulationReply {
  readonly truth: Readonly<Record<Metric, Level>>;
}

interface Tally {
  repetitions: number;
  held: number;
  width: number;
  labelsHeld: number;
  labelsWidth: number;
}

/** How often intervals of one mean, share or difference held the truth. */
interface Coverage {
  repetitions: number;
  held: number;
}

function main(): void {
  const replies = simulatePopulation(createGenerator(1));
  const error = Math.sqrt((0.95 * 0.05) / REPETITIONS);
  console.log(
    `${replies.length} replies of ${SYSTEMS.length} systems, ${REPETITIONS} repetitions (a coverage's error: ${error.toFixed(3)})`,
  );
  for (const [panel, raters] of Object.entries(PANELS)) {
    for (const budget of BUDGETS) printPanel(replies, panel, raters, budget);
  }
}

function simulatePopulation(random: RandomGenerator): SimulatedReply[] {
  const { epitome } = readEvaluation();
  const { replies } = readScoredReplies(readStudy(projectPath()), "embedded-readings");
  const chosen = replies.filter(({ system }) => SYSTEMS.includes(system));
  return chosen.map(({ system, family, dialogue, turn, sample, levels }) => {
    const truth = byMetric((metric) => {
      const confusion = epitome.find((figures) => figures.metric === metric)?.confusions.open;
      const strange = random.uniform() < 0.04 * SYSTEMS.indexOf(system);
      const column = confusion?.map((row) =>
        strange ? row[0] + row[1] + row[2] : row[levels[metric]] + 0.2,
      ) ?? [1, 1, 1];
      return drawLevel(column, random);
    });
    return {
      system,
      family,
      place: `${dialogue} ${turn} ${sample}`,
      truth,
      predicted: levels,
    };
  });
}

function drawLevel(weights: readonly number[], random: RandomGenerator): Level {
  const [none = 0, weak = 0, strong = 0] = weights;
  const point = random.uniform() * (none + weak + strong);
  if (point < none) return 0;
  return point < none + weak ? 1 : 2;
}

function printPanel(
  replies: readonly SimulatedReply[],
  panel: string,
  raters: readonly SimulatedRater[],
  budget: number,
): void {
  const population = describe(replies, raters);
  const tallies = new Map<string, Tally>();
  const others = new Map<string, Coverage>();
  for (let seed = 1; seed <= REPETITIONS; seed++) {
    const { plan } = makePlan(replies, {
      scorer: "simulated",
      budget,
      raters: raters.length,
      seed,
      overlap: raters.length > 1 ? OVERLAP : 0,
    });
    repeat(plan, population, tallies, others, createGenerator(seed, 99));
  }
  console.log(`\n${panel}, ${budget} readings`);
  console.log("  metric  mean of        coverage  labels alone  half-width  ratio of widths");
  let [held, all] = [0, 0];
  for (const [name, tally] of tallies) {
    const { repetitions, width, labelsHeld, labelsWidth } = tally;
    held += tally.held;
    all += repetitions;
    console.log(
      `  ${name.padEnd(24)}${(tally.held / repetitions).toFixed(3).padEnd(10)}${(labelsHeld / repetitions).toFixed(3).padEnd(14)}${(width / repetitions / 2).toFixed(3).padEnd(12)}${(width / labelsWidth).toFixed(2)}`,
    );
  }
  const ratio = [...tallies.values()].map(({ width, labelsWidth }) => width / labelsWidth);
  const coverages = [...tallies.values()].map((tally) => tally.held / tally.repetitions);
  console.log(
    `  all: coverage ${(held / all).toFixed(3)}, from ${Math.min(...coverages).toFixed(3)} to ${Math.max(...coverages).toFixed(3)}; mean ratio ${meanOf(ratio).toFixed(2)}`,
  );
  for (const what of ["share", "difference of means", "difference of shares"]) {
    const own = [...others].flatMap(([key, one]) => (key.startsWith(`${what},`) ? [one] : []));
    const rates = own.map((one) => one.held / one.repetitions);
    console.log(
      `  ${what}: coverage ${meanOf(rates).toFixed(3)}, from ${Math.min(...rates).toFixed(3)} to ${Math.max(...rates).toFixed(3)} (${own.length} of them)`,
    );
  }
}

/** What stays the same over the repetitions. */
interface SimulatedPopulation {
  readonly raters: readonly SimulatedRater[];
  readonly byPlace: ReadonlyMap<string, SimulatedReply>;
  /** The replies of each system, and of the systems of each family. */
  readonly groups: ReadonlyMap<string, readonly (readonly SimulatedReply[])[]>;
  /** Of each system and family: its mean level, and its share at level 1 or more. */
  readonly truth: Readonly<
    Record<"level" | "any", ReadonlyMap<string, Readonly<Record<Metric, number>>>>
  >;
}

function describe(
  replies: readonly SimulatedReply[],
  raters: readonly SimulatedRater[],
): SimulatedPopulation {
  const ofSystem = (id: string) => replies.filter(({ system }) => system === id);
  const groups = new Map(SYSTEMS.map((id) => [id, [ofSystem(id)]]));
  for (const family of new Set(replies.map((reply) => reply.family))) {
    const own = new Set(replies.flatMap((one) => (one.family === family ? [one.system] : [])));
    groups.set(family, [...own].map(ofSystem));
  }
  const truthOf = (expect: typeof expected) =>
    new Map(
      [...groups].map(([name, systems]) => {
        const meanTruth = (metric: Metric) =>
          meanOf(systems.map((own) => meanOf(own.map((one) => expect(one.truth[metric], raters)))));
        return [name, byMetric(meanTruth)] as const;
      }),
    );
  const truth = { level: truthOf(expected), any: truthOf(expectedShare) };
  const byPlace = new Map(replies.map((reply) => [`${reply.system} ${reply.place}`, reply]));
  return { raters, byPlace, groups, truth };
}

function repeat(
  plan: Plan,
  { raters, byPlace, groups, truth }: SimulatedPopulation,
  tallies: Map<string, Tally>,
  others: Map<string, Coverage>,
  random: RandomGenerator,
): void {
  const joined = rateAll(plan, byPlace, raters, random);
  const aimOf = (measure: Measure, name: string, metric: Metric | undefined): number => {
    if (measure === "fits" || !metric) return Number.NaN;
    return truth[measure].get(name)?.[metric] ?? Number.NaN;
  };
  const estimates = estimateLevels(plan, joined);
  for (const { measure, name, metric, lower, upper } of estimates) {
    const aim = aimOf(measure, name, metric);
    if (measure === "any") count(others, `share, ${metric} ${name}`, aim, lower, upper);
  }
  for (const { measure, name, less, metric, lower, upper } of estimateDifferences(plan, joined)) {
    const aim = aimOf(measure, name, metric) - aimOf(measure, less, metric);
    const what = measure === "level" ? "difference of means" : "difference of shares";
    count(others, `${what}, ${metric} ${name} less ${less}`, aim, lower, upper);
  }
  for (const { name, metric, lower, upper, read } of estimates.flatMap(toMean)) {
    const aim = aimOf("level", name, metric);
    const key = `${metric}      ${name}`;
    const tally = tallies.get(key) ?? {
      repetitions: 0,
      held: 0,
      width: 0,
      labelsHeld: 0,
      labelsWidth: 0,
    };
    const labels = labelsAlone(groups.get(name) ?? [], metric, read, raters, random);
    tally.repetitions++;
    tally.held += Number((lower ?? 0) <= aim && aim <= (upper ?? 0));
    tally.width += (upper ?? 0) - (lower ?? 0);
    tally.labelsHeld += Number(Math.abs(labels.mean - aim) <= labels.half);
    tally.labelsWidth += 2 * labels.half;
    tallies.set(key, tally);
  }
}

function toMean({ measure, metric, ...found }: LevelEstimate) {
  return measure === "level" && metric ? [{ ...found, metric }] : [];
}

function count(
  coverages: Map<string, Coverage>,
  key: string,
  aim: number,
  lower: number | null,
  upper: number | null,
): void {
  const own = coverages.get(key) ?? { repetitions: 0, held: 0 };
  own.repetitions++;
  // A truth at the scale's end differs from it in its last digits.
  own.held += Number((lower ?? 9) - 1e-9 <= aim && aim <= (upper ?? -9) + 1e-9);
  coverages.set(key, own);
}

function rateAll(
  plan: Plan,
  byPlace: ReadonlyMap<string, SimulatedReply>,
  raters: readonly SimulatedRater[],
  random: RandomGenerator,
): JoinedRatings {
  const planned = new Map(plan.replies.map((reply) => [reply.id, reply]));
  const ratings = plan.pages.flatMap(({ replies }, at) =>
    replies.flatMap((id) => {
      const { stratum = 0, place = "" } = planned.get(id) ?? {};
      const reply = byPlace.get(`${plan.strata[stratum]?.system} ${place}`);
      const rater = raters[at];
      if (!reply || !rater) throw new RangeError(`${id} is not in the population`);
      const levels = byMetric((metric) => rate(reply.truth[metric], rater, random));
      return [{ rater: rater.name, reply: id, levels }];
    }),
  );
  return { ratings, raters: raters.map(({ name }) => name), repeated: 0 };
}

function rate(truth: Level, { down, up }: SimulatedRater, random: RandomGenerator): Level {
  const point = random.uniform();
  if (point < down && truth > 0) return truth === 2 ? 1 : 0;
  if (point > 1 - up && truth < 2) return truth === 0 ? 1 : 2;
  return truth;
}

/** What raters give on average to a reply of a true level. */
function expected(truth: Level, raters: readonly SimulatedRater[]): number {
  return meanOf(
    raters.map(({ down, up }) => truth - (truth > 0 ? down : 0) + (truth < 2 ? up : 0)),
  );
}

/** How often raters give a reply of a true level 1 or more. */
function expectedShare(truth: Level, raters: readonly SimulatedRater[]): number {
  return meanOf(raters.map(({ down, up }) => (truth === 0 ? up : truth === 1 ? 1 - down : 1)));
}

/** As many replies, drawn at random within each system and read once, without a classifier: mean and t interval. */
function labelsAlone(
  groups: readonly (readonly SimulatedReply[])[],
  metric: Metric,
  count: number,
  raters: readonly SimulatedRater[],
  random: RandomGenerator,
) {
  const each = Math.max(2, Math.round(count / groups.length));
  const parts = groups.map((group) => {
    const levels = Array.from({ length: each }, () => {
      const reply = group[Math.floor(random.uniform() * group.length)];
      const rater = raters[Math.floor(random.uniform() * raters.length)];
      if (!reply || !rater) throw new RangeError("a system without replies");
      return Number(rate(reply.truth[metric], rater, random));
    });
    const mean = meanOf(levels);
    const squares = levels.reduce((sum, level) => sum + (level - mean) ** 2, 0);
    return { mean, variance: squares / (each - 1) / each };
  });
  const variance = parts.reduce((sum, part) => sum + part.variance, 0) / groups.length ** 2;
  const df = groups.length * (each - 1);
  return {
    mean: meanOf(parts.map(({ mean }) => mean)),
    half: studentQuantile(0.025, df) * Math.sqrt(variance),
  };
}

main();
