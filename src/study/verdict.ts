import type { Claim } from "./claim";
import type { ClaimEstimate } from "./estimate-claim";
import type { MultiverseRow } from "./multiverse";

/** What the replies say of a claim. */
export type Ruling =
  | "supported"
  | "not supported"
  | "opposite"
  | "cannot be estimated"
  | "cannot be tested";

/** A claim's verdict, and what it rests on. */
export interface Verdict {
  readonly claim: Claim;
  readonly ruling: Ruling;
  /** Why, in one sentence. */
  readonly reason: string;
  /** The main analysis's estimate, in log-odds; null where there is none. */
  readonly estimate: ClaimEstimate | null;
  /** Number of analyses that could estimate the claim. */
  readonly analyses: number;
  /** How many of them have an interval wholly on the claim's side. */
  readonly agreeing: number;
  /** How many have one wholly on the other side. */
  readonly opposing: number;
}

/** The share of the analyses that must agree with the main one. */
export const AGREEMENT = 2 / 3;

/**
 * Rules on a claim: it is supported where the main analysis's 95 % interval lies wholly on its side, and
 * two thirds of all analyses' intervals do; opposite, likewise on the other side; else not supported.
 *
 * @param rows of the claim and one set of systems, the main analysis first; none where it is untested.
 * @param untested why there are none.
 */
export function ruleOn(
  claim: Claim,
  rows: readonly MultiverseRow[],
  untested = "no analysis has an estimate",
): Verdict {
  const side = claim.sign === "positive" ? 1 : -1;
  const found = rows.flatMap(({ estimate }) => estimate ?? []);
  const agreeing = found.filter((one) => isBeyondZero(one, side)).length;
  const opposing = found.filter((one) => isBeyondZero(one, -side)).length;
  const main = rows[0]?.estimate ?? null;
  const counts = { analyses: found.length, agreeing, opposing };
  if (!main) {
    const obstacle = rows[0]?.reason;
    return obstacle
      ? { claim, ruling: "cannot be estimated", reason: obstacle, estimate: null, ...counts }
      : { claim, ruling: "cannot be tested", reason: untested, estimate: null, ...counts };
  }
  const holds = (direction: number, count: number) =>
    isBeyondZero(main, direction) && count >= AGREEMENT * found.length;
  const verdict = { claim, estimate: main, ...counts };
  const share = `${agreeing} of ${found.length} analyses agree, ${opposing} oppose`;
  if (holds(side, agreeing)) return { ...verdict, ruling: "supported", reason: share };
  if (holds(-side, opposing)) return { ...verdict, ruling: "opposite", reason: share };
  const reason = isBeyondZero(main, side)
    ? `the main analysis agrees, but only ${agreeing} of ${found.length} analyses do`
    : isBeyondZero(main, -side)
      ? `the main analysis opposes, but only ${opposing} of ${found.length} analyses do`
      : `the main interval holds 0; ${share}`;
  return { ...verdict, ruling: "not supported", reason };
}

function isBeyondZero({ lower, upper }: ClaimEstimate, side: number): boolean {
  return side > 0 ? lower > 0 : upper < 0;
}
