// From the scores to the verdicts: `data/results/`.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { isMissing } from "kit";
import { mainAnalysis } from "../../src/claims/analysis";
import { type AnchoredReplies, readAnchoredReplies } from "../../src/claims/anchored-replies";
import {
  type Assessment,
  assessClaim,
  type ClaimOutcome,
  familiesOf,
} from "../../src/claims/assess-claim";
import { type Claim, readClaimsFile } from "../../src/claims/claim";
import { estimateAll, type LeadsOf } from "../../src/claims/estimate-all";
import {
  listSensitivities,
  listTasks,
  type Multiverse,
  runMultiverse,
  taskOf,
} from "../../src/claims/multiverse";
import {
  type ClaimResult,
  formatClaimResults,
  formatLeads,
  formatMultiverse,
  formatSensitivities,
  toLeadRows,
  toMultiverseRows,
  toSensitivityRows,
} from "../../src/claims/results-tables";
import { tryStudyModel } from "../../src/claims/study-model";
import { ruleOn, tally } from "../../src/claims/verdict";
import { PEOPLE_FILE, type PeopleResults, readPeople } from "../../src/people/people-results";
import { readStudy, type Study } from "../../src/study/study";
import { type Family, readSystems } from "../../src/systems/system";
import { isCompared, type SystemSet } from "../../src/systems/unit";
import type { Ledger } from "./ledger";

/** What the stage is told. */
export interface ResultsRun {
  readonly ledger: Ledger;
  readonly signal: AbortSignal | undefined;
}

const SETS: readonly SystemSet[] = ["all", "study"];

/** Puts every claim to every analysis. */
export async function keepResults({ ledger, signal }: ResultsRun): Promise<string[]> {
  const { root } = ledger;
  const study = readStudy(root);
  const claims = readClaimsFile(join(root, "data", "claims.json"));
  const anchored =
    claims.length > 0 ? readAnchoredReplies(study, isCompared) : { systems: [], replies: [] };
  const leadsOf = await estimateAll(listTasks(claims, study), { root, signal });
  const peoplePath = join(root, PEOPLE_FILE);
  const people = existsSync(peoplePath) ? readPeople(study) : undefined;
  // The systems that no analysis compares are of use to one other question.
  const shown = new Set(
    claims.flatMap((claim) => leadsOf(taskOf(claim, mainAnalysis(study), "situation")).systems),
  );
  const systems = readSystems().filter(({ id }) => shown.has(id));
  const runs = claims.flatMap((claim) =>
    SETS.map((set) => ({ claim, set, found: runMultiverse(claim, set, systems, leadsOf, study) })),
  );
  const tables: Record<string, string> = {
    "data/results/claims.csv": formatClaimResults([
      ...runs.map(({ claim, set, found }) => toResult(claim, set, found)),
      ...claims.map((claim) => underStudyModel(claim, anchored, study)),
      ...claims.map((claim) => byPeople(claim, people)),
    ]),
    "data/results/multiverse.csv": formatMultiverse(
      runs.flatMap(({ claim, set, found }) => toMultiverseRows(set, claim.id, found.analyses)),
    ),
    "data/results/sensitivity.csv": formatSensitivities(
      claims.flatMap((claim) =>
        toSensitivityRows(claim.id, listSensitivities(claim, systems, leadsOf, study)),
      ),
    ),
    "data/results/leads.csv": formatLeads(listLeads(claims, leadsOf, study)),
  };
  for (const [file, text] of Object.entries(tables)) ledger.keep(file, text);
  return Object.keys(tables);
}

function listLeads(claims: readonly Claim[], leadsOf: LeadsOf, study: Study) {
  const distinct = new Map(claims.map((claim) => [`${claim.metric} ${claim.outcome}`, claim]));
  return [...distinct.values()].flatMap((claim) =>
    toLeadRows(claim.metric, claim.outcome, leadsOf(taskOf(claim, mainAnalysis(study)))),
  );
}

