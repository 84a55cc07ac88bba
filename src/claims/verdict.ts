// Verdicts say what is known, and of whom; the table of rules is in docs/claims.md.
import { type Claim, sideOf } from "./claim";

/** What is known of a claim. */
export type Ruling =
  | "holds"
  | "the opposite holds"
  | "no difference that matters"
  | "seen in these systems"
  | "the opposite seen in these systems"
  | "cannot be told"
  | "cannot be measured";

/** An estimate with an interval; null limits where none can be had. */
export interface Interval {
  readonly estimate: number;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** What a verdict rests on, as differences of shares from -1 to 1. */
export interface Grounds {
  /** For the mean of models like these, 95 %. */
  readonly models: Interval;
  /** The same, 90 %: two one-sided tests at 5 %. */
  readonly equivalence: Pick<Interval, "lower" | "upper">;
  /** For these systems, units weighted equally, 95 %. */
  readonly these: Interval;
  /** Units and collections of each family compared, people aside: they are a fixed benchmark. */
  readonly sides: readonly { readonly units: number; readonly collections: number }[];
  /** Why the instrument cannot measure this; null where it can. */
  readonly unmeasured: string | null;
}

/** With fewer units, or collections, on a side, nothing is said of models like these. */
export const FEWEST_UNITS = 5;
export const FEWEST_COLLECTIONS = 3;

/**
 * Rules on a claim.
 *
 * - holds: the 95 % interval for models like these lies beyond zero on the claim's side and the estimate beyond the margin,
 *   with at least five units and three collections on each side; the opposite holds, on the other side;
 * - no difference that matters: the 90 % interval for models like these lies within the margin;
 * - seen in these systems: only the interval for these systems lies beyond zero, and the estimate beyond the margin; the
 *   opposite, on the other side;
 * - cannot be measured: the instrument does not measure this in a family compared;
 * - cannot be told: anything else.
 */
export function ruleOn(claim: Pick<Claim, "sign" | "marginInPoints">, grounds: Grounds): Ruling {
  const { models, equivalence, these, sides, unmeasured } = grounds;
  if (unmeasured !== null) return "cannot be measured";
  const margin = claim.marginInPoints / 100;
  const side = sideOf(claim);
  const enough = sides.every(
    ({ units, collections }) => units >= FEWEST_UNITS && collections >= FEWEST_COLLECTIONS,
  );
  const isBeyond = (found: Interval, direction: number) =>
    direction * found.estimate > margin && isBeyondZero(found, direction);
  if (enough && isBeyond(models, side)) return "holds";
  if (enough && isBeyond(models, -side)) return "the opposite holds";
  const { lower, upper } = equivalence;
  if (enough && lower !== null && upper !== null && lower > -margin && upper < margin) {
    return "no difference that matters";
  }
  if (isBeyond(these, side)) return "seen in these systems";
  return isBeyond(these, -side) ? "the opposite seen in these systems" : "cannot be told";
}

/** Whether an interval lies wholly beyond zero in a direction. */
export function isBeyondZero(
  { lower, upper }: Pick<Interval, "lower" | "upper">,
  direction: number,
): boolean {
  if (lower === null || upper === null) return false;
  return direction > 0 ? lower > 0 : upper < 0;
}

/**
 * Holm's correction of several p-values (Holm 1979).
 *
 * @param ps each from 0 to 1; one that is missing takes no part.
 * @returns the adjusted ones in the same order.
 */
export function holm(ps: readonly (number | null)[]): (number | null)[] {
  const known = ps.flatMap((p, at) => (p === null ? [] : [{ p, at }]));
  known.sort((one, other) => one.p - other.p);
  const adjusted: (number | null)[] = ps.map(() => null);
  let least = 0;
  for (const [rank, { p, at }] of known.entries()) {
    least = Math.max(least, Math.min(1, p * (known.length - rank)));
    adjusted[at] = least;
  }
  return adjusted;
}
