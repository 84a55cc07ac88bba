import { checkChoice, UserError } from "kit";
import { unitVector } from "../numerics/vectors";
import { inverseLink, linkSlope } from "../objective/binomial-link";
import { combineRows } from "./average-grid";
import type { LinearEstimate } from "./linear-estimate";
import { describeMeans, type MarginalMean, type MarginalMeans } from "./marginal-means";

/** Where means are taken to: the response's own scale, such as probabilities, or its logarithm. */
export type MeansScale = "response" | "log";

/**
 * Takes marginal means to another scale, on which contrasts are then made: differences of probabilities, or with `log` ratios of
 * probabilities or of means, as emmeans' `regrid`.
 *
 * Means are transformed as they are, after averaging. Errors are by the delta method and limits symmetric on the new scale; those of
 * contrasts of logarithms are exponentiated (`ratio`). Of a Gaussian or a cumulative model's means the response's scale is their own.
 *
 * Such as `contrastMeans(regridMeans(means, "response"), { method: "pairwise" }).contrasts[0]?.estimate`.
 *
 * @throws UserError for a cumulative model's means on the latent scale, and for logarithms of means that are not above 0.
 */
export function regridMeans(means: MarginalMeans, to: MeansScale): MarginalMeans {
  checkChoice("scale", to, ["response", "log"]);
  refuseLatent(means);
  const points = means.means.map((mean) => transform(mean, means, to));
  const rows = points.map((_, at) => unitVector(points.length, at));
  const estimate = (row: Float64Array): LinearEstimate => {
    const missing = means.means.find(({ reason }, at) => reason !== null && row[at] !== 0);
    if (missing?.reason) return { reason: missing.reason };
    const value = points.reduce((sum, point, at) => sum + (point?.value ?? 0) * row[at]!, 0);
    const slopes = points.map((point, at) => (point?.slope ?? 0) * row[at]!);
    const found = means.estimate(combineRows(means.rows, slopes));
    return found.reason === null ? { ...found, estimate: value } : found;
  };
  const { level, adjust } = means;
  const cells = means.means.map(({ levels }) => levels);
  const described = describeMeans(cells, rows.map(estimate), { level, adjust });
  const { link: _undone, ...others } = means;
  return {
    ...others,
    isLogOdds: false,
    isLog: to === "log",
    means: described,
    rows,
    estimate,
  };
}

function refuseLatent({ family, isLatent }: MarginalMeans): void {
  if (family !== "cumulative" || !isLatent) return;
  throw new UserError(
    'means on the latent scale have no response; ask marginalMeans for type: "probabilities" or "expected"',
  );
}

// The transformed mean, and its derivative in the mean; undefined where there is no mean.
function transform(
  { estimate, levels }: MarginalMean,
  { link }: MarginalMeans,
  to: MeansScale,
): { value: number; slope: number } | undefined {
  if (estimate === null) return undefined;
  const response = link ? inverseLink(link, estimate) : estimate;
  const slope = link ? linkSlope(link, estimate) : 1;
  if (to === "response") return { value: response, slope };
  if (response > 0) return { value: Math.log(response), slope: slope / response };
  const name = Object.values(levels).join(", ") || "all";
  throw new UserError(
    `the mean of ${name} is ${Number(response.toPrecision(4))}; ratios need means above 0`,
  );
}
