// The study's claims, `data/claims.json`: which contrast each is, and which sign supports it.
import { readRegistry } from "../checked-json";
import type { Sentiment } from "../corpus/emotions";
import type { Metric } from "../empathy/levels";
import { projectPath } from "../project";
import type { Family } from "../systems/system";

/** A contrast of marginal means, on the scale of the linear predictor. */
export type ClaimContrast =
  | { readonly kind: "families"; readonly high: Family; readonly low: Family }
  | {
      readonly kind: "sentiments";
      readonly family: Family;
      readonly high: Sentiment;
      readonly low: Sentiment;
    }
  | {
      readonly kind: "interaction";
      readonly high: Family;
      readonly low: Family;
      readonly more: Sentiment;
      readonly less: Sentiment;
    };

/** One claim of the study. */
export interface Claim {
  readonly id: string;
  readonly metric: Metric;
  /** What the study says, in one sentence of our own. */
  readonly statement: string;
  readonly contrast: ClaimContrast;
  /** The contrast's sign that supports the claim. */
  readonly sign: "positive" | "negative";
  /** The folder below `data/scores` whose levels the main analysis uses. */
  readonly scorer: string;
}

/**
 * Reads the claims.
 *
 * @throws UserError naming file, claim, field and what is wrong with it.
 */
export function readClaims(path = projectPath("data", "claims.json")): Claim[] {
  return readRegistry(path, projectPath("data", "claims.schema.json"), "claims", "claim");
}

/** The families that a claim compares. */
export function familiesOf({ contrast }: Claim): Family[] {
  return contrast.kind === "sentiments" ? [contrast.family] : [contrast.high, contrast.low];
}

/** How much a claim's contrast weighs the mean of a family for a sentiment; `sentiments` of them in all. */
export function weightOf(
  contrast: ClaimContrast,
  family: string,
  sentiment: string,
  sentiments: number,
): number {
  const side = (value: string, plus: string, minus: string) =>
    value === plus ? 1 : value === minus ? -1 : 0;
  if (contrast.kind === "sentiments") {
    return family === contrast.family ? side(sentiment, contrast.high, contrast.low) : 0;
  }
  const families = side(family, contrast.high, contrast.low);
  if (contrast.kind === "families") return families / sentiments;
  return families * side(sentiment, contrast.more, contrast.less);
}
