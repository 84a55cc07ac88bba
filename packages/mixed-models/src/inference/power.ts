// Power by simulation, as simr has it (Green and MacLeod 2016, doi.org/10.1111/2041-210X.12504): studies are drawn from a model and
// tested, and the share of tests that come out is the power.
import { join } from "node:path";
import { checkChoice, checkOptionNames, listNames, UserError } from "kit";
import type { RowValues } from "../design/model-row";
import { refuseNominalOf } from "../fit/fit-context";
import type { MixedFit } from "../fit/result";
import { binomialInterval } from "../numerics/binomial-interval";
import { independentColumns } from "../numerics/independent-columns";
import { rowOf } from "../numerics/matrices";
import { expandPatterns, findPatterns } from "../numerics/patterns";
import { quantileOfSorted } from "../numerics/quantile";
import type { ModelData } from "../objective/model-data";
import {
  type ChosenParameters,
  chooseParameters,
  effectNames,
  refuseUnknown,
} from "./choose-parameters";
import { extendData, type SampleSizes } from "./extend-data";
import { dataOfRows } from "./new-rows";
import type { PowerTask, SimulatedStudy, StudyTest } from "./power-worker";
import { refuseWeighted } from "./simulate";
import { modelOfFit, type StatedModel } from "./stated-model";
import { checkWorkers, runThreads } from "./threads";

/** What is simulated and tested; what is not given is as it was fitted. */
export interface PowerOptions extends ChosenParameters, SampleSizes {
  /** A coefficient by its name: t with Satterthwaite's degrees of freedom for the Gaussian family, z for the others. */
  readonly test?: string;
  /** In place of it a term, such as `a:b`: the likelihood ratio to the model without it, by ML. */
  readonly term?: string;
  /** `normal` for z in the Gaussian family, too; `satterthwaite` by default. */
  readonly df?: "satterthwaite" | "normal";
  /** Number of simulated studies. */
  readonly simulations: number;
  readonly seed: number;
  /** A test comes out where its p-value is at most this; 0.05 by default. */
  readonly alpha?: number;
  /** Other rows in place of the fit's, as `simulateFit` takes them; `trials` is their column of trials. */
  readonly rows?: readonly RowValues[];
  readonly trials?: string;
  /** Number of threads; 2 by default. The result does not depend on it. */
  readonly workers?: number;
  readonly onProgress?: (done: number, of: number) => void;
}

/** The power of a test. */
export interface Power {
  /** Such as `t test of x with Satterthwaite's degrees of freedom`. */
  readonly test: string;
  /** Share of the simulated studies whose test came out; failed ones count as if it had not. */
  readonly power: number;
  /** Limits of its exact 95 % interval: of the simulation's error, not of the parameters'. */
  readonly lower: number;
  readonly upper: number;
  readonly significant: number;
  readonly simulations: number;
  /** Studies whose model could not be fitted, and why. */
  readonly failed: number;
  readonly failures: Readonly<Record<string, number>>;
  readonly alpha: number;
  /** The coefficient that was simulated, and the median of its estimates; null of a term. */
  readonly effect: number | null;
  readonly medianEstimate: number | null;
  readonly rows: number;
  /** Number of levels of each group. */
  readonly levels: Readonly<Record<string, number>>;
  /** Of each study, in order; null where it failed. */
  readonly p: readonly (number | null)[];
}

const OPTIONS: readonly (keyof PowerOptions)[] = [
  "test",
  "term",
  "df",
  "effects",
  "sds",
  "groups",
  "within",
  "rows",
  "trials",
  "simulations",
  "seed",
  "alpha",
  "workers",
  "onProgress",
];

/**
 * Estimates how likely a test comes out, by simulating studies and fitting each, on several threads.
 *
 * The same seed gives the same studies, however many threads there are. Estimates of a pilot are taken for the truth: give
 * the effect that would matter in `effects` rather than the one that a small pilot found. Cost: a fit for each simulation, two for a term.
 *
 * @param model a fit, or what `stateModel` gives.
 * @throws UserError for an unknown coefficient, term, group or option, for what is not a number, or as `simulateFit`.
 */
