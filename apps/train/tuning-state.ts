// How far fine-tuning is, in a folder that git ignores: `state.json` beside the files that are uploaded.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { byMetric, type Metric } from "empathy-scorer";
import { UserError } from "kit";
import { keepFile } from "kit/files";
import { projectPath } from "../../src/project";

/** How far one metric's model is. */
export interface TuningStep {
  /** Checksum of the training file. */
  readonly sha256: string;
  /** The base model. */
  readonly base: string;
  /** The provider's name of the uploaded file. */
  readonly file?: string;
  /** The provider's name of the job. */
  readonly job?: string;
  /** The fine-tuned model, once there is one. */
  readonly model?: string;
}

/** How far all are. */
type TuningState = Readonly<Partial<Record<Metric, TuningStep>>>;

/** Where training files and state are kept. */
export const TUNING_FOLDER = projectPath("data", "cache", "fine-tuning");

/** Reads the state; a folder without one has not begun. */
export function readTuningState(folder = TUNING_FOLDER): TuningState {
  const path = join(folder, "state.json");
  if (!existsSync(path)) return {};
  try {
    return JSON.parse(readFileSync(path, "utf8")) as TuningState;
  } catch {
    throw new UserError(
      `${path}: was changed after it was written; restore it, or delete it to forget the jobs that it names`,
    );
  }
}

/** Writes the state, all at once. */
export function writeTuningState(state: TuningState, folder = TUNING_FOLDER): void {
  keepFile(join(folder, "state.json"), `${JSON.stringify(state, null, 2)}\n`);
}

/**
 * Gives the three fine-tuned models.
 *
 * @throws UserError if one is not there yet.
 */
export function readTunedModels(folder = TUNING_FOLDER): Record<Metric, string> {
  const state = readTuningState(folder);
  return byMetric((metric) => {
    const model = state[metric]?.model;
    if (model) return model;
    throw new UserError(
      `no fine-tuned model for ${metric} yet: run \`npx empathy train --scorer openai\`, or name three with --models`,
    );
  });
}
