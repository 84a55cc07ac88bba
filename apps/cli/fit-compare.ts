import {
  type ComparedModel,
  compareModels,
  type FitOptions,
  type FitTable,
  fitMixed,
  formatP,
  type MixedFit,
  type Table,
} from "mixed-models";
import { layOutTable } from "./table-columns";

/**
 * Fits other formulas with the options of a fit, and compares all by their likelihoods.
 *
 * @throws UserError if a formula does not make a model, or two neighbours are not nested or not on the same rows.
 */
export function compareWith(
  fit: MixedFit,
  formulas: readonly string[],
  table: Table,
): ComparedModel[] {
  const others = formulas.map((formula) => fitMixed(formula, table, fit.options as FitOptions));
  return compareModels([fit, ...others]);
}

/** The comparison as a table of the print. */
export function comparisonTable(models: readonly ComparedModel[]): FitTable {
  const notes = [
    ...(models.some(({ isRefitted }) => isRefitted) ? ["REML fits refitted by ML"] : []),
    ...(models.some(({ test }) => test?.isConservative) ? ["p of a variance is conservative"] : []),
  ];
  const title = ["Likelihood-ratio tests, each against the model above", ...notes].join("; ");
  return layOutTable(title, models, [
    ["model", ({ formula }) => formula],
    ["parameters", ({ parameters }) => String(parameters)],
    ["AIC", ({ aic }) => aic.toFixed(1)],
    ["BIC", ({ bic }) => bic.toFixed(1)],
    ["logLik", ({ logLik }) => logLik.toFixed(1)],
    ["chi-square", ({ test }) => test?.chiSquare.toFixed(2) ?? ""],
    ["df", ({ test }) => String(test?.df ?? "")],
    ["p", ({ test }) => (test ? formatP(test.p) : "")],
  ]);
}

/** The comparison under the names that broom gives lme4's `anova`. */
export function comparisonRows(
  models: readonly ComparedModel[],
): Readonly<Record<string, unknown>>[] {
  return models.map(({ formula, parameters, aic, bic, logLik, test }) => ({
    term: formula,
    npar: parameters,
    AIC: aic,
    BIC: bic,
    logLik,
    deviance: -2 * logLik,
    statistic: test?.chiSquare,
    df: test?.df,
    "p.value": test?.p,
  }));
}
