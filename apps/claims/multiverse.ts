// Every claim under every equally good analysis and every instrument (Steegen et al. 2016,
// doi.org/10.1177/1745691616658637), distinct ones only; each verdict by the one rule.
import { isMissing, type Missing } from "kit";
import { type Analysis, type Instruments, listAnalyses } from "../../src/claims/analysis";
import {
  assessUnits,
  type ClaimOutcome,
  estimateUnits,
  isAssessed,
} from "../../src/claims/assess-claim";
import type { Claim } from "../../src/claims/claim";
import type { SharesOf } from "../../src/claims/instruments";
import { remember } from "../../src/claims/remember";
import type { MultiverseRow } from "../../src/claims/results-tables";
import type { UnitEstimates } from "../../src/claims/unit-estimates";
import { type Ruling, ruleOn } from "../../src/claims/verdict";
import type { System } from "../../src/systems/system";
import { withoutVariants } from "../../src/systems/unit";
import { isMeasurable } from "./claim-replies";

/** Says why an instrument cannot measure a claim; null where it can. */
export type UnmeasuredBy = (instrument: string, claim: Claim) => string | null;

/** One claim under one analysis. */
export interface AnalysisOutcome {
  readonly analysis: Analysis;
  readonly outcome: ClaimOutcome;
}

/** Puts a claim to one analysis. */
export function analyse(
  claim: Claim,
  analysis: Analysis,
  systems: readonly System[],
  sharesOf: SharesOf,
  unmeasuredBy: UnmeasuredBy,
): ClaimOutcome {
  if (!isMeasurable(analysis.instrument, claim.outcome)) {
    return { missing: "a head knows nothing of whether a reply makes sense" };
  }
  const found = unitsUnder(claim, analysis, systems, sharesOf);
  return assessUnits(claim, found, unmeasuredBy(analysis.instrument, claim));
}

function unitsUnder(
  claim: Claim,
  analysis: Analysis,
  systems: readonly System[],
  sharesOf: SharesOf,
): UnitEstimates | Missing {
  const chosen = analysis.instructions === "one" ? withoutVariants(systems) : systems;
  const table = sharesOf(analysis, claim.metric, claim.outcome);
  return estimateUnits(claim, table, chosen, analysis.reading);
}

/** Puts a claim to every analysis, one after the other, the main one first; those that come to the same count once. */
export function* runMultiverse(
  claim: Claim,
  instruments: Instruments,
  systems: readonly System[],
  sharesOf: SharesOf,
  unmeasuredBy: UnmeasuredBy,
): Generator<AnalysisOutcome> {
  const unmeasured = remember((instrument: string) => unmeasuredBy(instrument, claim));
  const seen = new Set<string>();
  for (const analysis of listAnalyses(claim, instruments)) {
    const { instrument } = analysis;
    if (!isMeasurable(instrument, claim.outcome)) continue;
    const found = unitsUnder(claim, analysis, systems, sharesOf);
    const key = keyOf(found);
    if (seen.has(key)) continue;
    seen.add(key);
    yield { analysis, outcome: assessUnits(claim, found, unmeasured(instrument)) };
  }
}

// Analyses that give the same estimates are one analysis.
function keyOf(found: UnitEstimates | Missing): string {
  if (isMissing(found)) return `none: ${found.missing}`;
  return found.units.map(({ unit, estimate }) => `${unit} ${estimate.toFixed(6)}`).join(";");
}

/** The verdict on an outcome; without an estimate nothing can be told. */
function rulingOf(claim: Claim, outcome: ClaimOutcome): Ruling {
  return isAssessed(outcome) ? ruleOn(claim, outcome) : "cannot be told";
}

/** A claim's analyses as rows. */
export function toMultiverseRows(
  claim: Claim,
  analyses: readonly AnalysisOutcome[],
): MultiverseRow[] {
  return analyses.map(({ analysis, outcome }): MultiverseRow => {
    const found = isAssessed(outcome) ? outcome : undefined;
    return {
      claim: claim.id,
      ...analysis,
      verdict: rulingOf(claim, outcome),
      units: found?.units.length ?? null,
      estimate: found?.models.estimate ?? null,
      lower: found?.models.lower ?? null,
      upper: found?.models.upper ?? null,
      these: found?.these.estimate ?? null,
      these_lower: found?.these.lower ?? null,
      these_upper: found?.these.upper ?? null,
      reason: isAssessed(outcome) ? (outcome.unmeasured ?? "") : outcome.missing,
    };
  });
}
