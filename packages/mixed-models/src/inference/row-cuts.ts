// Where a cumulative model's thresholds lie for a row of its model matrix: nominal terms move them.
import { UserError } from "kit";
import type { RowValues } from "../design/model-row";
import type { MixedFit, OrdinalPart } from "../fit/result";
import { rowOf } from "../numerics/matrices";

/** The thresholds for a row of the model matrix. */
export function cutsAt({ thresholds, nominal }: OrdinalPart, row: ArrayLike<number>): Float64Array {
  const cuts = Float64Array.from(thresholds, ({ estimate }) => estimate);
  if (!nominal) return cuts;
  const { places, shifts } = nominal;
  for (let cut = 1; cut < cuts.length; cut++) {
    for (const [at, place] of places.entries()) {
      cuts[cut]! += shifts[(cut - 1) * places.length + at]! * row[place]!;
    }
  }
  return cuts;
}

/** Whether thresholds fall together or change places, so that a grade has no probability. */
export function areCrossed(cuts: Float64Array): boolean {
  return cuts.some((cut, at) => at > 0 && cut <= cuts[at - 1]!);
}

/** Why a prediction has no value where thresholds cross. */
export const CROSSED = "nominal terms put the thresholds out of order";

/**
 * The thresholds of a fit's own rows, or of new ones.
 *
 * @returns a function of a row's place.
 * @throws UserError when it is asked for a new row where they are out of order.
 */
export function cutsOfRows(
  { design, ordinal }: { readonly design: MixedFit["design"]; readonly ordinal: OrdinalPart },
  rows?: readonly RowValues[],
): (row: number) => Float64Array {
  const { fixed } = design;
  if (!ordinal.nominal) {
    const cuts = cutsAt(ordinal, []);
    return () => cuts;
  }
  if (!rows) {
    const { values, count, of } = fixed.patterns;
    const width = fixed.names.length;
    const known = Array.from({ length: count }, (_, at) => {
      return cutsAt(ordinal, rowOf(values, at, width));
    });
    return (row) => known[of[row]!]!;
  }
  return (row) => {
    const cuts = cutsAt(ordinal, fixed.rowFor(rows[row]!));
    if (areCrossed(cuts)) {
      throw new UserError(`row ${row + 1}: ${CROSSED}; stay nearer to the data, or leave it out`);
    }
    return cuts;
  };
}
