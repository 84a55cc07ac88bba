// How far true effects differ: tau squared with its standard error and interval, and I squared, tau^2 / (tau^2 + s^2),
// with the "typical" sampling variance s^2 = (k - p) / tr(P) of Higgins and Thompson 2002 (doi.org/10.1002/sim.1186),
// P at tau = 0. For several groups s^2 = (k_g - 1) / (the trace of P over the group), as metafor's documentation takes
// it. Under FE, I squared is the share of Q that exceeds its degrees of freedom.
import { factorise, invertFactored } from "../numerics/cholesky";
import { findRoot } from "../numerics/find-root";
import { upperQuantile } from "../numerics/normal";
import type { Maximum } from "./climb";
import { criterionOf } from "./estimate-variances";
import type { Criterion } from "./marginal";
import { derivatives, type Marginal, marginalAt, projection } from "./marginal";
import { maximiseOthers } from "./maximise";
import type { MetaMethod } from "./meta-data";
import type { MetaProblem } from "./meta-problem";
import { qProfile, residualDf } from "./moments";
import type { MetaHeterogeneity } from "./result";

/**
 * Describes every group, in the unit of the effects.
 *
 * @param level coverage of the intervals of tau; null for none.
 */
export function describeHeterogeneity(
  problem: MetaProblem,
  method: MetaMethod,
  tau2: Float64Array,
  level: number | null,
): MetaHeterogeneity[] {
  const { groups, groupOf, unit } = problem;
  const none = marginalAt(problem, new Float64Array(groups.length));
  const typical = typicalVariances(problem, none);
  const errors = varianceErrors(problem, method, tau2);
  const intervals =
    method === "FE" || level === null
      ? []
      : varianceIntervals(problem, criterionOf(method), tau2, level);
  return groups.map((group, at) => {
    const variance = tau2[at]!;
    const { by, lower, upper } = intervals[at] ?? { by: null, lower: null, upper: null };
    return {
      group,
      effects: groupOf.filter((one) => one === at).length,
      tau2: variance * unit ** 2,
      tau: Math.sqrt(variance) * unit,
      tau2Se: errors ? errors[at]! * unit ** 2 : null,
      tauLower: lower === null ? null : Math.sqrt(lower) * unit,
      tauUpper: upper === null ? null : Math.sqrt(upper) * unit,
      tauInterval: by,
      i2:
        method === "FE" ? excessShare(problem, none) : (100 * variance) / (variance + typical[at]!),
    };
  });
}

function typicalVariances(problem: MetaProblem, none: Marginal): number[] {
  const { groups, groupOf } = problem;
  const size = groupOf.length;
  const p = projection(problem, none);
  return groups.map((_, group) => {
    let [count, trace] = [0, 0];
    for (let row = 0; row < size; row++) {
      if (groupOf[row] !== group) continue;
      count++;
      trace += p[row * size + row]!;
    }
    return (groups.length === 1 ? residualDf(problem) : count - 1) / trace;
  });
}

function excessShare(problem: MetaProblem, { squares }: Marginal): number | null {
  if (problem.groups.length > 1) return null;
  return squares === 0 ? 0 : Math.max(0, (100 * (squares - residualDf(problem))) / squares);
}

function varianceErrors(
  problem: MetaProblem,
  method: MetaMethod,
  tau2: Float64Array,
): number[] | null {
  if (method !== "REML" && method !== "ML") return null;
  const count = problem.groups.length;
  const { expected } = derivatives(problem, marginalAt(problem, tau2), method);
  factorise(expected, count);
  const inverse = invertFactored(expected, count);
  return problem.groups.map((_, at) => Math.sqrt(inverse[at * count + at]!));
}

/** The interval of one variance, in squared units of the problem; null where no value agrees with the data. */
interface VarianceInterval {
  readonly by: "Q-profile" | "profile likelihood";
  readonly lower: number | null;
  readonly upper: number | null;
}

/**
 * Finds the interval of every group's variance: by Q's profile for one group of independent effects (as metafor's confint.rma.uni),
 * and otherwise by the profile likelihood, with all other variances at their best (as confint.rma.mv).
 */
function varianceIntervals(
  problem: MetaProblem,
  criterion: Criterion,
  tau2: Float64Array,
  level: number,
): VarianceInterval[] {
  const isIndependent = problem.blocks.every((block) => block.length === 1);
  if (problem.groups.length === 1 && isIndependent) {
    const { lower, upper } = qProfile(problem, level) ?? { lower: null, upper: null };
    return [{ by: "Q-profile", lower, upper }];
  }
  const best = maximiseOthers(problem, criterion, tau2, -1);
  return problem.groups.map((_, group) => ({
    by: "profile likelihood",
    ...profileInterval(problem, criterion, best, group, level),
  }));
}

function profileInterval(
  problem: MetaProblem,
  criterion: Criterion,
  best: Maximum,
  group: number,
  level: number,
) {
  const allowed = upperQuantile((1 - level) / 2) ** 2 / 2;
  const estimate = best.tau2[group]!;
  // The others begin where the last evaluation left them.
  let last = best.tau2;
  const fall = (value: number) => {
    const start = last.slice();
    start[group] = value;
    const { tau2, logLik } = maximiseOthers(problem, criterion, start, group);
    last = tau2;
    return best.logLik - logLik - allowed;
  };
  const lower = estimate === 0 || fall(0) <= 0 ? 0 : findRoot(fall, 0, estimate);
  let high = Math.max(4 * estimate, 1);
  while (fall(high) < 0) high *= 4;
  return { lower, upper: findRoot(fall, estimate, high) };
}
