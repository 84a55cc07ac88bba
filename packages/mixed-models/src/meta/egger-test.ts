// Egger's regression test of a funnel plot's asymmetry: the model with the standard errors among the moderators. Egger and
// others 1997 (doi.org/10.1136/bmj.315.7109.629) weight by the sampling variances alone; Sterne and Egger 2005
// (doi.org/10.1002/0470870168.ch6) keep the variance between true effects. Checked against metafor's regtest.
import { checkChoice, checkOptionNames, UserError } from "kit";
import { clusterRobust, type RobustEstimate } from "./cluster-robust";
import { EFFECTS_OPTIONS, type EffectsOptions, fitEffects, hasRandomTerms } from "./fit-effects";
import type { MetaData } from "./meta-data";
import { isMatrix, variancesOf } from "./meta-problem";
import type { MultilevelData, MultilevelFit } from "./multilevel-result";
import type { MetaCoefficient, MetaFit } from "./result";

/** How the asymmetry of a funnel plot is tested. */
export interface EggerOptions extends EffectsOptions {
  /**
   * `random` (by default) adds the predictor to the model that is asked for: metafor's `model = "rma"`. `classic` is
   * Egger's own regression, with weights 1 / variance and the residuals' mean square: `model = "lm"`; it takes `level` only.
   */
  readonly model?: "random" | "classic";
  /** What stands for an effect's precision: its standard error (by default) or its sampling variance. */
  readonly predictor?: "se" | "variance";
  /** k labels: tests are cluster-robust (CR2) where they are given. */
  readonly clusters?: readonly string[];
}

/** Egger's test. */
export interface EggerTest {
  readonly model: "random" | "classic";
  readonly predictor: "se" | "variance";
  /** How much an effect grows with its predictor, tested against zero: no asymmetry. */
  readonly slope: MetaCoefficient | RobustEstimate;
  /** The effect of a study of infinite precision; null where there are moderators. */
  readonly limit: MetaCoefficient | RobustEstimate | null;
  /** The model with the predictor as its last coefficient. */
  readonly fit: MetaFit | MultilevelFit;
}

/**
 * Tests whether effects depend on their standard errors, as they do where small studies with small effects were not
 * published (and for other reasons): metafor's `regtest`.
 *
 * @param data as `fitMeta` takes them, or `fitMultilevelMeta`.
 * @throws UserError as the fit and `clusterRobust`; if all standard errors are alike or follow from the moderators; or
 * where `classic` is asked of effects that covary, are in groups or have random terms.
 *
 * @example
 * const effects = [0.1, 0.2, 0.4, 0.9, 1.1];
 * const { slope } = eggerTest({ effects, covariance: [0.01, 0.02, 0.05, 0.2, 0.3] });
 * slope.estimate.toFixed(2); // => "2.29"
 */
export function eggerTest(data: MetaData | MultilevelData, options: EggerOptions = {}): EggerTest {
  checkOptionNames(options, [...EFFECTS_OPTIONS, "model", "predictor", "clusters"]);
  const { model = "random", predictor = "se", clusters, ...asked } = options;
  checkChoice("model", model, ["random", "classic"]);
  checkChoice("predictor", predictor, ["se", "variance"]);
  if (model === "classic") refuseUnclassic(data, options);
  const classic = { method: "FE", interval: "hartung-knapp", level: asked.level } as const;
  const fit = fitEffects(withPredictor(data, predictor), model === "classic" ? classic : asked);
  const { coefficients, level } = fit;
  const tests = clusters ? clusterRobust(fit, clusters, { level }).contrasts : coefficients;
  return {
    model,
    predictor,
    slope: tests.at(-1)!,
    limit: hasInterceptOnly(data) ? tests[0]! : null,
    fit,
  };
}

function refuseUnclassic(
  data: MetaData | MultilevelData,
  { method, interval, truncated, clusters }: EggerOptions,
): void {
  const isPlain = !hasRandomTerms(data) && data.groups === undefined;
  const isAsked = [method, interval, truncated, clusters].some((one) => one !== undefined);
  if (isPlain && !isAsked && !isMatrix(data.covariance)) return;
  throw new UserError(
    "Egger's classic regression takes independent effects without groups, random terms or clusters, and no option but level; use model 'random'",
  );
}

function withPredictor<Data extends MetaData | MultilevelData>(
  data: Data,
  predictor: "se" | "variance",
): Data {
  const { names, rows } = data.moderators ?? {
    names: ["intercept"],
    rows: data.effects.map(() => [1]),
  };
  const own = variancesOf(data).map((value) => (predictor === "se" ? Math.sqrt(value) : value));
  const moderators = {
    names: [...names, predictor],
    rows: rows.map((row, at) => [...row, own[at]!]),
  };
  return { ...data, moderators };
}

function hasInterceptOnly({ moderators }: Pick<MetaData, "moderators">): boolean {
  return (
    !moderators || (moderators.names.length === 1 && moderators.rows.every(([one]) => one === 1))
  );
}
