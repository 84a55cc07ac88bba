import { matrixProduct, transpose } from "../numerics/matrices";
import { type EliminatedModel, eliminateLevels, relativeInverse } from "./eliminate-levels";
import type { ModelData } from "./model-data";

/** Products with the inverse of S = W^-1 + Z Lambda Lambda'Z', the rows' covariance matrix in units of the residual variance. */
export interface MarginalProducts {
  /** X'S^-1 X, fixed x fixed. */
  readonly information: Float64Array;
  /** For each group where its columns begin in `fixed` and `rowOf`. */
  readonly places: readonly number[];
  /** Z'S^-1 X, effects x fixed. */
  readonly fixed: Float64Array;
  /** A row of Z'S^-1 Z; made when it is asked for, since the whole may be large. */
  rowOf(effect: number): Float64Array;
}

/**
 * Prepares products with S^-1. Cost: a pass over the rows with the squares of their columns, and the cube of the number of
 * effects of all grouping factors but the largest.
 */
export function marginalProducts(data: ModelData, theta: ArrayLike<number>): MarginalProducts {
  const model = eliminateLevels(data, theta);
  const dense = finishDense(model, data);
  const { small, big } = model;
  const { levels, columns: width } = data.groups[big]!;
  const turned = transpose(dense.left, small);
  const couplings = couplingsOf(model);
  const rowOf = (effect: number) => {
    const row = new Float64Array(small + levels * width);
    if (effect < small) {
      row.set(dense.own.subarray(effect * small, (effect + 1) * small));
      addBig(row, couplings, turned.subarray(effect * small, (effect + 1) * small), 1);
      return row;
    }
    const { start, column, value } = couplings;
    const through = new Float64Array(small);
    for (let entry = start[effect - small]!; entry < start[effect - small + 1]!; entry++) {
      const from = column[entry]! * small;
      for (let k = 0; k < small; k++) {
        through[k]! += value[entry]! * dense.inverse[from + k]!;
        row[k]! += value[entry]! * dense.left[from + k]!;
      }
    }
    addBig(row, couplings, through, -1);
    const nth = (effect - small) % width;
    const { own } = model.levels[Math.floor((effect - small) / width)]!;
    for (let j = 0; j < width; j++) row[effect - nth + j]! += own[nth * width + j]!;
    return row;
  };
  const places = model.offsets.map((offset, group) => (group === big ? small : offset));
  return { information: dense.information, places, fixed: fixedOf(model, dense), rowOf };
}

/** The largest factor's effects, each with the smaller factors' columns that it meets. */
interface Couplings {
  /** For each effect where its columns begin; one more at the end. */
  readonly start: Int32Array;
  readonly column: Int32Array;
  readonly value: Float64Array;
}

function couplingsOf({ levels, small }: EliminatedModel): Couplings {
  const start = [0];
  const column: number[] = [];
  const value: number[] = [];
  for (const { own, columns, coupling } of levels) {
    for (let row = 0; row < Math.sqrt(own.length); row++) {
      for (const [place, one] of columns.entries()) {
        if (one >= small) continue;
        column.push(one);
        value.push(coupling[row * columns.length + place]!);
      }
      start.push(column.length);
    }
  }
  return {
    start: Int32Array.from(start),
    column: Int32Array.from(column),
    value: Float64Array.from(value),
  };
}

// Adds each of the largest factor's effects times a row over the smaller factors' columns.
function addBig(
  row: Float64Array,
  { start, column, value }: Couplings,
  weights: Float64Array,
  sign: 1 | -1,
): void {
  if (column.length === 0) return;
  const small = weights.length;
  for (let effect = 0; effect < start.length - 1; effect++) {
    let sum = 0;
    const end = start[effect + 1]!;
    for (let entry = start[effect]!; entry < end; entry++)
      sum += value[entry]! * weights[column[entry]!]!;
    row[small + effect]! += sign * sum;
  }
}

interface DensePart {
  /** V = Lambda (I + Lambda'G Lambda)^-1 Lambda' of the smaller factors' columns. */
  readonly inverse: Float64Array;
  /** I - V G, which takes products with the inverse before they were marginalised to those after. */
  readonly left: Float64Array;
  /** V G for the fixed effects' columns. */
  readonly toFixed: Float64Array;
  readonly own: Float64Array;
  readonly fixed: Float64Array;
  readonly information: Float64Array;
}

// Marginalises the smaller factors.
function finishDense(model: EliminatedModel, data: ModelData): DensePart {
  const { small, dense, gram } = model;
  const block = (top: number, bottom: number, from: number, to: number) =>
    Float64Array.from({ length: (bottom - top) * (to - from) }, (_, cell) => {
      const width = to - from;
      return gram[(top + Math.floor(cell / width)) * dense + from + (cell % width)]!;
    });
  const [own, met] = [block(0, small, 0, small), block(0, small, small, dense)];
  const inverse = relativeInverse(own, small, smallFactor(model, data));
  const toFixed = matrixProduct(inverse, small, met);
  const left = matrixProduct(inverse, small, own).map((value, cell) => {
    return (cell % (small + 1) === 0 ? 1 : 0) - value;
  });
  const through = matrixProduct(own, small, toFixed);
  const information = block(small, dense, small, dense);
  const width = dense - small;
  for (let row = 0; row < small; row++) {
    for (let cell = 0; cell < width ** 2; cell++) {
      const [i, j] = [Math.floor(cell / width), cell % width];
      information[cell]! -= met[row * width + i]! * toFixed[row * width + j]!;
    }
  }
  return {
    inverse,
    left,
    toFixed,
    own: matrixProduct(own, small, left),
    fixed: met.map((value, cell) => value - through[cell]!),
    information,
  };
}

// The smaller factors' relative covariance factors along the diagonal of one matrix.
function smallFactor(
  { big, offsets, small, factors }: EliminatedModel,
  { groups }: ModelData,
): Float64Array {
  const whole = new Float64Array(small * small);
  for (const [which, { levels, columns, entries }] of groups.entries()) {
    if (which === big) continue;
    for (let level = 0; level < levels; level++) {
      const first = offsets[which]! + level * columns;
      for (const { row, column } of entries) {
        whole[(first + row) * small + first + column] = factors[which]![row * columns + column]!;
      }
    }
  }
  return whole;
}

function fixedOf({ levels, small, dense }: EliminatedModel, part: DensePart): Float64Array {
  const width = dense - small;
  const big = levels.flatMap(({ own, columns, coupling }) =>
    Array.from({ length: Math.sqrt(own.length) }, (_, nth) => {
      const row = new Float64Array(width);
      for (const [place, column] of columns.entries()) {
        const value = coupling[nth * columns.length + place]!;
        if (column >= small) row[column - small]! += value;
        else {
          for (let j = 0; j < width; j++) row[j]! -= value * part.toFixed[column * width + j]!;
        }
      }
      return row;
    }),
  );
  const fixed = new Float64Array((small + big.length) * width);
  fixed.set(part.fixed);
  for (const [effect, row] of big.entries()) fixed.set(row, (small + effect) * width);
  return fixed;
}
