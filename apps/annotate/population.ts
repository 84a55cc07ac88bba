import { byMetric, type Level, type Levels, type Metric } from "empathy-scorer";

/** One scored reply that people may be asked to rate. */
export interface PopulationReply {
  /** Identifier of the system that wrote it. */
  readonly system: string;
  readonly family: string;
  /** Where the reply stands: dialogue, turn and sample, or file and line. */
  readonly place: string;
  /** The classifier's levels. */
  readonly predicted: Levels;
}

/** What a rater sees of a reply. */
export interface ShownReply {
  /** Every utterance before the reply, oldest first; the last one is the speaker's. */
  readonly context: readonly string[];
  readonly reply: string;
}

/** The replies whose mean levels are to be estimated, with their texts. */
export interface Population {
  /** Whose levels the predicted ones are. */
  readonly scorer: string;
  readonly replies: readonly PopulationReply[];
  /** Reads the texts; what comes back gives those of a reply of this population. */
  readonly openTexts: () => Promise<(reply: PopulationReply) => ShownReply>;
}

/** One value for each metric. */
export type ByMetric<Value> = Readonly<Record<Metric, Value>>;

/** Whether a value is a level. */
export function isLevel(value: unknown): value is Level {
  return value === 0 || value === 1 || value === 2;
}

/** Mean of values; 0 of none. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/** Mean of some replies' levels, metric by metric, to nine decimals. */
export function byMean(levels: readonly Levels[]): ByMetric<number> {
  return byMetric((metric) => Number(meanOf(levels.map((one) => one[metric])).toFixed(9)));
}
