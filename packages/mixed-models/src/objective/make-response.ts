import { LinkedResponse } from "./binomial-link";
import { CumulativeResponse } from "./cumulative-response";
import type { ModelData } from "./model-data";
import { BinomialResponse, type LaplaceResponse } from "./response";

/** Makes the response of a model that is not linear, from y and weights in the order of a system's rows. */
export function makeResponse(
  { scale, link }: ModelData,
  y: Float64Array,
  weights: Float64Array,
): LaplaceResponse {
  if (scale) return new CumulativeResponse(y, weights, scale);
  return link && link !== "logit"
    ? new LinkedResponse(y, weights, link)
    : new BinomialResponse(y, weights);
}
