import type { DegreesOfFreedom, MixedFit } from "../fit/result";
import { studentQuantile, studentTwoSided } from "../numerics/student-t";
import { limits } from "./linear-estimate";

/** Tests a fit's coefficients, with the standard errors that they have, by Student's t. */
export function testByStudent(fit: MixedFit, degreesOfFreedom: DegreesOfFreedom): MixedFit {
  const size = fit.coefficients.length;
  const coefficients = fit.coefficients.map((one, at) => {
    const unit = Float64Array.from({ length: size }, (_, place) => (place === at ? 1 : 0));
    const df = degreesOfFreedom.of(unit);
    const { lower, upper } = limits(one, studentQuantile(0.025, df));
    return { ...one, df, p: studentTwoSided(one.z, df), lower, upper };
  });
  return { ...fit, coefficients, degreesOfFreedom };
}

/** l'Vl, for weights l of which no more than `size` are read. */
export function quadraticForm(
  matrix: Float64Array,
  size: number,
  weights: ArrayLike<number>,
): number {
  let sum = 0;
  for (let i = 0; i < size; i++) {
    if (weights[i] === 0) continue;
    for (let j = 0; j < size; j++) sum += weights[i]! * weights[j]! * matrix[i * size + j]!;
  }
  return sum;
}
