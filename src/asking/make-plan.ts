import type { Interface, SamplingParameters, Shown } from "ask-models";
import {
  type AskPlan,
  findPrompt,
  type InstructionPlace,
  type PromptTemplate,
  type ProviderName,
} from "ask-models";
import { UserError } from "kit";
import type { AskedReplies, System } from "../systems/system";

/** What a user sets for one run; each replaces what the registry says. */
export interface PlanOverrides {
  readonly model?: string;
  readonly interface?: Interface;
  readonly prompt?: string;
  readonly shown?: Shown;
  /** Where a chat model is told the prompt's instruction. */
  readonly instructionIn?: InstructionPlace;
  readonly parameters?: SamplingParameters;
  readonly samples?: number;
  /** Ask a server of one's own in place of the registered provider. */
  readonly ownServer?: boolean;
}

// Replies of the corpus have 20 to 30 tokens; this leaves room, and bounds the cost of a runaway.
const DEFAULT_PARAMETERS: SamplingParameters = { maxTokens: 256 };

/**
 * Says what a system of the registry is sent.
 *
 * @throws UserError if the system's replies are not asked for, or its model is retired and no other
 *   model is named.
 */
export function planSystem(
  system: System,
  prompts: readonly PromptTemplate[],
  overrides: PlanOverrides = {},
): AskPlan {
  const { replies } = system;
  if (replies.from !== "asked") {
    throw new UserError(
      `the replies of '${system.id}' are ${replies.from}, not asked for; ` +
        "choose another system, or another name after --as",
    );
  }
  refuseRetired(system.id, replies, overrides);
  return {
    system: system.id,
    provider: providerOf(replies, overrides),
    model: overrides.model ?? replies.model,
    interface: overrides.interface ?? replies.interface ?? "chat",
    template: findPrompt(prompts, overrides.prompt ?? replies.prompt, overrides.instructionIn),
    shown: overrides.shown ?? system.shown,
    parameters: { ...replies.parameters, ...defined(overrides.parameters) },
    samples: overrides.samples ?? system.samples,
  };
}

/** Says what a server of the user's own is sent, for a system that the registry does not know. */
export function planUnregistered(
  id: string,
  model: string,
  prompts: readonly PromptTemplate[],
  overrides: PlanOverrides = {},
): AskPlan {
  return {
    system: id,
    provider: "openai-compatible",
    model,
    interface: overrides.interface ?? "chat",
    template: findPrompt(prompts, overrides.prompt ?? "paper", overrides.instructionIn),
    shown: overrides.shown ?? "all",
    parameters: { ...DEFAULT_PARAMETERS, ...defined(overrides.parameters) },
    samples: overrides.samples ?? 1,
  };
}

function refuseRetired(id: string, replies: AskedReplies, { model }: PlanOverrides): void {
  if (!replies.retired || model !== undefined) return;
  const { note, successor } = replies.retired;
  throw new UserError(
    `'${id}' can no longer be asked: ${note}; to ask its successor in its place, ` +
      `say --model ${successor}, which the record will name`,
  );
}

function providerOf(replies: AskedReplies, { ownServer }: PlanOverrides): ProviderName {
  return ownServer && replies.provider === "openai" ? "openai-compatible" : replies.provider;
}

function defined(parameters: SamplingParameters = {}): SamplingParameters {
  const entries = Object.entries(parameters).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries);
}
