// The chi-square distribution through the regularised incomplete gamma function: series and continued
// fraction as in Abramowitz and Stegun 6.5.29 and 6.5.31; the logarithm of the gamma function for halves of
// whole numbers in closed form.

/**
 * Probability that a chi-square variable exceeds a value.
 *
 * @param df degrees of freedom, a whole number.
 *
 * @example
 * chiSquareTail(0, 3); // => 1
 */
export function chiSquareTail(value: number, df: number): number {
  if (value <= 0) return 1;
  const shape = df / 2;
  const x = value / 2;
  return x < shape + 1 ? 1 - lowerSeries(shape, x) : upperFraction(shape, x);
}

function lowerSeries(shape: number, x: number): number {
  let term = 1 / shape;
  let sum = term;
  for (let k = 1; term > 1e-17 * sum; k++) {
    term *= x / (shape + k);
    sum += term;
  }
  return sum * Math.exp(shape * Math.log(x) - x - logGammaOfHalf(2 * shape));
}

// Lentz's method.
function upperFraction(shape: number, x: number): number {
  let b = x + 1 - shape;
  let c = 1e300;
  let d = 1 / b;
  let fraction = d;
  for (let k = 1; k < 1000; k++) {
    const a = -k * (k - shape);
    b += 2;
    d = 1 / (a * d + b);
    c = b + a / c;
    const factor = c * d;
    fraction *= factor;
    if (Math.abs(factor - 1) < 1e-16) break;
  }
  return fraction * Math.exp(shape * Math.log(x) - x - logGammaOfHalf(2 * shape));
}

/** Logarithm of the gamma function at half a whole number. */
function logGammaOfHalf(twice: number): number {
  let sum = twice % 2 === 0 ? 0 : Math.log(Math.PI) / 2;
  for (let k = twice % 2 === 0 ? 2 : 1; k < twice; k += 2) sum += Math.log(k / 2);
  return sum;
}
