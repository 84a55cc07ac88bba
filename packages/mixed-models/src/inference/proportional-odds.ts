// The test of proportional odds: each term's coefficients free to differ from threshold to threshold against one for
// all, by the likelihood ratio, as `nominal_test` in the R package ordinal has it for models without groups; Peterson
// and Harrell 1990 (doi.org/10.2307/2347760) call that model partial proportional odds.
import { UserError } from "kit";
import { NoFiniteLikelihood } from "../fit/estimate";
import { contextOf, refusePriorOf } from "../fit/fit-context";
import { fitNominal } from "../fit/fit-mixed";
import { findEmptyCell, marginsOf } from "../fit/nominal-terms";
import { freeNominal } from "../fit/prepare-data";
import type { MixedFit } from "../fit/result";
import { chiSquareTail } from "../numerics/chi-square";

/** A test whether a term's effects are the same at all thresholds. */
export interface ProportionalOddsTest {
  /** As the formula has it, such as `a:b`, which is freed together with the terms that it contains. */
  readonly term: string;
  /** Twice what the log-likelihood gains; null where the freed model has no optimum. */
  readonly chiSquare: number | null;
  /** Number of coefficients that are added. */
  readonly df: number;
  readonly p: number | null;
  /** Why there is no number; null where there is one. */
  readonly reason: string | null;
  /** What that says of the term, in a sentence. */
  readonly meaning: string;
}

/** Tests of proportional odds. */
export interface ProportionalOddsTests {
  /** What the terms are assumed to do, such as `proportional odds` for the logit link. */
  readonly assumption: string;
  /** Minus twice the log-likelihood of the model that they are tested against. */
  readonly minusTwoLogLik: number;
  /** One for each term of the fixed effects. */
  readonly tests: readonly ProportionalOddsTest[];
}

/**
 * Tests for each term of a cumulative model whether its effects are the same at all thresholds.
 *
 * A small p speaks against it: fit the term as nominal, or look at the probabilities. With many rows a small p may belong to a difference
 * that does not matter, so look at the effects too. Cost: a fit for each term.
 *
 * Such as `testProportionalOdds(fit).tests[0]?.p`.
 *
 * @throws UserError if the fit is of another family, has two grades, equidistant thresholds, nominal terms, a prior, or no term.
 */
export function testProportionalOdds(fit: MixedFit): ProportionalOddsTests {
  const { ordinal, design } = fit;
  refuseUntestable(fit);
  const link = ordinal!.link;
  const terms = design.fixed.terms.filter(({ variables, columns }) => {
    return variables.length > 0 && columns[0] < columns[1];
  });
  if (terms.length === 0) {
    throw new UserError(
      `${fit.formula}: has no term but the intercept, so there is nothing to test`,
    );
  }
  const later = ordinal!.thresholds.length - 1;
  return {
    assumption: ASSUMPTIONS[link],
    minusTwoLogLik: fit.minusTwoLogLik,
    tests: terms.map((term) => {
      const freed = [...marginsOf(design, term), term].filter(
        (one) => one.columns[0] < one.columns[1],
      );
      const columns = freed.reduce((sum, { columns: [from, to] }) => sum + to - from, 0);
      const nominal = freed.map(({ label }) => label).join(" + ");
      const test = compare(fit, nominal, later * columns);
      return { term: term.label, ...test, meaning: meaningOf(term.label, test) };
    }),
  };
}

const ASSUMPTIONS = {
  logit: "proportional odds",
  probit: "equal effects on the latent scale",
  cloglog: "proportional hazards",
  loglog: "proportional reversed hazards",
} as const;

function refuseUntestable(fit: MixedFit): void {
  const { ordinal, family } = fit;
  if (!ordinal) {
    throw new UserError(
      `proportional odds are a cumulative model's; this fit is ${family}, so leave their test out`,
    );
  }
  refusePriorOf(fit, "test of proportional odds");
  if (ordinal.nominal) {
    throw new UserError(
      "proportional odds are tested in a model without nominal terms; leave nominal out, or compare models by their likelihoods",
    );
  }
  if (ordinal.kind === "equidistant") {
    throw new UserError(
      "proportional odds are tested with flexible thresholds; leave equidistant out",
    );
  }
  if (ordinal.thresholds.length === 1) {
    throw new UserError(
      "two grades have one threshold, at which all odds are proportional; leave the test out",
    );
  }
  if (!fit.converged) {
    throw new UserError("the fit has not converged, so nothing can be tested against it");
  }
}

function compare(
  fit: MixedFit,
  nominal: string,
  df: number,
): Omit<ProportionalOddsTest, "term" | "meaning"> {
  const found = tryNominal(fit, nominal);
  if (typeof found === "string") return { chiSquare: null, df, p: null, reason: found };
  const chiSquare = Math.max(0, fit.minusTwoLogLik - found.minusTwoLogLik);
  return { chiSquare, df, p: chiSquareTail(chiSquare, df), reason: null };
}

// The freed model, or why it has no optimum.
function tryNominal(fit: MixedFit, nominal: string): MixedFit | string {
  const { design } = fit;
  const cell = findEmptyCell(freeNominal(contextOf(fit).data, design, nominal), design);
  if (cell) return cell.description;
  try {
    const found = fitNominal(fit, nominal);
    if (!found.converged) return CROSSING;
    const runsAway = found.warnings.some(({ kind }) => kind === "separation");
    return runsAway ? "its effects run to infinity where it is nominal" : found;
  } catch (error) {
    if (error instanceof NoFiniteLikelihood) return CROSSING;
    throw error;
  }
}

const CROSSING = "thresholds cross where it is nominal, so that model has no optimum";

function meaningOf(term: string, { p, reason }: Pick<ProportionalOddsTest, "p" | "reason">) {
  if (p === null) return `not tested: ${reason}`;
  return p < 0.05
    ? `the effects of ${term} differ between thresholds: fit it as nominal`
    : `no sign that the effects of ${term} differ between thresholds`;
}
