import { checkOptionNames, UserError } from "kit";
import { factorise, invertFactored } from "../numerics/cholesky";
import { dot } from "../numerics/vectors";
import {
  clusterRobust,
  contrastNames,
  type RobustEstimate,
  type RobustOptions,
} from "./cluster-robust";
import { applySymmetric } from "./combination";
import { EFFECTS_OPTIONS, type EffectsOptions, fitEffects, hasRandomTerms } from "./fit-effects";
import type { MetaData } from "./meta-data";
import { isMatrix, labeller } from "./meta-problem";
import type { MultilevelData, MultilevelFit } from "./multilevel-result";
import { requireLabels } from "./random-terms";
import type { MetaCoefficient, MetaFit } from "./result";

/** What is estimated each time a group is left out; `truncated` is for data without random terms. */
export interface LeaveOneOutOptions extends EffectsOptions {
  /** Rows of p weights; by default each coefficient. */
  readonly contrasts?: RobustOptions["contrasts"];
  /** Names of the contrasts. */
  readonly names?: RobustOptions["names"];
  /** k labels: intervals are cluster-robust (CR2) where they are given, and else those of the fit. */
  readonly clusters?: readonly string[];
}

/** What the other groups say without one. */
export interface LeftOut<Fit = MultilevelFit> {
  /** Label of the group that was left out, and its number of effects. */
  readonly left: string;
  readonly effects: number;
  /** What was fitted to the others; null where they do not carry the model. */
  readonly fit: Fit | null;
  /**
   * Cook's distance: how far all coefficients move together, d'C^-1 d with the covariance C of the coefficients of all
   * data; null where there is no fit, or C has no inverse.
   */
  readonly cooksDistance: number | null;
  /** Null where the others do not carry the model. */
  readonly estimates: readonly (MetaCoefficient | RobustEstimate)[] | null;
  /** Why there are no estimates; else null. */
  readonly problem: string | null;
  /** The fit's warnings. */
  readonly warnings: readonly string[];
}

/**
 * Fits a meta-analysis again and again, each group left out in turn: which one a conclusion hinges on. Labels that all differ
 * leave out one effect at a time: metafor's `leave1out`; its `cooks.distance` with `cluster` stands beside the estimates.
 *
 * @param data as `fitMultilevelMeta` takes them, or, without `random`, as `fitMeta` does.
 * @param by k labels of the groups, which need not be those of a random term.
 * @returns an entry a group, in order of their first effects. Cost: a fit for each.
 * @throws UserError as the fit and `clusterRobust` on all data, or where there is one group only.
 *
 * @example
 * const study = ["a", "b", "c", "d"];
 * const random = [{ name: "study", groups: study }];
 * const data = { effects: [1, 2, 3, 10], covariance: [1, 1, 1, 1], random };
 * const without = leaveOneOut(data, study);
 * without.map(({ left, estimates }) => `${left} ${estimates[0].estimate.toFixed(2)}`); // => ["a 5.00", "b 4.67", "c 4.33", "d 2.00"]
 */
export function leaveOneOut(
  data: MultilevelData,
  by: readonly string[],
  options?: LeaveOneOutOptions,
): LeftOut[];
export function leaveOneOut(
  data: MetaData | MultilevelData,
  by: readonly string[],
  options?: LeaveOneOutOptions,
): LeftOut<MetaFit | MultilevelFit>[];
export function leaveOneOut(
  data: MetaData | MultilevelData,
  by: readonly string[],
  options: LeaveOneOutOptions = {},
): LeftOut<MetaFit | MultilevelFit>[] {
  checkOptionNames(options, [...EFFECTS_OPTIONS, "contrasts", "names", "clusters"]);
  // Wrong input is refused once, and not taken for what a group's absence leads to.
  const { fit: whole } = estimate(data, options);
  requireLabels(by, data.effects.length, "groups to leave out", labeller(data));
  if (by.every((label) => label === by[0])) {
    throw new UserError(`all effects are in one group ('${by[0]}'); nothing is left without it`);
  }
  const distance = distanceFrom(whole);
  return [...new Set(by)].map((left) => {
    const rows = [...by.keys()].filter((row) => by[row] !== left);
    const own = { left, effects: by.length - rows.length };
    try {
      const clusters = options.clusters ? pick(options.clusters, rows) : undefined;
      const found = estimate(keepRows(data, rows), { ...options, clusters });
      return { ...own, ...found, cooksDistance: distance(found.fit), problem: null };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const none = { fit: null, estimates: null, cooksDistance: null };
      return { ...own, ...none, problem: error.message, warnings: [] };
    }
  });
}

type Coefficients = Pick<MultilevelFit, "coefficients" | "covariance">;

function distanceFrom(whole: Coefficients): (other: Coefficients) => number | null {
  const size = whole.coefficients.length;
  const inverse = Float64Array.from(whole.covariance.flat());
  if (factorise(inverse, size) >= 0) return () => null;
  const precision = invertFactored(inverse, size);
  return ({ coefficients }) => {
    const moved = whole.coefficients.map(
      ({ estimate }, at) => estimate - coefficients[at]!.estimate,
    );
    return dot(moved, applySymmetric(precision, moved));
  };
}

function estimate(
  data: MetaData | MultilevelData,
  options: LeaveOneOutOptions,
): Pick<LeftOut, "warnings"> & {
  readonly fit: MetaFit | MultilevelFit;
  readonly estimates: NonNullable<LeftOut["estimates"]>;
} {
  const { clusters, contrasts, names, level } = options;
  const fit = fitEffects(data, options);
  if (!clusters) {
    return { fit, estimates: contrastsOf(fit, contrasts, names), warnings: fit.warnings };
  }
  const tests = clusterRobust(fit, clusters, { contrasts, names, level });
  return { fit, estimates: tests.contrasts, warnings: fit.warnings.concat(tests.warnings) };
}

function contrastsOf(
  fit: Pick<MultilevelFit, "coefficients" | "contrast">,
  contrasts: RobustOptions["contrasts"],
  names: RobustOptions["names"],
): readonly MetaCoefficient[] {
  const given = contrastNames(
    { contrasts, names },
    fit.coefficients.map(({ name }) => name),
  );
  if (!contrasts) return fit.coefficients.map((one, at) => ({ ...one, name: given[at]! }));
  return contrasts.map((weights, at) => ({ name: given[at]!, ...fit.contrast(weights) }));
}

function keepRows(
  data: MetaData | MultilevelData,
  rows: readonly number[],
): MetaData | MultilevelData {
  const { effects, covariance, moderators, labels } = data;
  const kept = {
    effects: pick(effects, rows),
    covariance: isMatrix(covariance)
      ? rows.map((row) => pick(covariance[row]!, rows))
      : pick(covariance, rows),
    moderators: moderators && { names: moderators.names, rows: pick(moderators.rows, rows) },
    labels: labels && pick(labels, rows),
  };
  if (!hasRandomTerms(data)) return { ...kept, groups: data.groups && pick(data.groups, rows) };
  const random = data.random.map(({ name, groups, by }) => ({
    name,
    groups: pick(groups, rows),
    by: by && pick(by, rows),
  }));
  return { ...kept, random };
}

function pick<T>(list: readonly T[], rows: readonly number[]): T[] {
  return rows.map((row) => list[row]!);
}
