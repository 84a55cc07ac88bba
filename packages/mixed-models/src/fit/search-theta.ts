import { type Minimum, minimise, NoValue } from "../numerics/minimise";
import { onBoundary, thetaEntries } from "../objective/covariance-factor";
import type { ModeSystem } from "../objective/mode-system";
import type { ModelData } from "../objective/model-data";
import { type OwnStart, startOwn } from "./start-own";

/** Diagonal entries of the relative covariance factors start at 1, the others at 0. */
export function startTheta(data: ModelData): Float64Array {
  return Float64Array.from(thetaEntries(data.groups), ({ row, column }) =>
    row === column ? 1 : 0,
  );
}

function isScalar({ groups }: ModelData): boolean {
  return groups.every(({ columns }) => columns === 1);
}

/** What the approach to theta reads of an objective after an evaluation with its gradient. */
interface Approached {
  readonly trace: readonly Float64Array[];
  readonly residualVariance: number;
  readonly outerCount: number;
  readonly system: Pick<ModeSystem, "modesOf">;
}

const EM_STEPS = 2;

/**
 * Steps of the EM algorithm for scalar effects: where their levels are well determined, these go most of the way, and the
 * search begins where its objective is near a parabola. Of other models, `startTheta`.
 */
export function approachTheta(
  data: ModelData,
  evaluate: (outer: Float64Array, gradient: Float64Array) => number,
  objective: Approached,
): Float64Array {
  const theta = startTheta(data);
  if (!isScalar(data)) return theta;
  const own = startOwn(data).values;
  for (let step = 0; step < EM_STEPS; step++) {
    try {
      evaluate(Float64Array.of(...theta, ...own), new Float64Array(objective.outerCount));
    } catch (error) {
      if (error instanceof NoValue) return startTheta(data);
      throw error;
    }
    for (const [at, { levels }] of data.groups.entries()) {
      const modes = objective.system.modesOf(at);
      const squares = modes.reduce((sum, value) => sum + value * value, 0);
      const old = theta[at]!;
      const spread = levels - old * objective.trace[at]![0]!;
      theta[at] = old * Math.sqrt((squares / objective.residualVariance + spread) / levels);
    }
  }
  return theta;
}

// Near the optimum the deviance bends by about four for each level that the data determine when an entry moves by one; how
// many those are, the trace of the system's inverse says. Models that begin further off, without `approachTheta`, bend less.
function startCurvature(
  data: ModelData,
  trace: readonly Float64Array[],
  own: OwnStart,
): Float64Array {
  const bend = isScalar(data) ? 4 : 2;
  const counts = data.groups.flatMap(({ entries, levels, columns }, which) =>
    entries.map(({ column }) => {
      const determined = trace[which]![column * columns + column]!;
      return Math.max(determined ** 2 / levels, 0.5);
    }),
  );
  const owns = own.values.length;
  const size = counts.length + owns;
  const matrix = new Float64Array(size * size);
  for (const [at, count] of counts.entries()) matrix[at * size + at] = 1 / (bend * count);
  for (const [at, value] of own.inverseHessian.entries()) {
    const row = counts.length + Math.floor(at / owns);
    matrix[row * size + counts.length + (at % owns)] = value;
  }
  return matrix;
}

/**
 * Searches for theta and the response's own parameters, in one vector. A search that ends on the boundary may have
 * missed a better optimum inside: it tries from there too.
 */
export function searchTheta(
  data: ModelData,
  evaluate: (outer: Float64Array, gradient: Float64Array) => number,
  objective: { readonly trace: readonly Float64Array[] },
  tolerance: number,
  theta: Float64Array,
): Minimum {
  const own = startOwn(data);
  const begin = findStart(evaluate, theta, own.values);
  const inverseHessian = startCurvature(data, objective.trace, own);
  const options = { inverseHessian, tolerance };
  let best = minimise(evaluate, { ...options, start: begin.outer, known: begin });
  for (const next of isScalar(data) ? [] : otherStarts(data)) {
    if (!onBoundary(data.groups, best.x).includes(true)) break;
    const start = Float64Array.of(...next, ...best.x.subarray(next.length));
    const other = minimise(evaluate, { ...options, start });
    if (other.value < best.value - 1e-9) best = other;
  }
  return best;
}

// Variances that are far too large may leave the likelihood without a value: smaller ones then.
function findStart(
  evaluate: (outer: Float64Array, gradient: Float64Array) => number,
  start: Float64Array,
  own: Float64Array,
) {
  for (let shrink = 1; ; shrink /= 8) {
    const outer = Float64Array.of(...start.map((value) => value * shrink), ...own);
    try {
      const gradient = new Float64Array(outer.length);
      const value = evaluate(outer, gradient);
      if (Number.isFinite(value)) return { outer, value, gradient };
      if (shrink < 1e-3) throw new NoValue("it is not finite");
    } catch (error) {
      if (!(error instanceof NoValue) || shrink < 1e-3) throw error;
    }
  }
}

function otherStarts(data: ModelData): Float64Array[] {
  const entries = thetaEntries(data.groups);
  return [0.2, -0.2].map((off) =>
    Float64Array.from(entries, ({ row, column }) => (row === column ? 0.3 : off)),
  );
}
