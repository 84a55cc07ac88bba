// The study's own model: every reply is evidence on its family, systems differ by an intercept only.
import type { Metric } from "empathy-scorer";
import { isMissing, type Missing, UserError } from "kit";
import { fitMixed, type MixedFit, marginalMeans, upperQuantile } from "mixed-models";
import { SENTIMENTS } from "../corpus/emotions";
import type { Outcome } from "../readings/readings";
import type { Study } from "../study/study";
import { type AnchoredReplies, HUMAN, shows } from "./anchored-replies";
import { type Claim, weightsOf } from "./claim";
import { remember } from "./remember";

/** A claim's contrast as the study's model has it, in log-odds, with the 95 % Wald interval. */
export interface StudyEstimate {
  readonly estimate: number;
  readonly se: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * Counts replies that show a metric, by system and sentiment: the study's model has the same likelihood on these few
 * rows as on the replies one by one.
 *
 * @returns columns for `fitMixed` with `weights: "replies"`.
 */
export function countReplies(
  { systems, replies }: AnchoredReplies,
  metric: Metric,
  outcome: Outcome,
): Record<"share" | "replies" | "family" | "sentiment" | "system", unknown[]> {
  const families = new Map<string, string>(systems.map(({ id, family }) => [id, family]));
  families.set(HUMAN, HUMAN);
  const cells = new Map<
    string,
    { system: string; sentiment: string; all: number; shown: number }
  >();
  for (const reply of replies) {
    const { system, sentiment } = reply;
    const key = `${system} ${sentiment}`;
    const cell = cells.get(key) ?? { system, sentiment, all: 0, shown: 0 };
    cell.all++;
    cell.shown += shows(reply, metric, outcome);
    cells.set(key, cell);
  }
  const rows = [...cells.values()];
  return {
    share: rows.map(({ shown, all }) => shown / all),
    replies: rows.map(({ all }) => all),
    family: rows.map(({ system }) => families.get(system)),
    sentiment: rows.map(({ sentiment }) => sentiment),
    system: rows.map(({ system }) => system),
  };
}

/**
 * Fits the study's model.
 *
 * @param formula over the columns of `countReplies`, such as the study's.
 * @throws UserError if the replies cannot carry it.
 */
export function fitStudyModel(
  anchored: AnchoredReplies,
  metric: Metric,
  outcome: Outcome,
  { formula }: Pick<Study, "formula">,
): MixedFit {
  return fitMixed(formula, countReplies(anchored, metric, outcome), {
    family: "binomial",
    weights: "replies",
  });
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
