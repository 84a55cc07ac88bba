// The tables of `data/results/`: claims, the analyses behind them, and what stage 1 found of every system.

import { join } from "node:path";
import type { Metric } from "empathy-scorer";
import { formatCsvTable, readCsvFile } from "kit/tables";
import { SENTIMENTS, type Sentiment } from "../corpus/emotions";
import type { Study } from "../study/study";
import type { SystemSet } from "../systems/unit";
import { CHOICE_NAMES, type Choice } from "./analysis";
import type { ClaimOutcome } from "./assess-claim";
import type { Outcome } from "./claim";
import type { Estimates } from "./combine-estimates";
import type { Leads } from "./leads";
import type { AnalysisOutcome, Sensitivity } from "./multiverse";
import type { Ruling } from "./verdict";

/** Which evidence a verdict rests on: a set of systems, the study's model as it stood, or people's ratings. */
export type Evidence = SystemSet | "study-model" | "people";

/** What kinds of evidence are called. */
export const EVIDENCE_NAMES: Readonly<Record<Evidence, string>> = {
  all: "all LLMs at hand",
  study: "the study's own LLMs at hand",
  "study-model": "the study's model as it stood",
  people: "people's ratings",
};

/** A verdict, and what it rests on; log-odds, shares from -1 to 1. Null where there is no estimate. */
export interface ClaimResult {
  readonly set: Evidence;
  readonly claim: string;
  readonly verdict: Ruling | "not yet measured";
  /** Number of models of the family that the claim is about, and of the other one. */
  readonly models: number | null;
  readonly others: number | null;
  readonly estimate: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly these_lower: number | null;
  readonly these_upper: number | null;
  readonly next_lower: number | null;
  readonly next_upper: number | null;
  readonly share: number | null;
  readonly share_lower: number | null;
  readonly share_upper: number | null;
  /** Standard deviation between models of the two families. */
  readonly spread: number | null;
  readonly other_spread: number | null;
  readonly permutation_p: number | null;
  /** Joint permutation test of the median over the analyses. */
  readonly joint_p: number | null;
  readonly agree: number | null;
  readonly oppose: number | null;
  readonly open: number | null;
  readonly analyses: number | null;
  /** Which of the study's systems of these families are missing, or why there is no estimate. */
  readonly note: string;
}

const TEXTS = ["set", "claim", "verdict", "note"] as const;
const NUMBERS = [
  "models",
  "others",
  "estimate",
  "lower",
  "upper",
  "these_lower",
  "these_upper",
  "next_lower",
  "next_upper",
  "share",
  "share_lower",
  "share_upper",
  "spread",
  "other_spread",
  "permutation_p",
  "joint_p",
  "agree",
  "oppose",
  "open",
  "analyses",
] as const;
const CLAIMS = ["set", "claim", "verdict", ...NUMBERS, "note"];

const DECIMALS = 4;

/** Writes a table; numbers to four decimals. */
function formatRows(header: readonly string[], rows: readonly object[]): string {
  const round = (value: unknown) =>
    typeof value === "number" ? Number(value.toFixed(DECIMALS)) : (value as string | null);
  return formatCsvTable(
    header,
    rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([key, value]) => [key, round(value)])),
    ),
  );
}

// Cells of the named columns stay text; the others are numbers, or null where they are empty.
function readRows<Row>(path: string, header: readonly string[], texts: readonly string[]): Row[] {
  const parse = (column: string, cell: string) =>
    texts.includes(column) ? cell : cell === "" ? null : Number(cell);
  return readCsvFile(path, header).map((cells) => {
    const entries = Object.entries(cells).map(([column, cell]) => [column, parse(column, cell)]);
    return Object.fromEntries(entries) as Row;
  });
}

function resultsPath(root: string, name: string): string {
  return join(root, "data", "results", name);
}

/** Writes the verdicts as CSV text. */
export function formatClaimResults(rows: readonly ClaimResult[]): string {
  return formatRows(CLAIMS, rows);
}

/**
 * Reads the verdicts, `data/results/claims.csv`.
 *
 * @throws UserError if the file is missing or broken.
 */
export function readClaimResults({ root }: Pick<Study, "root">): ClaimResult[] {
  return readRows(resultsPath(root, "claims.csv"), CLAIMS, TEXTS);
}

/** A claim under one analysis, or under another question; log-odds. */
export interface OutcomeRow {
  readonly models: number | null;
  readonly estimate: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly these_lower: number | null;
  readonly these_upper: number | null;
  /** Why there is no estimate; empty where there is one. */
  readonly reason: string;
}

const OUTCOME = ["models", "estimate", "lower", "upper", "these_lower", "these_upper", "reason"];

function toOutcomeRow({ assessment, reason }: ClaimOutcome): OutcomeRow {
  return {
    models: assessment?.units.length ?? null,
    estimate: assessment?.estimate ?? null,
    lower: assessment?.lower ?? null,
    upper: assessment?.upper ?? null,
    these_lower: assessment?.theseLower ?? null,
    these_upper: assessment?.theseUpper ?? null,
    reason: reason ?? "",
  };
}