export async function simulatePower(
  model: MixedFit | StatedModel,
  options: PowerOptions,
): Promise<Power> {
  return preparePower(model, options)();
}

/**
 * Estimates power for several plans, one after the other; all are checked before the first is simulated.
 *
 * @param over what each of them has in place of `options`, such as `{ groups: { subject: 40 } }`.
 * @throws UserError as `simulatePower`.
 */
export async function powerCurve(
  model: MixedFit | StatedModel,
  options: PowerOptions,
  over: readonly Partial<PowerOptions>[],
): Promise<Power[]> {
  const runs = over.map((plan) => preparePower(model, { ...options, ...plan }));
  const powers: Power[] = [];
  for (const run of runs) powers.push(await run());
  return powers;
}

/**
 * Checks a plan, and simulates nothing yet; parameters as `simulatePower`.
 *
 * @returns what simulates it.
 */
export function preparePower(
  model: MixedFit | StatedModel,
  options: PowerOptions,
): () => Promise<Power> {
  checkOptionNames(options, OPTIONS);
  const { simulations, seed, alpha = 0.05, workers = 2, onProgress } = options;
  checkNumbers(options);
  checkWorkers(workers);
  if (isFit(model)) refuseNominalOf(model, "effect to find", "leave nominal out");
  const stated = isFit(model) ? modelOfFit(model) : model;
  const data = planData(model, stated, options);
  refuseWeighted(data);
  refuseIndistinct(stated, data);
  const parameters = chooseParameters(stated, options);
  const test = planTest(stated, data, options);
  const isTerm = test.kind === "term";
  const task: PowerTask = {
    data,
    parameters,
    options: isTerm ? { ...stated.estimateOptions, reml: false } : stated.estimateOptions,
    test,
    seed,
  };
  const settings = { count: simulations, workers, onProgress };
  return async () => {
    const script = join(__dirname, "power-worker.js");
    const studies = await runThreads<SimulatedStudy>(script, task, settings);
    return {
      test: nameTest(test, options),
      ...summarize(studies, alpha),
      alpha,
      effect: isTerm ? null : parameters.beta[test.at]!,
      rows: data.rows,
      levels: Object.fromEntries(data.groups.map(({ name, levels }) => [name, levels])),
    };
  };
}

function isFit(model: MixedFit | StatedModel): model is MixedFit {
  return "conditionalModes" in model;
}

function checkNumbers({ simulations, alpha, test, term, df }: PowerOptions): void {
  if (!Number.isInteger(simulations) || simulations < 1) {
    throw new UserError(`simulations should be a whole number from 1; it is ${simulations}`);
  }
  if (alpha !== undefined && !(alpha > 0 && alpha < 1)) {
    throw new UserError(`alpha should be between 0 and 1, such as 0.05; it is ${alpha}`);
  }
  checkChoice("df", df, ["satterthwaite", "normal"]);
  if ((test === undefined) === (term === undefined)) {
    throw new UserError("name what is tested: a coefficient in test, or a term in term");
  }
}

function planData(
  model: MixedFit | StatedModel,
  stated: StatedModel,
  { rows, trials, groups, within }: PowerOptions,
): ModelData {
  if (trials !== undefined && !rows) {
    throw new UserError("trials is a column of new rows; give rows, or leave it out");
  }
  if (rows && !isFit(model)) {
    throw new UserError("rows are those that the model was stated for; leave them out here");
  }
  const data = rows && isFit(model) ? dataOfRows(model, rows, trials) : stated.data;
  return extendData(data, { ...(groups ? { groups } : {}), ...(within ? { within } : {}) });
}

