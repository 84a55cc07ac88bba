// A fit keeps the rows of its model matrix but not the levels behind them. They can be read back: an
// indicator column tells the level. Where several combinations of levels have the same row, all are returned.
import type { Design } from "../design/design";
import { namesOfFactor, type Variable } from "../design/model-frame";
import { type MatrixColumn, planColumns } from "../design/model-matrix";
import { labelOf } from "../formula/expression";

/** A code for each factor of `design.fixed.factors`: the position of its level. */
export type LevelCodes = readonly number[];

/** Reads the levels behind a row of the model matrix, and its values in the columns that were dropped. */
export class RowDecoder {
  private readonly variables: readonly Variable[];
  private readonly kept: readonly MatrixColumn[];
  private readonly dropped: readonly MatrixColumn[];
  /** For each variable its position among the factors. */
  private readonly factorOf: readonly number[];
  /** Positions of the kept columns that read factors only. */
  private readonly pure: readonly number[];
  private readonly combinations: ReadonlyMap<string, readonly LevelCodes[]>;

  constructor(design: Design) {
    const { formula, fixed } = design;
    const { factors } = fixed;
    this.variables = variablesOf(design);
    const factorOf = this.variables.map(({ label }) =>
      factors.findIndex((one) => one.name === label),
    );
    this.factorOf = factorOf;
    const contrastOf = (position: number) => factors[factorOf[position]!]?.contrast ?? "treatment";
    const planned = planColumns(formula.fixed, this.variables, contrastOf);
    this.kept = planned.filter(({ name }) => fixed.names.includes(name));
    this.dropped = planned.filter(({ name }) => !fixed.names.includes(name));
    const isPure = ({ parts }: MatrixColumn) => parts.every(({ weights }) => weights);
    this.pure = [...this.kept.keys()].filter((at) => isPure(this.kept[at]!));
    // Where two columns share a name, nothing is read back.
    const isClear = this.kept.length === fixed.names.length;
    this.combinations = isClear
      ? this.indexCombinations(factors.map(({ levels }) => levels.length))
      : new Map();
  }

  /**
   * The combinations of levels that a row can have.
   *
   * @param row over the kept columns, as `design.fixed.X` has them.
   */
  levelsOf(row: Float64Array): LevelCodes[] {
    const key = this.pure.map((at) => row[at]).join();
    const numbers = this.numbersOf(row);
    const agrees = (codes: LevelCodes) =>
      this.kept.every((column, at) => {
        const value = productOf(column, this.factorOf, codes, numbers);
        const found = row[at]!;
        return !(Math.abs(value - found) > 1e-9 * Math.max(Math.abs(value), Math.abs(found)));
      });
    return (this.combinations.get(key) ?? []).filter(agrees);
  }

  /**
   * A row's values in the dropped columns.
   *
   * @param possible the combinations of levels that the row can have.
   * @returns NaN for a column whose value the possibilities do not settle.
   */
  droppedOf(row: Float64Array, possible: readonly LevelCodes[]): Float64Array {
    const numbers = this.numbersOf(row);
    return Float64Array.from(this.dropped, (column) => {
      const values = possible.map((codes) => productOf(column, this.factorOf, codes, numbers));
      const [first = Number.NaN] = values;
      return values.every((value) => value === first) ? first : Number.NaN;
    });
  }

  private indexCombinations(levels: readonly number[]): Map<string, LevelCodes[]> {
    const index = new Map<string, LevelCodes[]>();
    const columns = this.pure.map((at) => this.kept[at]!);
    for (const codes of combineCodes(levels)) {
      const key = columns.map((column) => productOf(column, this.factorOf, codes, [])).join();
      const same = index.get(key);
      if (same) same.push(codes);
      else index.set(key, [codes]);
    }
    return index;
  }

  // A number is known where its own column was kept.
  private numbersOf(row: Float64Array): number[] {
    return this.variables.map((_, variable) => {
      const at = this.kept.findIndex(
        ({ parts }) => parts.length === 1 && parts[0]?.variable === variable && !parts[0].weights,
      );
      return at < 0 ? Number.NaN : row[at]!;
    });
  }
}

/** The variables of the fixed effects, without their values. */
export function variablesOf({ formula, fixed }: Design): Variable[] {
  return formula.fixed.variables.map((expression) => {
    const label = labelOf(expression);
    const factor = fixed.factors.find(({ name }) => name === label);
    if (!factor) return { label, kind: "numeric", values: new Float64Array() };
    return { label, kind: "factor", levels: factor.levels, codes: new Int32Array() };
  });
}

/** For each factor of the fixed effects the column of the table that it is, or undefined if it is computed. */
export function columnsOfFactors({ formula, fixed, variables }: Design): (string | undefined)[] {
  return fixed.factors.map(({ name }) => {
    const expression = formula.fixed.variables.find((one) => labelOf(one) === name);
    const names = expression ? namesOfFactor(expression) : [];
    return names.find((one) => variables.get(one)?.kind === "factor");
  });
}

/** All combinations of codes below the given numbers of levels, the first varying fastest. */
export function combineCodes(levels: readonly number[]): number[][] {
  return levels.reduce<number[][]>(
    (combined, count) =>
      Array.from({ length: count }, (_, code) => code).flatMap((code) =>
        combined.map((codes) => [...codes, code]),
      ),
    [[]],
  );
}

// A level's weight of 0 makes the product 0 also where a number is unknown.
function productOf(
  { parts }: MatrixColumn,
  factorOf: readonly number[],
  codes: LevelCodes,
  numbers: readonly number[],
): number {
  let value = 1;
  for (const { variable, weights } of parts) {
    if (!weights) continue;
    value *= weights[codes[factorOf[variable]!]!]!;
  }
  if (value === 0) return 0;
  for (const { variable, weights } of parts) {
    if (!weights) value *= numbers[variable]!;
  }
  return value;
}
