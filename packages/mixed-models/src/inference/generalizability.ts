// Generalizability theory (Cronbach, Gleser, Nanda and Rajaratnam 1972; Brennan 2001, Generalizability Theory, chapters 3 and 4):
// units crossed with raters, both random, their variances by REML. Of a balanced table these are the expected mean squares'
// where those are not negative; checked against both.
import { UserError } from "kit";
import { fitMixed } from "../fit/fit-mixed";
import type { MixedFit } from "../fit/result";

/** One rating of one unit by one rater. */
export interface UnitRating {
  readonly unit: string;
  readonly rater: string;
  readonly rating: number;
}

/** A source of differences between ratings. */
export interface RatingComponent {
  /** `unit x rater` stands apart from the residual where raters rated units more than once. */
  readonly source: "unit" | "rater" | "unit x rater" | "residual";
  readonly variance: number;
  /** Of the sum of all. */
  readonly share: number;
}

/** How well a mean over so many raters tells units apart. */
export interface RaterDecision {
  readonly raters: number;
  /** Ratings of each rater of each unit. */
  readonly replicates: number;
  /** Generalizability coefficient: for comparing units that the same raters rate. */
  readonly relative: number;
  /** Dependability (phi): also where each unit has other raters, or its level counts. */
  readonly absolute: number;
  /** Standard errors of measurement of such means, in the ratings' units. */
  readonly relativeError: number;
  readonly absoluteError: number;
}

/** A generalizability study. */
export interface Generalizability {
  readonly fit: MixedFit;
  readonly components: readonly RatingComponent[];
  /** What was observed: numbers of units, of raters, and of ratings. */
  readonly counts: Readonly<Record<"units" | "raters" | "ratings", number>>;
  readonly decisions: readonly RaterDecision[];
}

/** For what a generalizability study decides. */
export interface GeneralizabilityOptions {
  /** Numbers of raters; 1 and as many as there are by default. */
  readonly raters?: readonly number[];
  /** Ratings of each rater of each unit; 1 by default. */
  readonly replicates?: number;
}

/**
 * Splits the variance of ratings into units', raters' and the rest, and says how reliable means over other numbers of raters are.
 *
 * Each unit may have been rated by some of the raters only.
 *
 * @param ratings a row a rating; where raters rated a unit several times, as many rows.
 * @throws UserError if there are fewer than two units or raters, raters agree on every unit, or a number asked for is none.
 */
export function generalizability(
  ratings: readonly UnitRating[],
  { raters, replicates = 1 }: GeneralizabilityOptions = {},
): Generalizability {
  const counts = {
    units: new Set(ratings.map(({ unit }) => unit)).size,
    raters: new Set(ratings.map(({ rater }) => rater)).size,
    ratings: ratings.length,
  };
  for (const number of [...(raters ?? []), replicates]) {
    if (!Number.isInteger(number) || number < 1) {
      throw new UserError(`raters and replicates should be whole numbers from 1; one is ${number}`);
    }
  }
  refuseFew(counts);
  refuseAgreed(ratings);
  const cells = new Set(ratings.map(({ unit, rater }) => JSON.stringify([unit, rater]))).size;
  const isRepeated = cells < ratings.length;
  const formula = `rating ~ 1 + (1 | unit) + (1 | rater)${isRepeated ? " + (1 | unit:rater)" : ""}`;
  const fit = fitMixed(formula, ratings);
  const asked = raters ?? [...new Set([1, counts.raters])];
  return {
    fit,
    components: componentsOf(fit),
    counts,
    decisions: asked.map((number) => decide(fit, number, replicates)),
  };
}

function refuseFew({ units, raters }: Generalizability["counts"]): void {
  if (units >= 2 && raters >= 2) return;
  throw new UserError(
    `a study of variance components needs two units and two raters; there are ${units} and ${raters}`,
  );
}

function refuseAgreed(ratings: readonly UnitRating[]): void {
  const first = new Map<string, number>();
  for (const { unit, rating } of ratings) {
    const known = first.get(unit) ?? rating;
    if (known !== rating) return;
    first.set(unit, known);
  }
  throw new UserError("each unit was given one rating by all; there is nothing to split");
}

const GROUPS = {
  unit: "unit",
  rater: "rater",
  "unit x rater": "unit:rater",
  residual: "Residual",
} as const;

function varianceOf({ variances }: MixedFit, source: RatingComponent["source"]): number {
  return variances.find(({ group }) => group === GROUPS[source])?.variance ?? 0;
}

function componentsOf(fit: MixedFit): RatingComponent[] {
  const all = fit.variances.reduce((sum, { variance }) => sum + variance, 0);
  return (Object.keys(GROUPS) as RatingComponent["source"][])
    .filter((source) => fit.variances.some(({ group }) => group === GROUPS[source]))
    .map((source) => {
      const variance = varianceOf(fit, source);
      return { source, variance, share: variance / all };
    });
}

function decide(fit: MixedFit, raters: number, replicates: number): RaterDecision {
  const unit = varianceOf(fit, "unit");
  const relative =
    varianceOf(fit, "unit x rater") / raters + varianceOf(fit, "residual") / (raters * replicates);
  const absolute = relative + varianceOf(fit, "rater") / raters;
  return {
    raters,
    replicates,
    relative: unit / (unit + relative),
    absolute: unit / (unit + absolute),
    relativeError: Math.sqrt(relative),
    absoluteError: Math.sqrt(absolute),
  };
}
