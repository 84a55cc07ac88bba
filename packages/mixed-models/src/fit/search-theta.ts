import { type Minimum, minimise, NoValue } from "../numerics/minimise";
import { onBoundary, thetaEntries } from "../objective/covariance-factor";
import type { ModelData } from "../objective/model-data";
import { type OwnStart, startOwn } from "./start-own";

/** Diagonal entries of the relative covariance factors start at 1, the others at 0. */
export function startTheta(data: ModelData): Float64Array {
  return Float64Array.from(thetaEntries(data.groups), ({ row, column }) =>
    row === column ? 1 : 0,
  );
}

// The deviance bends by about two for each level that the data determine when an entry moves by one; how
// many those are, the trace of the system's inverse says.
function startCurvature(
  data: ModelData,
  trace: readonly Float64Array[],
  own: OwnStart,
): Float64Array {
  const counts = data.groups.flatMap(({ entries, levels, columns }, which) =>
    entries.map(({ column }) => {
      const determined = trace[which]![column * columns + column]!;
      return Math.max(determined ** 2 / levels, 0.5);
    }),
  );
  const owns = own.values.length;
  const size = counts.length + owns;
  const matrix = new Float64Array(size * size);
  for (const [at, count] of counts.entries()) matrix[at * size + at] = 1 / (2 * count);
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
  tolerance?: number,
  theta = startTheta(data),
): Minimum {
  const own = startOwn(data);
  const begin = findStart(evaluate, theta, own.values);
  const inverseHessian = startCurvature(data, objective.trace, own);
  const options = { inverseHessian, ...(tolerance ? { tolerance } : {}) };
  let best = minimise(evaluate, { ...options, start: begin.outer, known: begin });
  for (const next of data.groups.some(({ columns }) => columns > 1) ? otherStarts(data) : []) {
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
