// The claims, `data/claims.json`: each names the question that it asks, the sign that supports it, and how large a
// difference has to be to matter.
import { readFileSync } from "node:fs";
import type { Metric } from "empathy-scorer";
import { UserError } from "kit";
import { readRegistry } from "kit/registry";
import { SENTIMENTS, type Sentiment } from "../corpus/emotions";
import { projectPath } from "../project";
import type { Outcome } from "../readings/readings";
import { type Study, studyPath } from "../study/study";
import type { Family } from "../systems/system";
import type { Change } from "./sides";

/** What outcomes are called. */
export const OUTCOME_NAMES: Readonly<Record<Outcome, string>> = {
  any: "level 1 or 2",
  strong: "level 2",
  fits: "level 1 or 2, and makes sense as an answer",
};

/** Over which prompts: all three sentiments alike, negative ones, or negative minus positive ones. */
export type Contrast = "all" | "negative" | "negative-positive";

/** Whether a claim is one of the study's six, or one that its words allow or that a reader will ask for. */
export type Origin = "study" | "beside";

/** One claim. */
export interface Claim {
  readonly id: string;
  readonly origin: Origin;
  readonly metric: Metric;
  readonly outcome: Outcome;
  /** Who is compared with whom; a family without another, or a change, is compared with itself, between prompts. */
  readonly compared: {
    readonly family: Family;
    readonly with?: Family;
    /** Instead of another family: systems of this one that differ in one factor and in nothing else. */
    readonly change?: Change;
  };
  readonly contrast: Contrast;
  /** The sign that supports the claim. */
  readonly sign: "positive" | "negative";
  /** The smallest difference of shares that matters, in percentage points; also for a difference of differences. */
  readonly marginInPoints: number;
  /** What it would show of the family, as it stands in a list. */
  readonly short: string;
  /** The claim, in one sentence of our own. */
  readonly statement: string;
  /** Which reading of the study's words this is. */
  readonly reading: string;
}

/**
 * Reads a study's claims, `data/claims.json` of its own or of the project.
 *
 * @throws UserError naming file, claim, field and what is wrong with it.
 */
export function readClaims(study: Pick<Study, "root">): Claim[] {
  return readClaimsFile(studyPath(study, "data", "claims.json"));
}

/**
 * Reads claims from a file.
 *
 * @throws UserError naming file, claim, field and what is wrong with it.
 */
export function readClaimsFile(path: string): Claim[] {
  refuseOldMargins(path);
  const schema = projectPath("data", "claims.schema.json");
  const claims = readRegistry<Claim>(path, schema, "claims", "claim");
  for (const [at, claim] of claims.entries()) {
    const fault = faultOf(claim);
    if (fault) throw new UserError(`${path}: claim ${at + 1} '${claim.id}': ${fault}`);
  }
  return claims;
}

// Margins were in log-odds once; 0.5 of them is no number of points.
function refuseOldMargins(path: string): void {
  let given: { claims?: readonly ({ id?: string; margin?: unknown } | null)[] } | undefined;
  try {
    given = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return; // The registry's reader says what is wrong with it.
  }
  const claims = Array.isArray(given?.claims) ? given.claims : [];
  const at = claims.findIndex((claim) => claim?.margin !== undefined);
  if (at < 0) return;
  throw new UserError(
    `${path}: claim ${at + 1} '${claims[at]?.id}': 'margin', in log-odds, is no longer read; write 'marginInPoints', the smallest difference of shares that matters, in percentage points (5 in the study's claims)`,
  );
}

// What a schema cannot say in a message that helps.
function faultOf({ compared, contrast }: Claim): string | undefined {
  if (compared.with === compared.family) {
    return `'compared.with' is the family itself, '${compared.family}'; leave it out to compare prompts, or name another`;
  }
  if (compared.with && compared.change) {
    return "'compared' has both 'with' and 'change'; a claim is of another family, or of a change within one";
  }
  if (compared.change && String(compared.change.from) === String(compared.change.to)) {
    return `'compared.change' goes from '${compared.change.from}' to itself; name another side`;
  }
  if (!compared.with && !compared.change && contrast !== "negative-positive") {
    return `'contrast' must be 'negative-positive' where 'compared.with' and 'compared.change' are left out: a family is compared with itself between prompts only`;
  }
  return undefined;
}

/** What negative prompts are held against, in a claim on their difference. */
export type Reading = "positive" | "ambiguous" | "others";

/** How much each sentiment's estimate weighs in a claim. */
export function weightsOf(
  contrast: Contrast,
  reading: Reading = "positive",
): Readonly<Record<Sentiment, number>> {
  if (contrast === "all") return { negative: 1 / 3, positive: 1 / 3, ambiguous: 1 / 3 };
  if (contrast === "negative") return { negative: 1, positive: 0, ambiguous: 0 };
  if (reading === "others") return { negative: 1, positive: -0.5, ambiguous: -0.5 };
  return { negative: 1, positive: 0, ambiguous: 0, [reading]: -1 };
}

/** The sentiments that a claim looks at. */
export function sentimentsOf(weights: Readonly<Record<Sentiment, number>>): Sentiment[] {
  return SENTIMENTS.filter((sentiment) => weights[sentiment] !== 0);
}

/** 1 where a positive contrast supports the claim, else -1. */
export function sideOf({ sign }: Pick<Claim, "sign">): 1 | -1 {
  return sign === "positive" ? 1 : -1;
}
