import { UserError } from "kit";
import {
  clusterRobust,
  type EffectInfluence,
  type EggerTest,
  effectInfluence,
  eggerTest,
  type LeftOut,
  leaveOneOut,
  type MetaData,
  type MetaFit,
  type MultilevelFit,
  type RobustTests,
} from "mixed-models/meta";
import { given } from "./given";
import { givenOptions, type MetaFlags } from "./meta-of";
import type { MetaColumns, MetaTable } from "./meta-table";

/** What `empathy meta` is asked besides the fit. */
export interface MetaQuestions extends MetaFlags, MetaColumns {
  readonly influence?: boolean;
  /** Egger's test: in the model that was asked for, or his own. */
  readonly egger?: "random" | "classic" | true;
}

/** What was asked for; nothing of the rest. */
export interface MetaAnswers {
  /** Of the coefficients, then of the means where the model has moderators. */
  readonly robust?: RobustTests;
  readonly egger?: EggerTest;
  readonly influence?: readonly EffectInfluence[];
  readonly leftOut?: readonly LeftOut<MetaFit | MultilevelFit>[];
}

/**
 * Computes what is asked besides the fit.
 *
 * @throws UserError if it is not for such a model, or the data do not carry it.
 */
export function answerMeta(
  questions: MetaQuestions,
  table: MetaTable,
  fit: MetaFit | MultilevelFit,
): MetaAnswers {
  const { data, clusters, leftOut } = table;
  const options = { ...givenOptions(questions), ...given({ clusters }) };
  return given({
    robust: clusters && testRobustly(fit, table, clusters),
    egger: questions.egger && testEgger(questions, table),
    influence: questions.influence
      ? effectInfluence(requireIndependent(data), givenOptions(questions))
      : undefined,
    leftOut: leftOut && leaveOneOut(data, leftOut, options),
  });
}

function testRobustly(
  fit: MetaFit | MultilevelFit,
  { predicted, design }: MetaTable,
  clusters: readonly string[],
): RobustTests {
  const own = fit.coefficients.map((_, at) => fit.coefficients.map((_, to) => (to === at ? 1 : 0)));
  const means = design.moderators.length > 0 ? predicted : [];
  return clusterRobust(fit, clusters, {
    contrasts: [...own, ...means.map(({ weights }) => weights)],
    names: [
      ...fit.coefficients.map(({ name }) => name),
      ...means.map(({ name }) => `mean: ${name}`),
    ],
    level: fit.level,
  });
}

function testEgger(
  { egger, ...questions }: MetaQuestions,
  { data, clusters }: MetaTable,
): EggerTest {
  const options = egger === "classic" ? { level: questions.level } : givenOptions(questions);
  const model = egger === "classic" ? { model: egger } : {};
  return eggerTest(data, { ...model, ...options, ...given({ clusters }) });
}

function requireIndependent(data: MetaTable["data"]): MetaData {
  const isPlain = !("random" in data) && !("groups" in data) && !Array.isArray(data.covariance[0]);
  if (isPlain) return data;
  throw new UserError(
    "--influence is for independent effects, without --random, --groups or --covariance; --leave-one-out gives Cook's distances for all models",
  );
}
