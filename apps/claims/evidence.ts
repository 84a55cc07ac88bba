// All that is said of each claim: by every kind of evidence one verdict, by the same rule.

import { toldClaims } from "../../src/claims/answer";
import { type Assessment, type ClaimOutcome, isAssessed } from "../../src/claims/assess-claim";
import type { Claim } from "../../src/claims/claim";
import { type ClaimResult, type Evidence, NO_NUMBERS } from "../../src/claims/results-tables";
import { familiesOf } from "../../src/claims/unit-estimates";
import { holm, ruleOn } from "../../src/claims/verdict";
import type { System } from "../../src/systems/system";
import { readSystems } from "../../src/systems/system";
import type { SystemSet } from "../../src/systems/unit";
import { hingesOn, type Without } from "./hinges";
import { tippingPoint } from "./tipping";

/** What a row of results is made from. */
export interface Found {
  readonly set: Evidence;
  readonly instrument: string;
  readonly outcome: ClaimOutcome;
  /** Whom it hinges on, where that was asked. */
  readonly without?: readonly Without[];
  readonly note?: string;
}

/** Turns what was found of a claim into a row. */
export function toClaimResult(claim: Claim, found: Found): ClaimResult {
  const { set, instrument, outcome, without = [], note = "" } = found;
  const start = blankResult(claim, set, instrument);
  if (!isAssessed(outcome)) return { ...start, note: outcome.missing };
  const verdict = ruleOn(claim, outcome);
  return {
    ...start,
    verdict,
    ...numbersOf(claim, outcome),
    tipping: tippingPoint(claim, outcome, verdict),
    hinge_units: hingesOn(verdict, without, "unit").join("; "),
    hinge_collections: hingesOn(verdict, without, "collection").join("; "),
    note: [outcome.unmeasured ?? "", note].filter(Boolean).join("; "),
  };
}

/** Notes beside a verdict on interpretation that its bound is another; as it was where there is none. */
export function noteBound(main: ClaimResult, bound: ClaimResult | undefined): ClaimResult {
  const { verdict } = main;
  if (!bound || verdict === "cannot be measured" || bound.verdict === verdict) return main;
  const word = `by the bound on interpretation: ${bound.verdict}`;
  return { ...main, note: [main.note, word].filter(Boolean).join("; ") };
}

/** A row without an estimate: nothing can be told. */
export function blankResult(claim: Claim, set: Evidence, instrument: string) {
  return {
    set,
    claim: claim.id,
    instrument,
    ...NO_NUMBERS,
    verdict: "cannot be told",
    hinge_units: "",
    hinge_collections: "",
    note: "",
  } as const satisfies ClaimResult;
}

function numbersOf(claim: Claim, found: Assessment) {
  const { models, equivalence, these, sides, spread, df, p } = found;
  const [family, other] = familiesOf(claim);
  return {
    units: sides[0]?.units ?? null,
    others: sides[1]?.units ?? null,
    collections: sides[0]?.collections ?? null,
    other_collections: sides[1]?.collections ?? null,
    estimate: models.estimate,
    lower: models.lower,
    upper: models.upper,
    lower_90: equivalence.lower,
    upper_90: equivalence.upper,
    df,
    p,
    holm_p: null,
    these: these.estimate,
    these_lower: these.lower,
    these_upper: these.upper,
    permutation_p: found.permutationP,
    spread: (family && spread[family]) ?? null,
    other_spread: (other && spread[other]) ?? null,
  };
}

/** Adds Holm's p-values within each kind of evidence, over the claims that an answer tells of. */
export function withHolm(
  rows: readonly ClaimResult[],
  claims: readonly Claim[],
): readonly ClaimResult[] {
  const own = new Set(toldClaims(claims).map(({ id }) => id));
  const adjusted = new Map<ClaimResult, number | null>();
  for (const set of new Set(rows.map((row) => row.set))) {
    const family = rows.filter((row) => row.set === set && own.has(row.claim));
    for (const [at, p] of holm(family.map((row) => row.p)).entries()) {
      adjusted.set(family[at] as ClaimResult, p);
    }
  }
  return rows.map((row) => ({ ...row, holm_p: adjusted.get(row) ?? null }));
}

/** The study's own systems of the claim's families that nothing here stands for, in words; empty where none is lacking. */
export function missingOf(claim: Claim, outcome: ClaimOutcome, set: SystemSet): string {
  if (set !== "study" || !isAssessed(outcome)) return "";
  const present = outcome.units.flatMap(({ systems }) => systems);
  const families = familiesOf(claim);
  const systems = readSystems();
  const stoodFor = new Set(
    systems.filter(({ id }) => present.includes(id)).map(({ id, relation }) => relation?.to ?? id),
  );
  const lacking = systems.filter(
    ({ id, inPaper, family }: System) => inPaper && families.includes(family) && !stoodFor.has(id),
  );
  return lacking.length === 0 ? "" : `without ${lacking.map(({ name }) => name).join(", ")}`;
}
