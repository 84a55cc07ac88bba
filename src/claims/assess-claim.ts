// Stage 2, the uncertainty about models like these: a claim's contrast for every model, and a random-effects
// meta-analysis over models with the covariance of stage 1 (docs/claims.md).
import { isMissing, type Missing, UserError } from "kit";
import { upperQuantile } from "mixed-models";
import { fitMeta, type MetaFit, type MetaPrediction } from "mixed-models/meta";
import type { Sentiment } from "../corpus/emotions";
import { SENTIMENTS } from "../corpus/emotions";
import { FAMILY_NAMES, type Family, type System } from "../systems/system";
import { unitOf } from "../systems/unit";
import { type Claim, sentimentsOf, weightsOf } from "./claim";
import { combineEstimates, type Estimates, entryOf } from "./combine-estimates";
import type { Leads } from "./leads";
import { permutationP } from "./permutation";

/** A claim's contrast for one model, or for one publication of older systems. */
export interface UnitEstimate {
  readonly unit: string;
  readonly family: Family;
  readonly systems: readonly string[];
  readonly estimate: number;
  readonly se: number;
}

/** An estimate with the three intervals of 95 % that it has. */
export interface ThreefoldEstimate {
  readonly estimate: number;
  /** For the mean of models like these: Hartung-Knapp, or Satterthwaite's degrees of freedom for two families. */
  readonly lower: number;
  readonly upper: number;
  /** For these systems: the uncertainty of stage 1 only. */
  readonly theseLower: number;
  readonly theseUpper: number;
  /** For the next model, and the next older system where those are compared. */
  readonly predictionLower: number;
  readonly predictionUpper: number;
}

/** What the replies say of a claim. */
export interface Assessment extends ThreefoldEstimate {
  /** In log-odds, as the estimate. */
  readonly units: readonly UnitEstimate[];
  /** Standard deviation between the models of each family, in log-odds. */
  readonly spread: Readonly<Partial<Record<Family, number>>>;
  /** The same contrast as a difference of shares; null where there is none. */
  readonly share: ThreefoldEstimate | null;
  /** Exact two-sided p-value of the permutation of families over models, or of the signs of leads over people. */
  readonly p: number;
}

/** An assessment, or why there is none. */
export type ClaimOutcome =
  | { readonly assessment: Assessment; readonly reason: null }
  | { readonly assessment: null; readonly reason: string };

/** What of the claim's choices matters here. */
export interface AssessOptions {
  readonly reading?: "positive" | "ambiguous" | "others";
  /** Whether all families share one variance; each has its own by default. */
  readonly oneSpread?: boolean;
  /** Whether to give the contrast as a difference of shares too; true by default. */
  readonly withShare?: boolean;
}

/**
 * Puts a claim to the leads of systems.
 *
 * Systems of one model are averaged. Where two families are compared, each is held against people, their common
 * benchmark. A family of one model has no spread to be estimated: its own estimate is subtracted from the others.
 *
 * @param leads of the claim's metric and outcome.
 * @param systems whose leads may be used.
 */
export function assessClaim(
  claim: Claim,
  leads: Leads,
  systems: readonly System[],
  options: AssessOptions = {},
): ClaimOutcome {
  const weights = weightsOf(claim.contrast, options.reading);
  const isAbsolute = claim.compared.with === undefined;
  const logOdds = averageByUnit(
    claim,
    systems,
    leads,
    isAbsolute ? leads.own : leads.lead,
    weights,
  );
  const missing = familiesOf(claim).find(
    (family) => !logOdds.units.some((unit) => unit.family === family),
  );
  if (missing) return { assessment: null, reason: explain(missing, leads, systems, weights) };
  const found = summariseUnits(claim, logOdds, options);
  if (isMissing(found)) return { assessment: null, reason: found.missing };
  const estimates = isAbsolute ? leads.ownShare : leads.leadShare;
  const share =
    options.withShare === false
      ? null
      : summariseUnits(claim, averageByUnit(claim, systems, leads, estimates, weights), options);
  return {
    assessment: {
      ...found.estimate,
      units: logOdds.units,
      spread: found.spread,
      share: share === null || isMissing(share) ? null : share.estimate,
      p: permutationP(
        logOdds.units.map(({ estimate }) => estimate),
        logOdds.units.map(({ family }) => family === claim.compared.family),
      ),
    },
    reason: null,
  };
}

