// How far people, language models and the embedded classifier agree on the same 50 conversations:
// `data/validity/judges.csv`.
import { METRICS, type Metric } from "empathy-scorer";
import { formatCsvTable, readCsvFile } from "kit/tables";
import { agreementOfPairs, type Ratings } from "mixed-models/agreement";
import { readJudgedLevels } from "../labels/judged-conversations";
import { projectPath } from "../project";
import type { Places } from "../sources/locate-source";
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

/** How two judges agree on one metric. */
export interface JudgeAgreement {
  readonly metric: Metric;
  readonly judges: readonly [string, string];
  /** Conversations that both rated. */
  readonly conversations: number;
  /** Quadratic kappa; null where it is not defined. */
  readonly kappa: number | null;
  /** 95 % bootstrap interval over the conversations; null where the kappa has none. */
  readonly lower: number | null;
  readonly upper: number | null;
}

const HEADER = ["metric", "judge", "other", "conversations", "kappa", "lower", "upper"] as const;
const DECIMALS = 4;

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

/** Writes the agreements, figures to four decimals; a figure that is not defined is an empty cell. */
export function formatJudges(agreements: readonly JudgeAgreement[]): string {
  return formatCsvTable(
    HEADER,
    agreements.map(({ metric, judges: [judge, other], conversations, kappa, lower, upper }) => ({
      metric,
      judge,
      other,
      conversations,
      kappa: round(kappa),
      lower: round(lower),
      upper: round(upper),
    })),
  );
}

/**
 * Reads how the judges agree.
 *
 * @param path `data/validity/judges.csv` by default.
 * @throws UserError if the file is missing or broken.
 */
export function readJudges(path = projectPath("data", "validity", "judges.csv")): JudgeAgreement[] {
  const figure = (cell: string) => (cell === "" ? null : Number(cell));
  return readCsvFile(path, HEADER).map((cells) => ({
    metric: cells.metric as Metric,
    judges: [cells.judge, cells.other] as const,
    conversations: Number(cells.conversations),
    kappa: figure(cells.kappa),
    lower: figure(cells.lower),
    upper: figure(cells.upper),
  }));
}

function round(value: number | null): number | null {
  return value === null ? null : Number(value.toFixed(DECIMALS));
}
