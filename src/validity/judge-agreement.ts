// How far people, language models and the embedded classifier agree on the same 50 conversations:
// `data/validity/judges.csv`.
import type { Metric } from "empathy-scorer";
import { readCsvFile } from "kit/tables";
import { projectPath } from "../project";

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

export const HEADER = [
  "metric",
  "judge",
  "other",
  "conversations",
  "kappa",
  "lower",
  "upper",
] as const;

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
