import { UserError } from "kit";
import type { Table } from "../design/columns";
import { buildDesign, type Design } from "../design/design";
import type { Formula } from "../formula/formula";
import { sumOf } from "../numerics/vectors";
import { collapseRows } from "../objective/collapse";
import { onBoundary, thetaEntries } from "../objective/covariance-factor";
import type { ModelData } from "../objective/model-data";
import { makePrior } from "./coefficient-prior";
import { type Estimate, estimate, evaluateObjective } from "./estimate";
import { refuseUnidentified } from "./find-unidentified";
import { contextOf, keepContext } from "./fit-context";
import { checkFitOptions, type FitOptions, methodOf } from "./fit-options";
import { joinGroups, type ModelGroups } from "./model-groups";
import { findEmptyCell } from "./nominal-terms";
import type { EstimateOptions, StartPoint } from "./optimum";
import { packageFit } from "./package-fit";
import { binomialConstant, freeNominal, modelData } from "./prepare-data";
import type { MixedFit } from "./result";

/**
 * Fits a linear, a binomial or a cumulative link mixed model.
 *
 * The model: the linear predictor is X beta plus, for each random term, the values of its columns times
 * normally distributed effects of the row's level. Gaussian models are fitted by ML or REML on the profiled
 * deviance; the others by maximum likelihood in the Laplace approximation, or by adaptive quadrature. A cumulative
 * model's response is whole numbers, at most 20 of them, or texts whose order `levels` gives; its thresholds take the
 * intercept's place and stand in the fit's `ordinal`.
 * The same table and formula give the same fit. Cost of one evaluation: a pass over the rows, and the cube
 * of the number of levels of all but the largest grouping factor.
 *
 * @param formula in R's notation, such as `y ~ a * b + (1 | g)`.
 * @param table rows, columns, or a danfojs DataFrame; rows with a missing value are left out and counted.
 * @throws UserError if formula, data and options do not make a model that can be estimated.
 */
export function fitMixed(
  formula: Formula | string,
  table: Table,
  options: FitOptions = {},
): MixedFit {
  return fitData(prepare(formula, table, options));
}

/**
 * Fits the model of a fit to another response, such as one that was simulated from it.
 *
 * @param y one value for each row that the fit used: successes (binomial), grades from 0 (cumulative) or numbers.
 * @throws UserError if the response has another length, is not finite, or does not vary.
 */
export function refit(fit: MixedFit, y: Float64Array): MixedFit {
  const { data, options, grouped } = contextOf(fit);
  if (y.length !== data.rows) {
    throw new UserError(`the new response has ${y.length} values; the fit has ${data.rows} rows`);
  }
  const constant = data.family === "binomial" ? binomialConstant(data.weights, y) : 0;
  const renewed = { ...data, y };
  const design = { ...fit.design, response: { ...fit.design.response, y } };
  refuseUnfittable(renewed, design, options.nodes ?? 1);
  return fitData({ design, grouped, data: renewed, constant, options });
}

/**
 * Fits the model of a cumulative fit to the same data with some of its terms nominal.
 *
 * @param nominal as in `FitOptions`.
 * @throws UserError as `fitMixed`.
 */
export function fitNominal(fit: MixedFit, nominal: string): MixedFit {
  const { data, options, grouped } = contextOf(fit);
  const { design } = fit;
  const freed = freeNominal(data, design, nominal);
  refuseUnfittable(freed, design, options.nodes ?? 1);
  return fitData({ design, grouped, data: freed, constant: 0, options: { ...options, nominal } });
}

/** Fits the model of a linear fit by maximum likelihood; a fit that is by it already is returned as it is. */
export function fitByMl(fit: MixedFit): MixedFit {
  if (fit.method === "ML") return fit;
  const { data, options, grouped } = contextOf(fit);
  const byMl = { ...options, method: "ML" } as const;
  return fitData({ design: fit.design, grouped, data, constant: 0, options: byMl });
}

/** What a fit has found, as it is kept: nothing of it is searched again. */
export interface FoundFit {
  /** Where the search ended, in standard units. */
  readonly optimum: StartPoint;
  readonly minusTwoLogLik: number;
  readonly converged: boolean;
  readonly evaluations: readonly number[];
  /** How far minus twice the log-likelihood there may lie from what was found. */
  readonly tolerance: number;
}

/**
 * Makes a fit from what one has found on the same data: the objective is evaluated there, and standard errors are computed.
 *
 * @throws UserError as `fitMixed`, if there are not as many parameters as the model has, or the objective is another one.
 */
