// A cumulative model's thresholds from its intercept and its gaps: threshold k is distance k less the intercept.
import { unitVector } from "../numerics/vectors";
import { distancesOf, type GradeScale } from "../objective/grade-scale";
import type { Estimate } from "./estimate";
import type { Coefficient, MixedFit, NominalPart, OrdinalPart } from "./result";

/** Makes a coefficient with its Wald test and interval. */
type MakeCoefficient = (name: string, estimate: number, variance: number) => Coefficient;

/**
 * Turns what was estimated into thresholds and the covariance of thresholds and coefficients.
 *
 * @param found with the intercept first in `beta`.
 */
export function ordinalPart(
  scale: GradeScale,
  grades: readonly string[],
  { thresholdParameters, beta, covariance }: Estimate,
  make: MakeCoefficient,
  nominal?: { readonly places: readonly number[]; readonly names: readonly string[] },
): OrdinalPart {
  const rows = thresholdRows(scale, thresholdParameters.length, beta.length);
  const mapped = mapCovariance(rows, covariance);
  const distances = distancesOf(scale, thresholdParameters);
  const width = thresholdParameters.length + beta.length;
  const isEven = scale.thresholds === "equidistant" && thresholdParameters.length > 0;
  return {
    grades,
    link: scale.link,
    kind: scale.thresholds,
    thresholds: Array.from(distances, (distance, cut) => {
      const name = `${grades[cut]}|${grades[cut + 1]}`;
      return make(name, distance - beta[0]!, mapped[cut * (rows.length + 1)]!);
    }),
    ...(nominal
      ? {
          nominal: nominalPart(
            scale,
            nominal,
            grades,
            { thresholdParameters, beta, covariance },
            make,
          ),
        }
      : {}),
    spacing: isEven ? make("spacing", thresholdParameters[0]!, covariance[0] ?? Number.NaN) : null,
    covariance: covariance.length === width * width ? mapped : new Float64Array(0),
  };
}

/** The coefficients that all thresholds share: all but those of nominal columns. */
export function commonCoefficients({ coefficients, ordinal }: MixedFit): readonly Coefficient[] {
  const places = ordinal?.nominal?.places;
  return places
    ? coefficients.filter((_, coefficient) => !places.includes(coefficient + 1))
    : coefficients;
}

function nominalPart(
  scale: GradeScale,
  { places, names }: { readonly places: readonly number[]; readonly names: readonly string[] },
  grades: readonly string[],
  {
    thresholdParameters,
    beta,
    covariance,
  }: Pick<Estimate, "thresholdParameters" | "beta" | "covariance">,
  make: MakeCoefficient,
): NominalPart {
  const width = thresholdParameters.length + beta.length;
  const slopes = slopePlaces(scale);
  const effects = places.flatMap((place, column) =>
    Array.from({ length: scale.grades - 1 }, (_, cut) => {
      const row = unitVector(width, thresholdParameters.length + place);
      const slope = cut === 0 ? undefined : slopes[(cut - 1) * places.length + column]!;
      if (slope !== undefined) row[slope] = -1;
      const [variance] = mapCovariance([row], covariance);
      const value = beta[place]! - (slope === undefined ? 0 : thresholdParameters[slope]!);
      return make(`${names[place]} at ${grades[cut]}|${grades[cut + 1]}`, value, variance!);
    }),
  );
  return {
    places,
    effects,
    shifts: Float64Array.from(slopes, (slope) => thresholdParameters[slope]!),
  };
}

// Where the nominal columns' slopes stand among the threshold parameters.
function slopePlaces({ grades, nominal = 0 }: GradeScale): number[] {
  const all = Array.from({ length: (grades - 2) * (nominal + 1) }, (_, place) => place);
  return all.filter((place) => place % (nominal + 1) > 0);
}

// Thresholds, then shifts, then coefficients, as combinations of gaps, intercept and coefficients.
function thresholdRows(scale: GradeScale, gaps: number, fixed: number): Float64Array[] {
  const width = gaps + fixed;
  const thresholds = Array.from({ length: scale.grades - 1 }, (_, cut) => {
    const row = new Float64Array(width);
    for (let gap = 0; gap < gaps; gap++) {
      row[gap] = distancesOf(scale, unitVector(gaps, gap))[cut]!;
    }
    row[gaps] = -1;
    return row;
  });
  const shifts = slopePlaces(scale).map((slope) => unitVector(width, slope));
  const coefficients = Array.from({ length: fixed - 1 }, (_, coefficient) => {
    return unitVector(width, gaps + 1 + coefficient);
  });
  return [...thresholds, ...shifts, ...coefficients];
}

/** The covariance matrix of linear combinations: each row against each, row-major. */
export function mapCovariance(
  rows: readonly Float64Array[],
  covariance: Float64Array,
): Float64Array {
  const mapped = new Float64Array(rows.length * rows.length);
  for (const [i, row] of rows.entries()) {
    const half = row.map((_, column) => {
      return row.reduce((sum, weight, place) => {
        return weight === 0 ? sum : sum + weight * covariance[place * row.length + column]!;
      }, 0);
    });
    for (const [j, other] of rows.entries()) {
      mapped[i * rows.length + j] = other.reduce((sum, weight, place) => {
        return weight === 0 ? sum : sum + weight * half[place]!;
      }, 0);
    }
  }
  return mapped;
}
