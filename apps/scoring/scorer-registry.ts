// What can score replies, `data/scorers.json`, and what each takes.
import { readRegistry } from "kit/registry";
import { projectPath } from "../../src/project";

/** Names of the scorers that `empathy score` knows. */
export const SCORER_IDS = [
  ...(["embedded", "judge", "openai", "hosted", "endpoint"] as const),
  "epitome-roberta",
] as const;

/** A scorer of the registry. */
export interface RegisteredScorer {
  readonly id: (typeof SCORER_IDS)[number];
  readonly title: string;
  readonly needs: string;
  readonly cost: string;
  /** What the study used that can no longer be had. */
  readonly retired?: string;
  /** What can be fine-tuned, the default first, and the day on which it is shut down. */
  readonly tunable?: readonly { readonly model: string; readonly until: string }[];
  readonly asOf?: string;
  readonly sources?: readonly string[];
}

/**
 * Reads the registry of scorers.
 *
 * @throws UserError naming file, scorer, field and what is wrong with it.
 */
export function readScorers(path = projectPath("data", "scorers.json")): RegisteredScorer[] {
  return readRegistry(path, projectPath("data", "scorers.schema.json"), "scorers", "scorer");
}
