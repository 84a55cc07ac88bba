// What the replies say of a claim: stage 2, the uncertainty about models like these (docs/claims.md).
import { isMissing, type Missing } from "kit";
import { upperQuantile } from "mixed-models";
import type { Sentiment } from "../corpus/emotions";
import { FAMILY_NAMES, type Family, type System } from "../systems/system";
import { type Claim, type Reading, sentimentsOf, weightsOf } from "./claim";
import { entryOf } from "./combine-estimates";
import { permutationP } from "./permutation";
import type { ShareTable } from "./share-table";
import { type ModelsSummary, summariseUnits } from "./summarise-units";
import {
  averageByUnit,
  equalWeights,
  familiesOf,
  type UnitEstimate,
  type UnitEstimates,
  weigh,
} from "./unit-estimates";
import type { Grounds, Interval } from "./verdict";

/** What the replies say of a claim, as differences of shares. */
export interface Assessment extends Grounds {
  readonly units: readonly UnitEstimate[];
  /** Degrees of freedom of the interval for models like these; null where there is none. */
  readonly df: number | null;
  /** Two-sided, for models like these; null where there is no interval. */
  readonly p: number | null;
  /** Exact two-sided p-value of the permutation of families over units, or of the signs of leads: units are exchangeable. */
  readonly permutationP: number;
  /** Standard deviation between units, and between collections, of each family; null where it is not estimated. */
  readonly spread: Readonly<Partial<Record<Family, number | null>>>;
}

/** An assessment, or why there is none. */
export type ClaimOutcome = Assessment | Missing;

/** What of the claim's choices matters here. */
export interface AssessOptions {
  readonly reading?: Reading;
  /** Why the instrument cannot measure this; null by default. */
  readonly unmeasured?: string | null;
}

/**
 * Puts a claim to the shares of systems.
 *
 * Systems of one model are averaged. Where two families are compared, each is held against people on the same turns.
 *
 * @param table of the claim's metric and outcome.
 * @param systems whose shares may be used.
 */
export function assessClaim(
  claim: Claim,
  table: ShareTable,
  systems: readonly System[],
  { reading, unmeasured = null }: AssessOptions = {},
): ClaimOutcome {
  return assessUnits(claim, estimateUnits(claim, table, systems, reading), unmeasured);
}

/** What each unit shows of a claim, or why nothing can be compared: the first half of `assessClaim`. */
export function estimateUnits(
  claim: Claim,
  table: ShareTable,
  systems: readonly System[],
  reading?: Reading,
): UnitEstimates | Missing {
  const weights = weightsOf(claim.contrast, reading);
  const found = averageByUnit(claim, systems, table, weights);
  const lacking = familiesOf(claim).find(
    (family) => !found.units.some((unit) => unit.family === family),
  );
  if (!lacking) return found;
  const { change } = claim.compared;
  return {
    missing: change
      ? change.factor === "system"
        ? `'${change.from}' and '${change.to}' do not both have enough replies to the same prompts`
        : `no two systems differ in their ${change.factor} alone, '${change.from}' and '${change.to}', and have enough replies to the same prompts`
      : explain(lacking, table, systems, weights),
  };
}

/** The second half of `assessClaim`. */
export function assessUnits(
  claim: Claim,
  found: UnitEstimates | Missing,
  unmeasured: string | null = null,
): ClaimOutcome {
  if (isMissing(found)) return found;
  const families = familiesOf(claim);
  return {
    units: found.units,
    ...gradeUnits(found, families, unmeasured),
    // Thousands of arrangements, for the few that ask.
    get permutationP() {
      return permutationP(
        found.values,
        found.units.map(({ family }) => family === families[0]),
      );
    },
  };
}

/** All that a verdict on a difference of units rests on. */
export function gradeUnits(
  all: UnitEstimates,
  families: readonly Family[],
  unmeasured: string | null,
): Grounds & ModelsSummary {
  return {
    sides: families.map((family) => countSide(all.units, family)),
    these: ofTheseSystems(all, families),
    unmeasured,
    ...summariseUnits(all, families),
  };
}

/** Whether a claim has an assessment. */
export function isAssessed(outcome: ClaimOutcome): outcome is Assessment {
  return !isMissing(outcome);
}

function countSide(units: readonly UnitEstimate[], family: Family) {
  const own = units.filter((unit) => unit.family === family);
  return { units: own.length, collections: new Set(own.map((unit) => unit.collection)).size };
}

/** The contrast of families, every unit of one weighing the same, with the covariance of stage 1 alone. */
function ofTheseSystems(all: UnitEstimates, families: readonly Family[]): Interval {
  const weights = equalWeights(all.units, families);
  const estimate = weigh(all.values, weights);
  const reach = upperQuantile(0.025) * Math.sqrt(all.varianceOf(weights));
  return { estimate, lower: estimate - reach, upper: estimate + reach };
}

function explain(
  family: Family,
  table: ShareTable,
  systems: readonly System[],
  weights: Readonly<Record<Sentiment, number>>,
): string {
  const own = systems.filter((system) => system.family === family);
  const name = FAMILY_NAMES[family];
  const [first] = own;
  const place = table.systems.findIndex(({ id }) => id === first?.id);
  if (!first || place < 0) return `no scored replies of family '${name}'`;
  const reasons = sentimentsOf(weights).map((one) => table.reasons[entryOf(place, one)]);
  return `no system of family '${name}' can be compared: ${first.name}: ${reasons.find(Boolean) ?? "too few replies"}`;
}
