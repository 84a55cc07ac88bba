// What is held in a profile, and how the other parameters of a model go on without it.
import type { RandomGroup } from "../objective/model-data";

/** What is held: columns of a term are named by their places in their group. */
export type Held =
  | { readonly kind: "sd"; readonly group: number; readonly column: number }
  | {
      readonly kind: "cor";
      readonly group: number;
      readonly column: number;
      readonly other: number;
    }
  | { readonly kind: "sigma" };

/** Takes the held parameter out of the whole list, and puts it back. */
export interface Constraint {
  readonly dropped: number;
  /** Fills the place of what is held, in a list that has all others. */
  complete(x: Float64Array, value: number): void;
  /** Turns derivatives in all parameters to those in the free ones, at a completed list. */
  pull(gradient: Float64Array, x: Float64Array, free: Float64Array): void;
  /** Turns estimates of all parameters to those of the free ones. */
  begin(x: Float64Array): void;
}

/**
 * Makes the constraint of what is held.
 *
 * @param scales for each group those by which its columns were divided.
 * @param logSigmaAt place of the logarithm of the residual standard deviation, where there is one.
 */
export function constrain(
  held: Held,
  groups: readonly RandomGroup[],
  scales: readonly (readonly number[])[],
  logSigmaAt: number | undefined,
): Constraint {
  const nothing = () => {};
  if (held.kind === "sigma") {
    const complete = (x: Float64Array, value: number) => {
      x[logSigmaAt!] = Math.log(value);
    };
    return { dropped: logSigmaAt!, complete, pull: nothing, begin: nothing };
  }
  const { entries } = groups[held.group]!;
  const before = groups.slice(0, held.group).reduce((sum, one) => sum + one.entries.length, 0);
  const [top] = termOf(entries, held.column) as [number];
  const placeOf = (row: number, column: number) =>
    before + entries.findIndex((one) => one.row === row && one.column === column);
  const first = placeOf(top, top);
  if (held.kind === "cor")
    return holdCorrelation(first, placeOf(top + 1, top), placeOf(top + 1, top + 1));
  const scale = scales[held.group]![held.column]!;
  if (logSigmaAt === undefined) {
    const complete = (x: Float64Array, value: number) => {
      x[first] = value * scale;
    };
    return { dropped: first, complete, pull: nothing, begin: nothing };
  }
  return {
    dropped: first,
    complete: (x, value) => {
      x[first] = value * scale * Math.exp(-x[logSigmaAt]!);
    },
    pull: (gradient, x) => {
      gradient[logSigmaAt]! -= x[first]! * gradient[first]!;
    },
    begin: nothing,
  };
}

// The second row of the factor is its length times (r, root of 1 - r^2), where the length and the first row are positive.
function holdCorrelation(first: number, left: number, own: number): Constraint {
  let correlation = 0;
  const across = () => Math.sqrt(Math.max(0, 1 - correlation ** 2));
  return {
    dropped: left,
    complete: (x, value) => {
      correlation = value;
      const length = Math.abs(x[own]!);
      x[first] = Math.abs(x[first]!);
      x[left] = correlation * length;
      x[own] = across() * length;
    },
    pull: (gradient, _x, free) => {
      gradient[own] = correlation * gradient[left]! + across() * gradient[own]!;
      // The free list leaves out the place between them.
      if (free[first]! < 0) gradient[first] = -gradient[first]!;
      if (free[own - 1]! < 0) gradient[own] = -gradient[own]!;
    },
    begin: (x) => {
      x[own] = Math.hypot(x[left]!, x[own]!);
    },
  };
}

/** The columns of a group that share a triangle with one. */
export function termOf(entries: RandomGroup["entries"], of: number): number[] {
  const related = entries.flatMap(({ row, column }) =>
    row === of || column === of ? [row, column] : [],
  );
  return [...new Set(related)].sort((left, right) => left - right);
}
