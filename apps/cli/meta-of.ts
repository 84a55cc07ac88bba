import { upperQuantile } from "mixed-models";
import { fitMeta, type MetaFit, type MetaInterval, type MetaMethod } from "mixed-models/meta";
import type { ForestRow } from "plotly-stills";
import type { NamedPrediction } from "./meta-print";
import type { MetaTable } from "./meta-table";

/** How `empathy meta` is asked to estimate, as its options name it. */
export interface MetaFlags {
  readonly method?: MetaMethod;
  readonly interval?: MetaInterval;
  readonly level: number;
  readonly truncated?: boolean;
}

/**
 * Fits a meta-analysis, and predicts the means and next effects that its table lists.
 *
 * @throws UserError if the effects cannot be summarised so.
 */
export function metaOf(
  { level, method, interval, truncated }: MetaFlags,
  { data, predicted }: MetaTable,
): { readonly fit: MetaFit; readonly predictions: readonly NamedPrediction[] } {
  const fit = fitMeta(data, {
    level,
    ...(method ? { method } : {}),
    ...(interval ? { interval } : {}),
    ...(truncated ? { truncated } : {}),
  });
  const predictions = predicted.map(({ name, weights, groups }) => ({
    name,
    ...fit.predict(weights, { groups }),
  }));
  return { fit, predictions };
}

/** The rows of a forest plot: the effects with their own intervals, then the means with those of the next effect. */
export function listRows(
  { data, labels, variances }: MetaTable,
  { level }: MetaFit,
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
      next: { lower: predictionLower, upper: predictionUpper },
    };
  });
  return [...effects, ...summaries];
}
