import { fitMeta } from "./fit-meta";
import { fitMultilevelMeta } from "./fit-multilevel-meta";
import type { MetaData, MetaOptions } from "./meta-data";
import type { MultilevelData, MultilevelFit, MultilevelOptions } from "./multilevel-result";
import type { MetaFit } from "./result";

/** How effects are fitted, without intervals of tau. Those with random terms take `MultilevelOptions` only. */
export type EffectsOptions = Omit<MetaOptions, "tauIntervals">;

/** Names of these options. */
export const EFFECTS_OPTIONS = ["method", "interval", "level", "truncated"] as const;

/** Fits effects by the function that their data are made for, without intervals of tau. */
export function fitEffects(
  data: MetaData | MultilevelData,
  { method, interval, level, truncated }: EffectsOptions,
): MetaFit | MultilevelFit {
  if (!hasRandomTerms(data)) {
    return fitMeta(data, { method, interval, level, truncated, tauIntervals: false });
  }
  // What does not go with random terms is refused there.
  const options = { method, interval, level, ...(truncated === undefined ? {} : { truncated }) };
  return fitMultilevelMeta(data, options as MultilevelOptions);
}

/** Whether data are those of `fitMultilevelMeta`. */
export function hasRandomTerms(data: MetaData | MultilevelData): data is MultilevelData {
  return "random" in data;
}
