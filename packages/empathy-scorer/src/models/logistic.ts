// L2-regularised logistic regression by dual coordinate descent: Yu, Huang and Lin 2011, "Dual coordinate
// descent methods for logistic regression and maximum entropy models", Machine Learning 85.
import { stableExp, stableLog } from "../text/stable-math";

/** Rows of a sparse matrix, one after the other; row `i` is entries `starts[i]` to `starts[i + 1]`. */
export interface SparseRows {
  readonly starts: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float32Array;
  readonly columnCount: number;
}

/** A linear model on the log-odds scale. */
interface LinearModel {
  readonly weights: Float64Array;
  readonly bias: number;
}

const PASSES = 60;
const TOLERANCE = 0.05;

/**
 * Minimises 1/2 |w|^2 + sum of cost[i] * log(1 + exp(-y[i] w x[i])) over w and the bias.
 *
 * The bias is the weight of a constant 1 and is regularised with the rest. Rows are visited in an order
 * that only their number decides: the same rows in the same order give the same bits.
 *
 * @param positive whether each row is of the positive class.
 * @param cost of an error on each row; rows with cost 0 take no part.
 */
export function fitLogistic(
  rows: SparseRows,
  positive: Uint8Array,
  cost: Float64Array,
): LinearModel {
  const count = positive.length;
  const weights = new Float64Array(rows.columnCount);
  const { alpha, quadratic, order } = prepare(rows, cost);
  let bias = 0;
  for (let i = 0; i < count; i++) {
    if (cost[i] === 0) continue;
    const step = (positive[i] ? 1 : -1) * alpha[i]!;
    addRow(rows, i, step, weights);
    bias += step;
  }
  let state = 12345;
  for (let pass = 0; pass < PASSES; pass++) {
    let worst = 0;
    for (let at = order.length - 1; at > 0; at--) {
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      const other = (state >>> 8) % (at + 1);
      const kept = order[at]!;
      order[at] = order[other]!;
      order[other] = kept;
    }
    for (let at = 0; at < order.length; at++) {
      const i = order[at]!;
      const sign = positive[i] ? 1 : -1;
      const margin = sign * (bias + dotRow(rows, i, weights));
      const old = alpha[i]!;
      const found = solveOne(old, cost[i]!, quadratic[i]!, margin);
      const change = found - old;
      const relative = Math.abs(change) / cost[i]!;
      if (relative > worst) worst = relative;
      if (relative < 1e-9) continue;
      alpha[i] = found;
      addRow(rows, i, sign * change, weights);
      bias += sign * change;
    }
    if (worst < TOLERANCE) break;
  }
  return { weights, bias };
}

function prepare(rows: SparseRows, cost: Float64Array) {
  const alpha = cost.map((one) => one * 0.1);
  const quadratic = new Float64Array(cost.length);
  const active: number[] = [];
  for (let i = 0; i < cost.length; i++) {
    let squares = 1;
    for (let at = rows.starts[i]!; at < rows.starts[i + 1]!; at++) {
      squares += rows.values[at]! * rows.values[at]!;
    }
    quadratic[i] = squares;
    if (cost[i]! > 0) active.push(i);
  }
  return { alpha, quadratic, order: Int32Array.from(active) };
}

// The dual variable that solves log(a / (cost - a)) + margin + quadratic * (a - old) = 0, by Newton's
// method in the variable's log-odds, where the function is monotone.
function solveOne(old: number, cost: number, quadratic: number, margin: number): number {
  let z = stableLog(old / (cost - old));
  for (let step = 0; step < 8; step++) {
    const e = z >= 0 ? stableExp(-z) : stableExp(z);
    const a = cost * (z >= 0 ? 1 / (1 + e) : e / (1 + e));
    const value = z + margin + quadratic * (a - old);
    const slope = 1 + (quadratic * a * (cost - a)) / cost;
    let change = value / slope;
    if (change > 4) change = 4;
    if (change < -4) change = -4;
    z -= change;
    if (change < 1e-3 && change > -1e-3) break;
  }
  if (z > 30) z = 30;
  if (z < -30) z = -30;
  const e = stableExp(-z);
  return cost / (1 + e);
}

function dotRow(rows: SparseRows, i: number, weights: Float64Array): number {
  const { columns, values } = rows;
  let sum = 0;
  for (let at = rows.starts[i]!, end = rows.starts[i + 1]!; at < end; at++) {
    sum += values[at]! * weights[columns[at]!]!;
  }
  return sum;
}

function addRow(rows: SparseRows, i: number, step: number, weights: Float64Array): void {
  const { columns, values } = rows;
  for (let at = rows.starts[i]!, end = rows.starts[i + 1]!; at < end; at++) {
    weights[columns[at]!]! += step * values[at]!;
  }
}
