// What `empathy train --evaluate` measured: `data/validity/evaluation.json`.
import { readFileSync } from "node:fs";
import { UserError } from "kit";
import { projectPath } from "../project";
import type { Evaluation } from "./test-heads";

/** The committed evaluation: everything that was measured, without the judged conversations. */
export type StoredEvaluation = Omit<Evaluation, "judged">;

/** Where the validity tables are kept. */
export const VALIDITY_FOLDER = projectPath("data", "validity");

// Sums may differ in their last bit between versions of Node; six decimals do not.
const DECIMALS = 6;

/** Writes an evaluation as JSON, figures to six decimals. */
export function formatEvaluationFile({ support, dialogue }: StoredEvaluation): string {
  const round = (_: string, value: unknown) =>
    typeof value === "number" ? Number(value.toFixed(DECIMALS)) : value;
  return `${JSON.stringify({ support, dialogue }, round, 1)}\n`;
}

/**
 * Reads the committed evaluation of the embedded classifier.
 *
 * @param path `data/validity/evaluation.json` by default.
 * @throws UserError where the file is missing or is not JSON.
 */
export function readEvaluation(
  path = projectPath("data", "validity", "evaluation.json"),
): StoredEvaluation {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as StoredEvaluation;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const what = code === "ENOENT" ? "no such file" : `cannot be read (${message})`;
    throw new UserError(
      `${path}: ${what}; restore it with \`git checkout\`, or run \`npx empathy train --evaluate\``,
    );
  }
}
