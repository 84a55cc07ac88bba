// The Mills ratio of the standard normal distribution, upper tail over density, by the rational approximations of
// Cody 1969 (doi.org/10.1090/S0025-5718-1969-0247736-4) to the error function: a dozen operations, to 1e-15.

/** Below this a tail is taken from the centre of the distribution. */
const CENTRAL = 0.46875;
const FAR = 4;
const ROOT_PI = 1 / Math.sqrt(Math.PI);

// Numerators first, each pair from the highest power down.
const NEAR_ABOVE = Float64Array.of(
  1.85777706184603153e-1,
  3.1611237438705656,
  1.13864154151050156e2,
  3.77485237685302021e2,
  3.20937758913846947e3,
);
const NEAR_BELOW = Float64Array.of(
  1,
  2.36012909523441209e1,
  2.44024637934444173e2,
  1.28261652607737228e3,
  2.84423683343917062e3,
);
const MIDDLE_ABOVE = Float64Array.of(
  2.15311535474403846e-8,
  5.64188496988670089e-1,
  8.88314979438837594,
  6.61191906371416295e1,
  2.98635138197400131e2,
  8.8195222124176909e2,
  1.71204761263407058e3,
  2.05107837782607147e3,
  1.23033935479799725e3,
);
const MIDDLE_BELOW = Float64Array.of(
  1,
  1.57449261107098347e1,
  1.17693950891312499e2,
  5.37181101862009858e2,
  1.62138957456669019e3,
  3.29079923573345963e3,
  4.36261909014324716e3,
  3.43936767414372164e3,
  1.23033935480374942e3,
);
const FAR_ABOVE = Float64Array.of(
  1.63153871373020978e-2,
  3.05326634961232344e-1,
  3.60344899949804439e-1,
  1.25781726111229246e-1,
  1.60837851487422766e-2,
  6.58749161529837803e-4,
);
const FAR_BELOW = Float64Array.of(
  1,
  2.56852019228982242,
  1.87295284992346725,
  5.27905102951428412e-1,
  6.05183413124413191e-2,
  2.33520497626869185e-3,
);

/**
 * Upper tail over density of the standard normal distribution.
 *
 * @param z zero or above; infinite gives 0.
 *
 * @example
 * millsRatio(0).toFixed(6); // => "1.253314"
 */
export function millsRatio(z: number): number {
  const x = z * Math.SQRT1_2;
  return x * x > Number.MAX_VALUE ? 0 : Math.sqrt(Math.PI / 2) * scaledTail(x);
}

// exp(x^2) erfc(x).
function scaledTail(x: number): number {
  const square = x * x;
  if (x <= CENTRAL) {
    const area = (x * horner(NEAR_ABOVE, square)) / horner(NEAR_BELOW, square);
    return Math.exp(square) * (1 - area);
  }
  if (x <= FAR) return horner(MIDDLE_ABOVE, x) / horner(MIDDLE_BELOW, x);
  const inverse = 1 / square;
  const rest = (inverse * horner(FAR_ABOVE, inverse)) / horner(FAR_BELOW, inverse);
  return (ROOT_PI - rest) / x;
}

function horner(coefficients: Float64Array, x: number): number {
  let sum = 0;
  for (let at = 0; at < coefficients.length; at++) sum = sum * x + coefficients[at]!;
  return sum;
}
