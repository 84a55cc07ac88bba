// Verdicts say what is known and of whom; the table of rules is in docs/claims.md.
import type { Assessment, ThreefoldEstimate } from "./assess-claim";
import { type Claim, sideOf } from "./claim";

/** What is known of a claim. */
export type Ruling =
  | "supported"
  | "supported for these systems"
  | "practically none"
  | "contradicted"
  | "contradicted for these systems"
  | "inconclusive"
  | "cannot be tested";

/**
 * Rules on a claim from its estimate.
 *
 * - supported: the interval for models like these lies beyond zero on the claim's side, and the estimate beyond the
 *   margin; for these systems, where only theirs does;
 * - practically none: the interval for models like these lies within the margin on both sides;
 * - contradicted, and for these systems, as supported, on the other side;
 * - inconclusive otherwise.
 */
export function ruleOn(
  claim: Pick<Claim, "sign" | "margin">,
  found: Pick<ThreefoldEstimate, "estimate" | "lower" | "upper" | "theseLower" | "theseUpper">,
): Ruling {
  const { lower, upper, theseLower, theseUpper } = found;
  const side = sideOf(claim);
  for (const [direction, word] of [
    [side, "supported"],
    [-side, "contradicted"],
  ] as const) {
    if (direction * found.estimate <= claim.margin) continue;
    if (isBeyondZero(lower, upper, direction)) return word;
    if (isBeyondZero(theseLower, theseUpper, direction)) return `${word} for these systems`;
  }
  return lower > -claim.margin && upper < claim.margin ? "practically none" : "inconclusive";
}

/** Whether an interval lies wholly beyond zero in a direction. */
export function isBeyondZero(lower: number, upper: number, direction: number): boolean {
  return direction > 0 ? lower > 0 : upper < 0;
}

/** How many of several analyses' intervals for models like these agree with a claim, oppose it, or leave it open. */
export interface Tally {
  readonly agree: number;
  readonly oppose: number;
  readonly open: number;
}

/** Counts analyses. */
export function tally(
  claim: Pick<Claim, "sign">,
  estimates: readonly Pick<Assessment, "lower" | "upper">[],
): Tally {
  const side = sideOf(claim);
  const agree = estimates.filter(({ lower, upper }) => isBeyondZero(lower, upper, side)).length;
  const oppose = estimates.filter(({ lower, upper }) => isBeyondZero(lower, upper, -side)).length;
  return { agree, oppose, open: estimates.length - agree - oppose };
}
