import type { SparseVector } from "../features/feature-sink";
import type { SparseLinear } from "./sparse-linear";

const FILTER_BITS = 1 << 18;
const COUNT_BITS = 6;
const MOST_MODELS = (1 << COUNT_BITS) - 1;

/** Several linear models over one set of features, laid out so that a feature is looked up once for all. */
export class WeightTable {
  readonly width: number;
  private readonly mask: number;
  // Identifiers are hashes already: their lowest bits say where to look first.
  /** Pairs: a feature's identifier, or -1, and where its weights start, times 64, plus how many there are. */
  private readonly slots: Int32Array;
  /** One bit for the low bits of each identifier: most n-grams are unknown, and end here. */
  private readonly filter = new Int32Array(FILTER_BITS >> 5);
  /** Pairs: a model and its weight; most models know nothing of most features, and are not listed. */
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
    this.biases = Float32Array.from(models, (model) => model.bias);
    for (const id of ids) this.place(id);
    for (const { ids } of models) for (const id of ids) this.slots[this.slotOf(id) + 1]!++;
    this.weights = new Float32Array(2 * this.setStarts(ids));
    for (const [column, model] of models.entries()) this.fill(column, model);
  }

  /** Sets `sums`, from `at` on, to the models' biases. */
  start(sums: Float64Array, at = 0): void {
    for (let column = 0; column < this.width; column++) sums[at + column] = this.biases[column]!;
  }

  /** Adds the weights of a vector's first entries, times their values, to every model's sum, from `first` on. */
  add({ ids, values }: SparseVector, count: number, sums: Float64Array, first = 0): void {
    for (let at = 0; at < count; at++) this.addOne(ids[at]!, values[at]!, sums, first);
  }

  /** Adds the weights of one feature, times its value, to every model's sum, from `first` on. */
  addOne(id: number, value: number, sums: Float64Array, first: number): void {
    const { filter, slots, mask, weights } = this;
    if ((filter[(id & (FILTER_BITS - 1)) >> 5]! & (1 << id)) === 0) return;
    let slot = (id << 1) & mask;
    let key = slots[slot]!;
    while (key !== id && key !== -1) {
      slot = (slot + 2) & mask;
      key = slots[slot]!;
    }
    if (key === -1) return;
    const place = slots[slot + 1]!;
    const start = (place >> COUNT_BITS) << 1;
    const end = start + ((place & MOST_MODELS) << 1);
    for (let at = start; at < end; at += 2) sums[first + weights[at]!]! += weights[at + 1]! * value;
  }

  private place(id: number): void {
    const slot = this.slotOf(id);
    this.slots[slot] = id;
    this.slots[slot + 1] = 0;
    this.filter[(id & (FILTER_BITS - 1)) >> 5]! |= 1 << id;
  }

  /** Where a feature is, or would be. */
  private slotOf(id: number): number {
    let slot = (id << 1) & this.mask;
    while (this.slots[slot] !== id && this.slots[slot] !== -1) slot = (slot + 2) & this.mask;
    return slot;
  }

  /** Turns the features' counts into places; returns the number of weights. */
  private setStarts(ids: readonly number[]): number {
    let start = 0;
    for (const id of ids) {
      const slot = this.slotOf(id);
      const count = this.slots[slot + 1]!;
      this.slots[slot + 1] = (start << COUNT_BITS) | count;
      start += count;
    }
    return start;
  }

  // The models come in order: a feature's next free place is after those that are filled.
  private fill(column: number, { ids, weights, scale }: SparseLinear): void {
    for (let at = 0; at < ids.length; at++) {
      const place = this.slots[this.slotOf(ids[at]!) + 1]!;
      let free = (place >> COUNT_BITS) << 1;
      while (this.weights[free + 1] !== 0) free += 2;
      this.weights[free] = column;
      this.weights[free + 1] = weights[at]! * scale;
    }
  }
}
