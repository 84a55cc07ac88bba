// The parts of the effects' covariance that are estimated: a variance times ZZ', where Z says which effects share a
// random effect. V + sum of these is the marginal covariance.

/** A variance to estimate, and the sets of effects that share a random effect with it. */
export interface Component {
  readonly name: string;
  /** Rows of each set, ascending; a row is in one set at most. */
  readonly sets: readonly (readonly number[])[];
}

/** What of a problem says which effects are correlated. */
interface Coupled {
  readonly y: Float64Array;
  readonly v: Float64Array;
  readonly components: readonly Component[];
}

/**
 * The marginal covariance at given variances.
 *
 * @param variances one a component, in squared units of the problem.
 * @returns k x k, row-major.
 */
export function covarianceAt(
  { y, v, components }: Coupled,
  variances: ArrayLike<number>,
): Float64Array {
  const size = y.length;
  const covariance = v.slice();
  for (const [at, { sets }] of components.entries()) {
    for (const set of sets) {
      for (const i of set) {
        for (const j of set) covariance[i * size + j]! += variances[at]!;
      }
    }
  }
  return covariance;
}

/** The sets of all components beside each other. */
export function setsOfAll(components: readonly Component[]): (readonly number[])[] {
  return components.flatMap(({ sets }) => sets);
}

/** The component that each set belongs to, by number. */
export function numbersOf(components: readonly Component[]): Int32Array {
  return Int32Array.from(components.flatMap(({ sets }, at) => sets.map(() => at)));
}

/**
 * Sums a symmetric k x k matrix A over the sets: Z'AZ for the Z of all components beside each other.
 *
 * @returns sets x sets, row-major; the lower triangle is filled.
 */
export function sumOverSets(
  matrix: ArrayLike<number>,
  size: number,
  sets: readonly (readonly number[])[],
): Float64Array {
  const count = sets.length;
  const cells = new Float64Array(count * count);
  const sums = new Float64Array(size);
  for (let s = 0; s < count; s++) {
    const set = sets[s]!;
    sums.fill(0);
    for (let at = 0; at < set.length; at++) {
      const start = set[at]! * size;
      for (let j = 0; j < size; j++) sums[j]! += matrix[start + j]!;
    }
    for (let t = 0; t <= s; t++) {
      const other = sets[t]!;
      let sum = 0;
      for (let at = 0; at < other.length; at++) sum += sums[other[at]!]!;
      cells[s * count + t] = sum;
    }
  }
  return cells;
}

/**
 * Sums of cells' products with themselves and with two factors, component by component.
 *
 * @param cells the lower triangle of sets x sets.
 * @param pulls a factor for each set; without it, cells are squared: tr(A G_c A G_d).
 * @returns components x components.
 */
export function sumByComponent(
  cells: Float64Array,
  componentOf: Int32Array,
  count: number,
  pulls?: Float64Array,
): Float64Array {
  const sums = new Float64Array(count * count);
  const size = componentOf.length;
  for (let s = 0; s < size; s++) {
    const row = componentOf[s]! * count;
    for (let t = 0; t <= s; t++) {
      const cell = cells[s * size + t]!;
      const product = cell * (pulls ? pulls[s]! * pulls[t]! : cell);
      sums[row + componentOf[t]!]! += product;
      if (t < s) sums[componentOf[t]! * count + componentOf[s]!]! += product;
    }
  }
  return sums;
}

/** Sets of effects that are correlated, by their errors or by what they share; those of different sets are not. */
export function connectedSets({ y, v, components }: Coupled): number[][] {
  const size = y.length;
  const setsOf = components.flatMap(({ sets }) => sets.filter((set) => set.length > 1));
  const sharing = Array.from(y, (): (readonly number[])[] => []);
  for (const set of setsOf) for (const row of set) sharing[row]!.push(set);
  const seen = new Set<number>();
  const found: number[][] = [];
  for (let first = 0; first < size; first++) {
    if (seen.has(first)) continue;
    seen.add(first);
    const set = [first];
    for (const row of set) {
      const reached = neighbours(v, size, row).concat(sharing[row]!.flat());
      for (const other of reached) {
        if (seen.has(other)) continue;
        seen.add(other);
        set.push(other);
      }
    }
    found.push(set.sort((a, b) => a - b));
  }
  return found;
}

function neighbours(v: Float64Array, size: number, row: number): number[] {
  const found: number[] = [];
  for (let other = 0; other < size; other++) if (v[row * size + other] !== 0) found.push(other);
  return found;
}
