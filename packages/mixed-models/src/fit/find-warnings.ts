// What the reader of a fit must know first: what it means, and what to do.
import type { Design } from "../design/design";
import { numericColumns, placeOf } from "../numerics/standardise";
import { lengthOf } from "../numerics/vectors";
import { VANISHING } from "../objective/covariance-factor";
import type { Estimate } from "./estimate";
import { findUnidentified } from "./find-unidentified";
import type { FitParts } from "./fit-parts";
import type { SeMethod } from "./optimum";
import type { NominalPart, Warning } from "./result";
import { isRunaway, rangesOf, separatedColumns } from "./separation";

/** In words, as fits print them. */
export const SE_METHODS: Readonly<Record<SeMethod, string>> = {
  hessian: "Hessian",
  "hessian-held": "Hessian, with parameters on their boundary held",
  conditional: "conditional on the variance parameters",
  "not-positive": "conditional on the variance parameters: the Hessian is not positive definite",
  none: "none",
};

/** Lists a fit's warnings. */
export function findWarnings(parts: FitParts, nominal?: NominalPart): Warning[] {
  const { design, found, singular, family } = parts;
  const separated = family === "gaussian" ? [] : findSeparated(design, found);
  if (nominal) separated.push(...separatedEffects(design, nominal));
  const warnings: readonly (readonly [Warning["kind"], string | undefined])[] = [
    ["not-converged", found.converged ? undefined : notConverged(found.gradient, nominal)],
    ["unidentified", findUnidentified(design).join(" ") || undefined],
    ["singular", singular ? describeSingular(parts) : undefined],
    ["far-from-zero", farFromZero(findFar(design))],
    ["separation", separation(separated)],
    ["dropped-columns", droppedColumns(design.fixed.droppedColumns)],
    ["dropped-grades", droppedGrades(design.response.droppedGrades ?? [])],
    ["dropped-rows", droppedRows(design.missing)],
    ["standard-errors", found.seMethod === "not-positive" ? standardErrors() : undefined],
  ];
  return warnings.flatMap(([kind, message]) => (message === undefined ? [] : [{ kind, message }]));
}

function notConverged(gradient: Float64Array, nominal?: NominalPart): string {
  const length = lengthOf(gradient).toPrecision(2);
  return (
    `The search did not reach an optimum (gradient length ${length}): do not use the ` +
    `estimates. Simplify the random effects${nominal ? ", or leave terms out of nominal: their thresholds may cross" : ""}.`
  );
}

/** Says which part of the random effects the data do not support, and what to write in place of it. */
function describeSingular({ grouped, data, found }: FitParts): string {
  const parts = grouped.terms.flatMap(({ group, names, groupIndex, offset }) => {
    const width = data.groups[groupIndex]!.columns;
    const factor = found.factors[groupIndex]!;
    const size = (i: number, j: number) => Math.abs(factor[(offset + i) * width + offset + j]!);
    const flat = names.filter((_, i) => names.every((_one, j) => size(i, j) < VANISHING));
    const tied = names.filter((name, i) => size(i, i) < VANISHING && !flat.includes(name));
    return [
      ...flat.map((name) => {
        const drop = names.length === 1 ? "drop its term" : `drop ${name} from its term`;
        return `the variance of ${name === "(Intercept)" ? "" : `${name} by `}${group} is estimated as zero (${drop})`;
      }),
      ...tied.map((name) => {
        const rest = names.filter((other) => other !== name && !flat.includes(other));
        return (
          `${name} by ${group} is estimated as fully correlated with ${rest.join(" and ")} ` +
          `(drop it, or part them by ||)`
        );
      }),
    ];
  });
  const what =
    parts.length > 0 ? parts.join("; ") : "a variance is near zero or a correlation near one";
  return (
    `Singular fit: ${what}. The data do not support that part of the random effects: simplify it, and do not read ` +
    "its estimate as evidence of absence."
  );
}

function farFromZero(far: readonly string[]): string | undefined {
  if (far.length === 0) return undefined;
  return (
    `${far.join(", ")} lie${far.length === 1 ? "s" : ""} a million standard deviations or more from zero: slopes ` +
    "hold, but what is computed at other values (the intercept, marginal means, their errors) loses digits. " +
    "Subtract a round number near the mean."
  );
}

function separation(names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  return (
    `Separation: ${names.join(", ")} predict${names.length === 1 ? "s" : ""} some rows perfectly, so the ` +
    "estimate runs to infinity and its standard error means nothing. Join levels, drop the term, or hold the coefficients by a " +
    'weakly informative prior (prior: "cauchy"; on the command line --prior cauchy).'
  );
}

function droppedColumns(names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  return (
    `Dropped, because earlier columns determine them: ${names.join(", ")}. ` +
    "Remove the terms, or check for empty cells."
  );
}

function droppedGrades(grades: readonly string[]): string | undefined {
  if (grades.length === 0) return undefined;
  return (
    `Nobody gave the grade${grades.length === 1 ? "" : "s"} ${grades.join(", ")}: left out, with a probability of ` +
    "zero; scores count the grades that are left."
  );
}

function droppedRows({ dropped, byVariable }: Design["missing"]): string | undefined {
  if (dropped === 0) return undefined;
  const by = Object.entries(byVariable)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name} ${count}`);
  return (
    `${dropped === 1 ? "1 row with a missing value was" : `${dropped} rows with a missing value were`} left out (${by.join(", ")}). ` +
    "Check that they are missing at random."
  );
}

function standardErrors(): string {
  return `Standard errors are ${SE_METHODS["not-positive"]}. Treat them as lower bounds.`;
}

// With covariates far from zero the intercept runs to infinity, too, unless it is held in standard units.
function findSeparated(design: Design, { beta, covariance, standard, standardData }: Estimate) {
  const { patterns, names } = design.fixed;
  const inStandard = separatedColumns(
    standardData.fixed.values,
    standard.beta,
    standard.covariance,
  );
  if (inStandard.length === 0) return [];
  return separatedColumns(patterns.values, beta, covariance)
    .map((column) => names[column]!)
    .filter((name) => !standardData.scale || name !== "(Intercept)");
}

function separatedEffects({ fixed }: Design, { places, effects }: NominalPart): string[] {
  const each = effects.length / places.length;
  const ranges = rangesOf(fixed.patterns.values, fixed.names.length);
  return effects
    .filter(({ estimate, se }, effect) =>
      isRunaway(estimate, se, ranges[places[Math.floor(effect / each)]!]!),
    )
    .map(({ name }) => name);
}

const MOST_DEVIATIONS = 1e6;

function findFar({ fixed, random, rows }: Design): string[] {
  const matrices = [
    { names: fixed.names, values: fixed.patterns.values, of: fixed.patterns.of },
    ...random.map(({ names, Z }) => ({ names, values: Z, of: undefined })),
  ];
  const far = matrices.flatMap(({ names, values, of }) => {
    // Indicators lie nowhere but at zero and one.
    const isNumeric = numericColumns(values, names.length);
    return names.filter((_, column) => {
      if (!isNumeric[column]) return false;
      const cells = Float64Array.from({ length: rows }, (_, row) => {
        return values[(of ? of[row]! : row) * names.length + column]!;
      });
      const { mean, sd } = placeOf(cells);
      return sd > 0 && Math.abs(mean) > MOST_DEVIATIONS * sd;
    });
  });
  return [...new Set(far)];
}
