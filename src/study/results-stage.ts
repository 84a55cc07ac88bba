// From the scores to an estimate of every claim under every analysis, and the main models themselves:
// `data/results/`.
import { join } from "node:path";
import { studyRoot } from "../project";
import { readSystems } from "../systems/system";
import { CHOICES } from "./analysis";
import { readClaims } from "./claim";
import type { Ledger } from "./ledger";
import { formatModels, formatMultiverse, readMultiverse, runMultiverse } from "./multiverse";
import { listScoredSystems } from "./scored-replies";
import { findUntested, SYSTEM_SET_NAMES, type SystemSet } from "./system-set";
import { ruleOn, type Verdict } from "./verdict";

const FILE = "data/results/multiverse.csv";
const MODELS = "data/results/models.csv";
const SETS = Object.keys(SYSTEM_SET_NAMES) as SystemSet[];

/** What the stage is told. */
export interface ResultsRun {
  readonly ledger: Ledger;
  readonly signal: AbortSignal | undefined;
}

/** Estimates every claim under every analysis. */
export async function keepResults({ ledger, signal }: ResultsRun): Promise<string[]> {
  const { root } = ledger;
  const claims = readClaims(join(root, "data", "claims.json"));
  const sets = SETS.filter((set) => untestedReason(set, root) === undefined);
  const { rows, models } = await runMultiverse({ root, claims, sets, signal });
  ledger.keep(FILE, formatMultiverse(rows));
  ledger.keep(MODELS, formatModels(models));
  return [FILE, MODELS];
}

/** The verdicts on all claims, by set of systems, from the committed results. */
export function readVerdicts(root = studyRoot()): Record<SystemSet, Verdict[]> {
  const claims = readClaims(join(root, "data", "claims.json"));
  const rows = readMultiverse(join(root, FILE));
  const rule = (set: SystemSet) => {
    const untested = untestedReason(set, root);
    return claims.map((claim) =>
      ruleOn(
        claim,
        rows.filter((row) => row.set === set && row.claim === claim.id),
        untested,
      ),
    );
  };
  return { open: rule("open"), study: rule("study") };
}

/** Why the claims cannot be tested on a set of systems; nothing where they can. */
function untestedReason(set: SystemSet, root: string): string | undefined {
  return findUntested(set, listScoredSystems(CHOICES.scorer[0], root), readSystems());
}
