// The table of how often the rule of verdicts errs, `data/validity/verdict-simulation.csv`; bench/verdicts.ts writes it.
import { readCsvFile } from "kit/tables";
import { type Study, studyPath } from "../study/study";
import type { Ruling } from "./verdict";

/** The verdicts that a simulation can come to, in the table's order. */
export const RULINGS = [
  "holds",
  "the opposite holds",
  "no difference that matters",
  "seen in these systems",
  "the opposite seen in these systems",
  "cannot be told",
] as const satisfies readonly Ruling[];

export const SIMULATION_COLUMNS = [
  "claim",
  "spread",
  "difference",
  "replicates",
  ...RULINGS,
] as const;

/** How often each verdict comes out for a claim's units, around a true difference. */
export interface SimulatedVerdicts {
  readonly claim: string;
  /** Who differs: units, collections, both, or nobody. */
  readonly spread: string;
  /** The true difference of shares. */
  readonly difference: number;
  readonly replicates: number;
  readonly shares: Readonly<Record<(typeof RULINGS)[number], number>>;
}

/**
 * Reads the table.
 *
 * @throws UserError if it is missing or broken.
 */
export function readSimulatedVerdicts(study: Pick<Study, "root">): SimulatedVerdicts[] {
  const path = studyPath(study, "data", "validity", "verdict-simulation.csv");
  return readCsvFile(path, SIMULATION_COLUMNS).map((row) => ({
    claim: row.claim,
    spread: row.spread,
    difference: Number(row.difference),
    replicates: Number(row.replicates),
    shares: Object.fromEntries(
      RULINGS.map((ruling) => [ruling, Number(row[ruling])]),
    ) as SimulatedVerdicts["shares"],
  }));
}
