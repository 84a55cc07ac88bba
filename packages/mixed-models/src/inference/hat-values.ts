// What each row adds to its own fitted value, fixed and random effects together, given the variances: Demidenko and Stukel 2005
// (doi.org/10.1002/sim.1974), as lme4's `hatvalues`.
import { UserError } from "kit";
import { contextOf } from "../fit/fit-context";
import type { MixedFit } from "../fit/result";
import { quadraticForm } from "../numerics/matrices";
import { settledSystem } from "./settled-system";

/**
 * Computes each row's leverage.
 *
 * Cost: a pass over the rows for each fixed effect.
 *
 * @returns one value for each row of the fit; they sum to the effective number of fixed and random effects.
 * @throws UserError for a cumulative fit, whose grades have no fitted value of that kind.
 */
export function hatValues(fit: MixedFit): Float64Array {
  if (fit.family === "cumulative") {
    throw new UserError("hat values are for the gaussian and binomial families");
  }
  const { system } = settledSystem(contextOf(fit));
  const { rows, fixed, patterns, w, blocks } = system;
  system.newtonStep(true);
  const covariance = system.fixedCovariance();
  system.newtonStep(false);
  const { leverage } = system.inverseSums();
  // Each column of the fixed effects less what the random effects take of it.
  const left = Array.from({ length: fixed }, (_, j) => {
    const column = Float64Array.from(patterns.of, (own) => patterns.values[own * fixed + j]!);
    const weighted = column.map((value, row) => value * w[row]!);
    system.solve(weighted, false);
    const taken = new Float64Array(rows);
    system.gradientSums(weighted, false, taken);
    return column.map((value, row) => value - taken[row]!);
  });
  const hat = new Float64Array(rows);
  const own = new Float64Array(fixed);
  for (const [place, row] of blocks.order.entries()) {
    for (let j = 0; j < fixed; j++) own[j] = left[j]![place]!;
    hat[row] = w[place]! * (leverage[place]! + quadraticForm(covariance, fixed, own));
  }
  return hat;
}
