// Compares the judges of conversations with each other, by kappa: the table that `readJudges` reads.
import { METRICS } from "empathy-scorer";
import { agreementOfPairs, type Ratings } from "mixed-models/agreement";
import type { Places } from "../../src/sources/locate-source";
import { JUDGES_TABLE, type JudgeAgreement } from "../../src/validity/judge-agreement";
import { readJudgedLevels } from "./judged-conversations";
import type { JudgedRow } from "./judged-table";

/**
 * Whose levels are compared: three experts, the crowd (EPITOME's own published levels), three language
 * models that Kumar et al. asked (their `llm`, `gpt`, `claude`), and the embedded classifier, held out.
 */
export const JUDGES = [
  "expert1",
  "expert2",
  "expert3",
  "crowd",
  "llm",
  "gpt",
  "claude",
  "embedded-epitome",
] as const;

/**
 * Compares every pair of judges on each metric.
 *
 * @param judged the embedded classifier's held-out levels.
 * @throws UserError if the ratings are not on this machine or break their format.
 */
export async function compareJudges(
  judged: readonly JudgedRow[],
  places?: Places,
): Promise<JudgeAgreement[]> {
  const rated = await readJudgedLevels(places);
  const byRater = new Map(
    rated.map((one) => [`${one.rater} ${one.conversation}`, one.levels] as const),
  );
  return METRICS.flatMap((metric) => {
    const ratings: Ratings = judged.map(({ conversation, scores }) =>
      JUDGES.map((judge) =>
        judge === "embedded-epitome"
          ? scores[metric].level
          : (byRater.get(`${judge} ${conversation}`)?.[metric] ?? null),
      ),
    );
    return agreementOfPairs(ratings, JUDGES).map(({ raters, units, kappaQuadratic, interval }) => ({
      metric,
      judges: raters,
      conversations: units,
      kappa: kappaQuadratic,
      lower: interval?.lower ?? null,
      upper: interval?.upper ?? null,
    }));
  });
}

/** Writes the agreements; a figure that is not defined is an empty cell. */
export function formatJudges(agreements: readonly JudgeAgreement[]): string {
  return JUDGES_TABLE.format(
    agreements.map(({ judges: [judge, other], ...row }) => ({ ...row, judge, other })),
  );
}
