// What a study uses of the entries that its machine adds to the package's registries.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { PRICES, PROMPTS } from "../../src/asking/registries";
import {
  type Entry,
  type Registry,
  readPackageEntries,
  readRegistries,
} from "../../src/own-registry";
import { projectPath } from "../../src/project";
import { type ReadReply, readReadings } from "../../src/readings/readings";
import type { Study } from "../../src/study/study";
import { SYSTEMS, type System } from "../../src/systems/system";
import { REPLIES_FOLDER } from "../replies/recorded-replies";
import { JUDGE_PROMPTS } from "../scoring/judge-prompt";

/** Every registry that a machine may add to. */
export const REGISTRIES: readonly Registry[] = [SYSTEMS, PROMPTS, JUDGE_PROMPTS, PRICES];

/**
 * Lists a study's own entries, by the registry's file; a registry without any is left out.
 *
 * @param systems those that the study holds.
 */
export function usedEntries(study: Study, systems: readonly System[]): Map<string, string> {
  const asked = systems.flatMap(({ replies }) => (replies.from === "asked" ? [replies] : []));
  const uses: Readonly<Record<string, (id: string) => boolean>> = {
    [SYSTEMS.name]: (id) => systems.some((system) => system.id === id),
    [PROMPTS.name]: (id) => asked.some(({ prompt }) => prompt === id),
    [JUDGE_PROMPTS.name]: (id) => hasJudged(study, id),
    [PRICES.name]: (id) => asked.some(({ model }) => model === id),
  };
  const files = new Map<string, string>();
  for (const registry of REGISTRIES) {
    const own = ownEntries(registry).filter(({ id }) => uses[registry.name]?.(id));
    if (own.length === 0) continue;
    files.set(`${registry.name}.json`, `${JSON.stringify({ [registry.list]: own }, null, 2)}\n`);
  }
  return files;
}

function ownEntries(registry: Registry): Entry[] {
  const known = new Set(readPackageEntries(registry).map(({ id }) => id));
  return readRegistries(registry).filter(({ id }) => !known.has(id));
}

// A judge's scores lie in a folder that is called after it and its prompt, and so does the journal of its readings.
function hasJudged(study: Study, prompt: string): boolean {
  if (study.scorers.some((one) => one.startsWith("judge-") && one.endsWith(`-${prompt}`)))
    return true;
  if (!existsSync(join(study.root, "data", "readings", "readings.csv"))) return false;
  const judges = new Set(readReadings(study).flatMap(readersOf));
  return [...judges].some((judge) =>
    existsSync(projectPath(REPLIES_FOLDER, "scores", `judge-${judge}-${prompt}.jsonl`)),
  );
}

function readersOf({ readings }: ReadReply): string[] {
  return readings.map(({ reader }) => reader.replace(/-r\d+$/, ""));
}
