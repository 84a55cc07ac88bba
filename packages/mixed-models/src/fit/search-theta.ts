import { factorise, invertFactored } from "../numerics/cholesky";
import { identity, joinDiagonally } from "../numerics/matrices";
import { type Minimum, minimise, NoValue } from "../numerics/minimise";
import { dot, sumOf, unitVector } from "../numerics/vectors";
import { onBoundary, thetaEntries } from "../objective/covariance-factor";
import type { GradeLink } from "../objective/grade-density";
import { countGaps, distancesOf, type GradeScale } from "../objective/grade-scale";
import { LATENT } from "../objective/latent";
import type { ModeSystem } from "../objective/mode-system";
import type { ModelData, NominalColumns } from "../objective/model-data";

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

/** Where the search for the threshold parameters begins, and how far a unit of gradient moves them. */
interface ThresholdStart {
  readonly values: Float64Array;
  /** Inverse Hessian of the deviance, row-major. */
  readonly inverseHessian: Float64Array;
}

/** Begins with the thresholds of a cumulative model without covariates and groups; other families have none. */
function startThresholds({ scale, nominal, y, weights }: ModelData): ThresholdStart {
  const none = { values: new Float64Array(0), inverseHessian: new Float64Array(0) };
  if (!scale || countGaps(scale) === 0) return none;
  const shares = new Float64Array(scale.grades);
  for (const [row, grade] of y.entries()) shares[grade]! += weights[row]!;
  const total = sumOf(shares);
  const cuts = cutAt(shares, total, scale.link);
  const plain = { ...scale, nominal: 0 };
  const found = {
    values: gapsOf(scale, cuts),
    inverseHessian: gapCovariance(plain, cuts, shares, total).map((value) => value / 2),
  };
  return nominal ? withSlopes(found, nominal, weights) : found;
}

// Slopes of zero. Without covariates and groups, the covariance of thresholds and slopes is the Kronecker product of that
// of the thresholds and the inverse of the mean cross-products of a constant and the nominal columns.
function withSlopes(
  { values, inverseHessian }: ThresholdStart,
  { places, patterns }: NominalColumns,
  weights: Float64Array,
): ThresholdStart {
  const width = places.length + 1;
  const gaps = values.length;
  const products = new Float64Array(width * width);
  for (const [row, pattern] of patterns.of.entries()) {
    const cell = (column: number) =>
      column === 0 ? 1 : patterns.values[pattern * (width - 1) + column - 1]!;
    for (let i = 0; i < width; i++) {
      for (let j = 0; j < width; j++) products[i * width + j]! += weights[row]! * cell(i) * cell(j);
    }
  }
  const total = products[0]!;
  const mean = products.map((value) => value / total);
  const inverse = factorise(mean, width) >= 0 ? identity(width) : invertFactored(mean, width);
  const size = gaps * width;
  return {
    values: Float64Array.from({ length: size }, (_, parameter) =>
      parameter % width ? 0 : values[parameter / width]!,
    ),
    inverseHessian: Float64Array.from({ length: size * size }, (_, cell) => {
      const [row, column] = [Math.floor(cell / size), cell % size];
      const gap = Math.floor(row / width) * gaps + Math.floor(column / width);
      return inverseHessian[gap]! * inverse[(row % width) * width + (column % width)]!;
    }),
  };
}

// The thresholds that give each grade its share.
function cutAt(shares: Float64Array, total: number, link: GradeLink): Float64Array {
  let below = 0;
  return Float64Array.from(shares.subarray(1), (_, grade) => {
    below += shares[grade]! / total;
    return LATENT[link].quantile(below);
  });
}

function gapsOf({ thresholds }: GradeScale, cuts: Float64Array): Float64Array {
  const last = cuts.length - 1;
  if (thresholds === "equidistant") return Float64Array.of((cuts[last]! - cuts[0]!) / last);
  return cuts.subarray(1).map((cut) => cut - cuts[0]!);
}

// From the information that the counts hold on the thresholds, with the first one free, too.
function gapCovariance(
  scale: GradeScale,
  cuts: Float64Array,
  shares: Float64Array,
  total: number,
): Float64Array {
  const size = countGaps(scale) + 1;
  const information = new Float64Array(size * size);
  const heights = cuts.map(LATENT[scale.link].density);
  const moves = Array.from({ length: size }, (_, parameter) => {
    if (parameter === 0) return heights;
    return distancesOf(scale, unitVector(size - 1, parameter - 1)).map(
      (distance, cut) => distance * heights[cut]!,
    );
  });
  for (let grade = 0; grade < scale.grades; grade++) {
    const change = moves.map((move) => (move[grade] ?? 0) - (move[grade - 1] ?? 0));
    const weight = (total * total) / shares[grade]!;
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        information[i * size + j]! += weight * change[i]! * change[j]!;
      }
    }
  }
  if (factorise(information, size) >= 0) return identity(size - 1);
  const inverse = invertFactored(information, size);
  return inverse.filter((_, cell) => cell >= size && cell % size > 0);
}