export function fitFound(
  formula: Formula | string,
  table: Table,
  options: FitOptions,
  found: FoundFit,
): MixedFit {
  const prepared = prepare(formula, table, options);
  const { theta, thresholdParameters, beta, inverseHessian } = found.optimum;
  const { data } = prepared;
  requireCount("variance parameters", theta.length, thetaEntries(data.groups).length);
  requireCount("fixed effects", beta.length, data.fixedColumns);
  const isLinear = data.family === "gaussian";
  const size = theta.length + (isLinear ? 0 : thresholdParameters.length + beta.length);
  requireCount("entries of the inverse Hessian", inverseHessian.length, size ** 2);
  return fitData(prepared, found);
}

interface Prepared {
  readonly design: Design;
  readonly grouped: ModelGroups;
  readonly data: ModelData;
  readonly constant: number;
  readonly options: FitOptions;
}

function prepare(formula: Formula | string, table: Table, options: FitOptions): Prepared {
  const { family = "gaussian", nodes = 1 } = options;
  checkFitOptions(options);
  const isGraded = family === "cumulative";
  const design = buildDesign(formula, table, { ...options, isGraded });
  if (isGraded) refuseNoIntercept(design);
  const grouped = joinGroups(design.random, design.rows);
  const { data, constant } = modelData(design, grouped, family, table, options);
  refuseUnfittable(data, design, nodes);
  refuseUnidentified(design, family, methodOf(options) === "REML");
  return { design, grouped, data, constant, options };
}

/** What a model is made of, before it is fitted. */
export interface ModelParts {
  readonly design: Design;
  readonly grouped: ModelGroups;
  readonly data: ModelData;
  readonly options: FitOptions;
  readonly estimateOptions: EstimateOptions;
}

/**
 * Builds a model without fitting it.
 *
 * @throws UserError as `fitMixed`.
 */
export function buildModel(
  formula: Formula | string,
  table: Table,
  options: FitOptions,
): ModelParts {
  const prepared = prepare(formula, table, options);
  const { constant: _constant, ...parts } = prepared;
  return { ...parts, estimateOptions: estimateOptionsOf(prepared) };
}

function estimateOptionsOf({ options, constant, data, design }: Prepared): EstimateOptions {
  const { prior, nodes = 1 } = options;
  return {
    reml: methodOf(options) === "REML",
    nodes,
    constant,
    errors: options.standardErrors === "conditional" ? "conditional" : true,
    ...(prior ? { prior: makePrior(prior, data, design.fixed.names) } : {}),
  };
}

function fitData(prepared: Prepared, known?: FoundFit): MixedFit {
  const { design, grouped, data, options } = prepared;
  const { family = "gaussian", nodes = 1, now = () => performance.now() } = options;
  const method = methodOf(options);
  const started = now();
  const collapsed = collapseRows(data);
  const estimateOptions = estimateOptionsOf(prepared);
  const found = known
    ? estimateFound(collapsed, estimateOptions, known)
    : estimate(collapsed, estimateOptions);
  const fitMs = now() - started;
  const fit = packageFit({
    design,
    grouped,
    data: collapsed,
    found,
    theta: positiveDiagonal(found.theta, collapsed),
    nobs: design.rows,
    family,
    method,
    nodes,
    singular: onBoundary(collapsed.groups, found.standard.theta).includes(true),
    fitMs,
    options: savedOptions(options),
  });
  const { theta, thresholdParameters, beta, inverseHessian } = found.standard;
  const start = { theta, thresholdParameters, beta: beta.slice(), inverseHessian };
  const parameters = {
    theta: found.theta,
    thresholdParameters: found.thresholdParameters,
    beta: found.beta.slice(),
    sigma: found.sigma,
  };
  return keepContext(fit, { data, grouped, options, start, parameters, estimateOptions });
}

// Differences of the last digits are those of the search's way there.
function estimateFound(
  data: ModelData,
  options: EstimateOptions,
  { optimum, minusTwoLogLik, converged, evaluations, tolerance }: FoundFit,
): Estimate {
  const found = estimate(data, { ...options, start: optimum, isFound: true });
  if (!(Math.abs(found.minusTwoLogLik - minusTwoLogLik) <= tolerance)) {
    throw new UserError(
      `where the search ended the objective is ${found.minusTwoLogLik}, not ${minusTwoLogLik}; fit again`,
    );
  }
  return { ...found, minusTwoLogLik, converged, evaluations };
}

