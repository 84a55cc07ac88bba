// Multilevel meta-analysis: effects ~ normal(X b, V + the sum of each variance times its ZZ'). Checked against metafor's
// rma.mv. Konstantopoulos 2011 (doi.org/10.1002/jrsm.35) and Van den Noortgate and others 2013
// (doi.org/10.3758/s13428-012-0261-6) describe the model.
import { checkChoice, checkOptionNames } from "kit";
import type { Maximum } from "./climb";
import { precisionOf } from "./combination";
import { identify, type UnidentifiedVariance } from "./identify";
import { rememberFit } from "./internals";
import { type Criterion, marginalAt } from "./marginal";
import { maximise } from "./maximise";
import { type EffectsProblem, labeller, toKnown, withComponents } from "./meta-problem";
import type {
  MultilevelData,
  MultilevelFit,
  MultilevelOptions,
  MultilevelVariance,
} from "./multilevel-result";
import { betweenVariance, predictNext, unnamed } from "./predict-next";
import { toComponents } from "./random-terms";
import { checkLevel, combineChecked, reportCoefficients, searchWarnings } from "./reports";

/**
 * Fits a multilevel meta-analysis or meta-regression to effects whose sampling covariance is known.
 *
 * The model: effects = X b + Z u + e, e normal with the known covariance, the random effects u independent and normal with
 * one variance a term, or one for each level of the term's `by`. Groups may be nested or crossed; nested ones need labels
 * of their own (`school 1 of district 2`, not `1`). Standard errors take the variances as known; with few groups,
 * tests of `clusterRobust` are the safer choice.
 *
 * Variances are at least 0. Those that cannot be told from others are found before the search, left out and reported
 * (`unidentified`): only a sum is estimated where each group of one term is also one of another's. Deterministic.
 * Cost: an evaluation inverts the blocks of correlated effects and takes k^2 p steps; there are some hundreds.
 *
 * @throws UserError if an effect, variance or moderator is not a finite number, lengths differ, a label is missing, the
 * covariance is not symmetric and positive definite, columns of the design depend on each other, there are no more
 * effects than coefficients, an option or a field of the data is unknown, or variances depend on each other so that none can be left out.
 *
 * @example
 * const school = ["a", "a", "b", "b", "c", "c"];
 * const random = [{ name: "school", groups: school }];
 * const data = { effects: [1, 1, 2, 2, 6, 6], covariance: [1, 1, 1, 1, 1, 1], random };
 * const fit = fitMultilevelMeta(data);
 * fit.coefficients[0].estimate.toFixed(6); // => "3.000000"
 * fit.variances[0].variance.toFixed(6); // => "6.500000"
 */
export function fitMultilevelMeta(
  data: MultilevelData,
  options: MultilevelOptions = {},
): MultilevelFit {
  const { method, interval, level } = settle(options);
  checkOptionNames(data, ["effects", "covariance", "moderators", "labels", "random"]);
  const known = toKnown(data);
  const asked = toComponents(data.random, known.y.length, labeller(data));
  const { components, includes, unidentified } = identify(known, asked);
  const problem = withComponents(known, components);
  const { tau2, converged } = search(problem, method);
  const marginal = marginalAt(problem, tau2);
  const precision = precisionOf(problem, marginal, { interval, method, scale: 1 });
  const variances = describeVariances(problem, includes, tau2);
  const fit: MultilevelFit = {
    method,
    interval,
    level,
    effects: problem.y.length,
    variances,
    unidentified,
    ...reportCoefficients(data, precision, tau2, { criterion: method, level }),
    converged,
    warnings: listWarnings(unidentified, variances, converged),
    predict: (weights, { variances: anew } = {}) => {
      const found = combineChecked(precision, weights);
      if (!anew && data.random.some(({ by }) => by)) throw unnamed("variances", variances);
      return predictNext(found, betweenVariance("variance", variances, anew), level);
    },
  };
  rememberFit(fit, { precision, variances: tau2 });
  return fit;
}

function settle(options: MultilevelOptions): Required<MultilevelOptions> {
  checkOptionNames(options, ["method", "interval", "level"]);
  const { method = "REML", interval = "t", level = 0.95 } = options;
  checkChoice("method", method, ["REML", "ML"]);
  checkChoice("interval", interval, ["t", "z"]);
  checkLevel(level);
  return { method, interval, level };
}

function search(
  problem: EffectsProblem,
  criterion: Criterion,
): Pick<Maximum, "tau2" | "converged"> {
  const count = problem.components.length;
  if (count === 0) return { tau2: new Float64Array(0), converged: true };
  // Many components make for many climbs, of which few differ.
  return maximise(problem, criterion, count > 3 ? 3 : 1);
}

function describeVariances(
  { components, unit }: EffectsProblem,
  includes: readonly (readonly string[])[],
  tau2: Float64Array,
): MultilevelVariance[] {
  return components.map(({ name, sets }, at) => ({
    name,
    includes: includes[at]!,
    variance: tau2[at]! * unit ** 2,
    sd: Math.sqrt(tau2[at]!) * unit,
    isZero: tau2[at] === 0,
    groups: sets.length,
    effects: sets.reduce((sum, set) => sum + set.length, 0),
  }));
}

function listWarnings(
  unidentified: readonly UnidentifiedVariance[],
  variances: readonly MultilevelVariance[],
  converged: boolean,
): string[] {
  const warnings = unidentified.map(describeUnidentified);
  const zeros = variances.filter(({ isZero }) => isZero).map(({ name }) => `'${name}'`);
  if (zeros.length > 0) {
    warnings.push(
      `The likelihood is highest with ${zeros.length === 1 ? "a variance" : "variances"} of zero: ${zeros.join(", ")}.`,
    );
  }
  return warnings.concat(searchWarnings(converged));
}

function describeUnidentified({ name, reason, with: others }: UnidentifiedVariance): string {
  if (reason === "combined") {
    const listed = others.map((other) => `'${other}'`).join(", ");
    return `The variance of '${name}' cannot be told from ${others.length === 1 ? "that" : "those"} of ${listed}: only ${others.length === 1 ? "their sum is" : "its sums with each are"} estimated.`;
  }
  return reason === "one group"
    ? `The variance of '${name}' is taken as zero: there is one group only.`
    : `The variance of '${name}' is taken as zero: the coefficients take up all differences between its groups.`;
}
