import { featureOf, type GramSink, seedOf } from "../features/feature-sink";
import type { WeightTable } from "./weight-table";

/** Adds the weights of n-grams that all have one value straight to the models' sums, keeping none of them. */
export class SummingSink implements GramSink {
  private readonly value: number;
  private sums: Float64Array = new Float64Array(0);
  private first = 0;
  private seed = 0;

  /** @param value of every n-gram, rounded as a sparse vector would hold it. */
  constructor(
    private readonly table: WeightTable,
    value: number,
  ) {
    this.value = Math.fround(value);
  }

  /** Says where the sums are that are added to. */
  into(sums: Float64Array, first = 0): this {
    this.sums = sums;
    this.first = first;
    return this;
  }

  begin(block: number): void {
    this.seed = seedOf(block);
  }

  add(hash: number): void {
    this.table.addOne(featureOf(hash, this.seed), this.value, this.sums, this.first);
  }

  endEach(): void {}
}
