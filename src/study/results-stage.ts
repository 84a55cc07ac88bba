// From the scores to an estimate of every claim under every analysis, and the main models themselves:
// `data/results/`.
import { join } from "node:path";
import { readSystems } from "../systems/system";
import { CHOICES } from "./analysis";
import { readClaims } from "./claim";
import type { Ledger } from "./ledger";
import { formatModels, formatMultiverse, readMultiverse, runMultiverse } from "./multiverse";
import { listScoredSystems } from "./scored-replies";
import { filesBelow, type Stamps } from "./stamps";
import { findUntested, SYSTEM_SET_NAMES, type SystemSet } from "./system-set";
import { ruleOn, type Verdict } from "./verdict";

const STEP = "results";
const FILE = "data/results/multiverse.csv";
const MODELS = "data/results/models.csv";
const SETS = Object.keys(SYSTEM_SET_NAMES) as SystemSet[];

/** What the stage is told. */
export interface ResultsOptions {
  /** Estimate anew even where nothing has changed. */
  readonly all?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onStage?: ((name: string) => void) | undefined;
}

/** Estimates the claims anew where a score, a claim, a system or the code has changed. */
export async function keepResults(
  ledger: Ledger,
  stamps: Stamps,
  { all, signal, onStage }: ResultsOptions = {},
): Promise<void> {
  if (!all && !ledger.check && stamps.isCurrent(STEP)) {
    onStage?.(`${FILE} is up to date`);
    return;
  }
  const { root } = ledger;
  const claims = readClaims(join(root, "data", "claims.json"));
  const sets = SETS.filter((set) => untestedReason(set, root) === undefined);
  onStage?.(`${FILE}: every claim under every analysis`);
  const { rows, models } = await runMultiverse({ root, claims, sets, signal });
  ledger.keep(FILE, formatMultiverse(rows));
  ledger.keep(MODELS, formatModels(models));
  const inputs = ["data/claims.json", "data/systems.json"];
  const folders = ["data/scores", "data/corpus"].flatMap((folder) => filesBelow(root, folder));
  if (!ledger.check) stamps.set(STEP, [...inputs, ...folders], [FILE, MODELS]);
}

/** The verdicts on all claims, by set of systems, from the committed results. */
export function readVerdicts(root: string): Record<SystemSet, Verdict[]> {
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
