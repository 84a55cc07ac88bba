// The shares themselves: how often people, each older system and each LLM show a mechanism, over prompts of all sentiments.
import { METRICS, type Metric } from "empathy-scorer";
import { upperQuantile } from "mixed-models";
import { SENTIMENTS, type Sentiment } from "../corpus/emotions";
import type { Study } from "../study/study";
import { FAMILY_NAMES, type Family } from "../systems/system";
import { mainAnalysis } from "./analysis";
import { combineClustered } from "./clustered-estimates";
import { entryOf } from "./combine-estimates";
import { BLOCK, instrumentsOf, type SharesOf } from "./instruments";
import { wilsonInterval } from "./share-rows";
import type { ShareTable } from "./share-table";
import { averageByUnit, equalWeights, weigh } from "./unit-estimates";

/** A share of replies that show a metric, from 0 to 1. */
export interface OverallShare {
  readonly metric: Metric;
  readonly family: Family;
  /** The system's name; the family's for people and for a mean. */
  readonly name: string;
  readonly value: number;
  /** 95 % interval for these systems: what other prompts would have changed. */
  readonly lower: number;
  readonly upper: number;
  /** Whether it is the mean of a family's models, each weighing the same. */
  readonly isMean: boolean;
}

/** Shares that are compared, and on what. */
export interface OverallShares {
  /** How many prompts everyone answered; null where each share is of the prompts that its system answered. */
  readonly prompts: number | null;
  /** For each metric people first, then older systems, then LLMs, then fine-tuned ones; a mean before its models. */
  readonly rows: readonly OverallShare[];
}

const FAMILIES: readonly Family[] = ["ecs", "llm", "tuned-llm"];

/**
 * Gives the shares of everyone who can be compared: on the complete block of prompts that were read, where a study has one; else
 * of each system on the prompts that it answered, by the instrument that is trusted most.
 *
 * Prompts of each sentiment weigh as often as they occur.
 *
 * @param sharesOf as `openShares` gives it.
 */
export function overallShares(study: Study, sharesOf: SharesOf): OverallShares {
  const instruments = instrumentsOf(study);
  const isBlock = instruments.includes(BLOCK);
  const main = mainAnalysis(instruments);
  const analysis = isBlock ? { ...main, instrument: BLOCK } : main;
  const tables = METRICS.map((metric) => sharesOf(analysis, metric, "any"));
  const most = Math.max(0, ...tables.flatMap((table) => [...places(table)].map(countIn(table))));
  const rows = tables.flatMap((table, at) => {
    const kept = [...places(table)].filter(
      (place) => isWhole(table, place) && (!isBlock || countIn(table)(place) === most),
    );
    return sharesIn(table, METRICS[at] as Metric, kept);
  });
  return { prompts: isBlock ? most : null, rows };
}

function places({ systems }: ShareTable): Iterable<number> {
  return systems.keys();
}

function entriesOf(place: number): number[] {
  return SENTIMENTS.map((sentiment) => entryOf(place, sentiment));
}

function isWhole({ reasons }: ShareTable, place: number): boolean {
  return entriesOf(place).every((entry) => reasons[entry] === null);
}

function countIn({ replies }: ShareTable): (place: number) => number {
  return (place) => entriesOf(place).reduce((sum, entry) => sum + (replies[entry] as number), 0);
}

function sharesIn(table: ShareTable, metric: Metric, kept: readonly number[]): OverallShare[] {
  const [largest] = [...kept].sort((one, other) => countIn(table)(other) - countIn(table)(one));
  if (largest === undefined) return [];
  const all = countIn(table)(largest);
  const weights = Object.fromEntries(
    SENTIMENTS.map((one) => [one, (table.replies[entryOf(largest, one)] as number) / all]),
  ) as Record<Sentiment, number>;
  const shareOf = (of: "own" | "people", place: number, family: Family, name: string) => {
    const entries = SENTIMENTS.map((one) => ({
      of: table[of],
      entry: entryOf(place, one),
      weight: weights[one],
    }));
    const { values, covariance } = combineClustered([entries]);
    const value = values[0] as number;
    const reads = entries.reduce((sum, { entry }) => sum + (table.reads[entry] as number), 0);
    const [lower, upper] = wilsonInterval(value, Math.sqrt(covariance[0]?.[0] as number), reads);
    return { metric, family, name, value, lower, upper, isMean: false };
  };
  const systems = kept.flatMap((place) => table.systems[place] ?? []);
  return [
    shareOf("people", largest, "human", FAMILY_NAMES.human),
    ...FAMILIES.flatMap((family) => [
      ...meanOf(table, metric, family, systems, weights),
      ...kept.flatMap((place) => {
        const system = table.systems[place];
        return system?.family === family ? [shareOf("own", place, family, system.name)] : [];
      }),
    ]),
  ];
}

function meanOf(
  table: ShareTable,
  metric: Metric,
  family: Family,
  systems: ShareTable["systems"],
  weights: Readonly<Record<Sentiment, number>>,
): OverallShare[] {
  const found = averageByUnit({ compared: { family } }, systems, table, weights);
  if (found.units.length < 2) return [];
  const equal = equalWeights(found.units, [family]);
  const value = weigh(found.values, equal);
  const reach = upperQuantile(0.025) * Math.sqrt(found.varianceOf(equal));
  const limits = { lower: Math.max(0, value - reach), upper: Math.min(1, value + reach) };
  return [{ metric, family, name: FAMILY_NAMES[family], value, ...limits, isMean: true }];
}
