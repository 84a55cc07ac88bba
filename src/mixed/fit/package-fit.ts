import type { Design } from "../design/design";
import { twoSided } from "../numerics/normal";
import { placeOf } from "../numerics/standardise";
import type { Family, ModelData } from "../objective/model-data";
import { conditionalModes } from "./conditional-modes";
import type { Estimate, SeMethod } from "./estimate";
import type { ModelGroups } from "./model-groups";
import { ordinalPart } from "./ordinal-part";
import type { Coefficient, MixedFit, VarianceComponent, Warning } from "./result";

// In words, as fits print them.
const SE_METHODS: Readonly<Record<SeMethod, string>> = {
  hessian: "Hessian",
  "hessian-held": "Hessian, with parameters on their boundary held",
  conditional: "conditional on the variance parameters",
  "not-positive": "conditional on the variance parameters: the Hessian is not positive definite",
  none: "none",
};

/** What a finished estimation hands over. */
export interface FitParts {
  readonly design: Design;
  readonly grouped: ModelGroups;
  readonly data: ModelData;
  readonly found: Estimate;
  /** Theta with every factor's diagonal positive; `found.theta` has the signs of the modes. */
  readonly theta: Float64Array;
  readonly nobs: number;
  readonly family: Family;
  readonly method: "ML" | "REML";
  readonly nodes: number;
  readonly singular: boolean;
  readonly fitMs: number;
  readonly options: Readonly<Record<string, unknown>>;
}

const Z95 = 1.959963984540054;

/** Turns estimates into the result that users read. */
export function packageFit(parts: FitParts): MixedFit {
  const { design, found, family, method, nodes, nobs } = parts;
  const all = toCoefficients(design, found);
  const { scale } = parts.data;
  const ordinal = scale && ordinalPart(scale, design.response.grades!, found, toCoefficient);
  const coefficients = ordinal ? all.slice(1) : all;
  const variances = toVariances(parts);
  const df = found.own.length + all.length + found.theta.length + (family === "gaussian" ? 1 : 0);
  const { minusTwoLogLik } = found;
  const gradientNorm = Math.hypot(...found.gradient);
  return {
    formula: design.formula.text,
    family,
    method,
    integration:
      family === "gaussian"
        ? "exact"
        : nodes > 1
          ? `adaptive quadrature, ${nodes} nodes`
          : "Laplace",
    converged: found.converged,
    singular: parts.singular,
    warnings: findWarnings(parts, all, gradientNorm),
    coefficients,
    ...(ordinal ? { ordinal } : {}),
    covariance: ordinal ? lastBlock(ordinal.covariance, coefficients.length) : found.covariance,
    variances,
    sigma: found.sigma,
    theta: parts.theta,
    logLik: -minusTwoLogLik / 2,
    minusTwoLogLik,
    aic: minusTwoLogLik + 2 * df,
    aicc: minusTwoLogLik + 2 * df + (2 * df * (df + 1)) / (nobs - df - 1),
    bic: minusTwoLogLik + df * Math.log(nobs),
    df,
    nobs,
    levels: Object.fromEntries(parts.data.groups.map(({ name, levels }) => [name, levels])),
    seMethod: SE_METHODS[found.seMethod],
    gradientNorm,
    evaluations: found.evaluations,
    fitMs: parts.fitMs,
    options: parts.options,
    design,
    conditionalModes: () => conditionalModes(parts),
  };
}

function toCoefficients(design: Design, { beta, covariance }: Estimate): Coefficient[] {
  const variances = lastDiagonal(covariance, beta.length);
  return design.fixed.names.map((name, at) => toCoefficient(name, beta[at]!, variances[at]!));
}

function toCoefficient(name: string, value: number, variance: number): Coefficient {
  const se = Math.sqrt(variance);
  const z = value / se;
  return {
    name,
    estimate: value,
    se,
    z,
    p: twoSided(z),
    lower: value - Z95 * se,
    upper: value + Z95 * se,
  };
}

// The last entries of a square matrix's diagonal.
function lastDiagonal(matrix: Float64Array, count: number): Float64Array {
  const width = Math.sqrt(matrix.length);
  return Float64Array.from({ length: count }, (_, at) => {
    return matrix[(width - count + at) * (width + 1)]!;
  });
}

// The last rows and columns of a square matrix.
function lastBlock(matrix: Float64Array, count: number): Float64Array {
  const width = Math.sqrt(matrix.length);
  const first = width - count;
  return matrix.filter((_, at) => at >= first * width && at % width >= first);
}

function toVariances({ grouped, data, found, family }: FitParts): VarianceComponent[] {
  const { factors } = found;
  const components = grouped.terms.flatMap(({ group, names, at, offset }) => {
    const width = data.groups[at]!.columns;
    const covariance = (i: number, j: number) => {
      let sum = 0;
      for (let k = 0; k < width; k++) {
        const left = factors[at]![(offset + i) * width + k]!;
        sum += left * factors[at]![(offset + j) * width + k]!;
      }
      return sum * found.sigma ** 2;
    };
    return names.map((name, i) => {
      const variance = covariance(i, i);
      const all = names.slice(0, i).map((_, j) => {
        return covariance(i, j) / Math.sqrt(variance * covariance(j, j));
      });
      const corr = all.length === 0 ? null : all.length === 1 ? all[0]! : all;
      return { group, name, variance, sd: Math.sqrt(variance), corr };
    });
  });
  if (family !== "gaussian") return components;
  const residual = { name: "", variance: found.sigma ** 2, sd: found.sigma, corr: null };
  return [...components, { group: "Residual", ...residual }];
}

