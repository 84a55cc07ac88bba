import type { SparseVector } from "../features/feature-sink";
import type { SparseLinear } from "./sparse-linear";

const FILTER_BITS = 1 << 18;

/** Several linear models over one set of features, laid out so that a feature is looked up once for all. */
export class WeightTable {
  readonly width: number;
  private readonly mask: number;
  // Identifiers are hashes already: their lowest bits say where to look first.
  /** Pairs: a feature's identifier, or -1, and where its weights start. */
  private readonly slots: Int32Array;
  /** One bit for the low bits of each identifier: most n-grams are unknown, and end here. */
  private readonly filter = new Int32Array(FILTER_BITS >> 5);
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

  /** Sets `sums`, from `at` on, to the models' biases. */
  start(sums: Float64Array, at = 0): void {
    for (let column = 0; column < this.width; column++) sums[at + column] = this.biases[column]!;
  }

  /** Adds the weights of a vector's first entries, times their values, to every model's sum, from `first` on. */
  add({ ids, values }: SparseVector, count: number, sums: Float64Array, first = 0): void {
    const { filter, slots, mask, width, weights } = this;
    for (let at = 0; at < count; at++) {
      const id = ids[at]!;
      if ((filter[(id & (FILTER_BITS - 1)) >> 5]! & (1 << id)) === 0) continue;
      let slot = (id << 1) & mask;
      let key = slots[slot]!;
      while (key !== id && key !== -1) {
        slot = (slot + 2) & mask;
        key = slots[slot]!;
      }
      if (key === -1) continue;
      const value = values[at]!;
      const start = slots[slot + 1]!;
      for (let column = 0; column < width; column++) {
        sums[first + column]! += weights[start + column]! * value;
      }
    }
  }

  private place(id: number, row: number): void {
    let slot = (id << 1) & this.mask;
    while (this.slots[slot] !== -1) slot = (slot + 2) & this.mask;
    this.slots[slot] = id;
    this.filter[(id & (FILTER_BITS - 1)) >> 5]! |= 1 << id;
    this.slots[slot + 1] = row * this.width;
  }

  private fill(column: number, { ids, weights, scale }: SparseLinear): void {
    for (let at = 0; at < ids.length; at++) {
      let slot = (ids[at]! << 1) & this.mask;
      while (this.slots[slot] !== ids[at]) slot = (slot + 2) & this.mask;
      this.weights[this.slots[slot + 1]! + column] = weights[at]! * scale;
    }
  }
}
