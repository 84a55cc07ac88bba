// Random-effects meta-analysis and meta-regression with a known sampling covariance: effects ~ normal(X b, V + T),
// T diagonal with one variance a group. Estimates by generalised least squares at the estimated variances; Knapp and
// Hartung 2003 (doi.org/10.1002/sim.1482) for the scaled standard errors. Checked against metafor's rma.uni and rma.mv.
import { checkChoice } from "kit";
import { upperQuantile } from "../numerics/normal";
import { studentQuantile } from "../numerics/student-t";
import { precisionOf } from "./combination";
import { criterionOf, estimateVariances } from "./estimate-variances";
import { describeHeterogeneity } from "./heterogeneity";
import { rememberFit } from "./internals";
import { marginalAt } from "./marginal";
import type { MetaData, MetaInterval, MetaMethod, MetaOptions } from "./meta-data";
import { type MetaProblem, toProblem } from "./meta-problem";
import { residualDf } from "./moments";
import { betweenVariance, predictNext, unnamed } from "./predict-next";
import { checkLevel, combineChecked, reportCoefficients, searchWarnings } from "./reports";
import type { MetaFit } from "./result";

/**
 * Fits a random-effects meta-analysis or meta-regression to effects whose sampling covariance is known.
 *
 * The model: effects = X b + u + e, e normal with the known covariance, u independent normal with one variance a group.
 * Intervals: `hartung-knapp` scales the coefficients' covariance by the weighted mean square of the residuals,
 * r'W r / (k - p), and takes t with k - p degrees of freedom; `satterthwaite` takes t with 2 var^2 / Var(var) degrees of
 * freedom, Var(var) by the delta method from the expected restricted information of the variances, at least 1 and at most k - p; `t`
 * takes t with k - p, `z` the normal distribution.
 *
 * Deterministic. Cost: an evaluation inverts the blocks of correlated effects and takes k^2 p steps; there are about a
 * hundred, and as many more for each group's interval.
 *
 * @throws UserError if an effect, variance, moderator or weight is not a finite number, lengths differ, the covariance
 * is not positive definite, columns of the design depend on each other, there are no more effects than coefficients, or
 * a group's variance cannot be estimated, as with one effect only.
 *
 * @example
 * const fit = fitMeta({ effects: [1, 3], covariance: [1, 1] }, { method: "FE" });
 * fit.coefficients[0].estimate.toFixed(6); // => "2.000000"
 */
export function fitMeta(data: MetaData, options: MetaOptions = {}): MetaFit {
  const problem = toProblem(data);
  const settings = settle(problem, options);
  const { method, interval, level, tauIntervals } = settings;
  const { tau2, converged } = estimateVariances(problem, method);
  const marginal = marginalAt(problem, tau2);
  const scale = scaleOf(marginal.squares / residualDf(problem), settings);
  const precision = precisionOf(problem, marginal, { interval, method, scale });
  const heterogeneity = describeHeterogeneity(problem, method, tau2, tauIntervals ? level : null);
  const fit: MetaFit = {
    method,
    interval,
    level,
    effects: problem.y.length,
    scale,
    heterogeneity,
    ...reportCoefficients(data, precision, tau2, { criterion: criterionOf(method), level }),
    converged,
    warnings: listWarnings(problem, settings, scale, converged),
    predict: (weights, { groups } = {}) => {
      const found = combineChecked(precision, weights);
      const named = heterogeneity.map(({ group, tau2 }) => ({ name: group, variance: tau2 }));
      if (!groups && named.length > 1) throw unnamed("groups", named);
      return predictNext(found, betweenVariance("group", named, groups), level);
    },
  };
  rememberFit(fit, { precision, variances: tau2 });
  return fit;
}

type Settings = Required<MetaOptions>;

const METHODS: readonly MetaMethod[] = ["REML", "ML", "FE", "DL", "PM"];
const INTERVALS: readonly MetaInterval[] = ["hartung-knapp", "satterthwaite", "t", "z"];

function settle({ groups }: MetaProblem, options: MetaOptions): Settings {
  const { method = "REML", level = 0.95, truncated = false, tauIntervals = true } = options;
  const estimated = groups.length > 1 ? "satterthwaite" : "hartung-knapp";
  const { interval = method === "FE" ? "z" : estimated } = options;
  checkChoice("method", method, METHODS);
  checkChoice("interval", interval, INTERVALS);
  checkLevel(level);
  return { method, interval, level, truncated, tauIntervals };
}

// What is left of effects that lie exactly on the fitted values, in units of their sampling variance.
const ROUNDING = 1e-20;

function scaleOf(meanSquare: number, { interval, truncated }: Settings): number {
  if (interval !== "hartung-knapp") return 1;
  if (meanSquare < ROUNDING) return truncated ? 1 : 0;
  return truncated ? Math.max(1, meanSquare) : meanSquare;
}

function listWarnings(
  problem: MetaProblem,
  { interval, level }: Settings,
  scale: number,
  converged: boolean,
): string[] {
  const warnings = searchWarnings(converged);
  const tail = (1 - level) / 2;
  const widening = studentQuantile(tail, residualDf(problem)) / upperQuantile(tail);
  if (interval === "hartung-knapp" && Math.sqrt(scale) * widening < 1) {
    warnings.push(
      `Hartung-Knapp's factor is ${scale.toPrecision(2)}, which makes its intervals narrower than those of the normal distribution; the truncated factor keeps them from that.`,
    );
  }
  return warnings;
}
