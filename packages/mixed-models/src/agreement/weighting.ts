// How much two ratings disagree, after Gwet 2014, Handbook of Inter-Rater Reliability, chapter 3: one less his weights, up to a
// factor. Checked against the matrices that irrCAC's documentation prints.
import { checkChoice, UserError } from "kit";
import type { Rating } from "./ratings";

/** The weightings, by the names that irrCAC has for them; its identity weights are `nominal` here. */
export const WEIGHTINGS = [
  "nominal",
  "linear",
  "quadratic",
  "ordinal",
  "radical",
  "ratio",
  "circular",
  "bipolar",
] as const;

/**
 * How much two different ratings disagree: all alike (`nominal`), by their distance (`linear`), its square (`quadratic`) or its
 * root (`radical`); by the number of pairs of steps from one to the other (`ordinal`: only the order counts); by the squared
 * distance relative to their sum (`ratio`: for scales with a zero) or to their distances from both ends (`bipolar`); round a
 * circle of whole steps (`circular`: the last is next to the first). Distances are those of the values themselves, so a scale
 * may have gaps.
 */
export type Weighting = (typeof WEIGHTINGS)[number];

/** @throws UserError if there is no such weighting. */
export function checkWeighting(weighting: Weighting): void {
  checkChoice("weighting", weighting, WEIGHTINGS);
}

/** Measures the disagreement of two ratings of a scale; 0 where they are the same. */
export type Measure = (one: Rating, other: Rating) => number;

/**
 * Makes the measure of a weighting on a scale.
 *
 * @param scale its steps in rising order.
 * @throws RangeError if a distance between categories without numbers is asked for.
 * @throws UserError for ratio weights of a scale with numbers below 0.
 */
export function measureOn(scale: readonly Rating[], weighting: Weighting): Measure {
  if (weighting === "nominal") return (one, other) => (one === other ? 0 : 1);
  const between = distanceOn(requireNumbers(scale, weighting), weighting);
  return (one, other) => (one === other ? 0 : between(one as number, other as number));
}

/** The largest disagreement that a scale allows; 1 where it has one step. */
export function largestOn(scale: readonly Rating[], weighting: Weighting): number {
  const measure = measureOn(scale, weighting);
  const ends = measure(scale[0] ?? 0, scale.at(-1) ?? 1);
  if (weighting !== "circular") return ends || 1;
  let largest = 0;
  for (const one of scale) {
    for (const other of scale) largest = Math.max(largest, measure(one, other));
  }
  return largest || 1;
}

function distanceOn(
  scale: readonly number[],
  weighting: Weighting,
): (one: number, other: number) => number {
  const [least, most] = [scale[0] ?? 0, scale.at(-1) ?? 0];
  switch (weighting) {
    case "linear":
      return (one, other) => Math.abs(one - other);
    case "radical":
      return (one, other) => Math.sqrt(Math.abs(one - other));
    case "ordinal": {
      const places = new Map(scale.map((step, at) => [step, at]));
      return (one, other) => {
        const steps = Math.abs((places.get(one) as number) - (places.get(other) as number));
        return (steps * (steps + 1)) / 2;
      };
    }
    case "ratio":
      if (least < 0) {
        throw new UserError(
          `ratio weights need ratings from 0; ${least} is below it, so choose another weighting`,
        );
      }
      return (one, other) => ((one - other) / (one + other)) ** 2;
    case "circular":
      return (one, other) => Math.sin((Math.PI * (one - other)) / (most - least + 1)) ** 2;
    case "bipolar":
      return (one, other) => {
        const sum = one + other;
        return (one - other) ** 2 / ((sum - 2 * least) * (2 * most - sum));
      };
    default:
      return (one, other) => (one - other) ** 2;
  }
}

function requireNumbers(scale: readonly Rating[], weighting: Weighting): readonly number[] {
  const name = scale.find((step) => typeof step !== "number");
  if (name === undefined) return scale as readonly number[];
  throw new RangeError(`${weighting} weights need numbers; the rating '${name}' is not one`);
}
