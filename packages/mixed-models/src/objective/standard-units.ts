// A model in standard units and back: searching happens in units in which covariates are neither large nor far
// from zero; what users read is in the units of their table. With X* = X T the fixed effects are beta = T beta*;
// with Z* = Z T the factor of a group is T Lambda*, whose product with the modes gives the same effects.
import { largest } from "kit";
import { factorise, solveFactored } from "../numerics/cholesky";
import { matrixProduct, solveUpper, transpose } from "../numerics/matrices";
import { expandPatterns, patternsIn } from "../numerics/patterns";
import {
  makeLower,
  numericColumns,
  type StandardColumns,
  standardiseColumns,
} from "../numerics/standardise";
import { unpackFactors } from "./covariance-factor";
import type { ModelData, NominalColumns, RandomGroup } from "./model-data";

/** A model's data in standard units, and the ways back; where nothing is numeric, the data themselves. */
export class StandardUnits {
  readonly data: ModelData;
  private readonly fixed: StandardColumns | undefined;
  private readonly groups: readonly (StandardColumns | undefined)[];
  /** What the offset in standard units gave to the fixed effects. */
  private readonly fromOffset: Float64Array | undefined;
  /** The nominal columns after a constant one; where one is numeric, so is one of the fixed effects. */
  private readonly nominal: StandardColumns | undefined;

  constructor(private readonly given: ModelData) {
    const { rows, fixedColumns } = given;
    const joined = isNumericOffset(given.offset) ? splitOffset(given, given.offset) : undefined;
    this.fixed = joined?.fixed ?? standardiseFixed(given);
    this.groups = given.groups.map((group) =>
      standardiseColumns(group.values, rows, group.columns, termsOf(group)),
    );
    this.fromOffset = joined?.shift;
    this.nominal = standardiseNominal(given);
    const offset = joined?.offset ?? given.offset;
    this.data = {
      ...given,
      fixed: this.fixed ? patternsIn(given.fixed, this.fixed.values, fixedColumns) : given.fixed,
      groups: given.groups.map((group, which) => {
        const values = this.groups[which]?.values;
        return values ? { ...group, values } : group;
      }),
      ...(offset ? { offset } : {}),
      ...(this.nominal && given.nominal
        ? { nominal: nominalIn(given.nominal, this.nominal.values) }
        : {}),
    };
  }

  /** Threshold parameters in the table's units: slopes of nominal columns have some, others none. */
  thresholdParameters(standard: Float64Array): Float64Array {
    return this.mapThresholdParameters(standard, matrixProduct);
  }

  private mapThresholdParameters(
    parameters: Float64Array,
    map: typeof matrixProduct,
  ): Float64Array {
    const { nominal } = this;
    if (!nominal) return parameters;
    const width = Math.sqrt(nominal.transform.length);
    const mapped = new Float64Array(parameters.length);
    for (let from = 0; from < parameters.length; from += width) {
      mapped.set(map(nominal.transform, width, parameters.slice(from, from + width)), from);
    }
    return mapped;
  }

  /** Fixed effects in the table's units. */
  beta(standard: Float64Array): Float64Array {
    const { fixed, fromOffset } = this;
    const own = fixed ? this.mapBeta(fixed, standard) : standard;
    return fromOffset ? own.map((value, column) => value + fromOffset[column]!) : own;
  }

  // Far from zero, the transform's large entries cancel each other's digits: what the linear predictors still
  // differ by is mapped again.
  private mapBeta({ values, transform }: StandardColumns, standard: Float64Array): Float64Array {
    const { rows } = this.given;
    const width = standard.length;
    const fixed = expandPatterns(this.given.fixed, width);
    const beta = matrixProduct(transform, width, standard);
    const gram = productsOf(values, values, rows, width, width);
    if (factorise(gram, width) >= 0) return beta;
    const rest = new Float64Array(rows);
    for (let row = 0; row < rows; row++) {
      for (let j = 0; j < width; j++) {
        const cell = row * width + j;
        rest[row]! += values[cell]! * standard[j]!;
        rest[row]! -= fixed[cell]! * beta[j]!;
      }
    }
    const left = solveFactored(gram, width, productsOf(values, rest, rows, width, 1));
    const correction = matrixProduct(transform, width, left);
    return beta.map((value, column) => value + correction[column]!);
  }

