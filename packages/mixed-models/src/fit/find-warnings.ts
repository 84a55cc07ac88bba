// What the reader of a fit must know first: what it means, and what to do.
import type { Design } from "../design/design";
import { lengthOf } from "../numerics/length-of";
import { numericColumns, placeOf } from "../numerics/standardise";
import type { Estimate, SeMethod } from "./estimate";
import { findUnidentified } from "./find-unidentified";
import type { FitParts } from "./package-fit";
import type { Warning } from "./result";
import { separatedColumns } from "./separation";

/** In words, as fits print them. */
export const SE_METHODS: Readonly<Record<SeMethod, string>> = {
  hessian: "Hessian",
  "hessian-held": "Hessian, with parameters on their boundary held",
  conditional: "conditional on the variance parameters",
  "not-positive": "conditional on the variance parameters: the Hessian is not positive definite",
  none: "none",
};

/** Lists a fit's warnings. */
export function findWarnings(parts: FitParts): Warning[] {
  const { design, found, singular, family } = parts;
  const separated = family === "gaussian" ? [] : findSeparated(design, found);
  const warnings: readonly (readonly [Warning["kind"], string | undefined])[] = [
    ["not-converged", found.converged ? undefined : notConverged(found.gradient)],
    ["unidentified", findUnidentified(design).join(" ") || undefined],
    ["singular", singular ? SINGULAR : undefined],
    ["far-from-zero", farFromZero(findFar(design))],
    ["separation", separation(separated)],
    ["dropped-columns", droppedColumns(design.fixed.droppedColumns)],
    ["dropped-grades", droppedGrades(design.response.droppedGrades ?? [])],
    ["dropped-rows", droppedRows(design.missing)],
    ["standard-errors", found.seMethod === "not-positive" ? standardErrors() : undefined],
  ];
  return warnings.flatMap(([kind, message]) => (message === undefined ? [] : [{ kind, message }]));
}

function notConverged(gradient: Float64Array): string {
  const length = lengthOf(gradient).toPrecision(2);
  return (
    `The search did not reach an optimum (gradient length ${length}): do not use the ` +
    "estimates. Simplify the random effects."
  );
}

const SINGULAR =
  "Singular fit: a variance is estimated as zero or a correlation as one; the data do not support that " +
  "part of the random effects. Simplify it, and do not read its estimate as evidence of absence.";

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
    "estimate runs to infinity and its standard error means nothing. Join levels or drop the term."
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
    .map((at) => names[at]!)
    .filter((name) => !standardData.scale || name !== "(Intercept)");
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
    return names.filter((_, at) => {
      if (!isNumeric[at]) return false;
      const column = Float64Array.from({ length: rows }, (_, row) => {
        return values[(of ? of[row]! : row) * names.length + at]!;
      });
      const { mean, sd } = placeOf(column);
      return sd > 0 && Math.abs(mean) > MOST_DEVIATIONS * sd;
    });
  });
  return [...new Set(far)];
}