// What a fit's own rows could tell apart, other numbers of levels or rows may not.
function refuseIndistinct({ design }: StatedModel, data: ModelData): void {
  const { fixed, fixedColumns, rows, groups, family } = data;
  const kept = independentColumns(expandPatterns(fixed, fixedColumns), rows, fixedColumns);
  const lost = design.fixed.names.filter((_, column) => !kept.includes(column));
  if (lost.length > 0) {
    throw new UserError(
      `with these sizes the rows cannot tell ${listNames(lost)} from the other effects; give more levels or rows`,
    );
  }
  const full = groups.find(({ levels, columns }) => levels * columns >= rows);
  if (!full || family !== "gaussian") return;
  throw new UserError(
    `with these sizes '${full.name}' has as many random effects as there are rows; give more rows within its levels`,
  );
}

function planTest(
  model: StatedModel,
  data: ModelData,
  { test, term, df }: PowerOptions,
): StudyTest {
  if (term !== undefined) return planTerm(model, data, term);
  const names = effectNames(model);
  const name = test as string;
  if (!names.includes(name)) refuseUnknown("test", name, "coefficient", names);
  const isStudent = data.family === "gaussian" && df !== "normal";
  if (df === "satterthwaite" && !isStudent) {
    throw new UserError(
      `Satterthwaite's degrees of freedom are for the gaussian family; the model is ${data.family}`,
    );
  }
  return { kind: "coefficient", at: model.design.fixed.names.indexOf(name), isStudent };
}

function planTerm({ design }: StatedModel, data: ModelData, label: string): StudyTest {
  const { terms } = design.fixed;
  const names = terms.slice(terms[0]?.variables.length === 0 ? 1 : 0).map((term) => term.label);
  const found = terms.find((term) => term.label === label && term.variables.length > 0);
  if (!found) return refuseUnknown("term", label, "term", names);
  const larger = terms.find(
    (term) => term !== found && found.variables.every((one) => term.variables.includes(one)),
  );
  if (larger) {
    throw new UserError(
      `term: '${label}' is part of '${larger.label}'; test that term, or a coefficient`,
    );
  }
  if (!design.formula.fixed.intercept) {
    throw new UserError(
      `term: without an intercept the model without '${label}' is coded otherwise; test a coefficient`,
    );
  }
  const [from, to] = found.columns;
  if (from === to) throw new UserError(`term: '${label}' has no column that can be estimated`);
  return { kind: "term", ...withoutColumns(data, from, to), df: to - from };
}

function withoutColumns({ fixed, fixedColumns, rows }: ModelData, from: number, to: number) {
  const whole = expandPatterns(fixed, fixedColumns);
  const kept = fixedColumns - (to - from);
  const matrix = new Float64Array(rows * kept);
  for (let row = 0; row < rows; row++) {
    const cells = rowOf(whole, row, fixedColumns);
    matrix.set(cells.subarray(0, from), row * kept);
    matrix.set(cells.subarray(to), row * kept + from);
  }
  return { fixed: findPatterns(matrix, rows, kept), fixedColumns: kept };
}

function nameTest(test: StudyTest, { test: name, term }: PowerOptions): string {
  if (test.kind === "term") return `likelihood-ratio test of ${term}`;
  return test.isStudent
    ? `t test of ${name} with Satterthwaite's degrees of freedom`
    : `z test of ${name}`;
}

const byNumber = (one: number, other: number) => one - other;

function summarize(studies: readonly SimulatedStudy[], alpha: number) {
  const failures: Record<string, number> = {};
  const estimates: number[] = [];
  const p = studies.map((study) => {
    if ("failure" in study) {
      failures[study.failure] = (failures[study.failure] ?? 0) + 1;
      return null;
    }
    if (study.estimate !== null) estimates.push(study.estimate);
    return study.p;
  });
  const significant = p.filter((value) => value !== null && value <= alpha).length;
  const [lower, upper] = binomialInterval(significant, studies.length);
  return {
    power: significant / studies.length,
    lower,
    upper,
    significant,
    simulations: studies.length,
    failed: p.filter((value) => value === null).length,
    failures,
    medianEstimate: estimates.length === 0 ? null : quantileOfSorted(estimates.sort(byNumber), 0.5),
    p,
  };
}