  /**
   * The covariance matrix of the fixed effects in the table's units; an empty one stays so. The threshold parameters
   * may stand before them.
   */
  covariance(standard: Float64Array): Float64Array {
    const { fixed, nominal } = this;
    if (!fixed || standard.length === 0) return standard;
    const width = Math.sqrt(standard.length);
    const transform = extend(fixed.transform, this.given.fixedColumns, width, nominal?.transform);
    const half = transpose(matrixProduct(transform, width, standard), width);
    const whole = matrixProduct(transform, width, half);
    return whole.map((value, cell) => {
      const mirrored = whole[(cell % width) * width + Math.floor(cell / width)]!;
      return (value + mirrored) / 2;
    });
  }

  /** For each group the matrix that turns its spherical effects into effects in the table's units. */
  factors(theta: Float64Array): Float64Array[] {
    return unpackFactors(this.given.groups, theta).map((factor, which) => {
      const transform = this.groups[which]?.transform;
      const width = this.given.groups[which]!.columns;
      return transform ? matrixProduct(transform, width, factor) : factor;
    });
  }

  /** Covariance parameters in the table's units. */
  theta(standard: Float64Array): Float64Array {
    return this.pack(this.factors(standard), standard);
  }

  /** How much the REML criterion grows from standard units to the table's. */
  remlShift(): number {
    const { fixed } = this;
    if (!fixed) return 0;
    const width = this.given.fixedColumns;
    let sum = 0;
    for (let column = 0; column < width; column++)
      sum -= 2 * Math.log(fixed.transform[column * width + column]!);
    return sum;
  }

  /** Parameters in standard units. */
  toStandard(
    theta: Float64Array,
    beta: Float64Array,
    thresholdParameters: Float64Array,
  ): Record<"theta" | "thresholdParameters" | "beta", Float64Array> {
    const { fixed, fromOffset } = this;
    const factors = unpackFactors(this.given.groups, theta).map((factor, which) => {
      const transform = this.groups[which]?.transform;
      const width = this.given.groups[which]!.columns;
      return transform ? solveUpper(transform, width, factor) : factor;
    });
    const free = fromOffset
      ? beta.map((value, column) => value - fromOffset[column]!)
      : beta.slice();
    return {
      theta: this.pack(factors, theta),
      thresholdParameters: this.mapThresholdParameters(thresholdParameters, solveUpper),
      beta: fixed ? solveUpper(fixed.transform, free.length, free) : free,
    };
  }

  private pack(factors: readonly Float64Array[], like: Float64Array): Float64Array {
    if (!this.groups.some((group) => group)) return like;
    return Float64Array.from(
      this.given.groups.flatMap(({ columns, entries }, which) => {
        const lower = makeLower(factors[which]!.slice(), columns);
        return entries.map(({ row, column }) => lower[row * columns + column]!);
      }),
    );
  }
}

function standardiseFixed({ fixed, fixedColumns, rows }: ModelData): StandardColumns | undefined {
  if (!numericColumns(fixed.values, fixedColumns).includes(true)) return undefined;
  const matrix = expandPatterns(fixed, fixedColumns);
  return standardiseColumns(matrix, rows, fixedColumns, [[0, fixedColumns]]);
}

// A constant, then the nominal columns: later thresholds' gaps are linear in them.
function standardiseNominal({ nominal, rows }: ModelData): StandardColumns | undefined {
  if (!nominal) return undefined;
  const { places, patterns } = nominal;
  const width = places.length + 1;
  const joined = new Float64Array(rows * width).fill(1);
  for (let row = 0; row < rows; row++) {
    const from = patterns.of[row]! * places.length;
    joined.set(patterns.values.subarray(from, from + places.length), row * width + 1);
  }
  return standardiseColumns(joined, rows, width, [[0, width]]);
}