/** The families other than people that a claim is about. */
export function familiesOf({ compared }: Pick<Claim, "compared">): Family[] {
  return compared.with && compared.with !== "human"
    ? [compared.family, compared.with]
    : [compared.family];
}

/** Contrasts of units with their covariance. */
export interface UnitEstimates {
  readonly units: readonly UnitEstimate[];
  /** Covariance of the estimates, one row a unit. */
  readonly covariance: readonly (readonly number[])[];
}

/**
 * A claim's contrast for each unit of the families that it compares, those first that it is about; from systems with
 * enough replies to every sentiment that it looks at.
 */
export function averageByUnit(
  claim: Pick<Claim, "compared">,
  systems: readonly System[],
  leads: Pick<Leads, "systems" | "replies" | "fewest">,
  estimates: Estimates,
  weights: Readonly<Record<Sentiment, number>>,
): UnitEstimates {
  const groups = new Map<string, { family: Family; members: number[] }>();
  for (const family of familiesOf(claim)) {
    for (const system of systems.filter((one) => one.family === family)) {
      const place = leads.systems.indexOf(system.id);
      const isThere = sentimentsOf(weights).every(
        (sentiment) =>
          !Number.isNaN(estimates.values[entryOf(place, sentiment)]) &&
          (leads.replies[entryOf(place, sentiment)] ?? 0) >= leads.fewest,
      );
      if (place < 0 || !isThere) continue;
      const unit = unitOf(system);
      const group = groups.get(unit) ?? { family, members: [] };
      group.members.push(place);
      groups.set(unit, group);
    }
  }
  const rows = [...groups.values()].map(({ members }) => {
    const row = new Map<number, number>();
    for (const place of members) {
      for (const sentiment of SENTIMENTS) {
        if (weights[sentiment] !== 0)
          row.set(entryOf(place, sentiment), weights[sentiment] / members.length);
      }
    }
    return row;
  });
  const combined = combineEstimates(rows, estimates);
  const size = rows.length;
  const covariance = rows.map((_, at) =>
    Array.from(combined.covariance.subarray(at * size, (at + 1) * size)),
  );
  const units = [...groups].map(
    ([unit, { family, members }], at): UnitEstimate => ({
      unit,
      family,
      systems: members.map((place) => leads.systems[place] as string),
      estimate: combined.values[at] as number,
      se: Math.sqrt(covariance[at]?.[at] as number),
    }),
  );
  return { units, covariance };
}

/** A summary of units, and the standard deviation between those of each family. */
export interface Summary {
  readonly estimate: ThreefoldEstimate;
  readonly spread: Readonly<Partial<Record<Family, number>>>;
}

/** The meta-analysis of units; in words what it lacks where there are too few, or where one repeats another. */
export function summariseUnits(
  claim: Pick<Claim, "compared">,
  all: UnitEstimates,
  { oneSpread }: AssessOptions,
): Summary | Missing {
  const [family, benchmark] = familiesOf(claim) as [Family, Family | undefined];
  const counts = countUnits(all);
  const count = counts.get(family) ?? 0;
  if (count < 2) {
    const name = FAMILY_NAMES[family];
    const models = `${count} model${count === 1 ? "" : "s"}`;
    return { missing: `${models} of family '${name}'; at least 2 are needed` };
  }
  if (benchmark !== undefined && !counts.has(benchmark)) {
    return { missing: `0 models of family '${FAMILY_NAMES[benchmark]}'; at least 1 is needed` };
  }
  try {
    return fitUnits(all, family, benchmark, oneSpread);
  } catch (error) {
    if (error instanceof UserError) return { missing: error.message };
    throw error;
  }
}

