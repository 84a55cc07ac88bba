// Maximises the likelihood over variances that are not negative: Newton's steps on those that are not held at zero,
// with the observed information where it is positive definite and else the expected one (Fisher's scoring),
// projected back to zero and halved until the likelihood rises. Bertsekas 1982 (doi.org/10.1137/0320018) shows why
// only variances that are zero and would fall are held.
import { factorise, invertFactored } from "../numerics/cholesky";
import { matrixProduct, takeBlock } from "../numerics/matrices";
import { NoValue } from "../numerics/minimise";
import { dot } from "../numerics/vectors";
import {
  type Criterion,
  type Derivatives,
  derivatives,
  logLikelihood,
  type Marginal,
  marginalAt,
} from "./marginal";
import type { EffectsProblem } from "./meta-problem";

/** Where a search ended. */
export interface Maximum {
  /** One a component, in squared units of the problem. */
  readonly tau2: Float64Array;
  readonly logLik: number;
  readonly converged: boolean;
}

/** Variances with the model at them. */
export interface Point {
  readonly tau2: Float64Array;
  readonly logLik: number;
  readonly marginal: Marginal;
}

const MOST_STEPS = 200;
const SMALL_GAIN = 1e-20;
/** What rounding does to a log-likelihood, relative to its size. */
const ROUNDING = 1e-12;

/** The model at given variances. */
export function pointAt(problem: EffectsProblem, criterion: Criterion, tau2: Float64Array): Point {
  const marginal = marginalAt(problem, tau2);
  return { tau2, marginal, logLik: logLikelihood(problem, marginal, criterion) };
}

/**
 * Follows the likelihood upwards from a start.
 *
 * @param held number of the component whose variance stays where it is, or -1.
 * @param known a top: a climb that comes near it would end there, and stops.
 */
export function climb(
  problem: EffectsProblem,
  criterion: Criterion,
  start: Point,
  held: number,
  known?: Maximum,
): Maximum {
  let point = start;
  for (let step = 0; step < MOST_STEPS; step++) {
    if (known && isNear(point, known)) return known;
    const slopes = derivatives(problem, point.marginal, criterion);
    const free = problem.components
      .map((_, at) => at)
      .filter((at) => at !== held && (point.tau2[at]! > 0 || slopes.gradient[at]! > 0));
    const moves = listMoves(slopes, free);
    const gain = dot(slopes.gradient, moves[0]!);
    if (gain < SMALL_GAIN) return { ...point, converged: true };
    const next = firstRise(problem, criterion, point, moves, slopes.gradient);
    if (!next) return { ...point, converged: gain < 1e-7 };
    point = next;
  }
  return { ...point, converged: false };
}

// Within a hundredth; below a tenth of the mean sampling variance, within a thousandth of that.
function isNear(point: Point, { tau2 }: Maximum): boolean {
  return tau2.every(
    (value, at) => Math.abs(point.tau2[at]! - value) <= 0.01 * Math.max(value, 0.1),
  );
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
  const part = takeBlock(curvature, free);
  if (factorise(part, order) >= 0) return [];
  const slopes = Float64Array.from(free, (component) => gradient[component]!);
  const solved = matrixProduct(invertFactored(part, order), order, slopes);
  const move = new Float64Array(gradient.length);
  for (const [i, component] of free.entries()) move[component] = solved[i]!;
  return [move];
}

function firstRise(
  problem: EffectsProblem,
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
  problem: EffectsProblem,
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

/** What rounding does to a log-likelihood. */
export function rounding({ logLik }: Maximum | Point): number {
  return ROUNDING * (1 + Math.abs(logLik));
}
