import { type FitTable, formatP } from "mixed-models";
import type { ProportionalOddsTests } from "mixed-models/hypotheses";

/** Tests of proportional odds as a table of the print. */
export function oddsTable({ assumption, tests }: ProportionalOddsTests): FitTable {
  return {
    title: `Tests of ${assumption} (likelihood ratio, each term nominal)`,
    columns: ["term", "df", "chi-square", "p", "meaning"],
    rows: tests.map(({ term, df, chiSquare, p, meaning }) => [
      term,
      String(df),
      chiSquare === null ? "" : chiSquare.toFixed(2),
      p === null ? "" : formatP(p),
      meaning,
    ]),
  };
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
