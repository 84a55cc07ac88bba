import { largest } from "kit";
import { labelOfTerm } from "../formula/expand-terms";
import type { RandomTerm } from "../formula/random-terms";
import { refuseMemory } from "../numerics/memory";
import { crossFactors, type Factor } from "./factor";
import type { ModelFrame, Variable } from "./model-frame";
import { countColumns, fillMatrix, planColumns } from "./model-matrix";
import type { RowValues } from "./model-row";
import { buildRow, levelOfRow } from "./model-row";

/** One random term: its groups, and its effects in each row. */
export interface RandomDesign {
  /** The group's name, such as `g` or `k:g`. */
  readonly group: string;
  /** The groups that occur, such as `c1:s01`, in R's order. */
  readonly levels: readonly string[];
  /** Each row's position in `levels`. */
  readonly index: Int32Array;
  /** The effects' names, such as `(Intercept)` and `x`; factors have treatment contrasts. */
  readonly names: readonly string[];
  /** `rows x names.length`, row-major. */
  readonly Z: Float64Array;
  /**
   * The group and the effects' values for one combination of values, by column of the table.
   *
   * @throws UserError if a column has no value at all, or it is of the wrong kind.
   */
  rowFor(values: RowValues): RandomRow;
}

/** One row of a random term. */
interface RandomRow {
  readonly level: string;
  /** Position of the group in the term's `levels`, -1 where it does not occur there; NaN where a value is missing. */
  readonly place: number;
  /** The effects' values; NaN where one is missing. */
  readonly z: Float64Array;
}

/**
 * Builds a random term as lme4's `mkReTrms` does, without its sorting by number of levels.
 *
 * @param memory what the effects and their variances may take, in GiB.
 * @throws UserError if a factor among the effects has one level only, or there are more effects than memory.
 */
export function buildRandom(term: RandomTerm, frame: ModelFrame, memory?: number): RandomDesign {
  const factors = term.factors.map((factor) => frame.group(factor));
  const { levels, codes } = crossFactors(factors);
  let places: Map<string, number> | undefined;
  const variables = term.effects.variables.map((variable) => frame.variable(variable));
  refuseMany(term, variables, codes.length, memory);
  const columns = planColumns(term.effects, variables);
  return {
    group: term.group,
    levels,
    index: codes,
    names: columns.map(({ name }) => name),
    Z: fillMatrix(columns, variables, codes.length),
    rowFor: (values) => {
      const z = buildRow(term.effects, variables, columns, frame, values);
      const found = term.factors.map((factor, at) =>
        levelOfRow(factor, factors[at]!.levels, frame, values),
      );
      const known = found.flatMap((one) => (one === null ? [] : [one]));
      const level = known.map((one) => one.level).join(":");
      if (known.length < found.length) return { level, place: Number.NaN, z };
      places ??= placesOf(factors, codes);
      return { level, place: places.get(String(known.map(({ place }) => place))) ?? -1, z };
    },
  };
}

// The values are held twice; the search holds the curvature of every two variances and covariances, thrice.
function refuseMany(
  { effects, group }: RandomTerm,
  variables: readonly Variable[],
  rows: number,
  memory?: number,
): void {
  const counts = countColumns(effects, variables);
  const width = counts.reduce((sum, count) => sum + count, effects.intercept ? 1 : 0);
  const parameters = (width * (width + 1)) / 2;
  const labels = effects.terms.map((term) => labelOfTerm(effects, term)).join(" + ");
  const factor = effects.terms[counts.indexOf(largest(counts))];
  const instead = factor
    ? `write (1 | ${group}) + (1 | ${group}:${labelOfTerm(effects, factor)}), which has two, or allow more memory`
    : "use fewer effects, or allow more memory";
  refuseMemory(
    2 * rows * width + 3 * parameters ** 2,
    `the ${parameters.toLocaleString("en-US")} variances and covariances of (${labels} | ${group})`,
    instead,
    memory,
  );
}

// Where each combination of the factors' levels stands among the levels that cross them.
function placesOf(factors: readonly Factor[], crossed: Int32Array): Map<string, number> {
  const places = new Map<string, number>();
  for (const [row, place] of crossed.entries()) {
    places.set(String(factors.map(({ codes }) => codes[row])), place);
  }
  return places;
}
