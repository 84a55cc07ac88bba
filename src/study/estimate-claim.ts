import { SENTIMENTS, type Sentiment } from "../corpus/emotions";
import type { MixedFit } from "../mixed/fit/result";
import { marginalMeans } from "../mixed/inference/marginal-means";
import { upperQuantile } from "../mixed/numerics/normal";
import { FAMILY_NAMES } from "../systems/system";
import { type Claim, familiesOf, weightOf } from "./claim";

/** A claim's contrast as a model estimates it, in log-odds. */
export interface ClaimEstimate {
  readonly estimate: number;
  readonly se: number;
  /** Limits of the 95 % Wald interval. */
  readonly lower: number;
  readonly upper: number;
}

/** What a model says of a claim: an estimate, or in words why there is none. */
export type ClaimOutcome =
  | { readonly estimate: ClaimEstimate; readonly reason: null }
  | { readonly estimate: null; readonly reason: string };

/** The columns that the outcome, the families and the sentiments stand in, one row a reply. */
export type ClaimColumns = Readonly<Record<"y" | "family" | "sentiment", readonly unknown[]>>;

// Fewer replies than this in a cell say nothing about its share.
const FEWEST_REPLIES = 20;
// A difference of that many log-odds is that of 1 in 3,000 from 1 in 2: no data of this size can show it.
const LARGEST_SE = 8;

/**
 * Estimates a claim's contrast of marginal means, averaged over turns with equal weights.
 *
 * @param fit a model with the factors `family` and `sentiment`.
 * @param columns what it was fitted to: a family or sentiment that is missing or rare, or all of whose
 *   replies are on one side of the level, has no estimate.
 */
export function estimateClaim(fit: MixedFit, claim: Claim, columns: ClaimColumns): ClaimOutcome {
  const obstacle = findObstacle(columns, claim) ?? findFault(fit);
  if (obstacle) return { estimate: null, reason: obstacle };
  const means = marginalMeans(fit, { over: ["family", "sentiment"] });
  const sentiments = new Set(means.means.map(({ levels }) => levels.sentiment)).size;
  const row = new Float64Array(fit.coefficients.length);
  for (const [at, { levels }] of means.means.entries()) {
    const weight = weightOf(
      claim.contrast,
      String(levels.family),
      String(levels.sentiment),
      sentiments,
    );
    // A mean that cannot be estimated has no row to add.
    if (weight === 0) continue;
    for (const [column, value] of (means.rows[at] as Float64Array).entries()) {
      row[column] = (row[column] as number) + weight * value;
    }
  }
  const found = means.estimate(row);
  if (found.reason !== null) return { estimate: null, reason: found.reason };
  const { estimate, se } = found;
  if (!(se < LARGEST_SE)) {
    return { estimate: null, reason: "its standard error has no bound (separation)" };
  }
  const reach = upperQuantile(0.025) * se;
  return {
    estimate: { estimate, se, lower: estimate - reach, upper: estimate + reach },
    reason: null,
  };
}

/** Why the replies cannot tell a claim's contrast, whatever the model; nothing where they can. */
function findObstacle(columns: ClaimColumns, claim: Claim): string | undefined {
  const cells = countCells(columns);
  for (const family of familiesOf(claim)) {
    for (const sentiment of sentimentsOf(claim)) {
      const { replies, reached } = cells.get(`${family} ${sentiment}`) ?? {
        replies: 0,
        reached: 0,
      };
      const who = `of family '${FAMILY_NAMES[family]}' to ${sentiment} prompts`;
      if (replies < FEWEST_REPLIES) {
        return `${replies === 0 ? "no" : `only ${replies}`} scored replies ${who}`;
      }
      if (reached === 0 || reached === replies) {
        return `${reached === 0 ? "no" : "every"} reply ${who} reaches the level (separation)`;
      }
    }
  }
  return undefined;
}

function countCells({ y, family, sentiment }: ClaimColumns) {
  const cells = new Map<string, { replies: number; reached: number }>();
  for (const [at, value] of y.entries()) {
    const key = `${family[at]} ${sentiment[at]}`;
    const cell = cells.get(key) ?? { replies: 0, reached: 0 };
    cell.replies++;
    if (value === 1) cell.reached++;
    cells.set(key, cell);
  }
  return cells;
}

function sentimentsOf({ contrast }: Claim): readonly Sentiment[] {
  if (contrast.kind === "families") return SENTIMENTS;
  if (contrast.kind === "sentiments") return [contrast.high, contrast.low];
  return [contrast.more, contrast.less];
}

/** Why a model's estimates cannot be used; nothing where they can. */
export function findFault({ converged, coefficients }: MixedFit): string | undefined {
  if (!converged) return "the model did not converge";
  const isSound = coefficients.every(({ estimate, se }) => Number.isFinite(estimate + se));
  return isSound ? undefined : "the model has no finite standard errors (separation)";
}
