// The regularised incomplete beta function by its continued fraction (Abramowitz and Stegun 26.5.8), with Lentz's
// method; the logarithm of the gamma function by Stirling's series (ibid. 6.1.41) after a shift to large arguments.

/**
 * Probability that a beta variable lies below a value.
 *
 * @param x from 0 to 1.
 * @param rest 1 - x, given by itself so that an x near 1 keeps its digits.
 * @param a first shape, above 0.
 * @param b second shape, above 0.
 *
 * @example
 * betaBelow(0.25, 0.75, 1, 1).toFixed(12); // => "0.250000000000"
 */
export function betaBelow(x: number, rest: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (rest <= 0) return 1;
  const front = Math.exp(a * logOf(x, rest) + b * logOf(rest, x) - logBeta(a, b));
  return x < (a + 1) / (a + b + 2)
    ? (front * fraction(x, a, b)) / a
    : 1 - (front * fraction(rest, b, a)) / b;
}

function logOf(part: number, rest: number): number {
  return part > 0.5 ? Math.log1p(-rest) : Math.log(part);
}

function fraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / guard(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m < 100_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / guard(1 + even * d);
    c = guard(1 + even / c);
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / guard(1 + odd * d);
    c = guard(1 + odd / c);
    value *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return value;
}

function guard(value: number): number {
  return Math.abs(value) < 1e-300 ? 1e-300 : value;
}

/**
 * Logarithm of the beta function.
 *
 * For large shapes the leading terms of Stirling's formula are taken together, where their difference would
 * otherwise lose its digits.
 *
 * @example
 * logBeta(1, 1).toFixed(12); // => "0.000000000000"
 */
export function logBeta(a: number, b: number): number {
  const [small, large] = a < b ? [a, b] : [b, a];
  if (large < SHIFT) return logGamma(a) + logGamma(b) - logGamma(a + b);
  const sum = a + b;
  return (
    logGamma(small) +
    small -
    small * Math.log(sum) -
    (large - 0.5) * Math.log1p(small / large) +
    remainder(large) -
    remainder(sum)
  );
}

const SHIFT = 15;

function logGamma(x: number): number {
  let product = 1;
  let at = x;
  while (at < SHIFT) product *= at++;
  return (
    (at - 0.5) * Math.log(at) - at + Math.log(2 * Math.PI) / 2 + remainder(at) - Math.log(product)
  );
}

// What Stirling's formula leaves: good to 1e-17 from 15 on.
function remainder(x: number): number {
  const square = x * x;
  return (
    (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) /
    x
  );
}
