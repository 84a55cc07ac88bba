import { checkChoice } from "kit";
import { refuseNominalOf } from "../fit/fit-context";
import type { MixedFit } from "../fit/result";
import { chiSquareTail } from "../numerics/chi-square";
import { fisherTail } from "../numerics/student-t";
import { effectsOfMeans, type FixedEffects } from "./fixed-effects";
import {
  containingTerms,
  type PlacedTerm,
  type TestType,
  termHypotheses,
  termsOf,
  unitRows,
} from "./term-hypotheses";
import { waldStatistic } from "./wald";

/** A test that all effects of a term are zero. */
export interface JointTest {
  /** As the formula has it, such as `a:b`. */
  readonly term: string;
  /** F or chi-square. */
  readonly statistic: number;
  /** Number of effects that are tested together. */
  readonly df: number;
  /** Denominator degrees of freedom, of F only. */
  readonly denominatorDf?: number;
  readonly p: number;
}

/** Tests of a model's terms. */
export interface JointTests {
  readonly type: TestType;
  readonly statistic: "F" | "chi-square";
  /** One for each term but the intercept. */
  readonly tests: readonly JointTest[];
}

/**
 * Tests each term of the fixed effects, as lmerTest's `anova` and car's `Anova` do.
 *
 * A fit with degrees of freedom (`satterthwaite`, `kenwardRoger`) is tested by F, with lmerTest's hypotheses. Others are tested by Wald's
 * chi-square, with car's: of type II with what contains the term left out, given its covariance matrix. Type III averages over what contains
 * the term, each level alike, whatever the coding of the factors; car's does so only with coefficients that sum to zero. Terms whose columns
 * were all dropped are left out.
 *
 * Such as `jointTests(satterthwaite(fit), { type: 3 }).tests[0]?.p`.
 *
 * @throws UserError if `type` is neither 2 nor 3, or type III is asked for where covariates were dropped.
 */
export function jointTests(
  fit: MixedFit,
  { type = 3 }: { readonly type?: TestType } = {},
): JointTests {
  checkChoice("type", String(type), ["2", "3"]);
  refuseNominalOf(fit, "effect of a term", "compare models by their likelihoods");
  const { degreesOfFreedom, design } = fit;
  if (degreesOfFreedom) {
    const tests = termHypotheses(design, type).map(({ term, rows }): JointTest => {
      const { f, numeratorDf, denominatorDf } = degreesOfFreedom.joint(rows);
      const p = fisherTail(f, numeratorDf, denominatorDf);
      return { term, statistic: f, df: numeratorDf, denominatorDf, p };
    });
    return { type, statistic: "F", tests };
  }
  const effects = effectsOfMeans(fit);
  const tests =
    type === 3
      ? termHypotheses(design, 3).map(({ term, rows }) =>
          toTest(term, waldStatistic(effects, rows), rows.length),
        )
      : termsOf(design).map((term) => testWithout(fit, effects, term));
  return { type, statistic: "chi-square", tests };
}

// What the term adds to those that contain it.
function testWithout(
  { design }: MixedFit,
  effects: FixedEffects,
  { at, label }: PlacedTerm,
): JointTest {
  const others = unitRows(design, containingTerms(design, at, false));
  const own = unitRows(design, [at]);
  const rest = others.length === 0 ? 0 : waldStatistic(effects, others);
  return toTest(label, waldStatistic(effects, [...own, ...others]) - rest, own.length);
}

function toTest(term: string, statistic: number, df: number): JointTest {
  return { term, statistic, df, p: chiSquareTail(statistic, df) };
}
