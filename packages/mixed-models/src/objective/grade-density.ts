// The density of one grade in a cumulative link model: F(a) - F(b) with a and b the distances of the thresholds
// above and below the grade from the linear predictor (McCullagh 1980, doi.org/10.1111/j.2517-6161.1980.tb01109.x),
// its logarithm and derivatives in forms that keep their digits in the tails. docs/mixed-models.md, "Grades".
import { millsRatio } from "../numerics/mills";

/**
 * The distribution of the latent variable: logistic, standard normal, or that of the smallest (`cloglog`) or the largest
 * (`loglog`) of many values, F(x) = 1 - exp(-exp(x)) or exp(-exp(-x)).
 */
export type GradeLink = "logit" | "probit" | "cloglog" | "loglog";

/** A grade's log-density and its derivatives, at one row. */
export interface GradeDensity {
  /** Logarithm of F(a) - F(b). */
  log: number;
  /** Its derivatives in a and in b; in the linear predictor it is minus their sum. */
  above: number;
  below: number;
  /** How its derivative in the linear predictor grows with a and with b; their sum is the row's weight. */
  crossAbove: number;
  crossBelow: number;
  /** The weight's derivatives in a and in b; in the linear predictor it is minus their sum. */
  slopeAbove: number;
  slopeBelow: number;
}

/** Fills in a grade's density, where a > b; the lowest grade's b and the highest one's a are infinite. */
export type FillDensity = (a: number, b: number, into: GradeDensity) => void;

/** Makes room for one row. */
export function makeDensity(): GradeDensity {
  return {
    log: 0,
    above: 0,
    below: 0,
    crossAbove: 0,
    crossBelow: 0,
    slopeAbove: 0,
    slopeBelow: 0,
  };
}

/** The density of each link. */
export const FILL_DENSITY: Readonly<Record<GradeLink, FillDensity>> = {
  logit: fillLogit,
  probit: fillProbit,
  cloglog: fillCloglog,
  loglog: fillLoglog,
};

/**
 * The logistic density: F(a) - F(b) = F(a) (1 - F(b)) (1 - exp(b - a)), two binary responses and a factor that the
 * linear predictor does not move.
 */
function fillLogit(a: number, b: number, into: GradeDensity): void {
  const smallA = Math.exp(-Math.abs(a));
  const smallB = Math.exp(-Math.abs(b));
  const shareA = 1 / (1 + smallA);
  const shareB = 1 / (1 + smallB);
  const apart = -Math.expm1(b - a); // 1 - exp(b - a)
  const gap = (1 - apart) / apart;
  into.log = Math.min(a, 0) - Math.max(b, 0) + Math.log(apart / ((1 + smallA) * (1 + smallB)));
  into.above = (a >= 0 ? smallA * shareA : shareA) + gap;
  into.below = -(b >= 0 ? shareB : smallB * shareB) - gap;
  into.crossAbove = smallA * shareA * shareA;
  into.crossBelow = smallB * shareB * shareB;
  into.slopeAbove = into.crossAbove * Math.sign(-a) * (1 - smallA) * shareA;
  into.slopeBelow = into.crossBelow * Math.sign(-b) * (1 - smallB) * shareB;
}

/** Logarithm of 1 - exp(-gap). */
export function logGap(gap: number): number {
  return gap > Math.LN2 ? Math.log1p(-Math.exp(-gap)) : Math.log(-Math.expm1(-gap));
}

const LOG_ROOT = Math.log(2 * Math.PI) / 2;
/** Stands for infinity where it is multiplied by a density of zero. */
const FAR = 1e9;

// The normal density is the same seen from the other side, so b is the nearer end: in the tail all is relative to
// the density there.
function fillProbit(a: number, b: number, into: GradeDensity): void {
  if (a + b >= 0) {
    fillNear(Math.min(a, FAR), Math.max(b, -FAR), into);
    return;
  }
  fillNear(Math.min(-b, FAR), Math.max(-a, -FAR), into);
  turnRound(into);
}

// The smallest of many values, seen from the other side, is the largest.
function fillLoglog(a: number, b: number, into: GradeDensity): void {
  fillCloglog(-b, -a, into);
  turnRound(into);
}

/**
 * F(a) - F(b) = exp(-s) (1 - exp(-d)) with s = exp(b) and d = exp(a) - s. All derivatives are made of s, t = exp(a),
 * q = 1 / (exp(d) - 1) and the two parts of d in which q d and its rest differ from 1.
 */
function fillCloglog(a: number, b: number, into: GradeDensity): void {
  const s = Math.exp(b);
  const t = Math.exp(a);
  const d = s === 0 ? t : s * Math.expm1(a - b);
  const q = d > 700 ? 0 : 1 / Math.expm1(d);
  // t q, where t may be infinite and q zero.
  const tq = q === 0 ? 0 : t * q;
  const sq = s * q;
  const rest = 1 + q;
  const low = d < 0.01 ? d / 2 - (d * d) / 12 + d ** 4 / 720 : 1 - (q === 0 ? 0 : q * d); // 1 - q d
  const high = q === 0 ? 0 : d - low; // d (1 + q) - 1; of no weight where q is zero
  into.log = -s + logGap(d);
  into.above = tq;
  into.below = -s * rest;
  into.crossAbove = tq * high;
  into.crossBelow = s * rest * low;
  into.slopeAbove =
    q === 0 ? 0 : tq * (high * (1 - t * rest) + t * (1 - q * high) + s * rest * (high - low));
  into.slopeBelow = tq * s * (rest * high - 1 + q * high) + s * rest * (low + sq * (low - high));
}

function turnRound(into: GradeDensity): void {
  const { above, crossAbove, slopeAbove } = into;
  into.above = -into.below;
  into.below = -above;
  into.crossAbove = into.crossBelow;
  into.crossBelow = crossAbove;
  into.slopeAbove = -into.slopeBelow;
  into.slopeBelow = -slopeAbove;
}

// Here |b| <= a; f and g are the densities at a and b over the probability between them.
function fillNear(a: number, b: number, into: GradeDensity): void {
  const ratio = Math.exp(((b - a) * (b + a)) / 2);
  const isTail = b >= 0;
  const density = isTail ? 1 : Math.exp((-b * b) / 2 - LOG_ROOT);
  const probability = isTail
    ? millsRatio(b) - ratio * millsRatio(a)
    : 1 - density * (millsRatio(-b) + ratio * millsRatio(a));
  const g = density / probability;
  const f = ratio * g;
  const difference = g * Math.expm1(((b - a) * (b + a)) / 2);
  const change = (a - b) * f + b * difference; // a f - b g
  into.log = Math.log(probability) - (isTail ? (b * b) / 2 + LOG_ROOT : 0);
  into.above = f;
  into.below = -g;
  into.crossAbove = f * (a + difference);
  into.crossBelow = -g * (b + difference);
  into.slopeAbove = f * (1 - a * a - change - 2 * difference * (a + difference));
  into.slopeBelow = g * (b * b - 1 + change + 2 * difference * (b + difference));
}