function findWarnings(
  { design, found, singular, family }: FitParts,
  coefficients: readonly Coefficient[],
  gradientNorm: number,
): Warning[] {
  const warnings: Warning[] = [];
  const add = (kind: Warning["kind"], message: string) => void warnings.push({ kind, message });
  if (!found.converged) {
    add(
      "not-converged",
      `The search did not reach an optimum (gradient length ${gradientNorm.toPrecision(2)}): do not use the ` +
        "estimates. Simplify the random effects.",
    );
  }
  if (singular) {
    add(
      "singular",
      "Singular fit: a variance is estimated as zero or a correlation as one; the data do not support that " +
        "part of the random effects. Simplify it, and do not read its estimate as evidence of absence.",
    );
  }
  const far = findFar(design);
  if (far.length > 0) {
    add(
      "far-from-zero",
      `${far.join(", ")} lie${far.length === 1 ? "s" : ""} a million standard deviations or more from zero: slopes ` +
        "hold, but what is computed at other values (the intercept, marginal means, their errors) loses digits. " +
        "Subtract a round number near the mean.",
    );
  }
  const separated = family === "gaussian" ? [] : findSeparated(design, coefficients, found);
  if (separated.length > 0) {
    add(
      "separation",
      `Separation: ${separated.join(", ")} predict${separated.length === 1 ? "s" : ""} some rows perfectly, so the ` +
        "estimate runs to infinity and its standard error means nothing. Join levels or drop the term.",
    );
  }
  if (design.fixed.droppedColumns.length > 0) {
    add(
      "dropped-columns",
      `Dropped, because earlier columns determine them: ${design.fixed.droppedColumns.join(", ")}. ` +
        "Remove the terms, or check for empty cells.",
    );
  }
  const unused = design.response.droppedGrades ?? [];
  if (unused.length > 0) {
    add(
      "dropped-grades",
      `Nobody gave the grade${unused.length === 1 ? "" : "s"} ${unused.join(", ")}: left out, with a probability of ` +
        "zero; scores count the grades that are left.",
    );
  }
  if (design.missing.dropped > 0) {
    const by = Object.entries(design.missing.byVariable)
      .filter(([, count]) => count > 0)
      .map(([name, count]) => `${name} ${count}`);
    add(
      "dropped-rows",
      `${design.missing.dropped} rows with a missing value were left out (${by.join(", ")}). ` +
        "Check that they are missing at random.",
    );
  }
  if (found.seMethod === "not-positive") {
    const how = SE_METHODS[found.seMethod];
    add("standard-errors", `Standard errors are ${how}. Treat them as lower bounds.`);
  }
  return warnings;
}

// A slope of 10 logits over the covariate's spread, with an error as large: the likelihood has no maximum. With
// covariates far from zero that is true of the intercept, too, unless it is so in standard units.
function findSeparated(
  design: Design,
  coefficients: readonly Coefficient[],
  { standard, standardData }: Estimate,
): string[] {
  const { scale } = standardData;
  const { X, names } = design.fixed;
  const width = names.length;
  const isSeparated = (value: number, se: number, spread: number) =>
    Math.abs(value) * spread > 4 && se * spread > 10;
  const variances = lastDiagonal(standard.covariance, width);
  const isAnywhere = standard.beta.some((value, at) => {
    const se = Math.sqrt(variances[at]!);
    return isSeparated(value, se, spreadOf(standardData.fixed, width, at));
  });
  if (!isAnywhere) return [];
  return coefficients
    .filter(({ estimate, se }, at) => isSeparated(estimate, se, spreadOf(X, width, at)))
    .map(({ name }) => name)
    .filter((name) => !scale || name !== "(Intercept)");
}

const MOST_DEVIATIONS = 1e6;

function findFar({ fixed, random, rows }: Design): string[] {
  const matrices = [
    { names: fixed.names, values: fixed.X },
    ...random.map(({ names, Z }) => ({ names, values: Z })),
  ];
  const far = matrices.flatMap(({ names, values }) =>
    names.filter((_, at) => {
      const column = Float64Array.from({ length: rows }, (_, row) => {
        return values[row * names.length + at]!;
      });
      const { mean, sd } = placeOf(column);
      return sd > 0 && Math.abs(mean) > MOST_DEVIATIONS * sd;
    }),
  );
  return [...new Set(far)];
}

function spreadOf(X: Float64Array, width: number, at: number): number {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = at; i < X.length; i += width) {
    low = Math.min(low, X[i]!);
    high = Math.max(high, X[i]!);
  }
  return high > low ? high - low : Math.abs(high);
}
