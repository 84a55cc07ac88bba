import { checkChoice, checkOptionNames, UserError } from "kit";
import type { DesignOptions } from "../design/design";
import type { GradeLink } from "../objective/grade-density";
import type { Thresholds } from "../objective/grade-scale";
import type { Family } from "../objective/model-data";
import type { PriorOptions } from "./coefficient-prior";

/** How a mixed model is fitted; every field has a default. */
export interface FitOptions extends DesignOptions {
  /**
   * `gaussian` by default; `binomial` has the logit link unless another is named; `cumulative` is for grades in order (McCullagh 1980): the
   * chance of at most grade k is F(threshold k - linear predictor).
   */
  readonly family?: Family;
  /** `REML` (the default) or `ML`, for the Gaussian family; the others are fitted by ML. */
  readonly method?: "ML" | "REML";
  /**
   * Nodes of the adaptive Gauss-Hermite quadrature: 1, the Laplace approximation, by default; more for a
   * binomial or cumulative model with a single scalar random effect.
   */
  readonly nodes?: number;
  /**
   * Column of prior weights (Gaussian), of the numbers of trials of a proportion (binomial), or of how many times a
   * grade was given (cumulative).
   */
  readonly weights?: string;
  /**
   * `logit` by default. Of the binomial family also `probit` and `cloglog`, 1 - exp(-exp(eta)); of the cumulative family F
   * of `probit`, `cloglog`, 1 - exp(-exp(x)), and `loglog`, exp(-exp(-x)).
   */
  readonly link?: GradeLink;
  /** Column of numbers that are added to the linear predictor, with a coefficient of one. */
  readonly offset?: string;
  /** For the cumulative family: `flexible`, the default, or `equidistant`. */
  readonly thresholds?: Thresholds;
  /**
   * For the cumulative family: terms of the fixed effects whose coefficients differ from threshold to threshold, as a formula's
   * right-hand side, such as `kind + x`; the others' odds are proportional. Thresholds stay flexible.
   */
  readonly nominal?: string;
  /**
   * Of a binomial model: from the Hessian in all parameters (the default), or `conditional`, given the variances of the
   * random effects, as lme4 has them with `use.hessian = FALSE`; much faster where there are many fixed effects, and
   * alike where the variances are well determined.
   */
  readonly standardErrors?: "hessian" | "conditional";
  /**
   * A weakly informative prior of the fixed effects, for the binomial and the cumulative family: the estimates are then the
   * posterior's mode, which is finite where the data are separated. `"cauchy"` is Gelman and others' default.
   */
  readonly prior?: PriorOptions | PriorOptions["kind"];
  /** Clock for `fitMs`; the process's own by default. */
  readonly now?: () => number;
}

/** The criterion that is fitted: REML is for the Gaussian family alone, and its default. */
export function methodOf({ family, method = "REML" }: FitOptions): "ML" | "REML" {
  return family === "gaussian" || family === undefined ? method : "ML";
}

const OPTIONS: readonly (keyof FitOptions)[] = [
  "family",
  "method",
  "nodes",
  "weights",
  "link",
  "offset",
  "thresholds",
  "nominal",
  "standardErrors",
  "prior",
  "levels",
  "reference",
  "contrasts",
  "success",
  "memory",
  "now",
];

/**
 * Checks all that can be told without the data.
 *
 * @throws UserError for an unknown option or value, and for options that do not go together.
 */
export function checkFitOptions(options: FitOptions): void {
  checkOptionNames(options, OPTIONS);
  const { family, method, thresholds, standardErrors, success } = options;
  checkChoice("family", family, ["gaussian", "binomial", "cumulative"]);
  checkChoice("method", method, ["REML", "ML"]);
  checkChoice("standardErrors", standardErrors, ["hessian", "conditional"]);
  if (success !== undefined && family !== "binomial") {
    throw new UserError("success is for the binomial family; leave it out, or change the family");
  }
  if (family === "cumulative" && standardErrors === "conditional") {
    throw new UserError(
      "conditional standard errors are for the binomial family; thresholds need the Hessian's",
    );
  }
  if (family !== "cumulative" && thresholds !== undefined) {
    throw new UserError(
      "thresholds are for the cumulative family; leave them out, or change the family",
    );
  }
  refuseLink(options);
  refusePrior(options);
  refuseNominal(options);
  if (thresholds !== undefined && thresholds !== "flexible" && thresholds !== "equidistant") {
    throw new UserError(`thresholds should be flexible or equidistant; it is '${thresholds}'`);
  }
}

function refusePrior({ prior, family = "gaussian", standardErrors }: FitOptions): void {
  if (prior === undefined) return;
  if (family === "gaussian") {
    throw new UserError("prior is for the binomial and cumulative families; leave it out");
  }
  if (standardErrors === "conditional") {
    throw new UserError(
      "standard errors of a fit with a prior are the Hessian's; leave conditional out",
    );
  }
}

function refuseNominal({ nominal, family, thresholds, prior }: FitOptions): void {
  if (nominal === undefined) return;
  if (typeof nominal !== "string" || nominal.trim() === "") {
    throw new UserError('nominal should be terms of the fixed effects, such as "kind + x"');
  }
  if (family !== "cumulative") {
    throw new UserError("nominal is for the cumulative family; leave it out, or change the family");
  }
  if (thresholds === "equidistant") {
    throw new UserError("nominal terms move each threshold by itself; leave equidistant out");
  }
  if (prior !== undefined) {
    throw new UserError("a prior is of effects that all thresholds share; leave nominal out");
  }
}

const LINKS = {
  binomial: ["logit", "probit", "cloglog"],
  cumulative: ["logit", "probit", "cloglog", "loglog"],
} as const;

function refuseLink({ family = "gaussian", link }: FitOptions): void {
  if (link === undefined) return;
  if (family === "gaussian") {
    throw new UserError("link is for the binomial and cumulative families; leave it out");
  }
  checkChoice("link", link, LINKS[family]);
}