const NOTHING = {
  models: null,
  others: null,
  estimate: null,
  lower: null,
  upper: null,
  these_lower: null,
  these_upper: null,
  next_lower: null,
  next_upper: null,
  share: null,
  share_lower: null,
  share_upper: null,
  spread: null,
  other_spread: null,
  permutation_p: null,
  joint_p: null,
  agree: null,
  oppose: null,
  open: null,
  analyses: null,
  note: "",
};

function toResult(claim: Claim, set: SystemSet, { analyses, p }: Multiverse): ClaimResult {
  const main = analyses[0]?.outcome as ClaimOutcome;
  const found = analyses.flatMap(({ outcome }) => outcome.assessment ?? []);
  const start = { ...NOTHING, set, claim: claim.id };
  if (!main.assessment) return { ...start, verdict: "cannot be tested", note: main.reason };
  const systemsOfUnits = main.assessment.units.flatMap(({ systems }) => systems);
  return {
    ...start,
    ...numbersOf(claim, main.assessment),
    joint_p: p,
    ...tally(claim, found),
    analyses: found.length,
    note: set === "study" ? missingOf(claim, systemsOfUnits) : "",
  };
}

function numbersOf(claim: Claim, { units, share, spread, ...found }: Assessment) {
  const [family, other] = familiesOf(claim) as [Family, Family | undefined];
  const count = (of: Family | undefined) => units.filter((unit) => unit.family === of).length;
  return {
    verdict: ruleOn(claim, found),
    models: count(family),
    others: other ? count(other) : null,
    estimate: found.estimate,
    lower: found.lower,
    upper: found.upper,
    these_lower: found.theseLower,
    these_upper: found.theseUpper,
    next_lower: found.predictionLower,
    next_upper: found.predictionUpper,
    share: share?.estimate ?? null,
    share_lower: share?.lower ?? null,
    share_upper: share?.upper ?? null,
    spread: spread[family] ?? null,
    other_spread: (other && spread[other]) ?? null,
    permutation_p: found.p,
  };
}

// The study's own systems of the claim's families that nothing here stands for.
function missingOf(claim: Claim, present: readonly string[]): string {
  const families = familiesOf(claim);
  const systems = readSystems();
  const stoodFor = new Set(
    systems.filter(({ id }) => present.includes(id)).map(({ id, relation }) => relation?.to ?? id),
  );
  const lacking = systems.filter(
    ({ id, inPaper, family }) => inPaper && families.includes(family) && !stoodFor.has(id),
  );
  return lacking.length === 0 ? "" : `without ${lacking.map(({ name }) => name).join(", ")}`;
}

function underStudyModel(claim: Claim, anchored: AnchoredReplies, study: Study): ClaimResult {
  const start = { ...NOTHING, set: "study-model" as const, claim: claim.id };
  const found = tryStudyModel(anchored, claim, study);
  if (isMissing(found)) return { ...start, verdict: "cannot be tested", note: found.missing };
  const { estimate, lower, upper } = found;
  const verdict = ruleOn(claim, { estimate, lower, upper, theseLower: lower, theseUpper: upper });
  return { ...start, verdict, estimate, lower, upper };
}

// People graded replies as a whole, those of LLMs and of people: an emotional reaction, and any older system, they did not.
function byPeople(claim: Claim, people: PeopleResults | undefined): ClaimResult {
  const start = { ...NOTHING, set: "people" as const, claim: claim.id };
  const isGraded =
    claim.metric === "er" && claim.outcome === "any" && claim.compared.with === "human";
  if (!isGraded || !people) return { ...start, verdict: "not yet measured" };
  const { leads } = people;
  const systems = readSystems().filter(({ id }) => leads.systems.includes(id));
  const { assessment, reason } = assessClaim(claim, leads, systems);
  if (!assessment) return { ...start, verdict: "cannot be tested", note: reason };
  const note = "grades of whole replies, bad to good, not of emotional reactions";
  return { ...start, ...numbersOf(claim, assessment), note };
}
