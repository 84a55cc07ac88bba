import { LinkedResponse } from "./binomial-link";
import { CumulativeResponse } from "./cumulative-response";
import type { ModelData } from "./model-data";
import { takeNominal } from "./nominal-columns";
import { BinomialResponse, type LaplaceResponse } from "./response";

/**
 * Makes the response of a model that is not linear.
 *
 * @param y response in the order of a system's rows; so are the weights.
 * @param order the data's row at each of them; their own order by default.
 */
export function makeResponse(
  { scale, nominal, link }: ModelData,
  y: Float64Array,
  weights: Float64Array,
  order?: Int32Array,
): LaplaceResponse {
  if (scale) {
    const ordered = nominal && order ? takeNominal(nominal, order) : nominal;
    return new CumulativeResponse(y, weights, scale, ordered);
  }
  return link && link !== "logit"
    ? new LinkedResponse(y, weights, link)
    : new BinomialResponse(y, weights);
}
