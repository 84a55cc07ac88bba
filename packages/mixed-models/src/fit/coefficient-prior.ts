// Weakly informative priors of the fixed effects, whose posterior mode keeps a separated model finite: Gelman, Jakulin, Pittau
// and Su 2008 (doi.org/10.1214/08-AOAS191). A prior adds to the deviance; nothing else of a fit knows of it.
import { checkChoice, checkOptionNames, UserError } from "kit";
import { placeOf } from "../numerics/standardise";
import { dot, unitVector } from "../numerics/vectors";
import type { ModelData } from "../objective/model-data";
import type { StandardUnits } from "../objective/standard-units";

/** The prior of the fixed effects, as a fit is asked for it. */
export interface PriorOptions {
  readonly kind: "cauchy" | "normal";
  /**
   * Of coefficients whose columns hold two values one apart, or of numbers with a standard deviation of a half: 2.5 by default.
   * Other columns are rescaled to that.
   */
  readonly scale?: number;
  /** Of the intercept; 10 by default. A cumulative model has none. */
  readonly interceptScale?: number;
}

/** A prior in the units of a model's data: independent, around zero. */
export interface CoefficientPrior {
  readonly kind: "cauchy" | "normal";
  /** One for each column of the fixed effects; infinite where it has no prior. */
  readonly scales: Float64Array;
}

/** Minus twice the log-density at fixed effects, up to a constant; adds its derivatives to a gradient. */
export type Penalty = (beta: Float64Array, gradient?: Float64Array) => number;

/** A prior in standard units. */
export interface StandardPrior {
  readonly penalty: Penalty;
  /** Of the penalty at zero, row-major. */
  readonly curvature: Float64Array;
}

/**
 * Gives each fixed effect its scale.
 *
 * @throws UserError if a scale is not above zero, or the kind is unknown.
 */
export function makePrior(
  asked: PriorOptions | PriorOptions["kind"],
  { fixed, fixedColumns, family }: ModelData,
  names: readonly string[],
): CoefficientPrior {
  const options = typeof asked === "string" ? { kind: asked } : asked;
  checkOptionNames(options, ["kind", "scale", "interceptScale"]);
  const { kind, scale = 2.5, interceptScale = 10 } = options;
  checkChoice("prior", kind, ["cauchy", "normal"]);
  for (const [name, value] of Object.entries({ scale, interceptScale })) {
    if (value > 0) continue;
    throw new UserError(
      `the prior's ${name} should be a number above 0, such as 2.5; it is ${value}`,
    );
  }
  const scales = Float64Array.from(names, (name, column) => {
    if (name === "(Intercept)") return family === "cumulative" ? Infinity : interceptScale;
    const values = Float64Array.from(fixed.of, (own) => fixed.values[own * fixedColumns + column]!);
    return scale / unitOf(values);
  });
  return { kind, scales };
}

// Two values count as one apart; numbers by two standard deviations.
function unitOf(values: Float64Array): number {
  const distinct = new Set<number>();
  for (const value of values) {
    distinct.add(value);
    if (distinct.size > 2) return 2 * placeOf(values).sd;
  }
  const [first = 0, second = 0] = distinct;
  return Math.abs(first - second);
}

/** A prior as a penalty on fixed effects in standard units. */
export function penaltyIn({ kind, scales }: CoefficientPrior, units: StandardUnits): StandardPrior {
  const size = scales.length;
  const origin = units.beta(new Float64Array(size));
  const columns = Array.from({ length: size }, (_, j) => {
    return units.beta(unitVector(size, j)).map((value, i) => value - origin[i]!);
  });
  const penalty: Penalty = (standard, gradient) => {
    const beta = units.beta(standard);
    let sum = 0;
    const slopes = beta.map((value, column) => {
      const z = value / scales[column]!;
      sum += kind === "normal" ? z * z : 2 * Math.log1p(z * z);
      return kind === "normal"
        ? (2 * z) / scales[column]!
        : (4 * z) / (scales[column]! * (1 + z * z));
    });
    if (!gradient) return sum;
    for (const [j, column] of columns.entries()) {
      gradient[j]! += dot(column, slopes);
    }
    return sum;
  };
  const bend = kind === "normal" ? 2 : 4;
  const curvature = new Float64Array(size * size);
  for (const [i, left] of columns.entries()) {
    for (const [j, right] of columns.entries()) {
      curvature[i * size + j] = left.reduce((total, value, place) => {
        return total + (bend * value * right[place]!) / scales[place]! ** 2;
      }, 0);
    }
  }
  return { penalty, curvature };
}
