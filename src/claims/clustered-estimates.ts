// Estimates whose errors are sums of one influence value a dialogue (Liang and Zeger 1986, doi.org/10.1093/biomet/73.1.13):
// whatever is combined from them, its variance and covariance follow from the same values.
import { factorise } from "mixed-models";
import { remember } from "./remember";

/** A vector of estimates, and how much each dialogue moves each of them. */
export interface ClusteredEstimates {
  /** NaN where there is none. */
  readonly values: Float64Array;
  /** For each estimate one value a dialogue; an estimate without a value has none. */
  readonly influences: readonly (Float64Array | undefined)[];
  /** Variance of each that no dialogue shows, such as that of a share of 0 or 1. */
  readonly beside: Float64Array;
}

/** How much some entries of several vectors weigh in a combination of them. */
export type WeightedEntries = readonly {
  readonly of: ClusteredEstimates;
  readonly entry: number;
  readonly weight: number;
}[];

/** Combined estimates with their covariance. */
export interface CombinedEstimates {
  readonly values: readonly number[];
  /** One row an estimate; computed when it is asked for. */
  readonly covariance: readonly (readonly number[])[];
  /** The variance of a weighted sum of the estimates, without the whole covariance. */
  varianceOf(weights: readonly number[]): number;
}

/** Combines entries linearly; entries of all vectors must have a value, and influences of the same dialogues. */
export function combineClustered(combinations: readonly WeightedEntries[]): CombinedEstimates {
  const covariance = remember(() => covarianceOf(combinations));
  return {
    values: combinations.map((one) =>
      one.reduce((sum, { of, entry, weight }) => sum + weight * (of.values[entry] as number), 0),
    ),
    get covariance() {
      return covariance();
    },
    varianceOf(weights) {
      const sum = combinations.flatMap((one, at) =>
        one.map(({ of, entry, weight }) => ({
          of,
          entry,
          weight: weight * (weights[at] as number),
        })),
      );
      const influence = combineInfluences(sum);
      return dot(influence, influence) + besideOf(sum, sum);
    },
  };
}

function covarianceOf(combinations: readonly WeightedEntries[]): number[][] {
  const influences = combinations.map(combineInfluences);
  const covariance = combinations.map((one, i) =>
    combinations
      .slice(0, i + 1)
      .map((other, j) => dot(influences[i], influences[j]) + besideOf(one, other)),
  );
  for (const [i, row] of covariance.entries()) {
    for (let j = i + 1; j < covariance.length; j++) row.push(covariance[j]?.[i] as number);
  }
  return covariance;
}

/**
 * A square root of a covariance: influence values, one row an estimate, whose products are its cells.
 *
 * @param covariance size x size, row-major.
 * @returns the rows of the lower Cholesky factor.
 * @throws RangeError if it is not positive definite.
 */
export function squareRoot(covariance: Float64Array, size: number): Float64Array[] {
  const factor = covariance.slice();
  if (factorise(factor, size) >= 0) {
    throw new RangeError("squareRoot: the covariance is not positive definite");
  }
  return Array.from({ length: size }, (_, i) => {
    const row = new Float64Array(size);
    row.set(factor.subarray(i * size, i * size + i + 1));
    return row;
  });
}

function combineInfluences(entries: WeightedEntries): Float64Array | undefined {
  let sum: Float64Array | undefined;
  for (const { of, entry, weight } of entries) {
    const own = of.influences[entry];
    if (!own) continue;
    sum ??= new Float64Array(own.length);
    for (let at = 0; at < own.length; at++) {
      sum[at] = (sum[at] as number) + weight * (own[at] as number);
    }
  }
  return sum;
}

function dot(one: Float64Array | undefined, other: Float64Array | undefined): number {
  if (!one || !other) return 0;
  let sum = 0;
  for (let at = 0; at < one.length; at++) sum += (one[at] as number) * (other[at] as number);
  return sum;
}

function besideOf(one: WeightedEntries, other: WeightedEntries): number {
  let sum = 0;
  for (const a of one) {
    for (const b of other) {
      if (a.of !== b.of || a.entry !== b.entry) continue;
      sum += a.weight * b.weight * (a.of.beside[a.entry] as number);
    }
  }
  return sum;
}
