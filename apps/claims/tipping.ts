// Tipping points: how much more often the reader must err on one side than on the other for a verdict to fall.
import { type Claim, sideOf } from "../../src/claims/claim";
import type { Grounds, Interval, Ruling } from "../../src/claims/verdict";

/**
 * How far a verdict is from falling, as a share of replies: by so much more on the side of the claim's family must the
 * reader see what is not there, or overlook it, so that the deciding interval reaches zero, or the estimate the margin.
 *
 * @returns null where the verdict asserts nothing.
 */
export function tippingPoint(
  claim: Pick<Claim, "sign" | "marginInPoints">,
  { models, equivalence, these }: Grounds,
  ruling: Ruling,
): number | null {
  const margin = claim.marginInPoints / 100;
  const side = sideOf(claim);
  switch (ruling) {
    case "holds":
      return distance(models, side, margin);
    case "the opposite holds":
      return distance(models, -side, margin);
    case "seen in these systems":
      return distance(these, side, margin);
    case "the opposite seen in these systems":
      return distance(these, -side, margin);
    case "no difference that matters": {
      const { lower, upper } = equivalence;
      return Math.min((lower as number) + margin, margin - (upper as number));
    }
    default:
      return null;
  }
}

function distance({ estimate, lower, upper }: Interval, direction: number, margin: number): number {
  const limit = direction > 0 ? (lower as number) : -(upper as number);
  return Math.min(limit, direction * estimate - margin);
}
