import { mixHash } from "../text/hash-text";
import { stableLog } from "../text/stable-math";

/** Feature identifiers have this many bits. */
export const FEATURE_BITS = 22;
const MASK = (1 << FEATURE_BITS) - 1;
const LOG_COUNT = Float64Array.from(
  { length: 64 },
  (_, count) => 1 + (count > 0 ? stableLog(count) : 0),
);

/** A sparse vector: identifiers and their values, in parallel. */
export interface SparseVector {
  readonly ids: Int32Array;
  readonly values: Float32Array;
}

/** Takes n-grams by their hashes, block by block. */
export interface GramSink {
  /** Begins a block; equal n-grams in different blocks are different features. */
  begin(seed: number): void;
  /** Adds an n-gram by its hash. */
  add(hash: number): void;
  /** Ends the block with one value for every n-gram, one that occurs twice standing in it twice. */
  endEach(value: number): void;
}

/** What tells a block's n-grams from those of other blocks. */
export function seedOf(block: number): number {
  return Math.imul(block + 1, 0x9e3779b1);
}

/** The feature of an n-gram in a block. */
export function featureOf(hash: number, seed: number): number {
  return mixHash(hash ^ seed) & MASK;
}

/**
 * Collects the n-grams of one text into a sparse vector, block by block.
 *
 * Within a block an n-gram's value is 1 + ln(count), and the block is scaled to length 1 over all its
 * n-grams, known to a model or not. One sink serves many texts in turn.
 */
export class FeatureSink implements GramSink {
  ids = new Int32Array(4096);
  values = new Float32Array(4096);
  size = 0;
  private slots = new Int32Array(1024);
  private blockStart = 0;
  private seed = 0;

  clear(): void {
    this.size = 0;
  }

  /** Begins a block; equal n-grams in different blocks are different features. */
  begin(seed: number): void {
    this.blockStart = this.size;
    this.seed = seedOf(seed);
  }

  /** Adds an n-gram by its hash. */
  add(hash: number): void {
    if (this.size === this.ids.length) this.grow();
    this.ids[this.size++] = featureOf(hash, this.seed);
  }

  /** Ends the block: counts equal n-grams and scales. */
  end(scale = 1): void {
    this.countBlock();
    let squares = 0;
    for (let at = this.blockStart; at < this.size; at++) {
      const value = LOG_COUNT[Math.min(this.values[at] as number, 63)] as number;
      this.values[at] = value;
      squares += value * value;
    }
    const factor = squares > 0 ? scale / Math.sqrt(squares) : 0;
    for (let at = this.blockStart; at < this.size; at++) this.values[at]! *= factor;
  }

  /** Ends the block with one value for every n-gram, however often it occurs. */
  endWith(value: number): void {
    this.countBlock();
    this.values.fill(value, this.blockStart, this.size);
  }

  /** Ends the block with one value for every n-gram, one that occurs twice standing in it twice. */
  endEach(value: number): void {
    this.values.fill(value, this.blockStart, this.size);
  }

  /** A copy of what was collected. */
  toVector(from = 0, to = this.size): SparseVector {
    return { ids: this.ids.slice(from, to), values: this.values.slice(from, to) };
  }

  private countBlock(): void {
    const length = this.size - this.blockStart;
    let capacity = this.slots.length;
    while (capacity < length * 2) capacity *= 2;
    if (capacity > this.slots.length) this.slots = new Int32Array(capacity);
    const used = Math.max(16, 1 << (32 - Math.clz32(length * 2)));
    this.slots.fill(0, 0, used);
    let kept = this.blockStart;
    for (let at = this.blockStart; at < this.size; at++) {
      const id = this.ids[at] as number;
      let slot = (id ^ (id >>> 11)) & (used - 1);
      for (;;) {
        const entry = this.slots[slot] as number;
        if (entry === 0) {
          this.slots[slot] = kept + 1;
          this.ids[kept] = id;
          this.values[kept++] = 1;
          break;
        }
        if (this.ids[entry - 1] === id) {
          this.values[entry - 1]!++;
          break;
        }
        slot = (slot + 1) & (used - 1);
      }
    }
    this.size = kept;
  }

  private grow(): void {
    const ids = new Int32Array(this.ids.length * 2);
    const values = new Float32Array(this.ids.length * 2);
    ids.set(this.ids);
    values.set(this.values);
    this.ids = ids;
    this.values = values;
  }
}
