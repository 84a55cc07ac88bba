// The tables of `data/results/`: claims, the analyses behind them, who they hinge on, and the shares of every system.

import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Metric } from "empathy-scorer";
import type { Sentiment } from "../corpus/emotions";
import type { Outcome } from "../readings/readings";
import type { Study } from "../study/study";
import { alike, typedTable } from "../typed-table";
import { CHOICE_NAMES, type Choice } from "./analysis";
import type { Ruling } from "./verdict";

/**
 * Which evidence a verdict rests on: `main`, the study's most trusted instrument on all systems that can be compared; `study`,
 * the same on the study's own models; `block`, readings of the prompts that everyone answered; `practice`, interpretation as
 * EPITOME's annotators would give it; `bound`, interpretation with stock sentences counted as they count them; `study-model`, the study's model as it stood; `people`, people's grades; or a scorer's
 * name, for what its levels alone would have said.
 */
export type Evidence =
  | "main"
  | "study"
  | "block"
  | "practice"
  | "bound"
  | "study-model"
  | "people"
  | (string & {});

/** What kinds of evidence are called; a scorer that is not here goes by its name. */
export const EVIDENCE_NAMES: Readonly<Record<string, string>> = {
  main: "all models at hand",
  study: "the study's own models at hand",
  block: "the prompts that everyone answered",
  practice: "interpretation by EPITOME's practice",
  bound: "a bound on interpretation",
  "study-model": "the study's model as it stood",
  people: "people's grades of whole replies (a proxy)",
};

/** A verdict, and what it rests on: differences of shares, from -1 to 1. Null where there is none. */
export interface ClaimResult {
  readonly set: Evidence;
  readonly claim: string;
  /** Who measured: `readings`, `people`, or a scorer's name. */
  readonly instrument: string;
  readonly verdict: Ruling | "not yet measured";
  /** Units of the family that the claim is about, and of the other one; and in how many collections they lie. */
  readonly units: number | null;
  readonly others: number | null;
  readonly collections: number | null;
  readonly other_collections: number | null;
  /** For the mean of models like these, with its 95 % interval, its 90 % interval, and their degrees of freedom. */
  readonly estimate: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly lower_90: number | null;
  readonly upper_90: number | null;
  readonly df: number | null;
  /** Two-sided, for models like these; and by Holm over the claims of the same origin. */
  readonly p: number | null;
  readonly holm_p: number | null;
  /** For these systems, units weighted equally, with the 95 % interval. */
  readonly these: number | null;
  readonly these_lower: number | null;
  readonly these_upper: number | null;
  readonly permutation_p: number | null;
  /** Standard deviation between units, collections included, of the two families. */
  readonly spread: number | null;
  readonly other_spread: number | null;
  /** Without whom the verdict is another: units, and collections; joined by `; `. */
  readonly hinge_units: string;
  readonly hinge_collections: string;
  /** How much more often, in points, the reader must err on one side for the verdict to fall. */
  readonly tipping: number | null;
  /** Which of the study's systems are missing, why there is no estimate, or why it cannot be measured. */
  readonly note: string;
}

const DECIMALS = 4;

const NUMBERS = [
  "units",
  "others",
  "collections",
  "other_collections",
  "estimate",
  "lower",
  "upper",
  "lower_90",
  "upper_90",
  "df",
  "p",
  "holm_p",
  "these",
  "these_lower",
  "these_upper",
  "permutation_p",
  "spread",
  "other_spread",
  "tipping",
] as const;

/** A result without an estimate. */
export const NO_NUMBERS = Object.fromEntries(NUMBERS.map((name) => [name, null])) as {
  readonly [Name in (typeof NUMBERS)[number]]: null;
};

const CLAIMS = typedTable<ClaimResult>(
  {
    ...alike(["set", "claim", "instrument", "verdict"], "text"),
    ...alike(NUMBERS, "number?"),
    ...alike(["hinge_units", "hinge_collections", "note"], "text"),
  },
  DECIMALS,
);

function resultsPath(root: string, name: string): string {
  return join(root, "data", "results", name);
}

/** Whether a study has been run, so that it has results. */
export function hasResults({ root }: Pick<Study, "root">): boolean {
  return existsSync(resultsPath(root, "claims.csv"));
}

/** Writes the verdicts as CSV text. */
export function formatClaimResults(rows: readonly ClaimResult[]): string {
  return CLAIMS.format(rows);
}

