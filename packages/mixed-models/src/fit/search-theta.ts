import { joinDiagonally } from "../numerics/matrices";
import { type Minimum, minimise, NoValue } from "../numerics/minimise";
import { dot } from "../numerics/vectors";
import { onBoundary, thetaEntries } from "../objective/covariance-factor";
import type { ModeSystem } from "../objective/mode-system";
import type { ModelData } from "../objective/model-data";
import { startThresholds, type ThresholdStart } from "./start-thresholds";

// Diagonal entries of the relative covariance factors start at 1, the others at 0.
function startTheta(data: ModelData): Float64Array {
  return Float64Array.from(thetaEntries(data.groups), ({ row, column }) =>
    row === column ? 1 : 0,
  );
}

function isScalar({ groups }: ModelData): boolean {
  return groups.every(({ columns }) => columns === 1);
}

/** A deviance as the search for theta reads it, after an evaluation with its gradient. */
interface ThetaObjective {
  readonly trace: readonly Float64Array[];
  readonly residualVariance: number;
  readonly system: Pick<ModeSystem, "modesOf">;
}

type Evaluate = (outer: Float64Array, gradient: Float64Array) => number;

const EM_STEPS = 2;

// Steps of the EM algorithm for scalar effects: where their levels are well determined, these go most of the way, and the
// search begins where its objective is near a parabola. Of other models, `startTheta`.
function approachTheta(
  data: ModelData,
  evaluate: Evaluate,
  objective: ThetaObjective,
  thresholds: Float64Array,
): Float64Array {
  const theta = startTheta(data);
  if (!isScalar(data)) return theta;
  for (let step = 0; step < EM_STEPS; step++) {
    const outer = Float64Array.of(...theta, ...thresholds);
    try {
      evaluate(outer, new Float64Array(outer.length));
    } catch (error) {
      if (error instanceof NoValue) return startTheta(data);
      throw error;
    }
    for (const [group, { levels }] of data.groups.entries()) {
      const modes = objective.system.modesOf(group);
      const squares = dot(modes, modes);
      const old = theta[group]!;
      const variances = levels - old * objective.trace[group]![0]!;
      theta[group] = old * Math.sqrt((squares / objective.residualVariance + variances) / levels);
    }
  }
  return theta;
}

// Near the optimum the deviance bends by about four for each level that the data determine when an entry moves by one; how
// many those are, the trace of the system's inverse says. Models that begin further off, without `approachTheta`, bend less.
function startCurvature(
  data: ModelData,
  trace: readonly Float64Array[],
  thresholds: ThresholdStart,
): Float64Array {
  const bend = isScalar(data) ? 4 : 2;
  const counts = data.groups.flatMap(({ entries, levels, columns }, which) =>
    entries.map(({ column }) => {
      const determined = trace[which]![column * columns + column]!;
      return Math.max(determined ** 2 / levels, 0.5);
    }),
  );
  const ofTheta = new Float64Array(counts.length ** 2);
  for (const [entry, count] of counts.entries()) {
    ofTheta[entry * (counts.length + 1)] = 1 / (bend * count);
  }
  return joinDiagonally(ofTheta, thresholds.inverseHessian);
}

/**
 * Searches for theta and the threshold parameters, in one vector. A search that ends on the boundary may have missed a
 * better optimum inside: it tries from there too.
 *
 * @param approach evaluates the objective where the search is still far off, where it need not be as exact.
 */
export function searchTheta(
  data: ModelData,
  objective: ThetaObjective,
  tolerance: number,
  evaluate: Evaluate,
  approach = evaluate,
): Minimum {
  const thresholds = startThresholds(data);
  const theta = approachTheta(data, approach, objective, thresholds.values);
  const begin = findStart(evaluate, theta, thresholds.values);
  const inverseHessian = startCurvature(data, objective.trace, thresholds);
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
function findStart(evaluate: Evaluate, theta: Float64Array, thresholds: Float64Array) {
  for (let shrink = 1; ; shrink /= 8) {
    const outer = Float64Array.of(...theta.map((value) => value * shrink), ...thresholds);
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
