// Estimates claims under the study's own model, a logistic mixed model.
import type { Metric } from "empathy-scorer";
import { isMissing, type Missing, UserError } from "kit";
import { type MixedFit, marginalMeans, upperQuantile } from "mixed-models";
import type { AnchoredReplies } from "../../src/claims/anchored-replies";
import { type Claim, weightsOf } from "../../src/claims/claim";
import { remember } from "../../src/claims/remember";
import { fitStudyModel } from "../../src/claims/study-model";
import { SENTIMENTS } from "../../src/corpus/emotions";
import type { Outcome } from "../../src/readings/readings";
import type { Study } from "../../src/study/study";

/** A claim's contrast as the study's model has it, in log-odds, with the 95 % Wald interval. */
interface StudyEstimate {
  readonly estimate: number;
  readonly se: number;
  readonly lower: number;
  readonly upper: number;
}

// Log-odds beyond this are of shares that no number of replies could tell from 0 or 1: the likelihood has no maximum.
const MOST_SE = 20;

/** Estimates a claim under the study's model, or says why it cannot be estimated. */
export function estimateUnderStudyModel(fit: MixedFit, claim: Claim): StudyEstimate | Missing {
  if (claim.compared.change) return { missing: "the study's model knows no such change" };
  const means = marginalMeans(fit, { over: ["family", "sentiment"] });
  const weights = weightsOf(claim.contrast);
  const row = new Float64Array(fit.coefficients.length);
  const seen = new Set<unknown>();
  for (const [at, { levels }] of means.means.entries()) {
    seen.add(levels.family);
    const side =
      levels.family === claim.compared.family ? 1 : levels.family === claim.compared.with ? -1 : 0;
    const sentiment = SENTIMENTS.find((one) => one === levels.sentiment);
    const weight = sentiment ? side * weights[sentiment] : 0;
    if (weight === 0) continue;
    for (const [column, value] of (means.rows[at] as Float64Array).entries()) {
      row[column] = (row[column] as number) + weight * value;
    }
  }
  const { family, with: other } = claim.compared;
  const lacking = [family, ...(other ? [other] : [])].find((one) => !seen.has(one));
  if (lacking) return { missing: `no scored replies of family '${lacking}'` };
  const found = means.estimate(row);
  if (found.reason !== null) return { missing: found.reason };
  const { estimate, se } = found;
  if (se > MOST_SE) {
    return {
      missing: "cannot be estimated: some system shows it in all replies or none (separation)",
    };
  }
  const reach = upperQuantile(0.025) * se;
  return { estimate, se, lower: estimate - reach, upper: estimate + reach };
}

/** Gives a claim's estimate under the study's model, or why there is none. */
export type StudyModelOf = (claim: Claim) => StudyEstimate | Missing;

/** Opens the study's model: it is fitted once for each metric and outcome; what the data cannot carry is a reason. */
export function openStudyModel(
  anchored: AnchoredReplies,
  study: Pick<Study, "formula">,
): StudyModelOf {
  const fitOf = remember((metric: Metric, outcome: Outcome) =>
    attempt(() => fitStudyModel(anchored, metric, outcome, study)),
  );
  return (claim) => {
    const fit = fitOf(claim.metric, claim.outcome);
    return isMissing(fit) ? fit : attempt(() => estimateUnderStudyModel(fit, claim));
  };
}

function attempt<Value>(make: () => Value): Value | Missing {
  try {
    return make();
  } catch (error) {
    if (error instanceof UserError) return { missing: error.message };
    throw error;
  }
}
