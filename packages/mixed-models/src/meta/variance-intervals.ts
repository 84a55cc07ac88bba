// Intervals of the standard deviations between true effects: by Q's profile for one group of independent effects
// (as metafor's confint.rma.uni), and otherwise by the profile likelihood, with all other variances at their best
// (as confint.rma.mv).
import { findRoot } from "../numerics/find-root";
import { upperQuantile } from "../numerics/normal";
import type { Maximum } from "./climb";
import type { Criterion } from "./marginal";
import { maximiseOthers } from "./maximise";
import type { MetaProblem } from "./meta-problem";
import { qProfile } from "./moments";

/** The interval of one variance, in squared units of the problem; null where no value agrees with the data. */
export interface VarianceInterval {
  readonly by: "Q-profile" | "profile likelihood";
  readonly lower: number | null;
  readonly upper: number | null;
}

/** Finds the interval of every group's variance. */
export function varianceIntervals(
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
