import { UserError } from "kit";
import { contextOf, refusePriorOf } from "../fit/fit-context";
import { fitByMl } from "../fit/fit-mixed";
import type { MixedFit } from "../fit/result";
import { chiSquareTail } from "../numerics/chi-square";

/** A likelihood-ratio test of one model within another. */
export interface LikelihoodRatio {
  readonly smaller: string;
  readonly larger: string;
  /** Twice the difference in log-likelihood. */
  readonly chiSquare: number;
  /** Difference in the number of parameters. */
  readonly df: number;
  /**
   * Upper tail of the chi-square distribution. Where the smaller model sets variances to zero, the boundary of
   * their range, this is conservative.
   */
  readonly p: number;
  /** Whether the models differ in their random effects, so that the test is conservative. */
  readonly isConservative: boolean;
}

/**
 * Compares two nested fits by their likelihoods.
 *
 * @throws UserError if they are not comparable: different data, family or method, REML fits with
 *   different fixed effects, or no difference in parameters.
 */
export function compareFits(left: MixedFit, right: MixedFit): LikelihoodRatio {
  for (const fit of [left, right]) refusePriorOf(fit, "likelihood-ratio test");
  const [smaller, larger] = left.df < right.df ? [left, right] : [right, left];
  refuseIncomparable(smaller, larger);
  const chiSquare = Math.max(0, smaller.minusTwoLogLik - larger.minusTwoLogLik);
  const df = larger.df - smaller.df;
  return {
    smaller: smaller.formula,
    larger: larger.formula,
    chiSquare,
    df,
    p: chiSquareTail(chiSquare, df),
    isConservative: smaller.theta.length !== larger.theta.length,
  };
}

/** One model among others, each tested against the one before it. */
export interface ComparedModel {
  readonly formula: string;
  /** Number of estimated parameters. */
  readonly parameters: number;
  readonly aic: number;
  readonly bic: number;
  readonly logLik: number;
  /** Whether the fit was by REML, and the numbers are those of another by ML. */
  readonly isRefitted: boolean;
  /** Against the model before; null for the first. */
  readonly test: LikelihoodRatio | null;
}

/**
 * Compares nested fits, from the smallest to the largest, each with the one before it, as lme4's `anova` does. Fits by REML are first
 * fitted again by ML.
 *
 * Such as `compareModels([fit, smaller, smallest])[1]?.test?.p`.
 *
 * @throws UserError if there are fewer than two, or two neighbours are not comparable.
 */
export function compareModels(fits: readonly MixedFit[]): ComparedModel[] {
  if (fits.length < 2) throw new UserError("comparing needs two fits at least");
  const compared = fits.map((fit) => ({ fit: fitByMl(fit), isRefitted: fit.method === "REML" }));
  compared.sort((left, right) => left.fit.df - right.fit.df);
  return compared.map(({ fit, isRefitted }, at) => ({
    formula: fit.formula,
    parameters: fit.df,
    aic: fit.aic,
    bic: fit.bic,
    logLik: fit.logLik,
    isRefitted,
    test: at === 0 ? null : compareFits(compared[at - 1]!.fit, fit),
  }));
}

function refuseIncomparable(smaller: MixedFit, larger: MixedFit): void {
  const reason = findReason(smaller, larger);
  if (!reason) return;
  throw new UserError(`${smaller.formula} and ${larger.formula} cannot be compared: ${reason}`);
}

function findReason(smaller: MixedFit, larger: MixedFit): string | undefined {
  const [a, b] = [smaller.design, larger.design];
  if (smaller.family !== larger.family) return "their families differ";
  if (smaller.ordinal?.link !== larger.ordinal?.link || smaller.link !== larger.link) {
    return "their links differ";
  }
  if (smaller.ordinal?.kind === "flexible" && larger.ordinal?.kind === "equidistant") {
    return "they are not nested: flexible thresholds are in the smaller model only";
  }
  if (smaller.method !== larger.method) return "one is fitted by REML, the other by ML";
  if (smaller.integration !== larger.integration) {
    return "one integrates by the Laplace approximation, the other by quadrature";
  }
  if (a.rows !== b.rows || !sameValues(a.usedRows, b.usedRows)) {
    return "they use different rows; leave the rows with missing values out of both";
  }
  if (!sameValues(a.response.y, b.response.y)) return "their responses differ";
  if (!sameValues(contextOf(smaller).data.weights, contextOf(larger).data.weights)) {
    return "their weights differ; a likelihood with weights is another one";
  }
  const freed = nominalNames(larger);
  const bound = nominalNames(smaller).find((name) => !freed.includes(name));
  if (bound) return `they are not nested: ${bound} is nominal in the smaller model only`;
  const names = larger.coefficients.map(({ name }) => name);
  if (smaller.method === "REML" && smaller.coefficients.length !== names.length) {
    return "REML fits with different fixed effects have no common likelihood; fit by ML";
  }
  const missing = smaller.coefficients.find(({ name }) => !names.includes(name));
  if (missing) return `they are not nested: ${missing.name} is in the smaller model only`;
  const groups = larger.variances.map(({ group, name }) => `${group} ${name}`);
  const other = smaller.variances.find(({ group, name }) => !groups.includes(`${group} ${name}`));
  if (other)
    return `they are not nested: (${other.name} | ${other.group}) is in the smaller model only`;
  if (smaller.df === larger.df) return "they have the same number of parameters";
  return undefined;
}

function nominalNames({ ordinal, design }: MixedFit): string[] {
  return ordinal?.nominal?.places.map((place) => design.fixed.names[place]!) ?? [];
}

function sameValues(left: ArrayLike<number>, right: ArrayLike<number>): boolean {
  if (left.length !== right.length) return false;
  for (let at = 0; at < left.length; at++) if (left[at] !== right[at]) return false;
  return true;
}
