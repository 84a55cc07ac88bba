import { UserError } from "kit";
import type { Maximum } from "./climb";
import { type Criterion, marginalAt, projection } from "./marginal";
import { maximise } from "./maximise";
import type { MetaMethod } from "./meta-data";
import type { MetaProblem } from "./meta-problem";
import { derSimonianLaird, pauleMandel } from "./moments";

/** The likelihood that a method maximises, or that is reported beside its estimate. */
export function criterionOf(method: MetaMethod): Criterion {
  return method === "REML" ? "REML" : "ML";
}

/**
 * Estimates the variances of the groups, in squared units of the problem.
 *
 * @throws UserError if a group's variance cannot be told from the data, or the method is for one group only.
 */
export function estimateVariances(
  problem: MetaProblem,
  method: MetaMethod,
): Pick<Maximum, "tau2" | "converged"> {
  if (method === "FE") return { tau2: new Float64Array(problem.groups.length), converged: true };
  requireIdentified(problem);
  if (method === "REML" || method === "ML") return maximise(problem, method);
  if (problem.groups.length > 1) {
    throw new UserError(
      `method ${method} estimates one variance, and there are ${problem.groups.length} groups; use REML or ML`,
    );
  }
  const tau2 = method === "DL" ? derSimonianLaird(problem) : pauleMandel(problem);
  return { tau2: Float64Array.of(tau2), converged: true };
}

/** A group's variance weighs in by its block of P; this share of its weight is nothing but rounding. */
const NOTHING = 1e-8;

function requireIdentified(problem: MetaProblem): void {
  const { groups, groupOf } = problem;
  const at = marginalAt(
    problem,
    groups.map(() => 1),
  );
  const p = projection(problem, at);
  for (const [number, group] of groups.entries()) {
    const members = [...groupOf.keys()].filter((row) => groupOf[row] === number);
    const cells = members.map((row) => row * groupOf.length + row);
    const left = cells.reduce((sum, cell) => sum + p[cell]!, 0);
    const all = cells.reduce((sum, cell) => sum + at.weight[cell]!, 0);
    if (members.length > 1 && left > NOTHING * all) continue;
    const why =
      members.length > 1
        ? `${members.length} effects and as many coefficients of its own`
        : "one effect only";
    throw new UserError(
      `group '${group}' has ${why}, from which its variance cannot be estimated; join it to another group, or use method FE`,
    );
  }
}