/** A row of `data/results/multiverse.csv`. */
export interface MultiverseRow extends OutcomeRow, Readonly<Record<Choice, string>> {
  readonly set: SystemSet;
  readonly claim: string;
}

const MULTIVERSE = ["set", "claim", ...CHOICE_NAMES, ...OUTCOME];

/** A claim's analyses as rows. */
export function toMultiverseRows(
  set: SystemSet,
  claim: string,
  analyses: readonly AnalysisOutcome[],
): MultiverseRow[] {
  return analyses.map(({ analysis, outcome }) => ({
    set,
    claim,
    ...analysis,
    ...toOutcomeRow(outcome),
  }));
}

/** Writes a multiverse as CSV text. */
export function formatMultiverse(rows: readonly MultiverseRow[]): string {
  return formatRows(MULTIVERSE, rows);
}

/**
 * Reads a multiverse, `data/results/multiverse.csv`.
 *
 * @throws UserError if the file is missing or broken.
 */
export function readMultiverse({ root }: Pick<Study, "root">): MultiverseRow[] {
  const texts = ["set", "claim", ...CHOICE_NAMES, "reason"];
  return readRows(resultsPath(root, "multiverse.csv"), MULTIVERSE, texts);
}

/** A row of `data/results/sensitivity.csv`. */
export interface SensitivityRow extends OutcomeRow {
  readonly claim: string;
  readonly question: string;
}

const SENSITIVITY = ["claim", "question", ...OUTCOME];

/** A claim's other questions as rows. */
export function toSensitivityRows(claim: string, found: readonly Sensitivity[]): SensitivityRow[] {
  return found.map(({ question, outcome }) => ({ claim, question, ...toOutcomeRow(outcome) }));
}

/** Writes other questions as CSV text. */
export function formatSensitivities(rows: readonly SensitivityRow[]): string {
  return formatRows(SENSITIVITY, rows);
}

/**
 * Reads other questions, `data/results/sensitivity.csv`.
 *
 * @throws UserError if the file is missing or broken.
 */
export function readSensitivities({ root }: Pick<Study, "root">): SensitivityRow[] {
  return readRows(resultsPath(root, "sensitivity.csv"), SENSITIVITY, [
    "claim",
    "question",
    "reason",
  ]);
}

/** A system's lead over people for a sentiment, `data/results/leads.csv`; log-odds, and shares. */
export interface LeadRow {
  readonly metric: Metric;
  readonly outcome: Outcome;
  readonly system: string;
  readonly sentiment: Sentiment;
  readonly replies: number;
  readonly lead: number | null;
  readonly lead_se: number | null;
  readonly share: number | null;
  readonly share_lead: number | null;
  readonly share_lead_se: number | null;
  /** Why there is no lead in log-odds; empty where there is one. */
  readonly reason: string;
}

const LEADS = [
  "metric",
  "outcome",
  "system",
  "sentiment",
  "replies",
  "lead",
  "lead_se",
  "share",
  "share_lead",
  "share_lead_se",
  "reason",
];

/** Stage 1 of a metric as rows. */
export function toLeadRows(metric: Metric, outcome: Outcome, leads: Leads): LeadRow[] {
  return leads.systems.flatMap((system, at) =>
    SENTIMENTS.map((sentiment, of): LeadRow => {
      const entry = at * SENTIMENTS.length + of;
      return {
        metric,
        outcome,
        system,
        sentiment,
        replies: leads.replies[entry] as number,
        lead: valueAt(leads.lead, entry),
        lead_se: seAt(leads.lead, entry),
        share: valueAt(leads.ownShare, entry),
        share_lead: valueAt(leads.leadShare, entry),
        share_lead_se: seAt(leads.leadShare, entry),
        reason: leads.reasons[entry] ?? "",
      };
    }),
  );
}

function valueAt({ values }: Estimates, entry: number): number | null {
  const value = values[entry] as number;
  return Number.isNaN(value) ? null : value;
}

function seAt({ values, covariance }: Estimates, entry: number): number | null {
  const variance = covariance[entry * (values.length + 1)] as number;
  return Number.isNaN(variance) || Number.isNaN(values[entry]) ? null : Math.sqrt(variance);
}

/** Writes leads as CSV text. */
export function formatLeads(rows: readonly LeadRow[]): string {
  return formatRows(LEADS, rows);
}

/**
 * Reads leads, `data/results/leads.csv`.
 *
 * @throws UserError if the file is missing or broken.
 */
export function readLeads({ root }: Pick<Study, "root">): LeadRow[] {
  const texts = ["metric", "outcome", "system", "sentiment", "reason"];
  return readRows(resultsPath(root, "leads.csv"), LEADS, texts);
}
