// The systems under study, `data/systems.json`. What an entry holds is said once, in
// `data/systems.schema.json` (JSON Schema); this file checks entries against it and adds what a
// schema cannot say: identifiers are unique.
import type { Interface, SamplingParameters, Shown } from "ask-models";
import { didYouMean, UserError } from "kit";
import { ownRegistry, type Registry, readRegistries } from "../own-registry";

/** What kind of thing answers; the comparison of the study is between these. */
export type Family = "llm" | "tuned-llm" | "ecs" | "human";

/** What families are called in tables and figures. */
export const FAMILY_NAMES: Readonly<Record<Family, string>> = {
  human: "human listener",
  ecs: "older system (ECS)",
  llm: "LLM",
  "tuned-llm": "fine-tuned LLM",
};

/** Replies that a system's authors published, or that come out of their published model. */
export interface PublishedReplies {
  readonly from: "published";
  /** Identifier in `data/sources.json`; absent where the authors published a model and no replies. */
  readonly source?: string;
  /** Which reader reads the file. */
  readonly format: string;
  /** Which of the replies in a record are this system's, where the file holds those of several. */
  readonly column?: string;
  /** How to get the file, where it takes more than a download. */
  readonly how?: string;
}

/** Replies that are asked for, from a model behind a provider's interface. */
export interface AskedReplies {
  readonly from: "asked";
  readonly provider: "openai" | "openai-compatible" | "huggingface";
  /** Where the provider's server is, where it has one address for everyone. */
  readonly baseUrl?: string;
  /** The environment variable that holds the key, where it is not the provider's usual one. */
  readonly keyVariable?: string;
  /** The model as the provider names it. */
  readonly model: string;
  /** Which form of request the model takes; `chat` where nothing is said. */
  readonly interface?: Interface;
  /** Identifier of the prompt template, in `data/prompts.json`. */
  readonly prompt: string;
  readonly parameters: SamplingParameters;
  /** What the study says that it used. */
  readonly paper?: string;
  /** Whether, and where, the model can still be asked, with the day and the source of that. */
  readonly served: string;
  /** Present where the provider no longer serves the model. */
  readonly retired?: { readonly note: string; readonly successor: string };
}

/** Replies by a method that this package holds. */
export interface EmbeddedReplies {
  readonly from: "embedded";
  readonly method: "retrieval";
}

/** Replies of the corpus itself: the human listener's. */
export interface CorpusReplies {
  readonly from: "corpus";
}

/** One system of the study: who answers, and where its replies come from. */
export interface System {
  /** Short name used by commands and file names, such as `kemp`. */
  readonly id: string;
  readonly name: string;
  readonly family: Family;
  /** Whether it is one of the nine of arXiv 2310.08017. */
  readonly inPaper: boolean;
  /** The system that this is a decoding, a baseline or another instruction of. */
  readonly variantOf?: string;
  /** The weights: two instructions, or two decodings, of one model share it. */
  readonly model: string;
  /** What presents the system; for a model that was only instructed, what instructed it. */
  readonly publication: string;
  /** Who produced these replies, where it is not `publication`: a repository that ran somebody else's model. */
  readonly collection?: string;
  /** What it was told, in our words, or `not published`. */
  readonly instruction: string;
  /** Where it is known. */
  readonly temperature?: number;
  /** Longest reply in tokens, where it is known. */
  readonly maxTokens?: number;
  readonly shown: Shown;
  /** How its stimuli were chosen. */
  readonly selection: string;
  /** Why it is out of every comparison. */
  readonly excluded?: string;
  /** Why it is shown apart from the others. */
  readonly apart?: string;
  /** What it is to one of the study's systems. */
  readonly relation?: { readonly to: string; readonly how: string };
  /** Replies per stimulus. */
  readonly samples: number;
  /** Under which terms its replies, or its model, may be used. */
  readonly licence: string;
  readonly citation: string;
  readonly note?: string;
  readonly replies: PublishedReplies | AskedReplies | EmbeddedReplies | CorpusReplies;
}

/** The registry of systems. */
export const SYSTEMS: Registry = { name: "systems", list: "systems", noun: "system" };

/** Below the project's root, the registry of this machine's own systems; `--register` writes it. */
export const OWN_REGISTRY = ownRegistry(SYSTEMS);

/**
 * Reads the registry of systems, `data/systems.json`, and after it that of this machine's own.
 *
 * @param path of one registry, to be read alone.
 * @throws UserError naming file, system, field and what is wrong with it, or a name that both registries give.
 */
export function readSystems(path?: string): System[] {
  return readRegistries(SYSTEMS, path);
}

/**
 * Finds a system by its identifier.
 *
 * @throws UserError naming the nearest and all known systems if there is none of that name.
 */
export function findSystem(systems: readonly System[], id: string): System {
  const found = systems.find((system) => system.id === id);
  if (found) return found;
  const known = systems.map((system) => system.id);
  throw new UserError(
    `unknown system '${id}'${didYouMean(id, known)}; known are ${known.join(", ")}; ` +
      "--register adds another",
  );
}
