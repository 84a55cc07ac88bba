import type { SparseVector } from "./feature-sink";
import type { SparseLinear } from "./sparse-linear";

/** Several linear models over one set of features, laid out so that a feature is looked up once for all. */
export class WeightTable {
  readonly width: number;
  private readonly mask: number;
  /** Pairs: a feature's identifier, or -1, and where its weights start. */
  private readonly slots: Int32Array;
  private readonly weights: Float32Array;
  private readonly biases: Float32Array;

  constructor(models: readonly SparseLinear[]) {
    this.width = models.length;
    const ids = [...new Set(models.flatMap((model) => Array.from(model.ids)))].sort(
      (a, b) => a - b,
    );
    let capacity = 16;
    while (capacity < ids.length * 3) capacity *= 2;
    this.mask = 2 * capacity - 2;
    this.slots = new Int32Array(2 * capacity).fill(-1);
    this.weights = new Float32Array(ids.length * this.width);
    this.biases = Float32Array.from(models, (model) => model.bias);
    for (const [row, id] of ids.entries()) this.place(id, row);
    for (const [column, model] of models.entries()) this.fill(column, model);
  }

  /** Sets `sums` to the models' biases. */
  start(sums: Float64Array): void {
    sums.set(this.biases);
  }

  /** Adds the weights of entries `from` to `to` of a vector, times their values, to every model's sum. */
  add({ ids, values }: SparseVector, from: number, to: number, sums: Float64Array): void {
    const { slots, mask, width, weights } = this;
    for (let at = from; at < to; at++) {
      const id = ids[at]!;
      let slot = spread(id) & mask;
      let key = slots[slot]!;
      while (key !== id && key !== -1) {
        slot = (slot + 2) & mask;
        key = slots[slot]!;
      }
      if (key === -1) continue;
      const value = values[at]!;
      const start = slots[slot + 1]!;
      for (let column = 0; column < width; column++) {
        sums[column]! += weights[start + column]! * value;
      }
    }
  }

  private place(id: number, row: number): void {
    let slot = spread(id) & this.mask;
    while (this.slots[slot] !== -1) slot = (slot + 2) & this.mask;
    this.slots[slot] = id;
    this.slots[slot + 1] = row * this.width;
  }

  private fill(column: number, { ids, weights, scale }: SparseLinear): void {
    for (let at = 0; at < ids.length; at++) {
      let slot = spread(ids[at]!) & this.mask;
      while (this.slots[slot] !== ids[at]) slot = (slot + 2) & this.mask;
      this.weights[this.slots[slot + 1]! + column] = weights[at]! * scale;
    }
  }
}

function spread(id: number): number {
  return Math.imul(id, 0x9e3779b1) >>> 8;
}