function nominalIn(nominal: NominalColumns, joined: Float64Array): NominalColumns {
  const { places, patterns } = nominal;
  const width = places.length + 1;
  const values = joined.filter((_, cell) => cell % width > 0);
  return { ...nominal, patterns: patternsIn(patterns, values, places.length) };
}

// The columns of each term of a group: a term's factor is a whole triangle, and nothing joins two terms.
function termsOf({ entries, columns }: RandomGroup): [number, number][] {
  const terms: [number, number][] = [];
  for (let from = 0; from < columns; from = terms.at(-1)![1]) {
    const rows = entries.filter(({ column }) => column === from).map(({ row }) => row);
    terms.push([from, largest(rows) + 1]);
  }
  return terms;
}

// A factor's profiled column is 0 or one value; a covariate's may lie far from zero.
function isNumericOffset(offset: Float64Array | undefined): offset is Float64Array {
  if (!offset) return false;
  const most = offset.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  return (
    most > 0 &&
    numericColumns(
      offset.map((value) => value / most),
      1,
    ).includes(true)
  );
}

// Frees the offset of the fixed effects' columns, as if it were the last of them.
function splitOffset({ fixed, fixedColumns, rows }: ModelData, offset: Float64Array) {
  const width = fixedColumns + 1;
  const { values, of } = fixed;
  const joined = new Float64Array(rows * width);
  for (let row = 0; row < rows; row++) {
    const from = of[row]! * fixedColumns;
    joined.set(values.subarray(from, from + fixedColumns), row * width);
    joined[row * width + fixedColumns] = offset[row]!;
  }
  const own = standardiseColumns(joined, rows, width, [[0, width]])!;
  const scale = own.transform[width * width - 1]!;
  const takeCell = (from: Float64Array, count: number) =>
    from.filter((_, cell) => cell % width < fixedColumns && cell < count * width);
  return {
    fixed: {
      values: takeCell(own.values, rows),
      transform: takeCell(own.transform, fixedColumns),
    },
    offset: Float64Array.from({ length: rows }, (_, row) => {
      return own.values[row * width + fixedColumns]! / scale;
    }),
    shift: Float64Array.from({ length: fixedColumns }, (_, row) => {
      return own.transform[row * width + fixedColumns]! / scale;
    }),
  };
}

// A'B for matrices of as many rows, row-major.
function productsOf(
  a: Float64Array,
  b: Float64Array,
  rows: number,
  aWidth: number,
  bWidth: number,
): Float64Array {
  const products = new Float64Array(aWidth * bWidth);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < aWidth; i++) {
      const value = a[row * aWidth + i]!;
      for (let j = 0; j < bWidth; j++) {
        products[i * bWidth + j]! += value * b[row * bWidth + j]!;
      }
    }
  }
  return products;
}

// A matrix with blocks on its diagonal: as often as there is room one for the parameters before, then that of the last `size`
// parameters. What has no block stays as it is.
function extend(
  matrix: Float64Array,
  size: number,
  width: number,
  block?: Float64Array,
): Float64Array {
  const before = width - size;
  const blockSize = Math.sqrt(block?.length ?? 1);
  return Float64Array.from({ length: width * width }, (_, cell) => {
    const [row, column] = [Math.floor(cell / width), cell % width];
    const unit = row === column ? 1 : 0;
    if (row >= before && column >= before) return matrix[(row - before) * size + column - before]!;
    if (row >= before || column >= before || !block) return unit;
    const isTogether = Math.floor(row / blockSize) === Math.floor(column / blockSize);
    return isTogether ? block[(row % blockSize) * blockSize + (column % blockSize)]! : 0;
  });
}
