import type { FitContext } from "../fit/fit-context";
import { factorise, invertFactored } from "../numerics/cholesky";
import { eigenpairs } from "../numerics/eigenvectors";
import { matrixProduct, transpose } from "../numerics/matrices";
import { refuseMemory } from "../numerics/memory";
import { dot, sumOf } from "../numerics/vectors";
import { largestGroup } from "../objective/eliminate-levels";
import type { ModelData } from "../objective/model-data";
import { StandardUnits } from "../objective/standard-units";
import { type DirectionSums, sumDirections } from "./variance-directions";

/** Covariance matrices in the table's units, p x p, and how well the variances are known. */
export interface Adjusted {
  /** Given the variances. */
  readonly given: Float64Array;
  /** With what their being estimated adds. */
  readonly covariance: Float64Array;
  /** For each direction of the rows' covariance matrix minus the derivative of `given`. */
  readonly slopes: readonly Float64Array[];
  /** Covariance matrix of the directions' sizes. */
  readonly directionCovariance: readonly (readonly number[])[];
}

/**
 * Computes Kenward and Roger's covariance matrix of the fixed effects.
 *
 * @param variance of the residuals.
 * @throws UserError if the products need more memory than the fit was allowed.
 */
export function adjustCovariance({ data, start, options }: FitContext, variance: number): Adjusted {
  refuseLarge(data, options.memory);
  const units = new StandardUnits(data);
  const sums = sumDirections(units.data, start.theta);
  const size = data.fixedColumns;
  const factor = sums.information.slice();
  factorise(factor, size);
  const given = invertFactored(factor, size);
  const slopes = sums.first.map((one) => sandwich(given, one, size));
  const directionCovariance = invertInformation(sums, given, slopes);
  const added = new Float64Array(size * size);
  for (const [i, row] of directionCovariance.entries()) {
    for (const [j, weight] of row.entries()) {
      const taken = matrixProduct(matrixProduct(sums.first[i]!, size, given), size, sums.first[j]!);
      for (let at = 0; at < added.length; at++) {
        added[at]! += weight * (sums.second[i]![j]![at]! - taken[at]!);
      }
    }
  }
  const growth = sandwich(given, added, size);
  const inUnits = (matrix: Float64Array) =>
    units.covariance(matrix).map((value) => value * variance);
  return {
    given: inUnits(given),
    covariance: inUnits(given.map((value, at) => value + 2 * growth[at]!)),
    slopes: slopes.map(inUnits),
    directionCovariance,
  };
}

// The dense block of the smaller factors is held about eight times, the products with X once.
function refuseLarge({ groups, fixedColumns }: ModelData, memory?: number): void {
  const sizes = groups.map(({ levels, columns }) => levels * columns);
  const effects = sumOf(sizes);
  const small = effects - sizes[largestGroup(groups)]!;
  refuseMemory(
    8 * (small + fixedColumns) ** 2 + effects * fixedColumns,
    `Kenward and Roger's products of ${effects.toLocaleString("en-US")} random effects`,
    "use Satterthwaite's degrees of freedom, or allow more memory",
    memory,
  );
}

function sandwich(outer: Float64Array, inner: Float64Array, size: number): Float64Array {
  const product = matrixProduct(matrixProduct(outer, size, inner), size, outer);
  const turned = transpose(product, size);
  return product.map((value, at) => (value + turned[at]!) / 2);
}

// Twice the inverse of the expected information of the restricted likelihood.
function invertInformation(
  { traces, first, second }: DirectionSums,
  given: Float64Array,
  slopes: readonly Float64Array[],
): number[][] {
  const information = traces.map((row, i) =>
    row.map((trace, j) => {
      return trace - 2 * dot(given, second[i]![j]!) + dot(slopes[i]!, first[j]!);
    }),
  );
  return pseudoInverse(information).map((row) => row.map((value) => 2 * value));
}

// Directions that the data cannot tell apart are left out.
function pseudoInverse(matrix: readonly (readonly number[])[]): number[][] {
  const scales = matrix.map((row, at) => 1 / Math.sqrt(row[at]!));
  const scaled = matrix.map((row, i) => row.map((value, j) => value * scales[i]! * scales[j]!));
  const inverse = matrix.map((row) => row.map(() => 0));
  for (const { value, vector } of eigenpairs(scaled)) {
    if (value < FLAT) continue;
    for (const [i, row] of inverse.entries()) {
      for (const j of row.keys()) {
        row[j]! += (vector[i]! * vector[j]! * scales[i]! * scales[j]!) / value;
      }
    }
  }
  return inverse;
}

/** Information in a direction, with all directions' own at 1, below which it is none. */
const FLAT = 1e-10;
