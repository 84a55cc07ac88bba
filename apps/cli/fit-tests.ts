import { UserError } from "kit";
import { type FitTable, formatDf, formatP, type MixedFit } from "mixed-models";
import { type JointTests, jointTests, type ProportionalOddsTests } from "mixed-models/hypotheses";
import { layOutTable } from "./table-columns";

/** What `--tests` takes: types of tests of terms. */
export const TEST_TYPES = ["II", "III"] as const;

/** One of them. */
export type TestFlag = (typeof TEST_TYPES)[number];

/** Tests the terms as they were asked for. */
export function testTerms(fit: MixedFit, type: TestFlag): JointTests {
  const found = jointTests(fit, { type: type === "II" ? 2 : 3 });
  if (found.tests.length > 0) return found;
  throw new UserError("--tests: the fixed effects have no term but the intercept; leave it out");
}

/** The tests of terms as a table of the print. */
export function testsTable(
  { degreesOfFreedom }: MixedFit,
  { type, statistic, tests }: JointTests,
): FitTable {
  const isF = statistic === "F";
  const by = isF ? `F, ${degreesOfFreedom?.method}'s degrees of freedom` : "Wald's chi-square";
  return layOutTable(`Tests of terms (type ${"I".repeat(type)}; ${by})`, tests, [
    ["term", ({ term }) => term],
    ["df", ({ df }) => String(df)],
    isF && ["of", ({ denominatorDf }) => formatDf(denominatorDf)],
    [isF ? "F" : "chi-square", (one) => one.statistic.toFixed(2)],
    ["p", ({ p }) => formatP(p)],
  ]);
}

/** The tests of terms under broom's names: of lmerTest's `anova` for F, of car's `Anova` for chi-square. */
export function testRows({ statistic, tests }: JointTests): Readonly<Record<string, unknown>>[] {
  return tests.map((one) =>
    statistic === "F"
      ? {
          term: one.term,
          NumDF: one.df,
          DenDF: one.denominatorDf,
          statistic: one.statistic,
          "p.value": one.p,
        }
      : { term: one.term, statistic: one.statistic, df: one.df, "p.value": one.p },
  );
}

/** Tests of proportional odds as a table of the print. */
export function oddsTable({ assumption, tests }: ProportionalOddsTests): FitTable {
  const title = `Tests of ${assumption} (likelihood ratio, each term nominal)`;
  return layOutTable(title, tests, [
    ["term", ({ term }) => term],
    ["df", ({ df }) => String(df)],
    ["chi-square", ({ chiSquare }) => chiSquare?.toFixed(2) ?? ""],
    ["p", ({ p }) => (p === null ? "" : formatP(p))],
    ["meaning", ({ meaning }) => meaning],
  ]);
}

/** The same under broom's names; a term without a test has a reason. */
export function oddsRows({
  tests,
}: ProportionalOddsTests): Readonly<Record<string, string | number | null>>[] {
  return tests.map(({ term, df, chiSquare, p, reason }) => ({
    term,
    statistic: chiSquare,
    df,
    "p.value": p,
    reason,
  }));
}
