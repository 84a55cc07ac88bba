import type { Metric } from "empathy-scorer";
import { fitMixed, varianceExplained } from "mixed-models";
import { stimulusKey } from "../corpus/stimulus";
import type { ScoredReply } from "./scored-replies";

/** How much a system's replies to one and the same stimulus differ. */
export interface SampleStability {
  readonly stimuli: number;
  /** Share of the stimuli all of whose replies are at one level. */
  readonly agreeing: number;
  /** Share of the variance of the expected level that lies between replies to one stimulus. */
  readonly withinShare: number;
}

/**
 * Measures how stable a system's replies are, from several to each stimulus.
 *
 * @param replies of one system.
 * @throws UserError if every stimulus has one reply only, or all have one expected level.
 */
export function sampleStability(replies: readonly ScoredReply[], metric: Metric): SampleStability {
  const levels = new Map<string, Set<number>>();
  for (const reply of replies) {
    const key = stimulusKey(reply);
    levels.set(key, (levels.get(key) ?? new Set()).add(reply.levels[metric]));
  }
  const same = [...levels.values()].filter(({ size }) => size === 1).length;
  const data = {
    value: replies.map(({ expected }) => expected[metric]),
    stimulus: replies.map(stimulusKey),
  };
  const { icc } = varianceExplained(fitMixed("value ~ 1 + (1 | stimulus)", data));
  return {
    stimuli: levels.size,
    agreeing: same / levels.size,
    withinShare: 1 - (icc.stimulus as number),
  };
}
