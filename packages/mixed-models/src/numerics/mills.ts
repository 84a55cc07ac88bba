// The Mills ratio of the standard normal distribution, upper tail over density, by the rational approximations of
// Cody 1969 (doi.org/10.1090/S0025-5718-1969-0247736-4) to the error function: a dozen operations, to 1e-15.

/** Below this a tail is taken from the centre of the distribution. */
const CENTRAL = 0.46875;
const FAR = 4;
const ROOT_PI = 1 / Math.sqrt(Math.PI);

// Numerators first, each pair from the highest power down.
const NEAR_ABOVE = Float64Array.of(
  0.18577770618460315,
  3.1611237438705655,
  113.86415415105016,
  377.485237685302,
  3209.3775891384694,
);
const NEAR_BELOW = Float64Array.of(
  1,
  23.601290952344122,
  244.02463793444417,
  1282.6165260773723,
  2844.236833439171,
);
const MIDDLE_ABOVE = Float64Array.of(
  2.1531153547440383e-8,
  0.5641884969886701,
  8.883149794388377,
  66.11919063714163,
  298.6351381974001,
  881.952221241769,
  1712.0476126340707,
  2051.0783778260716,
  1230.3393547979972,
);
const MIDDLE_BELOW = Float64Array.of(
  1,
  15.744926110709835,
  117.6939508913125,
  537.1811018620099,
  1621.3895745666903,
  3290.7992357334597,
  4362.619090143247,
  3439.3676741437216,
  1230.3393548037495,
);
const FAR_ABOVE = Float64Array.of(
  0.016315387137302097,
  0.30532663496123236,
  0.36034489994980445,
  0.12578172611122926,
  0.016083785148742275,
  0.0006587491615298378,
);
const FAR_BELOW = Float64Array.of(
  1,
  2.568520192289822,
  1.8729528499234673,
  0.5279051029514285,
  0.06051834131244132,
  0.0023352049762686918,
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
