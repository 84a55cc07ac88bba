// Every claim under every equally good analysis and every instrument (Steegen et al. 2016,
// doi.org/10.1177/1745691616658637), distinct ones only; each verdict by the one rule.
import type { System } from "../systems/system";
import { withoutVariants } from "../systems/unit";
import { type Analysis, type Instruments, listAnalyses } from "./analysis";
import { type AssessOptions, assessClaim, type ClaimOutcome, isAssessed } from "./assess-claim";
import type { Claim } from "./claim";
import { isMeasurable, type SharesOf } from "./instruments";
import type { MultiverseRow } from "./results-tables";
import { type Ruling, ruleOn } from "./verdict";

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
  const { instrument, instructions, reading } = analysis;
  if (!isMeasurable(instrument, claim.outcome)) {
    return { missing: "a head knows nothing of whether a reply makes sense" };
  }
  const options: AssessOptions = { reading, unmeasured: unmeasuredBy(instrument, claim) };
  const chosen = instructions === "one" ? withoutVariants(systems) : systems;
  return assessClaim(claim, sharesOf(analysis, claim.metric, claim.outcome), chosen, options);
}

/** Puts a claim to every analysis, the main one first; those that come to the same count once. */
export function runMultiverse(
  claim: Claim,
  instruments: Instruments,
  systems: readonly System[],
  sharesOf: SharesOf,
  unmeasuredBy: UnmeasuredBy,
): AnalysisOutcome[] {
  const seen = new Set<string>();
  return listAnalyses(claim, instruments)
    .filter(({ instrument }) => isMeasurable(instrument, claim.outcome))
    .map((analysis) => ({
      analysis,
      outcome: analyse(claim, analysis, systems, sharesOf, unmeasuredBy),
    }))
    .filter(({ outcome }) => {
      const key = keyOf(outcome);
      const isNew = !seen.has(key);
      seen.add(key);
      return isNew;
    });
}

// Analyses that give the same estimates are one analysis.
function keyOf(outcome: ClaimOutcome): string {
  if (!isAssessed(outcome)) return `none: ${outcome.missing}`;
  return outcome.units.map(({ unit, estimate }) => `${unit} ${estimate.toFixed(6)}`).join(";");
}

/** The verdict on an outcome; without an estimate nothing can be told. */
export function rulingOf(claim: Claim, outcome: ClaimOutcome): Ruling {
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
