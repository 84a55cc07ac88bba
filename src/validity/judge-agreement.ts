// How far people, language models and the embedded classifier agree on the same 50 conversations:
// `data/validity/judges.csv`.
import type { Metric } from "empathy-scorer";
import { projectPath } from "../project";
import { typedTable } from "../typed-table";

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

/** `data/validity/judges.csv`, figures to four decimals. */
export const JUDGES_TABLE = typedTable<
  Omit<JudgeAgreement, "judges"> & { readonly judge: string; readonly other: string }
>(
  {
    metric: "text",
    judge: "text",
    other: "text",
    conversations: "number",
    kappa: "number?",
    lower: "number?",
    upper: "number?",
  },
  4,
);

/**
 * Reads how the judges agree.
 *
 * @param path `data/validity/judges.csv` by default.
 * @throws UserError if the file is missing or broken.
 */
export function readJudges(path = projectPath("data", "validity", "judges.csv")): JudgeAgreement[] {
  return JUDGES_TABLE.read(path).map(({ judge, other, ...row }) => ({
    ...row,
    judges: [judge, other] as const,
  }));
}
