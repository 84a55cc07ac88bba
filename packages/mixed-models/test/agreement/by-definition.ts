// Coefficients of agreement as their definitions read, pair by pair: what the counted ones should equal, and are timed against.
import type { MeasurementLevel, Rating, Ratings } from "mixed-models/agreement";

/** Krippendorff's alpha over every pair of ratings. */
export function alphaByDefinition(ratings: Ratings, level: MeasurementLevel): number | null {
  const units = ratings
    .map((unit) => unit.filter((rating) => rating !== null))
    .filter(({ length }) => length >= 2);
  const all = units.flat();
  const middles = new Map<Rating, number>(all.map((value) => [value, middleOf(value, all)]));
  const apart = (one: Rating, other: Rating) => {
    if (level === "nominal") return one === other ? 0 : 1;
    const place = (value: Rating) =>
      level === "interval" ? Number(value) : (middles.get(value) as number);
    return (place(one) - place(other)) ** 2;
  };
  const sum = (values: readonly Rating[]) =>
    values.reduce<number>(
      (total, one) => total + values.reduce<number>((part, other) => part + apart(one, other), 0),
      0,
    );
  const expected = sum(all);
  const observed = units.reduce((total, unit) => total + sum(unit) / (unit.length - 1), 0);
  return expected === 0 ? null : 1 - ((all.length - 1) * observed) / expected;
}

function middleOf(value: Rating, all: readonly Rating[]): number {
  const below = all.filter((one) => Number(one) < Number(value)).length;
  return below + all.filter((one) => one === value).length / 2;
}

/** Cohen's kappa with quadratic weights over every pair of ratings. */
export function kappaByDefinition(pairs: readonly (readonly number[])[]): number | null {
  const square = (one = 0, other = 0) => (one - other) ** 2;
  const observed = pairs.reduce((sum, [one, other]) => sum + square(one, other), 0);
  let expected = 0;
  for (const [one] of pairs) for (const [, other] of pairs) expected += square(one, other);
  return expected === 0 ? null : 1 - (observed * pairs.length) / expected;
}

/** Kendall's tau-b over every pair of pairs. */
export function kendallByDefinition(pairs: readonly (readonly number[])[]): number {
  let [score, untiedOne, untiedOther] = [0, 0, 0];
  for (const [i, [a = 0, b = 0]] of pairs.entries()) {
    for (const [c = 0, d = 0] of pairs.slice(0, i)) {
      score += Math.sign(a - c) * Math.sign(b - d);
      untiedOne += Number(a !== c);
      untiedOther += Number(b !== d);
    }
  }
  return score / Math.sqrt(untiedOne * untiedOther);
}
