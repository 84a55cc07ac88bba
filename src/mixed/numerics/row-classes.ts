/** Sorts rows into classes of equal values, column by column; each class has a number from 0. */
export class RowClasses {
  readonly of: Int32Array;
  count = 1;

  constructor(rows: number) {
    this.of = new Int32Array(rows);
  }

  /** Splits every class by one column's values: entry `offset + row * stride`. */
  refine(values: ArrayLike<number>, stride = 1, offset = 0): void {
    const { of } = this;
    const numbers = new Map<number, number>();
    const pairs = new Map<number, number>();
    const span = of.length + 1;
    for (let row = 0, at = offset; row < of.length; row++, at += stride) {
      const value = values[at]!;
      let number = numbers.get(value);
      if (number === undefined) {
        number = numbers.size;
        numbers.set(value, number);
      }
      const pair = of[row]! * span + number;
      let place = pairs.get(pair);
      if (place === undefined) {
        place = pairs.size;
        pairs.set(pair, place);
      }
      of[row] = place;
    }
    this.count = pairs.size;
  }

  /** The first row of each class. */
  firstRows(): Int32Array {
    const first = new Int32Array(this.count).fill(-1);
    for (let row = 0; row < this.of.length; row++) {
      const place = this.of[row]!;
      if (first[place] === -1) first[place] = row;
    }
    return first;
  }
}