/**
 * Reads the verdicts, `data/results/claims.csv`.
 *
 * @throws UserError if the file is missing or broken.
 */
export function readClaimResults({ root }: Pick<Study, "root">): ClaimResult[] {
  return CLAIMS.read(resultsPath(root, "claims.csv"));
}

/** A claim under one analysis; differences of shares. */
export interface MultiverseRow extends Readonly<Record<Choice, string>> {
  readonly claim: string;
  readonly verdict: Ruling;
  readonly units: number | null;
  readonly estimate: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly these: number | null;
  readonly these_lower: number | null;
  readonly these_upper: number | null;
  /** Why there is no estimate, or why it cannot be measured; empty otherwise. */
  readonly reason: string;
}

const MULTIVERSE = typedTable<MultiverseRow>(
  {
    claim: "text",
    ...alike(CHOICE_NAMES, "text"),
    verdict: "text",
    ...alike(["units", "estimate", "lower", "upper"], "number?"),
    ...alike(["these", "these_lower", "these_upper"], "number?"),
    reason: "text",
  },
  DECIMALS,
);

/** Writes a multiverse as CSV text. */
export function formatMultiverse(rows: readonly MultiverseRow[]): string {
  return MULTIVERSE.format(rows);
}

/**
 * Reads a multiverse, `data/results/multiverse.csv`.
 *
 * @throws UserError if the file is missing or broken.
 */
export function readMultiverse({ root }: Pick<Study, "root">): MultiverseRow[] {
  return MULTIVERSE.read(resultsPath(root, "multiverse.csv"));
}

/** A claim's main analysis without a unit or a collection; `data/results/without.csv`. */
export interface WithoutRow {
  readonly claim: string;
  readonly of: "unit" | "collection";
  readonly without: string;
  readonly verdict: Ruling;
  readonly estimate: number | null;
  readonly these: number | null;
}

const WITHOUT = typedTable<WithoutRow>(
  {
    ...alike(["claim", "of", "without", "verdict"], "text"),
    ...alike(["estimate", "these"], "number?"),
  },
  DECIMALS,
);

/** Writes what leaving one out does as CSV text. */
export function formatWithout(rows: readonly WithoutRow[]): string {
  return WITHOUT.format(rows);
}

/**
 * Reads what leaving one out does, `data/results/without.csv`.
 *
 * @throws UserError if the file is missing or broken.
 */
export function readWithout({ root }: Pick<Study, "root">): WithoutRow[] {
  return WITHOUT.read(resultsPath(root, "without.csv"));
}

/** A system's share of replies for a sentiment, and people's on the same turns; `data/results/shares.csv`. */
export interface ShareRow {
  readonly instrument: string;
  readonly metric: Metric;
  readonly outcome: Outcome;
  readonly system: string;
  readonly sentiment: Sentiment;
  /** Which turns the share stands for; empty where there is none. */
  readonly turns: string;
  readonly replies: number;
  /** How many of them were read; all, by a head. */
  readonly reads: number;
  readonly share: number | null;
  readonly share_se: number | null;
  /** The 95 % interval of the share, Wilson's. */
  readonly share_lower: number | null;
  readonly share_upper: number | null;
  readonly people: number | null;
  readonly lead: number | null;
  readonly lead_se: number | null;
  /** The same lead in log-odds, by the delta method; null where a share is 0 or 1. */
  readonly log_odds: number | null;
  readonly log_odds_se: number | null;
  /** Why there is no share; empty where there is one. */
  readonly reason: string;
}

const SHARES = typedTable<ShareRow>(
  {
    ...alike(["instrument", "metric", "outcome", "system", "sentiment", "turns"], "text"),
    ...alike(["replies", "reads"], "number"),
    ...alike(["share", "share_se", "share_lower", "share_upper"], "number?"),
    ...alike(["people", "lead", "lead_se", "log_odds", "log_odds_se"], "number?"),
    reason: "text",
  },
  DECIMALS,
);

/** Writes shares as CSV text. */
export function formatShares(rows: readonly ShareRow[]): string {
  return SHARES.format(rows);
}

/**
 * Reads shares, `data/results/shares.csv`.
 *
 * @throws UserError if the file is missing or broken.
 */
export function readShares({ root }: Pick<Study, "root">): ShareRow[] {
  return SHARES.read(resultsPath(root, "shares.csv"));
}
