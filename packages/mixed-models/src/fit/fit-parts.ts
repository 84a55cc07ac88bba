import type { Design } from "../design/design";
import type { Family, ModelData } from "../objective/model-data";
import type { Estimate } from "./estimate";
import type { ModelGroups } from "./model-groups";

/** What a finished estimation hands over. */
export interface FitParts {
  readonly design: Design;
  readonly grouped: ModelGroups;
  readonly data: ModelData;
  readonly found: Estimate;
  /** Theta with every factor's diagonal positive; `found.theta` has the signs of the modes. */
  readonly theta: Float64Array;
  readonly nobs: number;
  readonly family: Family;
  readonly method: "ML" | "REML";
  readonly nodes: number;
  readonly singular: boolean;
  readonly fitMs: number;
  readonly options: Readonly<Record<string, unknown>>;
}
