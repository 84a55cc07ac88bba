// Models are the units of comparison: two instructions of one model, or two decodings of one published system, are not
// two pieces of evidence on models like these.
import type { System } from "./system";

/** Which systems' replies a claim is put to: all that can be compared, or the study's own models among the LLMs. */
export type SystemSet = "all" | "study";

/** The models of the study that have replies here, under other instructions than its own. */
const OWN_MODELS = ["gpt-4", "gpt-3.5"];

/** Whether a system is compared at all: not one whose prompts were chosen by the human reply, nor one set apart. */
export function isCompared({ excluded, apart }: System): boolean {
  return !excluded && !apart;
}

/**
 * The systems of a set: everyone that is compared; or of the LLMs the study's own models, and of the older systems
 * the study's.
 */
export function systemsOf(set: SystemSet, systems: readonly System[]): System[] {
  const compared = systems.filter(isCompared);
  return set === "all" ? compared : compared.filter(isOfStudy);
}

function isOfStudy({ inPaper, relation }: System): boolean {
  return inPaper || (relation !== undefined && OWN_MODELS.includes(relation.to));
}

/** The unit that a system belongs to: an LLM's model; an older system's publication, with its decodings and baselines. */
export function unitOf({ family, model, publication }: System): string {
  return family === "ecs" ? publication : model;
}

/**
 * The collection that a system belongs to: who produced its replies under one instruction or set-up. It is the publication's
 * own unless the registry names another, such as the repository whose authors ran somebody else's model.
 */
export function collectionOf({ collection, publication }: System): string {
  return collection ?? publication;
}

/** One system a unit: the one that no other is a variant of. */
export function withoutVariants(systems: readonly System[]): System[] {
  return systems.filter(({ variantOf }) => !variantOf);
}
