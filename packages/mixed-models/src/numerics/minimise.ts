// A quasi-Newton minimiser: BFGS on the inverse Hessian (Nocedal and Wright 2006, algorithm 6.1) with a
// line search by interpolation that meets the Wolfe conditions (algorithm 3.5, simplified).
import { dot } from "./vectors";

/** A function to minimise: fills the gradient and returns the value; may throw where it has none. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

/** How a minimisation is run. */
interface MinimiseOptions {
  readonly start: Float64Array;
  /** The objective at the start, where it is known already. */
  readonly known?: { readonly value: number; readonly gradient: Float64Array };
  /** Inverse Hessian to begin with, row-major; how far a unit of gradient moves each parameter. */
  readonly inverseHessian: Float64Array;
  /** Stop when the expected improvement falls below this; 1e-14 by default. */
  readonly tolerance?: number;
  /** Give up after so many evaluations; 400 by default. */
  readonly mostEvaluations?: number;
}

/** Where a minimisation ended. */
export interface Minimum {
  readonly x: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
  /** The final approximation to the inverse Hessian. */
  readonly inverseHessian: Float64Array;
  readonly evaluations: number;
  readonly converged: boolean;
}

/** A minimum that is known already: the objective there, without a search. */
export function knownMinimum(
  objective: (x: Float64Array, gradient: Float64Array) => number,
  x: Float64Array,
  inverseHessian: Float64Array,
): Minimum {
  const gradient = new Float64Array(x.length);
  return {
    x,
    value: objective(x, gradient),
    gradient,
    inverseHessian,
    evaluations: 1,
    converged: true,
  };
}

interface Point {
  readonly x: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
}

const SUFFICIENT_DECREASE = 1e-4;
const CURVATURE = 0.9;

/** Minimises a smooth function from a start. */
export function minimise(objective: Objective, options: MinimiseOptions): Minimum {
  const { tolerance = 1e-14, mostEvaluations = 400 } = options;
  const size = options.start.length;
  const h = options.inverseHessian.slice();
  let evaluations = 0;
  const at = (x: Float64Array): Point => {
    evaluations++;
    const gradient = new Float64Array(size);
    return { x, value: objective(x, gradient), gradient };
  };
  let point = options.known ? { x: options.start, ...options.known } : at(options.start.slice());
  let failures = 0;
  for (;;) {
    const direction = descend(h, point.gradient);
    const slope = dot(direction, point.gradient);
    if (-slope < tolerance && !isDeceived(point)) return result(true);
    if (evaluations >= mostEvaluations) return result(false);
    if (-slope < tolerance) {
      if (failures++ > 0) return result(false);
      h.set(options.inverseHessian);
      continue;
    }
    const next = searchLine(at, point, direction, slope);
    if (!next) {
      // The model of the curvature has gone wrong, or rounding error is all that is left.
      if (failures++ > 0 || -slope < 1e-7) return result(-slope < 1e-7 && !isDeceived(point));
      h.set(options.inverseHessian);
      continue;
    }
    failures = 0;
    update(h, point, next);
    point = next;
  }

  // A curvature learnt from bad steps can promise that nothing is left to gain; the first one must agree.
  function isDeceived({ gradient }: Point): boolean {
    return (
      -dot(descend(options.inverseHessian, gradient), gradient) > Math.max(1e-3, 100 * tolerance)
    );
  }

  function result(converged: boolean): Minimum {
    return { ...point, inverseHessian: h, evaluations, converged };
  }
}

function descend(h: Float64Array, gradient: Float64Array): Float64Array {
  const size = gradient.length;
  const direction = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let sum = 0;
    for (let j = 0; j < size; j++) sum -= h[i * size + j]! * gradient[j]!;
    direction[i] = sum;
  }
  return direction;
}

function searchLine(
  at: (x: Float64Array) => Point,
  from: Point,
  direction: Float64Array,
  slope: number,
): Point | undefined {
  let step = 1;
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let best: Point | undefined;
  const slack = 1e-12 * Math.abs(from.value);
  for (let trial = 0; trial < 30; trial++) {
    const next = tryPoint(at, move(from.x, direction, step));
    const descends = next && next.value <= from.value + SUFFICIENT_DECREASE * step * slope + slack;
    if (!next || !descends) {
      high = step;
      step = next ? interpolate(from.value, slope, step, next.value, low) : (low + high) / 4;
      if (best && high - low < 0.2 * low) return best;
      continue;
    }
    const nextSlope = dot(next.gradient, direction);
    best = next;
    if (nextSlope >= CURVATURE * slope) return next;
    low = step;
    step = high === Number.POSITIVE_INFINITY ? 3 * step : (low + high) / 2;
    if (trial > 10) return next;
  }
  return best;
}

function tryPoint(at: (x: Float64Array) => Point, x: Float64Array): Point | undefined {
  try {
    const point = at(x);
    return Number.isFinite(point.value) && point.gradient.every(Number.isFinite)
      ? point
      : undefined;
  } catch (error) {
    if (error instanceof NoValue) return undefined;
    throw error;
  }
}

/** Thrown by an objective that has no value at a point; the search then turns back. */
export class NoValue extends RangeError {}

// The minimum of the parabola through the start, its slope and the failed trial, kept inside the bracket.
function interpolate(
  value: number,
  slope: number,
  step: number,
  tried: number,
  low: number,
): number {
  const parabola = (-slope * step * step) / (2 * (tried - value - slope * step));
  const margin = 0.1 * (step - low);
  return Math.min(Math.max(parabola, low + margin), step - margin);
}

function move(x: Float64Array, direction: Float64Array, step: number): Float64Array {
  return x.map((value, i) => value + step * direction[i]!);
}

function update(h: Float64Array, from: Point, to: Point): void {
  const size = from.x.length;
  const s = to.x.map((value, i) => value - from.x[i]!);
  const y = to.gradient.map((value, i) => value - from.gradient[i]!);
  const sy = dot(s, y);
  if (!(sy > 1e-12 * Math.sqrt(dot(s, s) * dot(y, y)))) return;
  const hy = descend(h, y).map((value) => -value);
  const scale = (1 + dot(y, hy) / sy) / sy;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const cross = hy[i]! * s[j]! + s[i]! * hy[j]!;
      h[i * size + j]! += scale * s[i]! * s[j]! - cross / sy;
    }
  }
}
