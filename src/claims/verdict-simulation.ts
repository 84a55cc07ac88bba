// The table of how often the rule of verdicts errs, `data/validity/verdict-simulation.csv`; bench/verdicts.ts writes it.
import { type Study, studyPath } from "../study/study";
import { alike, typedTable } from "../typed-table";
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

const TABLE = typedTable<Omit<SimulatedVerdicts, "shares"> & SimulatedVerdicts["shares"]>({
  claim: "text",
  spread: "text",
  difference: "number",
  replicates: "number",
  ...alike(RULINGS, "number"),
});

export const SIMULATION_COLUMNS = TABLE.columns;

/**
 * Reads the table.
 *
 * @throws UserError if it is missing or broken.
 */
export function readSimulatedVerdicts(study: Pick<Study, "root">): SimulatedVerdicts[] {
  const path = studyPath(study, "data", "validity", "verdict-simulation.csv");
  return TABLE.read(path).map(({ claim, spread, difference, replicates, ...shares }) => ({
    claim,
    spread,
    difference,
    replicates,
    shares,
  }));
}
