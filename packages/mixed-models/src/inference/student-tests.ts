import type { DegreesOfFreedom, MixedFit } from "../fit/result";
import { studentQuantile, studentTwoSided } from "../numerics/student-t";
import { unitVector } from "../numerics/vectors";
import { limits } from "./linear-estimate";

/** Tests a fit's coefficients, with the standard errors that they have, by Student's t. */
export function testByStudent(fit: MixedFit, degreesOfFreedom: DegreesOfFreedom): MixedFit {
  const size = fit.coefficients.length;
  const coefficients = fit.coefficients.map((one, at) => {
    const df = degreesOfFreedom.of(unitVector(size, at));
    const { lower, upper } = limits(one, studentQuantile(0.025, df));
    return { ...one, df, p: studentTwoSided(one.z, df), lower, upper };
  });
  return { ...fit, coefficients, degreesOfFreedom };
}
