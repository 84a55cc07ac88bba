import { UserError } from "kit";
import { type Table, toColumns } from "../design/columns";
import type { Design } from "../design/design";
import type { BinomialLink } from "../objective/binomial-link";
import type { GradeLink } from "../objective/grade-density";
import type { Thresholds } from "../objective/grade-scale";
import type { Family, ModelData } from "../objective/model-data";
import { nominalColumns } from "../objective/nominal-columns";
import type { ModelGroups } from "./model-groups";
import { readNominal } from "./nominal-terms";

/** Turns a design into what the objectives need, with the part of the likelihood that no parameter moves. */
export function modelData(
  design: Design,
  { groups }: ModelGroups,
  family: Family,
  table: Table,
  options: {
    readonly weights?: string;
    readonly link?: GradeLink;
    readonly offset?: string;
    readonly thresholds?: Thresholds;
    readonly nominal?: string;
  },
): { data: ModelData; constant: number } {
  if (design.random.length === 0) {
    throw new UserError(
      `${design.formula.text}: has no random effect; add a term such as (1 | group), or use a plain ` +
        "regression",
    );
  }
  const { response, fixed, rows } = design;
  const weights = priorWeights(design, table, options.weights);
  const offset =
    options.offset === undefined ? undefined : readOffset(design, table, options.offset);
  const common = {
    family,
    rows,
    fixed: fixed.patterns,
    fixedColumns: fixed.names.length,
    groups,
    ...(offset ? { offset } : {}),
  };
  if (family === "gaussian") {
    if (response.kind !== "numeric") {
      throw new UserError(`the response ${response.name} is not a number; use the binomial family`);
    }
    return { data: { ...common, y: response.y, weights }, constant: 0 };
  }
  if (family === "cumulative") {
    const { link = "logit", thresholds = "flexible" } = options;
    const scale = { grades: response.grades!.length, link, thresholds };
    const data = { ...common, y: response.y, weights, scale };
    const { nominal } = options;
    return { data: nominal === undefined ? data : freeNominal(data, design, nominal), constant: 0 };
  }
  const { y, trials, constant } = toCounts(design, weights, options.weights);
  const link = options.link as BinomialLink | undefined;
  const data = { ...common, y, weights: trials };
  return { data: link === undefined ? data : { ...data, link }, constant };
}

/** Lets the coefficients of some terms differ from threshold to threshold; see `readNominal`. */
export function freeNominal(data: ModelData, design: Design, terms: string): ModelData {
  const nominal = readNominal(design, terms);
  return {
    ...data,
    scale: { ...data.scale!, nominal: nominal.places.length },
    nominal: nominalColumns(data.fixed, data.fixedColumns, nominal),
  };
}

/** A known part of the linear predictor, on the rows of the fit. */
function readOffset(design: Design, table: Table, column: string): Float64Array {
  const cells = toColumns(table).get(column);
  if (cells.kind !== "numeric")
    throw new UserError(`the offset '${column}' is not a column of numbers`);
  return Float64Array.from(design.usedRows, (row) => {
    const value = cells.values[row]!;
    if (Number.isFinite(value)) return value;
    throw new UserError(
      `the offset '${column}' in row ${row + 1} is ${Number.isNaN(value) ? "missing" : value}; fill it in, or leave the row out`,
    );
  });
}

interface Counts {
  readonly y: Float64Array;
  readonly trials: Float64Array;
  readonly constant: number;
}

/**
 * Turns a binomial response of whatever form, and its weights, into successes and trials: a weight says how many rows like
 * this one there are, or of a proportion how many trials it is of.
 */
function toCounts(design: Design, weights: Float64Array, column: string | undefined): Counts {
  const { response } = design;
  if (response.kind === "numeric") {
    const y = successes(design, weights, column);
    return { y, trials: weights, constant: binomialConstant(weights, y) };
  }
  refuseParts(design, weights, `the weights '${column}'`, "weights of a binomial response");
  const { trials: own, y: once } = response;
  if (own) {
    refuseParts(design, once, `the counts ${response.name}`, "successes and failures");
    refuseParts(design, own, `the counts ${response.name}`, "successes and failures");
  }
  const trials = own ? weights.map((weight, row) => weight * own[row]!) : weights;
  const y = weights.map((weight, row) => weight * once[row]!);
  let constant = 0;
  if (own) {
    for (const [row, weight] of weights.entries()) {
      constant += weight * logChoose(own[row]!, once[row]!);
    }
  }
  return { y, trials, constant };
}

function priorWeights(design: Design, table: Table, column: string | undefined): Float64Array {
  const weights = new Float64Array(design.rows).fill(1);
  if (column === undefined) return weights;
  const cells = toColumns(table).get(column);
  if (cells.kind !== "numeric") throw new UserError(`the weights '${column}' are not numbers`);
  for (const [place, row] of design.usedRows.entries()) {
    const value = cells.values[row]!;
    if (!(value > 0)) {
      throw new UserError(
        `the weight '${column}' in row ${row + 1} is ${value}; it should be a number above 0`,
      );
    }
    weights[place] = value;
  }
  return weights;
}

function refuseParts({ usedRows }: Design, counts: Float64Array, what: string, give: string): void {
  const row = counts.findIndex((count) => !Number.isInteger(count));
  if (row < 0) return;
  throw new UserError(
    `${what} are not whole in row ${usedRows[row]! + 1}; give ${give} as whole numbers`,
  );
}

// A number is a success or not, or with weights a proportion of so many trials.
function successes(
  { response: { y, name }, usedRows }: Design,
  trials: Float64Array,
  column: string | undefined,
): Float64Array {
  return y.map((value, row) => {
    const count = value * trials[row]!;
    const isWhole = Math.abs(count - Math.round(count)) < 1e-6;
    if (value >= 0 && value <= 1 && isWhole) return Math.round(count);
    throw new UserError(
      `the response ${name} is ${value} in row ${usedRows[row]! + 1}; for the binomial family it should be 0 or 1` +
        `${column ? ", or a proportion of whole trials" : ""}; compare it (${name} >= ${secondSmallest(y)}) or use cbind`,
    );
  });
}

// Of grades the lowest that is not the lowest of all: 1 of 0, 1, 2; 2 of 1, 2.
function secondSmallest(y: Float64Array): number {
  const [lowest, next] = [...new Set(y)].sort((left, right) => left - right);
  return next ?? lowest!;
}

/** Sum of the logarithms of the binomial coefficients. */
export function binomialConstant(trials: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let row = 0; row < y.length; row++) sum += logChoose(trials[row]!, y[row]!);
  return sum;
}

function logChoose(n: number, k: number): number {
  if (k === 0 || k === n) return 0;
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

const factorials: number[] = [0, 0];

// Summed up to 1,000, from there by Stirling's series, whose next term is below 1e-18.
function logFactorial(n: number): number {
  if (n > 1000) {
    const series = 1 / (12 * n) - 1 / (360 * n ** 3) + 1 / (1260 * n ** 5);
    return n * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI * n) + series;
  }
  for (let k = factorials.length; k <= n; k++) factorials[k] = factorials[k - 1]! + Math.log(k);
  return factorials[n]!;
}
