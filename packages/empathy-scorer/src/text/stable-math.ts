// Exponential and logarithm from +, -, *, / alone. Math.exp and Math.log may differ in the last bit between
// JavaScript engines; trained weights must not. Method: argument reduction and series, as in fdlibm.

const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const floats = new Float64Array(1);
const words = new Uint32Array(floats.buffer);

/** e to the power of x, the same bits on every engine; relative error below 1e-15. */
export function stableExp(x: number): number {
  if (x > 700) return stableExp(700);
  if (x < -700) return 0;
  const k = Math.round(x * Math.LOG2E);
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  const square = r * r;
  const c =
    r -
    square *
      (0.16666666666666602 +
        square *
          (-0.0027777777777015593 +
            square *
              (0.00006613756321437934 +
                square * (-0.0000016533902205465252 + square * 4.1381367970572385e-8))));
  return (1 + (r * c) / (2 - c) + r) * powerOfTwo(k);
}

/** Natural logarithm of a positive, normal x, the same bits on every engine. */
export function stableLog(x: number): number {
  floats[0] = x;
  let high = words[1] as number;
  let k = (high >>> 20) - 1023;
  high = (high & 0x000fffff) | 0x3ff00000;
  words[1] = high;
  let mantissa = floats[0] as number;
  if (mantissa > Math.SQRT2) {
    mantissa /= 2;
    k++;
  }
  const s = (mantissa - 1) / (mantissa + 1);
  const square = s * s;
  let sum = 0;
  for (let odd = 21; odd >= 1; odd -= 2) sum = sum * square + 1 / odd;
  return 2 * s * sum + k * LN2_LOW + k * LN2_HIGH;
}

/** The logistic function: a probability from log-odds. */
export function sigmoid(x: number): number {
  return x >= 0 ? 1 / (1 + stableExp(-x)) : stableExp(x) / (1 + stableExp(x));
}

/** Log-odds of a probability, which is first kept within 1e-6 of 0 and 1. */
export function logit(probability: number): number {
  const p = Math.min(Math.max(probability, 1e-6), 1 - 1e-6);
  return stableLog(p / (1 - p));
}

/** Turns three log-weights into three probabilities that sum to 1. */
export function softmax3(a: number, b: number, c: number): [number, number, number] {
  const top = Math.max(a, b, c);
  const x = stableExp(a - top);
  const y = stableExp(b - top);
  const z = stableExp(c - top);
  const sum = x + y + z;
  return [x / sum, y / sum, z / sum];
}

function powerOfTwo(k: number): number {
  words[0] = 0;
  words[1] = (k + 1023) << 20;
  return floats[0] as number;
}
