/** Sorts rows into classes of equal values, column by column; each class has a number from 0, in order of appearance. */
export class RowClasses {
  count = 1;
  private readonly classes: Int32Array;
  private isOrdered = true;

  constructor(rows: number) {
    this.classes = new Int32Array(rows);
  }

  /** The class of each row. */
  get of(): Int32Array {
    if (!this.isOrdered) this.number();
    return this.classes;
  }

  /**
   * Splits every class by one column's values: entry `offset + row * stride`.
   *
   * @param most once there are more classes than this they are of no use: the rest of the rows is left as it was.
   */
  refine(values: ArrayLike<number>, stride = 1, offset = 0, most = Number.POSITIVE_INFINITY): void {
    const { classes } = this;
    const isWhole = this.count === 1;
    // Rows that have the first value of their class stay in it: most of an indicator's rows do.
    const first = new Float64Array(this.count);
    const isSeen = new Uint8Array(this.count);
    const numbers = new Map<number, number>();
    const pairs = new Map<number, number>();
    const span = classes.length + 1;
    for (let row = 0, at = offset; row < classes.length; row++, at += stride) {
      const value = values[at]!;
      const own = classes[row]!;
      if (isSeen[own] === 0) {
        isSeen[own] = 1;
        first[own] = value;
        continue;
      }
      if (value === first[own]) continue;
      if (isWhole) {
        // Of one class, a value is a class.
        let place = numbers.get(value);
        if (place === undefined) {
          place = this.count++;
          if (place >= most) return;
          numbers.set(value, place);
        }
        classes[row] = place;
        continue;
      }
      let number = numbers.get(value);
      if (number === undefined) {
        number = numbers.size;
        numbers.set(value, number);
      }
      const pair = own * span + number;
      let place = pairs.get(pair);
      if (place === undefined) {
        place = this.count++;
        if (place >= most) return;
        pairs.set(pair, place);
      }
      classes[row] = place;
    }
    this.isOrdered = false;
  }

  private number(): void {
    const { classes } = this;
    const numbers = new Int32Array(this.count).fill(-1);
    let next = 0;
    for (let row = 0; row < classes.length; row++) {
      const own = classes[row]!;
      if (numbers[own] === -1) numbers[own] = next++;
      classes[row] = numbers[own]!;
    }
    this.isOrdered = true;
  }

  /** The first row of each class. */
  firstRows(): Int32Array {
    const { of } = this;
    const first = new Int32Array(this.count).fill(-1);
    for (let row = 0; row < of.length; row++) {
      const place = of[row]!;
      if (first[place] === -1) first[place] = row;
    }
    return first;
  }
}
