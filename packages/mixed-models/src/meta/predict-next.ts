// Where the next true effect lies: the estimate's variance and that of the random effects which are drawn anew. Riley, Higgins and
// Deeks 2011 (doi.org/10.1136/bmj.d549).
import { UserError } from "kit";
import { studentQuantile } from "../numerics/student-t";
import type { Combination } from "./combination";
import { toEstimate } from "./reports";
import type { GroupWeights, MetaPrediction } from "./result";

/** A variance of true effects, by its name. */
interface NamedVariance {
  readonly name: string;
  readonly variance: number;
}

/** An estimate with the interval of the next true effect. */
export function predictNext(found: Combination, between: number, level: number): MetaPrediction {
  const own = toEstimate(found, level);
  const reach = studentQuantile((1 - level) / 2, found.df) * Math.sqrt(found.variance + between);
  return { ...own, predictionLower: own.estimate - reach, predictionUpper: own.estimate + reach };
}

/**
 * Sums variances with squared weights; all with a weight of one where none are given.
 *
 * @param kind of what bears the names, such as `group`.
 * @throws UserError if a weight is not a finite number, or names none of them.
 */
export function betweenVariance(
  kind: string,
  variances: readonly NamedVariance[],
  weights?: GroupWeights,
): number {
  const names = variances.map(({ name }) => name);
  for (const [name, weight] of Object.entries(weights ?? {})) {
    if (names.includes(name) && Number.isFinite(weight)) continue;
    throw new UserError(
      `the weight of ${kind} '${name}' is ${weight}; give finite numbers for ${kind}s among: ${names.join(", ")}`,
    );
  }
  const weightOf = (name: string) => (weights ? (weights[name] ?? 0) : 1);
  return variances.reduce((sum, { name, variance }) => sum + weightOf(name) ** 2 * variance, 0);
}

/** Says that the next unit could be of several. */
export function unnamed(kinds: string, variances: readonly NamedVariance[]): UserError {
  const names = variances.map(({ name }) => name);
  return new UserError(
    `name the ${kinds} that the next unit is of, such as { "${names[0]}": 1 }; there are: ${names.join(", ")}`,
  );
}
