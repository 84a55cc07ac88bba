import { UserError } from "kit";
import type { Levels } from "./average-grid";
import type { ContrastWeights } from "./contrast-formula";
import {
  type ContrastOptions,
  checkVariables,
  groupMeans,
  type MeanContrasts,
  refuseTukey,
  testContrasts,
} from "./contrast-means";
import type { MarginalMeans } from "./marginal-means";
import { type ContrastMethod, contrastWeights } from "./mean-weights";

/**
 * Contrasts of contrasts, such as differences of differences: each weight is the product of the factors'.
 *
 * The contrasts of the first variable of `over` vary fastest. For a binomial fit the odds ratio is a ratio of
 * odds ratios. Not adjusted by default, as in emmeans.
 *
 * @param factors for two or more variables of `over` their contrasts; the other variables are `by`.
 * @throws UserError if a name is not a variable of the means, fewer than two are given, or a method does not
 *   fit its variable's levels.
 *
 * Each variable has its own direction: `{ family: "revpairwise", sentiment: "pairwise" }` gives later less earlier
 * families, for the earlier less the later sentiment.
 *
 * Such as `interactionContrast(means, { family: "pairwise", sentiment: { reference: "neutral" } })`.
 */
export function interactionContrast(
  means: MarginalMeans,
  factors: Readonly<Record<string, ContrastMethod>>,
  options: Omit<ContrastOptions, "by"> = {},
): MeanContrasts {
  const { over } = means;
  checkVariables(means, Object.keys(factors));
  const names = over.filter((name) => Object.hasOwn(factors, name));
  if (names.length < 2) {
    throw new UserError("an interaction contrast needs two variables at least; use contrastMeans");
  }
  if (options.adjust === "tukey") refuseTukey();
  const by = over.filter((name) => !names.includes(name));
  const chosen = names.map((name) => {
    const values = [...new Set(means.means.map(({ levels }) => levels[name]))];
    return { name, values, contrasts: contrastWeights(factors[name]!, values.map(String)) };
  });
  const products = multiplyContrasts(chosen.map(({ contrasts }) => contrasts));
  const plans = groupMeans(means, by).map(({ levels, members }) => ({
    by: levels,
    rows: members.map((at) => means.rows[at]!),
    weights: products.map((product) => ({
      name: product.map(({ name }) => name).join(" : "),
      weights: members.map((at) => weightOf(means.means[at]!.levels, chosen, product)),
    })),
  }));
  return testContrasts(means, plans, options);
}

interface FactorContrasts {
  readonly name: string;
  readonly values: readonly unknown[];
}

// All combinations, the first variable's contrasts varying fastest.
function multiplyContrasts(factors: readonly (readonly ContrastWeights[])[]): ContrastWeights[][] {
  return factors.reduce<ContrastWeights[][]>(
    (products, contrasts) =>
      contrasts.flatMap((contrast) => products.map((product) => [...product, contrast])),
    [[]],
  );
}

function weightOf(
  levels: Levels,
  factors: readonly FactorContrasts[],
  product: readonly ContrastWeights[],
): number {
  return factors.reduce((weight, { name, values }, at) => {
    return weight * product[at]!.weights[values.indexOf(levels[name])]!;
  }, 1);
}