function fitUnits(
  all: UnitEstimates,
  family: Family,
  benchmark: Family | undefined,
  oneSpread: boolean | undefined,
): Summary {
  const isAlone = benchmark !== undefined && countUnits(all).get(benchmark) === 1;
  const { units, covariance } = isAlone ? subtractLast(all) : all;
  const effects = units.map(({ estimate }) => estimate);
  const labels = units.map(({ unit }) => unit);
  if (benchmark === undefined || isAlone) {
    const fit = fitMeta(
      { effects, covariance, labels },
      { interval: "hartung-knapp", truncated: true, tauIntervals: false },
    );
    const weights = [1];
    return {
      estimate: toThreefold(fit, fit.predict(weights), covariance, weights),
      spread: { [family]: fit.heterogeneity[0]?.tau as number },
    };
  }
  const rows = units.map((unit) => (unit.family === family ? [1, 0] : [0, 1]));
  const groups = oneSpread ? units.map(() => "all") : units.map((unit) => unit.family);
  const fit = fitMeta(
    { effects, covariance, moderators: { names: [family, benchmark], rows }, groups, labels },
    { interval: "satterthwaite", tauIntervals: false },
  );
  const weights = [1, -1];
  const next = oneSpread ? { all: Math.SQRT2 } : { [family]: 1, [benchmark]: -1 };
  const tauOf = (name: string) =>
    fit.heterogeneity.find(({ group }) => group === (oneSpread ? "all" : name))?.tau as number;
  return {
    estimate: toThreefold(fit, fit.predict(weights, { groups: next }), covariance, weights),
    spread: { [family]: tauOf(family), [benchmark]: tauOf(benchmark) },
  };
}

function countUnits({ units }: UnitEstimates): Map<Family, number> {
  const counts = new Map<Family, number>();
  for (const { family } of units) counts.set(family, (counts.get(family) ?? 0) + 1);
  return counts;
}

// The one unit of the other family stands last.
function subtractLast({ units, covariance }: UnitEstimates): UnitEstimates {
  const last = units.length - 1;
  const v = (i: number, j: number) => covariance[i]?.[j] as number;
  return {
    units: units.slice(0, last).map((unit) => ({
      ...unit,
      estimate: unit.estimate - (units[last]?.estimate as number),
    })),
    covariance: units
      .slice(0, last)
      .map((_, i) =>
        units.slice(0, last).map((__, j) => v(i, j) - v(i, last) - v(last, j) + v(last, last)),
      ),
  };
}

// For these systems the same weighted mean, with the covariance of stage 1 alone.
function toThreefold(
  fit: MetaFit,
  found: MetaPrediction,
  covariance: readonly (readonly number[])[],
  contrast: readonly number[],
): ThreefoldEstimate {
  const shares = fit.effectWeights(contrast);
  let variance = 0;
  for (const [i, one] of shares.entries()) {
    for (const [j, other] of shares.entries())
      variance += one * other * (covariance[i]?.[j] as number);
  }
  const reach = upperQuantile(0.025) * Math.sqrt(variance);
  const { estimate, lower, upper, predictionLower, predictionUpper } = found;
  return {
    estimate,
    lower,
    upper,
    predictionLower,
    predictionUpper,
    theseLower: estimate - reach,
    theseUpper: estimate + reach,
  };
}

function explain(
  family: Family,
  leads: Leads,
  systems: readonly System[],
  weights: Readonly<Record<Sentiment, number>>,
): string {
  const own = systems.filter((system) => system.family === family);
  const name = FAMILY_NAMES[family];
  if (own.length === 0) return `no scored replies of family '${name}'`;
  const [first] = own;
  const place = leads.systems.indexOf(first?.id as string);
  const reasons = sentimentsOf(weights).map(
    (sentiment) => leads.reasons[entryOf(place, sentiment)],
  );
  return `no system of family '${name}' can be compared: ${first?.name}: ${reasons.find(Boolean) ?? "too few replies"}`;
}
