import { factorise, invertFactored } from "../numerics/cholesky";
import { identity } from "../numerics/matrices";
import { sumOf, unitVector } from "../numerics/vectors";
import type { GradeLink } from "../objective/grade-density";
import { countGaps, distancesOf, type GradeScale } from "../objective/grade-scale";
import { LATENT } from "../objective/latent";
import type { ModelData, NominalColumns } from "../objective/model-data";

/** Where the search for the threshold parameters begins, and how far a unit of gradient moves them. */
export interface ThresholdStart {
  readonly values: Float64Array;
  /** Inverse Hessian of the deviance, row-major. */
  readonly inverseHessian: Float64Array;
}

/** Begins with the thresholds of a cumulative model without covariates and groups; other families have none. */
export function startThresholds({ scale, nominal, y, weights }: ModelData): ThresholdStart {
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
    const cell = (at: number) => (at === 0 ? 1 : patterns.values[pattern * (width - 1) + at - 1]!);
    for (let i = 0; i < width; i++) {
      for (let j = 0; j < width; j++) products[i * width + j]! += weights[row]! * cell(i) * cell(j);
    }
  }
  const total = products[0]!;
  const mean = products.map((value) => value / total);
  const inverse = factorise(mean, width) >= 0 ? identity(width) : invertFactored(mean, width);
  const size = gaps * width;
  return {
    values: Float64Array.from({ length: size }, (_, at) => (at % width ? 0 : values[at / width]!)),
    inverseHessian: Float64Array.from({ length: size * size }, (_, at) => {
      const [row, column] = [Math.floor(at / size), at % size];
      const gap = Math.floor(row / width) * gaps + Math.floor(column / width);
      return inverseHessian[gap]! * inverse[(row % width) * width + (column % width)]!;
    }),
  };
}

// The thresholds that give each grade its share.
function cutAt(shares: Float64Array, total: number, link: GradeLink): Float64Array {
  let below = 0;
  return Float64Array.from(shares.subarray(1), (_, at) => {
    below += shares[at]! / total;
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
  const moves = Array.from({ length: size }, (_, at) => {
    if (at === 0) return heights;
    return distancesOf(scale, unitVector(size - 1, at - 1)).map(
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
  return inverse.filter((_, at) => at >= size && at % size > 0);
}
