// Maximises the likelihood over variances that are not negative: Newton's steps on those that are not held at zero,
// with the observed information where it is positive definite and else the expected one (Fisher's scoring),
// projected back to zero and halved until the likelihood rises. Bertsekas 1982 (doi.org/10.1137/0320018) shows why
// only variances that are zero and would fall are held.
import { factorise, invertFactored } from "../mixed/numerics/cholesky";
import { NoValue } from "../mixed/numerics/minimise";
import {
  type Criterion,
  type Derivatives,
  derivatives,
  logLikelihood,
  type Marginal,
  marginalAt,
} from "./marginal";
import type { MetaProblem } from "./meta-problem";

/** Where a search ended. */
export interface Maximum {
  /** One a group, in squared units of the problem. */
  readonly tau2: Float64Array;
  readonly logLik: number;
  readonly converged: boolean;
}

interface Point {
  readonly tau2: Float64Array;
  readonly logLik: number;
  readonly marginal: Marginal;
}

const MOST_STEPS = 200;
const SMALL_GAIN = 1e-20;
/** What rounding does to a log-likelihood, relative to its size. */
const ROUNDING = 1e-12;
const POLISHED = 4;
const LEVELS = [0, 0.01, 0.1, 0.3, 1, 3, 10, 100];

/**
 * Finds the highest maximum of the likelihood: the best of a grid of starts are followed to their tops.
 *
 * Deterministic. Cost: about fifty evaluations and ten more for every group.
 */
export function maximise(problem: MetaProblem, criterion: Criterion): Maximum {
  const starts = listStarts(problem)
    .map((tau2) => pointAt(problem, criterion, tau2))
    .sort((a, b) => b.logLik - a.logLik)
    .slice(0, POLISHED);
  const tops = starts.map((start) => climb(problem, criterion, start, -1));
  return tops.reduce((best, top) => (top.logLik > best.logLik + rounding(best) ? top : best));
}

/** Follows the likelihood upwards from a start, with one group's variance held where it is. */
export function maximiseOthers(
  problem: MetaProblem,
  criterion: Criterion,
  start: Float64Array,
  held: number,
): Maximum {
  return climb(problem, criterion, pointAt(problem, criterion, start), held);
}

// All groups at one level, and every group in turn at each level with the others at their sampling variance.
function listStarts({ y, groups }: MetaProblem): Float64Array[] {
  const count = groups.length;
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length;
  const spread = y.reduce((sum, value) => sum + (value - mean) ** 2, 0) / y.length;
  const levels = [...LEVELS, ...LEVELS.map((level) => level * spread)];
  const common = levels.map((level) => new Float64Array(count).fill(level));
  if (count === 1) return common;
  const apart = groups.flatMap((_, at) =>
    [0, spread].map((level) => new Float64Array(count).fill(1).fill(level, at, at + 1)),
  );
  return [...common, ...apart];
}

function pointAt(problem: MetaProblem, criterion: Criterion, tau2: Float64Array): Point {
  const marginal = marginalAt(problem, tau2);
  return { tau2, marginal, logLik: logLikelihood(problem, marginal, criterion) };
}

function climb(problem: MetaProblem, criterion: Criterion, start: Point, held: number): Maximum {
  let point = start;
  for (let step = 0; step < MOST_STEPS; step++) {
    const slopes = derivatives(problem, point.marginal, criterion);
    const free = problem.groups
      .map((_, at) => at)
      .filter((at) => at !== held && (point.tau2[at]! > 0 || slopes.gradient[at]! > 0));
    const moves = listMoves(slopes, free);
    const gain = promisedGain(slopes.gradient, moves[0]!);
    if (gain < SMALL_GAIN) return { ...point, converged: true };
    const next = firstRise(problem, criterion, point, moves, slopes.gradient);
    if (!next) return { ...point, converged: gain < 1e-7 };
    point = next;
  }
  return { ...point, converged: false };
}

// In order of preference; the last, along the gradient in the curvature's scale, rises if short enough.
function listMoves(slopes: Derivatives, free: readonly number[]): Float64Array[] {
  const { gradient, observed, expected } = slopes;
  const count = gradient.length;
  const cautious = new Float64Array(count);
  for (const at of free) cautious[at] = gradient[at]! / expected[at * count + at]!;
  const newton = [observed, expected].flatMap((curvature) => solveFree(curvature, gradient, free));
  return [...newton, cautious];
}

function solveFree(
  curvature: Float64Array,
  gradient: Float64Array,
  free: readonly number[],
): Float64Array[] {
  const order = free.length;
  const count = gradient.length;
  const part = new Float64Array(order * order);
  for (const [i, row] of free.entries()) {
    for (const [j, column] of free.entries())
      part[i * order + j] = curvature[row * count + column]!;
  }
  if (factorise(part, order) >= 0) return [];
  const inverse = invertFactored(part, order);
  const move = new Float64Array(count);
  for (const [i, row] of free.entries()) {
    for (const [j, column] of free.entries())
      move[row]! += inverse[i * order + j]! * gradient[column]!;
  }
  return [move];
}

function promisedGain(gradient: Float64Array, move: Float64Array): number {
  return gradient.reduce((sum, slope, at) => sum + slope * move[at]!, 0);
}

function firstRise(
  problem: MetaProblem,
  criterion: Criterion,
  from: Point,
  moves: readonly Float64Array[],
  gradient: Float64Array,
): Point | undefined {
  for (const move of moves) {
    for (let length = 1; length > 1e-6; length /= 3) {
      const tau2 = from.tau2.map((value, at) => Math.max(0, value + length * move[at]!));
      const rise = tau2.reduce(
        (sum, value, at) => sum + gradient[at]! * (value - from.tau2[at]!),
        0,
      );
      if (!(rise > 0)) continue;
      const next = tryPoint(problem, criterion, tau2);
      // Close to the top, differences of the likelihood are rounding error, and the step is to be trusted.
      if (next && next.logLik - from.logLik >= 1e-4 * rise - rounding(from)) return next;
    }
  }
  return undefined;
}

function tryPoint(
  problem: MetaProblem,
  criterion: Criterion,
  tau2: Float64Array,
): Point | undefined {
  try {
    const point = pointAt(problem, criterion, tau2);
    return Number.isFinite(point.logLik) ? point : undefined;
  } catch (error) {
    if (error instanceof NoValue) return undefined;
    throw error;
  }
}

function rounding({ logLik }: Maximum | Point): number {
  return ROUNDING * (1 + Math.abs(logLik));
}
