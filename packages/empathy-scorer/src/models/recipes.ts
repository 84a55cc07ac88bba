// How the heads are trained. Chosen by cross-validation inside nine tenths of the data.
import type { Metric } from "../levels";
import type { Blend, Recipe } from "./train-metric";

/**
 * Which scorer: `epitome` for long posts of peer support; for short turns of a conversation `roberta`, which imitates
 * other classifiers, and `readings`, which learned from readings of replies.
 */
export type Head = "readings" | "roberta" | "epitome";

/** The heads' names. */
export const HEADS: readonly Head[] = ["readings", "roberta", "epitome"];

/** Folds of dialogues: the heads that learned from dialogues ship one set of models for each, blind to that fold. */
export const DIALOGUE_FOLDS = 5;

/** Folds within a training set, for the scores on which stage two learns. */
export const INNER_FOLDS = 5;

/** Weight of a row of EPITOME among the RoBERTa head's rows. */
export const EPITOME_WEIGHT = 0.3;

/** Weight of a row of EPITOME among readings. */
export const READINGS_EPITOME_WEIGHT: Readonly<Record<Metric, number>> = {
  er: 0.3,
  ip: 0,
  ex: 0.3,
};

/** The recipe of the EPITOME head, the same for each metric. */
export const SUPPORT: Recipe = {
  steps: [1, 2],
  contrast: true,
  whole: { cost: 8, balance: 1, least: 2, keep: 3500 },
  characters: { cost: 8, balance: 1, least: 2, keep: 3500 },
  present: { cost: 0.1, balance: 0.5, least: 2, keep: 3500, ratios: true },
  sentence: { cost: 4, balance: 0.5, least: 2, keep: 3500 },
  token: { cost: 0.3, balance: 0.3, least: 3, keep: 3500 },
  boost: { rounds: 100, rate: 0.04 },
  boosts: 3,
};

/** The recipe of the RoBERTa head; reference levels of IP and EX are 0 or 2, so one step tells them apart. */
export function dialogueRecipe(hasLevelOne: boolean): Recipe {
  return {
    steps: hasLevelOne ? [1, 2] : [1],
    contrast: false,
    whole: { cost: 4, balance: 0.5, least: 2, keep: 3500 },
    characters: { cost: 4, balance: 0.5, least: 2, keep: 3500 },
    present: { cost: 0.1, balance: 0.5, least: 2, keep: 3500, ratios: true },
    boost: { rounds: 100, rate: 0.06 },
    boosts: 1,
  };
}

/**
 * The recipe of the head that learns from readings.
 *
 * For ER and IP the models with characters read the counts and the utterance that is answered, too; EX does better without.
 */
export function readingsRecipe(metric: Metric): Recipe {
  const told = metric !== "ex";
  return {
    steps: [1, 2],
    contrast: true,
    whole: { cost: 4, balance: 0, least: 2, keep: 3500 },
    characters: { cost: told ? 16 : 4, balance: 0, least: 2, keep: told ? 6000 : 3500 },
    told,
    present: { cost: 0.1, balance: 0, least: 2, keep: 3500, ratios: true },
    boost: { rounds: 100, rate: 0.06 },
    boosts: told ? 1 : 3,
  };
}

/** How much of the readings head's probabilities the models with characters give; they are the fourth and fifth. */
export const READINGS_BLEND: Readonly<Partial<Record<Metric, Blend>>> = {
  er: { model: 3, share: 0.2 },
  ip: { model: 3, share: 0.5 },
};
