// What `empathy train --evaluate` measured: `data/validity/evaluation.json`.
import { readFileSync } from "node:fs";
import type { Metric } from "empathy-scorer";
import { UserError } from "kit";
import { projectPath } from "../project";
import type { ConfusionCounts } from "./confusion-counts";

/** A figure with its 95 % interval. */
export interface Figure {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

/** The figures of some held-out predictions. */
export interface Summary {
  readonly rows: number;
  /** Rows whose true level is above 0. */
  readonly positives: number;
  readonly accuracy: Figure;
  readonly macroF1: Figure;
  readonly kappa: Figure;
  /** Expected calibration error: 15 bins of equal width of the top level's probability. */
  readonly calibrationError: number;
}

/** Figures of the EPITOME head for one metric. */
export interface SupportFigures {
  readonly metric: Metric;
  /** 5-fold cross-validation within the open nine tenths, mean over the seeds. */
  readonly crossValidated: Summary;
  /** The same, seed by seed. */
  readonly seeds: readonly Summary[];
  /** The locked tenth, by the shipped model. */
  readonly locked: Summary;
  /** True and found levels: out of fold with the first seed, and of the locked tenth. */
  readonly confusions: { readonly open: ConfusionCounts; readonly locked: ConfusionCounts };
}

/** Agreement with the reference levels, on dialogues that the model had not seen. */
export interface DialogueFigures {
  readonly metric: Metric;
  /** Whose replies: people's, or the source of a model's. */
  readonly origin: string;
  /** The source left out of training, if any. */
  readonly without: string | undefined;
  readonly part: "open" | "locked";
  readonly summary: Summary;
}

/** Agreement of the head that learned from readings with people's levels, on EPITOME's locked tenth. */
export interface ReadingsFigures {
  readonly metric: Metric;
  readonly locked: Summary;
  /** Any level against none: Cohen's kappa. */
  readonly anyLevel: Figure;
}

/** The committed evaluation: everything that was measured, without the judged conversations. */
export interface StoredEvaluation {
  readonly epitome: readonly SupportFigures[];
  readonly roberta: readonly DialogueFigures[];
  readonly readings: readonly ReadingsFigures[];
}

/** Where the validity tables are kept. */
export const VALIDITY_FOLDER = projectPath("data", "validity");

// Sums may differ in their last bit between versions of Node; six decimals do not.
const DECIMALS = 6;

/** Writes an evaluation as JSON, figures to six decimals. */
export function formatEvaluationFile({ epitome, roberta, readings }: StoredEvaluation): string {
  const round = (_: string, value: unknown) =>
    typeof value === "number" ? Number(value.toFixed(DECIMALS)) : value;
  return `${JSON.stringify({ epitome, roberta, readings }, round, 1)}\n`;
}

/**
 * Reads the committed evaluation of the embedded classifier.
 *
 * @param path `data/validity/evaluation.json` by default.
 * @throws UserError if the file is missing or is not JSON.
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
