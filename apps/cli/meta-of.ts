import { UserError } from "kit";
import { upperQuantile } from "mixed-models";
import {
  clusterRobust,
  fitMeta,
  fitMultilevelMeta,
  type MetaFit,
  type MetaInterval,
  type MetaMethod,
  type MultilevelFit,
  type MultilevelOptions,
} from "mixed-models/meta";
import type { ForestRow } from "plotly-stills";
import { given } from "./given";
import type { NamedPrediction } from "./meta-print";
import type { MetaTable } from "./meta-table";

/** How `empathy meta` is asked to estimate, as its options name it. */
export interface MetaFlags {
  readonly method?: MetaMethod;
  readonly interval?: MetaInterval;
  readonly level: number;
  readonly truncated?: boolean;
}

/** The options that were given, as the library names them. */
export function givenOptions({ level, method, interval, truncated }: MetaFlags) {
  return given({ level, method, interval, truncated });
}

/**
 * Fits a meta-analysis, and predicts the means and next effects that its table lists; means only, where a random term has several variances.
 *
 * @throws UserError if the effects cannot be summarised so.
 */
export function metaOf(
  flags: MetaFlags,
  { data, predicted }: MetaTable,
): {
  readonly fit: MetaFit | MultilevelFit;
  readonly predictions: readonly NamedPrediction[];
} {
  if ("random" in data) {
    if (flags.truncated) {
      throw new UserError(
        "--truncated is for Hartung and Knapp's intervals, which go without --random; leave it out",
      );
    }
    const fit = fitMultilevelMeta(data, givenOptions(flags) as MultilevelOptions);
    // A next unit of a term with several variances could be of any of them.
    const isOne = data.random.every(({ by }) => !by);
    const predictions = predicted.map(({ name, weights }) => ({
      name,
      ...(isOne ? fit.predict(weights) : fit.contrast(weights)),
    }));
    return { fit, predictions };
  }
  const fit = fitMeta(data, givenOptions(flags));
  const predictions = predicted.map(({ name, weights, groups }) => ({
    name,
    ...fit.predict(weights, { groups }),
  }));
  return { fit, predictions };
}

/** Estimates combinations of the coefficients, with cluster-robust limits where clusters were asked for. */
export function contrastsOf(
  fit: MetaFit | MultilevelFit,
  { clusters }: MetaTable,
  contrasts: readonly (readonly number[])[],
) {
  if (!clusters) return contrasts.map((weights) => fit.contrast(weights));
  return clusterRobust(fit, clusters, { contrasts, level: fit.level }).contrasts;
}

/** The rows of a forest plot: the effects with their own intervals, then the means with those of the next effect. */
export function listRows(
  { data, labels, variances }: MetaTable,
  { level }: Pick<MetaFit, "level">,
  predictions: readonly NamedPrediction[],
): ForestRow[] {
  const reach = upperQuantile((1 - level) / 2);
  const effects = data.effects.map((estimate, at) => {
    const half = reach * Math.sqrt(variances[at] ?? 0);
    const name = labels[at] ?? "";
    return { name, estimate, lower: estimate - half, upper: estimate + half };
  });
  const summaries = predictions.map((prediction) => {
    const { name, estimate, lower, upper, predictionLower, predictionUpper } = prediction;
    return {
      name: `Mean: ${name}`,
      estimate,
      lower,
      upper,
      isSummary: true,
      ...(predictionLower === undefined || predictionUpper === undefined
        ? {}
        : { next: { lower: predictionLower, upper: predictionUpper } }),
    };
  });
  return [...effects, ...summaries];
}
