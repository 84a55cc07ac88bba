// Every claim under every equally good analysis (Steegen et al. 2016, doi.org/10.1177/1745691616658637), distinct ones
// only, and under other questions beside it.
import type { Study } from "../study/study";
import type { System } from "../systems/system";
import { type SystemSet, systemsOf, unitOf, withoutVariants } from "../systems/unit";
import { type Analysis, listAnalyses, mainAnalysis } from "./analysis";
import { type Assessment, assessClaim, averageByUnit, type ClaimOutcome } from "./assess-claim";
import { type Claim, weightsOf } from "./claim";
import type { LeadsOf } from "./estimate-all";
import type { Leads } from "./leads";
import { isShown, type LeadsTask, type Variant } from "./leads-task";
import { jointPermutationP } from "./permutation";

/** One claim under one analysis. */
export interface AnalysisOutcome {
  readonly analysis: Analysis;
  readonly outcome: ClaimOutcome;
}

/** One claim under all analyses that differ, the main one first. */
export interface Multiverse {
  readonly analyses: readonly AnalysisOutcome[];
  /** Joint permutation test of the median over the analyses; null where fewer than two have an estimate. */
  readonly p: number | null;
}

/** A claim under another question, or with something left out. */
export interface Sensitivity {
  /** What was done, in words. */
  readonly question: string;
  readonly outcome: ClaimOutcome;
}

/** The task of stage 1 that an analysis of a claim needs. */
export function taskOf(
  { metric, outcome }: Pick<Claim, "metric" | "outcome">,
  { scorer, dialogues, turns }: Analysis,
  variant: Variant = "none",
): LeadsTask {
  return { metric, outcome, scorer, dialogues, turns, variant };
}

/** What the other questions are called. */
export const VARIANT_NAMES: Readonly<Record<Exclude<Variant, "none">, string>> = {
  shared: "only stimuli that an LLM and an older system both answered",
  length: "at equal length",
  situation: "with LLMs that saw the situation only",
};

// Shares of replies are told of the main analysis only.
const COUNTED_ELSEWHERE = { withShare: false };

const VARIANTS = Object.keys(VARIANT_NAMES) as (keyof typeof VARIANT_NAMES)[];

/** All tasks of stage 1 that some claims need. */
export function listTasks(claims: readonly Claim[], study: Pick<Study, "scorers">): LeadsTask[] {
  return claims.flatMap((claim) => [
    ...listAnalyses(claim, study).map((analysis) => taskOf(claim, analysis)),
    ...VARIANTS.map((variant) => taskOf(claim, mainAnalysis(study), variant)),
  ]);
}

/**
 * Puts a claim to every analysis.
 *
 * @param study whose scorers make the analyses.
 */
export function runMultiverse(
  claim: Claim,
  set: SystemSet,
  systems: readonly System[],
  leadsOf: LeadsOf,
  study: Pick<Study, "scorers">,
): Multiverse {
  const compared = systemsOf(set, systems);
  const seen = new Set<string>();
  const analyses = listAnalyses(claim, study).flatMap((analysis): AnalysisOutcome[] => {
    const chosen = analysis.instructions === "one" ? withoutVariants(compared) : compared;
    const leads = leadsOf(taskOf(claim, analysis));
    const outcome = assessClaim(claim, leads, chosen, {
      reading: analysis.reading,
      withShare: seen.size === 0,
    });
    const key = keyOf(outcome);
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ analysis, outcome }];
  });
  return { analyses, p: testMedian(claim, compared, analyses) };
}

// Analyses that give the same estimates are one analysis.
function keyOf({ assessment, reason }: ClaimOutcome): string {
  if (!assessment) return `none: ${reason}`;
  return assessment.units.map(({ unit, estimate }) => `${unit} ${estimate.toFixed(6)}`).join(";");
}

function testMedian(
  claim: Claim,
  systems: readonly System[],
  analyses: readonly AnalysisOutcome[],
): number | null {
  const found = analyses.flatMap(({ outcome }) => outcome.assessment ?? []);
  if (found.length < 2) return null;
  const families = new Map(systems.map((system) => [unitOf(system), system.family]));
  const units = [...families.keys()].filter((unit) =>
    found.some((one) => one.units.some((known) => known.unit === unit)),
  );
  const estimates = found.map((one) => units.map((unit) => estimateOf(one, unit)));
  return jointPermutationP(
    estimates,
    units.map((unit) => families.get(unit) === claim.compared.family),
  );
}

function estimateOf({ units }: Assessment, unit: string): number {
  return units.find((one) => one.unit === unit)?.estimate ?? Number.NaN;
}

/** Puts a claim to the other questions, one variance for both families, and all but one publication at a time. */
export function listSensitivities(
  claim: Claim,
  systems: readonly System[],
  leadsOf: LeadsOf,
  study: Pick<Study, "scorers">,
): Sensitivity[] {
  const compared = systemsOf("all", systems);
  const analysis = mainAnalysis(study);
  const main = leadsOf(taskOf(claim, analysis));
  const others = VARIANTS.filter((variant) => variant !== "shared" || isOfTwo(claim)).map(
    (variant): Sensitivity => {
      const kept = variant === "situation" ? systems.filter(isShown) : compared;
      const leads = leadsOf(taskOf(claim, analysis, variant));
      return {
        question: VARIANT_NAMES[variant],
        outcome: assessClaim(claim, leads, kept, COUNTED_ELSEWHERE),
      };
    },
  );
  const spread = isOfTwo(claim)
    ? [
        {
          question: "one spread for both families",
          outcome: assessClaim(claim, main, compared, { oneSpread: true, withShare: false }),
        },
      ]
    : [];
  return [...others, ...spread, ...leaveOneOut(claim, main, compared)];
}

function isOfTwo({ compared }: Claim): boolean {
  return compared.with !== undefined && compared.with !== "human";
}

function leaveOneOut(claim: Claim, leads: Leads, systems: readonly System[]): Sensitivity[] {
  const { units } = averageByUnit(claim, systems, leads, leads.ownShare, weightsOf(claim.contrast));
  const about = systems.filter((system) => units.some(({ unit }) => unit === unitOf(system)));
  const publications = new Set(about.map(({ publication }) => publication));
  return [...publications].map((publication) => ({
    question: `without ${publication}`,
    outcome: assessClaim(
      claim,
      leads,
      systems.filter((system) => system.publication !== publication),
      COUNTED_ELSEWHERE,
    ),
  }));
}