function savedOptions({ now: _now, ...options }: FitOptions): Readonly<Record<string, unknown>> {
  return options;
}

function refuseNoIntercept({ formula }: Design): void {
  if (formula.fixed.intercept) return;
  throw new UserError(
    `${formula.text}: the thresholds take the intercept's place in a cumulative model; remove 0 or -1`,
  );
}

/**
 * Evaluates a model's objective (minus twice the log-likelihood, or the REML criterion) at given estimates.
 *
 * @param theta relative covariance parameters, in lme4's order.
 * @param beta fixed effects; of no effect in a Gaussian model, whose fixed effects follow from theta.
 * @param thresholdParameters a cumulative model's gaps between thresholds; see grade-scale.ts.
 * @throws UserError if formula, data and options do not make a model, or it has another number of parameters.
 */
export function objectiveAt(
  formula: Formula | string,
  table: Table,
  options: FitOptions,
  theta: readonly number[],
  beta: readonly number[],
  thresholdParameters: readonly number[] = [],
): number {
  const { data, constant } = prepare(formula, table, options);
  requireCount("variance parameters", theta.length, thetaEntries(data.groups).length);
  if (data.family !== "gaussian") requireCount("fixed effects", beta.length, data.fixedColumns);
  const settings = { reml: methodOf(options) === "REML", nodes: options.nodes ?? 1, constant };
  return evaluateObjective(data, settings, { theta, thresholdParameters, beta });
}

function requireCount(what: string, given: number, due: number): void {
  if (given === due) return;
  throw new UserError(`${given} ${what} are given, and the model has ${due}; give one for each`);
}

function refuseUnfittable(data: ModelData, design: Design, nodes: number): void {
  const { y, weights, rows, groups, family } = data;
  const unknown = y.findIndex((value) => !Number.isFinite(value));
  if (unknown >= 0) {
    throw new UserError(
      `the response is ${y[unknown]} in row ${design.usedRows[unknown]! + 1}; give numbers`,
    );
  }
  if (data.fixedColumns >= rows) {
    throw new UserError(`${data.fixedColumns} fixed effects need more than ${rows} rows`);
  }
  if (family === "binomial") {
    const total = sumOf(weights);
    const ones = sumOf(y);
    if (ones === 0 || ones === total) {
      const value = ones === 0 ? "0" : "1";
      throw new UserError(`the response ${design.response.name} is ${value} in every row`);
    }
  }
  if (family === "cumulative") refuseEmptyGrade(data, design);
  if (data.nominal && data.scale!.grades === 2) {
    throw new UserError(
      "two grades have one threshold, so no effect can differ between thresholds; leave nominal out",
    );
  }
  const cell = findEmptyCell(data, design);
  if (cell) {
    throw new UserError(
      `nominal: ${cell.description}; leave '${cell.term}' out of nominal, or join grades`,
    );
  }
  const isScalar = groups.length === 1 && groups[0]?.columns === 1;
  if (!Number.isInteger(nodes) || nodes < 1 || nodes > 100) {
    throw new UserError(`nodes should be a whole number from 1 to 100; it is ${nodes}`);
  }
  if (nodes > 1 && (family === "gaussian" || !isScalar)) {
    throw new UserError(
      "more than one quadrature node needs the binomial or cumulative family and a single random intercept; use 1",
    );
  }
}

// Of a response that was simulated or given anew; a table's own grades all occur.
function refuseEmptyGrade({ y, scale }: ModelData, { response }: Design): void {
  const given = new Set(y);
  const empty = Array.from({ length: scale!.grades }, (_, grade) => grade).find(
    (grade) => !given.has(grade),
  );
  if (empty !== undefined) {
    throw new UserError(
      `no row has the grade '${response.grades![empty]}'; its thresholds have no finite estimate`,
    );
  }
  if (given.size > scale!.grades) {
    throw new UserError(`grades are whole numbers from 0 to ${scale!.grades - 1} here`);
  }
}

// The sign of each column of a factor is free; lme4 takes the diagonal positive.
function positiveDiagonal(found: Float64Array, data: ModelData): Float64Array {
  const entries = thetaEntries(data.groups);
  const theta = found.slice();
  for (const [place, { row, column, group }] of entries.entries()) {
    if (row !== column || theta[place]! >= 0) continue;
    for (const [other, entry] of entries.entries()) {
      if (entry.group !== group || entry.column !== column) continue;
      theta[other] = -theta[other]!;
    }
  }
  return theta;
}
