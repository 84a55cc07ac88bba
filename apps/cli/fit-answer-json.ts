import { nameStatistic } from "mixed-models/node";
import type { FitAnswer } from "./fit-questions";

/** An answer as plain JSON; a statistic with degrees of freedom is named `t`. */
export function answerToJson({ slopeOf, scale, means, contrasts, equivalence }: FitAnswer) {
  const { over, weights, level, means: all } = means;
  return {
    of: slopeOf,
    over,
    weights,
    level,
    scale,
    [slopeOf === undefined ? "means" : "slopes"]: all,
    contrasts: contrasts && {
      ...contrasts,
      contrasts: contrasts.contrasts.map(nameStatistic),
    },
    equivalence: equivalence && {
      ...equivalence,
      tests: equivalence.tests.map(nameStatistic),
    },
  };
}
