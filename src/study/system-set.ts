// On whose replies a claim is tested: on the study's own systems, or on open ones in their place.
import type { System } from "../systems/system";

/** `study`: the study's nine systems. `open`: open LLMs stand in for the study's five. */
export type SystemSet = "study" | "open";

/** What the sets are called in tables. */
export const SYSTEM_SET_NAMES: Readonly<Record<SystemSet, string>> = {
  study: "the study's own systems",
  open: "conceptual replication, open LLMs",
};

/**
 * Whether a system enters the models of notebooks 4 to 6: not one that is compared on matched stimuli only, nor
 * one that is in no comparison.
 */
export function isModelled({ matchedOnly, excluded }: System): boolean {
  return !matchedOnly && !excluded;
}

/** The systems of a set, of those that have scores; none that is compared on matched stimuli only. */
export function systemsOf(set: SystemSet, scored: readonly System[]): System[] {
  if (set === "study") return scored.filter(({ inPaper }) => inPaper);
  return scored.filter(isModelled).filter(({ inPaper, family }) => !(inPaper && family === "llm"));
}

/** Why a set cannot test the claims: its LLMs that have no scores; nothing where all have. */
export function findUntested(
  set: SystemSet,
  scored: readonly System[],
  all: readonly System[],
): string | undefined {
  const isLlm = ({ family }: System) => family === "llm";
  if (set === "open") {
    return systemsOf(set, scored).some(isLlm) ? undefined : "no open LLM has scores";
  }
  const ids = new Set(scored.map(({ id }) => id));
  const lacking = systemsOf(set, all).filter((system) => isLlm(system) && !ids.has(system.id));
  if (lacking.length === 0) return undefined;
  return `no scored replies of ${lacking.map(({ name }) => name).join(", ")}`;
}
