import { checkOptionNames, UserError } from "kit";
import {
  clusterRobust,
  contrastNames,
  type RobustEstimate,
  type RobustOptions,
} from "./cluster-robust";
import { fitMultilevelMeta } from "./fit-multilevel-meta";
import { isMatrix, labeller } from "./meta-problem";
import type { MultilevelData, MultilevelFit, MultilevelOptions } from "./multilevel-result";
import { requireLabels } from "./random-terms";
import type { MetaCoefficient } from "./result";

/** What is estimated each time a group is left out. */
export interface LeaveOneOutOptions extends MultilevelOptions {
  /** Rows of p weights; by default each coefficient. */
  readonly contrasts?: RobustOptions["contrasts"];
  /** Names of the contrasts. */
  readonly names?: RobustOptions["names"];
  /** k labels: intervals are cluster-robust (CR2) where they are given, and else those of the fit. */
  readonly clusters?: readonly string[];
}

/** What the other groups say without one. */
export interface LeftOut {
  /** Label of the group that was left out, and its number of effects. */
  readonly left: string;
  readonly effects: number;
  /** Null where the others do not carry the model. */
  readonly estimates: readonly (MetaCoefficient | RobustEstimate)[] | null;
  /** Why there are no estimates; else null. */
  readonly problem: string | null;
  /** The fit's warnings. */
  readonly warnings: readonly string[];
}

/**
 * Fits a multilevel meta-analysis again and again, each group left out in turn: which one a conclusion hinges on.
 *
 * @param by k labels of the groups, which need not be those of a random term.
 * @returns an entry a group, in order of their first effects. Cost: a fit for each.
 * @throws UserError as `fitMultilevelMeta` and `clusterRobust` on all data, or where there is one group only.
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
  options: LeaveOneOutOptions = {},
): LeftOut[] {
  checkOptionNames(options, ["method", "interval", "level", "contrasts", "names", "clusters"]);
  // Wrong input is refused once, and not taken for what a group's absence leads to.
  estimate(data, options);
  requireLabels(by, data.effects.length, "groups to leave out", labeller(data));
  if (by.every((label) => label === by[0])) {
    throw new UserError(`all effects are in one group ('${by[0]}'); nothing is left without it`);
  }
  return [...new Set(by)].map((left) => {
    const rows = [...by.keys()].filter((row) => by[row] !== left);
    const own = { left, effects: by.length - rows.length };
    try {
      const clusters = options.clusters ? pick(options.clusters, rows) : undefined;
      return { ...own, ...estimate(keepRows(data, rows), { ...options, clusters }), problem: null };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { ...own, estimates: null, problem: error.message, warnings: [] };
    }
  });
}

function estimate(
  data: MultilevelData,
  { method, interval, level, clusters, contrasts, names }: LeaveOneOutOptions,
): Pick<LeftOut, "warnings"> & { readonly estimates: NonNullable<LeftOut["estimates"]> } {
  const fit = fitMultilevelMeta(data, { method, interval, level });
  if (!clusters) return { estimates: contrastsOf(fit, contrasts, names), warnings: fit.warnings };
  const tests = clusterRobust(fit, clusters, { contrasts, names, level });
  return { estimates: tests.contrasts, warnings: fit.warnings.concat(tests.warnings) };
}

function contrastsOf(
  fit: MultilevelFit,
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

function keepRows(data: MultilevelData, rows: readonly number[]): MultilevelData {
  const { effects, covariance, moderators, labels, random } = data;
  return {
    effects: pick(effects, rows),
    covariance: isMatrix(covariance)
      ? rows.map((row) => pick(covariance[row]!, rows))
      : pick(covariance, rows),
    moderators: moderators && { names: moderators.names, rows: pick(moderators.rows, rows) },
    labels: labels && pick(labels, rows),
    random: random.map(({ name, groups, by }) => ({
      name,
      groups: pick(groups, rows),
      by: by && pick(by, rows),
    })),
  };
}

function pick<T>(list: readonly T[], rows: readonly number[]): T[] {
  return rows.map((row) => list[row]!);
}
