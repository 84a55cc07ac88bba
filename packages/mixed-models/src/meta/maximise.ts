// Maximises the likelihood over variances that are not negative: Newton's steps on those that are not held at zero,
// with the observed information where it is positive definite and else the expected one (Fisher's scoring),
// projected back to zero and halved until the likelihood rises. Bertsekas 1982 (doi.org/10.1137/0320018) shows why
// only variances that are zero and would fall are held.
import { largest } from "kit";
import { factorise, invertFactored } from "../numerics/cholesky";
import { NoValue } from "../numerics/minimise";
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
const LEVELS = 8;

/**
 * Finds the highest maximum of the likelihood: the best of a grid of starts are followed to their tops, and from the
 * highest top each group's variance is moved to each level of the grid in turn, until no move leads higher.
 *
 * Deterministic. Cost: about fifty evaluations for every group.
 */
export function maximise(problem: MetaProblem, criterion: Criterion): Maximum {
  const levels = listLevels(problem);
  const starts = listStarts(problem, levels)
    .map((tau2) => pointAt(problem, criterion, tau2))
    .sort((a, b) => b.logLik - a.logLik)
    .slice(0, POLISHED);
  let best = highest(starts.map((start) => climb(problem, criterion, start, -1)));
  if (problem.groups.length === 1) return best;
  for (;;) {
    const moved = problem.groups.flatMap((_, at) =>
      levels.map((level) => pointAt(problem, criterion, best.tau2.with(at, level))),
    );
    const next = highest([best, ...moved.map((start) => climb(problem, criterion, start, -1))]);
    if (next === best) return best;
    best = next;
  }
}

function highest(tops: readonly Maximum[]): Maximum {
  return tops.reduce((best, top) => (top.logLik > best.logLik + 1e3 * rounding(best) ? top : best));
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

// Zero, and even steps of the logarithm from below the least sampling variance to above the spread of the effects.
function listLevels({ y, v }: MetaProblem): number[] {
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length;
  const spread = y.reduce((sum, value) => sum + (value - mean) ** 2, 0) / y.length;
  const variances = y.map((_, at) => v[at * y.length + at]!);
  const low = Math.log(-largest(variances.map((one) => -one)) / 10);
  const high = Math.log(10 * Math.max(spread, largest(variances)));
  const steps = Array.from({ length: LEVELS }, (_, at) => low + ((high - low) * at) / (LEVELS - 1));
  return [0, ...steps.map(Math.exp)];
}

// All groups at one level; for one group, two more levels between each two.
function listStarts({ groups }: MetaProblem, levels: readonly number[]): Float64Array[] {
  const count = groups.length;
  const between = levels.slice(1, -1).flatMap((level, at) => {
    const step = levels[at + 2]! / level;
    return [level * step ** (1 / 3), level * step ** (2 / 3)];
  });
  const all = count === 1 ? [...levels, ...between] : levels;
  return all.map((level) => new Float64Array(count).fill(level));
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
