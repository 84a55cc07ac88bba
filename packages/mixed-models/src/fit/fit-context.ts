import { didYouMean, listNames, UserError } from "kit";
import type { ModelData, RandomGroup } from "../objective/model-data";
import type { FitOptions } from "./fit-options";
import type { ModelGroups } from "./model-groups";
import type { EstimateOptions, StartPoint } from "./optimum";
import type { MixedFit } from "./result";

/** The parameters of a model, as responses are drawn from them. */
export interface Parameters {
  readonly theta: ArrayLike<number>;
  /** A cumulative model's gaps between thresholds. */
  readonly thresholdParameters: ArrayLike<number>;
  readonly beta: ArrayLike<number>;
  /** Residual standard deviation; 1 where the family has none. */
  readonly sigma: number;
}

/** What refitting needs and printing does not. */
export interface FitContext {
  /** The model's data, row by row, before rows were added up. */
  readonly data: ModelData;
  readonly grouped: ModelGroups;
  readonly options: FitOptions;
  /** Where the search ended, in standard units: a start for data with the same covariates. */
  readonly start: StartPoint;
  /** The estimates in the table's units; the signs of theta's columns are the search's. */
  readonly parameters: Parameters;
  readonly estimateOptions: EstimateOptions;
}

/**
 * Refuses what is of the likelihood's optimum, where a prior has moved the estimates from it.
 *
 * @param what it is, such as `profile interval`.
 */
export function refusePriorOf(
  fit: MixedFit,
  what: string,
  instead = "fit without the prior",
): void {
  if (fit.options.prior === undefined) return;
  throw new UserError(
    `a fit with a prior has no ${what}: the prior moves its estimates from the likelihood's optimum; ${instead}`,
  );
}

/**
 * Refuses what needs effects that all thresholds share.
 *
 * @param what it is, such as `linear predictor`.
 */
export function refuseNominalOf(fit: MixedFit, what: string, instead: string): void {
  if (fit.ordinal?.nominal === undefined) return;
  throw new UserError(
    `a fit with nominal terms has no single ${what}: their effects differ from threshold to threshold; ${instead}`,
  );
}

/**
 * Finds a grouping factor of a fit.
 *
 * @throws UserError if the model has no such group.
 */
export function groupNamed(fit: MixedFit, name: string): RandomGroup {
  const { groups } = contextOf(fit).data;
  const found = groups.find((group) => group.name === name);
  if (found) return found;
  const names = groups.map((group) => group.name);
  throw new UserError(
    `the model has no group '${name}'; its groups are ${listNames(names)}${didYouMean(name, names)}`,
  );
}

const contexts = new WeakMap<MixedFit, FitContext>();

/** Keeps the context of a fit for as long as the fit lives. */
export function keepContext(fit: MixedFit, context: FitContext): MixedFit {
  contexts.set(fit, context);
  return fit;
}

/**
 * Gives the context of a fit.
 *
 * @throws UserError for an object that `fitMixed` did not return, such as a copy.
 */
export function contextOf(fit: MixedFit): FitContext {
  const context = contexts.get(fit);
  if (!context) {
    throw new UserError(
      "this is not a fit that fitMixed returned: a copy of one has no data, and fits of `import` and of `require` are not shared",
    );
  }
  return context;
}
