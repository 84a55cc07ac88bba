// How often two analyses find an interaction of family and sentiment where there is none: a seeded simulation.
import { createGenerator, type RandomGenerator } from "kit";
import { fitMixed } from "mixed-models";
import { fitMeta } from "mixed-models/meta";
import { PUBLISHED_STUDY } from "../study/study";

/** What is simulated: two families whose systems differ, in general and in how they take sentiment; log-odds. */
export interface FalseAlarmOptions {
  /** Systems of the two families. */
  readonly systems: readonly [number, number];
  /** Replies of a system to each sentiment. */
  readonly replies: number;
  /** Standard deviation between systems of a family. */
  readonly systemSd: number;
  /** Standard deviation of how systems take a sentiment; families do not differ in it. */
  readonly sentimentSd: number;
  readonly replicates: number;
  readonly seed: number;
}

/** Shares of replicates whose test of the interaction, at five percent, is significant. */
export interface FalseAlarms {
  /** Under a random intercept for each system, the study's model. */
  readonly intercept: number;
  /** With systems as the units: a difference of negative and positive for each, then a meta-analysis. */
  readonly twoStage: number;
}

const SENTIMENTS = ["negative", "positive"] as const;

interface Cell {
  readonly family: string;
  readonly system: string;
  readonly sentiment: string;
  readonly shown: number;
}

/** Counts how often each analysis finds an interaction that is not there. */
export function countFalseAlarms(options: FalseAlarmOptions): FalseAlarms {
  const found = { intercept: 0, twoStage: 0 };
  for (let replicate = 0; replicate < options.replicates; replicate++) {
    const cells = simulate(options, createGenerator(options.seed, replicate));
    if (testIntercept(cells, options.replies) < 0.05) found.intercept++;
    if (testTwoStage(cells, options.replies) < 0.05) found.twoStage++;
  }
  return {
    intercept: found.intercept / options.replicates,
    twoStage: found.twoStage / options.replicates,
  };
}

function simulate(options: FalseAlarmOptions, random: RandomGenerator): Cell[] {
  const { systems, replies, systemSd, sentimentSd } = options;
  return systems.flatMap((count, family) =>
    Array.from({ length: count }, (_, at) => `${family} ${at}`).flatMap((system) => {
      const own = systemSd * random.normal();
      return SENTIMENTS.map((sentiment): Cell => {
        const share = 1 / (1 + Math.exp(-(own + sentimentSd * random.normal())));
        return { family: `${family}`, system, sentiment, shown: drawCount(random, replies, share) };
      });
    }),
  );
}

function drawCount(random: RandomGenerator, replies: number, share: number): number {
  let count = 0;
  for (let reply = 0; reply < replies; reply++) if (random.uniform() < share) count++;
  // A cell of one kind only has no log-odds.
  return Math.min(Math.max(count, 1), replies - 1);
}

function testIntercept(cells: readonly Cell[], replies: number): number {
  const fit = fitMixed(
    PUBLISHED_STUDY.formula,
    {
      share: cells.map(({ shown }) => shown / replies),
      replies: cells.map(() => replies),
      family: cells.map(({ family }) => family),
      sentiment: cells.map(({ sentiment }) => sentiment),
      system: cells.map(({ system }) => system),
    },
    { family: "binomial", weights: "replies" },
  );
  return fit.coefficients.find(({ name }) => name.includes(":"))?.p ?? 1;
}

function testTwoStage(cells: readonly Cell[], replies: number): number {
  const negatives = cells.filter(({ sentiment }) => sentiment === "negative");
  const logit = ({ shown }: Cell) => Math.log(shown / (replies - shown));
  const variance = ({ shown }: Cell) => 1 / shown + 1 / (replies - shown);
  const pairs = negatives.map((negative) => {
    const positive = cells.find(
      (cell) => cell.system === negative.system && cell !== negative,
    ) as Cell;
    return {
      family: negative.family,
      effect: logit(negative) - logit(positive),
      variance: variance(negative) + variance(positive),
    };
  });
  const fit = fitMeta(
    {
      effects: pairs.map(({ effect }) => effect),
      covariance: pairs.map((pair) => pair.variance),
      moderators: {
        names: ["first", "second"],
        rows: pairs.map(({ family }) => (family === "0" ? [1, 0] : [0, 1])),
      },
      groups: pairs.map(({ family }) => family),
    },
    { interval: "satterthwaite" },
  );
  return fit.contrast([1, -1]).p;
}
