import { readFileSync } from "node:fs";
import { UserError } from "kit";
import type { Table } from "../design/columns";
import { NoValue } from "../numerics/minimise";
import { contextOf } from "./fit-context";
import { type FoundFit, fitFound, fitMixed, objectiveAt } from "./fit-mixed";
import type { FitOptions } from "./fit-options";
import type { StartPoint } from "./optimum";
import type { MixedFit, OrdinalPart } from "./result";

/** A fit as plain JSON, without its data. */
export type FitJson = ReturnType<typeof fitToJson>;

/**
 * Turns a fit into plain JSON; numbers keep their full precision. A statistic with degrees of freedom is named `t`. `search` says
 * where the search ended, for `restoreFit`: parameters and inverse Hessian with covariates in standard units.
 *
 * @throws UserError for an object that is not a fit of this package, such as a copy.
 */
export function fitToJson(fit: MixedFit) {
  const { design: _design, conditionalModes: _modes, covariance, theta, ordinal, ...others } = fit;
  const { degreesOfFreedom, coefficients, ...rest } = others;
  const plain = ordinal && ordinalToJson(ordinal);
  return {
    ...rest,
    coefficients: coefficients.map(nameStatistic),
    ...(degreesOfFreedom ? { degreesOfFreedom: degreesOfFreedom.method } : {}),
    ...(plain ? { ordinal: plain } : {}),
    covariance: [...covariance],
    theta: [...theta],
    search: searchOf(fit),
  };
}

function ordinalToJson({ covariance, nominal, ...ordinal }: OrdinalPart) {
  return {
    ...ordinal,
    covariance: [...covariance],
    ...(nominal ? { nominal: { ...nominal, shifts: [...nominal.shifts] } } : {}),
  };
}

function searchOf(fit: MixedFit) {
  const { theta, thresholdParameters, beta, inverseHessian } = contextOf(fit).start;
  return {
    theta: [...theta],
    own: [...thresholdParameters],
    beta: [...beta],
    inverseHessian: [...inverseHessian],
  };
}

/** Names a statistic `t` where it has degrees of freedom; it stays `z` elsewhere. */
export function nameStatistic<One extends { readonly z: unknown; readonly df?: number }>(one: One) {
  if (one.df === undefined) return one;
  const { z, df, ...rest } = one;
  return { ...rest, df, t: z };
}

/**
 * Reads a saved fit back, on the data that it was fitted to.
 *
 * Nothing is searched again: the objective is evaluated at the saved estimates, and the fit is refused where it differs, since the data,
 * the coding or the program have changed. Standard errors are computed anew. What `satterthwaite` added is not kept: ask it again. A file
 * of a version that did not keep where the search ended is fitted again.
 *
 * @param tolerance largest difference of minus twice the log-likelihood; 1e-6 by default.
 * @throws UserError if the objective differs, or the file holds no fit.
 */
export function restoreFit(path: string, table: Table, tolerance = 1e-6): MixedFit {
  const saved = readSaved(path);
  const options = saved.options as FitOptions;
  const { beta, thresholdParameters } = estimates(saved);
  const { minusTwoLogLik } = saved;
  const found = tryObjective(saved.formula, table, options, saved.theta, beta, thresholdParameters);
  if (!(Math.abs(found - minusTwoLogLik) <= tolerance)) {
    throw new UserError(
      `${path}: at the saved estimates the objective is ${found} on these data, not ` +
        `${minusTwoLogLik}; the data or the options differ from those of the fit; fit again`,
    );
  }
  if (!saved.search) return fitMixed(saved.formula, table, options);
  return fitFound(saved.formula, table, options, foundIn(path, saved, tolerance));
}

function foundIn(path: string, { search, ...saved }: FitJson, tolerance: number): FoundFit {
  const { converged, evaluations, minusTwoLogLik } = saved;
  const lists = [search?.theta, search?.own, search?.beta, search?.inverseHessian, evaluations];
  if (!lists.every((list) => Array.isArray(list) && list.every(Number.isFinite))) {
    throw new UserError(`${path}: where the search ended is damaged; fit again`);
  }
  const [theta, thresholdParameters, beta, inverseHessian] = lists.map((list) =>
    Float64Array.from(list),
  );
  const optimum = { theta, thresholdParameters, beta, inverseHessian } as StartPoint;
  return { optimum, minusTwoLogLik, converged: converged === true, evaluations, tolerance };
}

// Estimates that do not fit the data may have no value at all.
function tryObjective(...estimates: Parameters<typeof objectiveAt>): number {
  try {
    return objectiveAt(...estimates);
  } catch (error) {
    if (error instanceof NoValue) return Number.NaN;
    throw error;
  }
}

function estimates({
  coefficients,
  ordinal,
}: FitJson): Record<"beta" | "thresholdParameters", number[]> {
  const beta = coefficients.map(({ estimate }) => estimate);
  if (!ordinal) return { beta, thresholdParameters: [] };
  const [first = 0, ...others] = ordinal.thresholds.map(({ estimate }) => estimate);
  if (ordinal.spacing)
    return { beta: [-first, ...beta], thresholdParameters: [ordinal.spacing.estimate] };
  const shifts = ordinal.nominal?.shifts ?? [];
  const columns = ordinal.nominal?.places.length ?? 0;
  const thresholdParameters = others.flatMap((one, threshold) => {
    return [one - first, ...shifts.slice(threshold * columns, (threshold + 1) * columns)];
  });
  return { beta: [-first, ...beta], thresholdParameters };
}

function readSaved(path: string): FitJson {
  try {
    const saved: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (isFit(saved)) return saved;
  } catch (error) {
    throw new UserError(`${path}: cannot be read as a saved fit (${(error as Error).message})`);
  }
  throw new UserError(`${path}: holds no saved fit; write one with JSON.stringify(fitToJson(fit))`);
}

// What `restoreFit` reads, in the types that it has.
function isFit(saved: unknown): saved is FitJson {
  if (typeof saved !== "object" || saved === null) return false;
  const { formula, options, theta, coefficients, minusTwoLogLik, ordinal } = saved as FitJson;
  const thresholds = ordinal === undefined ? [] : ordinal?.thresholds;
  return (
    typeof formula === "string" &&
    typeof options === "object" &&
    options !== null &&
    Number.isFinite(minusTwoLogLik) &&
    Array.isArray(theta) &&
    theta.every(Number.isFinite) &&
    [ordinal?.nominal?.shifts ?? []].every(
      (list) => Array.isArray(list) && list.every(Number.isFinite),
    ) &&
    [coefficients, thresholds].every(
      (list) => Array.isArray(list) && list.every((one) => Number.isFinite(one?.estimate)),
    )
  );
}
