import type { Design } from "../design/design";
import { lastBlock, lastDiagonal, quadraticForm, rowOf } from "../numerics/matrices";
import { twoSided } from "../numerics/normal";
import { dot, lengthOf, sumOf } from "../numerics/vectors";
import type { Estimate } from "./estimate";
import { findWarnings, SE_METHODS } from "./find-warnings";
import type { FitParts } from "./fit-parts";
import { ordinalPart } from "./ordinal-part";
import type {
  Coefficient,
  ConditionalModes,
  MixedFit,
  Modelled,
  VarianceComponent,
} from "./result";

const Z95 = 1.959963984540054;

/** Turns estimates into the result that users read. */
export function packageFit(parts: FitParts): MixedFit {
  const { design, found, family, method, nodes, nobs } = parts;
  const all = toCoefficients(design, found);
  const { scale } = parts.data;
  const { names } = design.fixed;
  const nominal = parts.data.nominal && { places: parts.data.nominal.places, names };
  const ordinal =
    scale && ordinalPart(scale, design.response.grades!, found, toCoefficient, nominal);
  const coefficients = ordinal ? all.slice(1) : all;
  const variances = toVariances(parts);
  const df =
    found.thresholdParameters.length +
    all.length +
    found.theta.length +
    (family === "gaussian" ? 1 : 0);
  const { minusTwoLogLik } = found;
  const gradientNorm = lengthOf(found.gradient);
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
    warnings: findWarnings(parts, ordinal?.nominal),
    coefficients,
    ...(ordinal ? { ordinal } : {}),
    ...(family === "binomial"
      ? { modelled: modelledOf(parts), link: parts.data.link ?? "logit" }
      : {}),
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

function modelledOf({ design: { response }, data }: FitParts): Modelled {
  const { name, levels, kind, y } = response;
  const isTruth = levels?.join() === "FALSE,TRUE";
  const value =
    kind === "binary" && !isTruth
      ? levels![1]
      : kind === "numeric" && y.every(Number.isInteger)
        ? "1"
        : undefined;
  return {
    name: value === undefined ? name : `${name} = ${value}`,
    successes: sumOf(data.y),
    trials: sumOf(data.weights),
  };
}

function toCoefficients(design: Design, { beta, covariance }: Estimate): Coefficient[] {
  const variances = lastDiagonal(covariance, beta.length);
  return design.fixed.names.map((name, column) =>
    toCoefficient(name, beta[column]!, variances[column]!),
  );
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

function toVariances({ grouped, data, found, family }: FitParts): VarianceComponent[] {
  const { factors } = found;
  const components = grouped.terms.flatMap(({ group, names, groupIndex, offset }) => {
    const width = data.groups[groupIndex]!.columns;
    const covariance = (i: number, j: number) => {
      let sum = 0;
      for (let k = 0; k < width; k++) {
        const left = factors[groupIndex]![(offset + i) * width + k]!;
        sum += left * factors[groupIndex]![(offset + j) * width + k]!;
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

// The modes of the random effects and their standard deviations, given the estimates, as lme4's `ranef` has them.
function conditionalModes({ grouped, data, found }: FitParts): ConditionalModes[] {
  const { system, sigma, factors } = found;
  return grouped.terms.map(({ group, names, levels, groupIndex, offset }) => {
    const width = data.groups[groupIndex]!.columns;
    const factor = factors[groupIndex]!;
    const modes = new Float64Array(levels.length * names.length);
    const sd = new Float64Array(modes.length);
    const effects = system.modesOf(groupIndex);
    const variances = system.modeVariances(groupIndex);
    for (let level = 0; level < levels.length; level++) {
      const u = rowOf(effects, level, width);
      const block = variances.subarray(level * width * width, (level + 1) * width * width);
      for (let i = 0; i < names.length; i++) {
        const row = factor.subarray((offset + i) * width, (offset + i + 1) * width);
        modes[level * names.length + i] = dot(row, u);
        sd[level * names.length + i] = sigma * Math.sqrt(quadraticForm(block, width, row));
      }
    }
    return { group, names, levels, modes, sd };
  });
}
