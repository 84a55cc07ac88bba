import {
  type AskPlan,
  checkBaseUrl,
  connect,
  findPrompt,
  type PromptTemplate,
  type Provider,
} from "ask-models";
import { didYouMean, UserError } from "kit";
import { projectPath } from "../project";
import type { Places } from "../sources/locate-source";
import { findSystem, readSystems, type System } from "../systems/system";
import { type PlanOverrides, planSystem, planUnregistered } from "./make-plan";
import { readPrompts } from "./registries";
import { modelOfPool, type PoolName, RetrievalProvider, readPool } from "./retrieval-provider";

/** Whom a user wants to ask. */
export interface TargetChoice extends PlanOverrides {
  /** A system of the registry. */
  readonly system?: string;
  /** The name under which replies are recorded; by default the system's. */
  readonly as?: string;
  /** A server of the user's own, or a dedicated endpoint. */
  readonly baseUrl?: string;
  /** Ask the registered model through another provider. */
  readonly provider?: "openai" | "openai-compatible" | "huggingface";
  readonly keyVariable?: string;
  /** Where the embedded system takes its replies from. */
  readonly pool?: PoolName;
}

/** Whom to ask, and what. */
export interface Target {
  readonly plan: AskPlan;
  /** Connects; throws where a key is missing. */
  readonly open: (env: NodeJS.ProcessEnv) => Provider;
  /** Where the provider's server is, where that is not the provider's own service. */
  readonly baseUrl?: string;
  readonly keyVariable?: string;
}

/** The registries that a target is found in. */
export interface TargetRegistries {
  readonly systems: readonly System[];
  readonly prompts: readonly PromptTemplate[];
}

/**
 * Finds out whom a user wants to ask, from the registry and what the user says beside it.
 *
 * @param known the registries, where they have been read already.
 * @throws UserError if that is not enough, does not fit together, or names a retired model.
 */
export async function findTarget(
  choice: TargetChoice,
  places?: Places,
  known: TargetRegistries = { systems: readSystems(), prompts: readPrompts() },
): Promise<Target> {
  const name = choice.as ?? choice.system;
  if (!name) throw new UserError("name whom to ask with --system, or a new name with --as");
  if (!/^[a-z0-9][a-z0-9.-]*$/.test(name)) {
    throw new UserError(
      `'${name}' should be a name of lower-case letters, digits, dots and hyphens`,
    );
  }
  if (choice.baseUrl !== undefined) checkBaseUrl(choice.baseUrl);
  const { systems, prompts } = known;
  const registered = choice.system
    ? findSystem(systems, choice.system)
    : systems.find(({ id }) => id === name);
  if (registered?.replies.from === "embedded")
    return findEmbedded(registered, name, choice, places);
  return registered
    ? findRegistered(registered, name, choice, prompts)
    : findUnregistered(name, choice, known);
}

/** The journal of a system, where the user names no other. */
export function journalOf(system: string): string {
  return projectPath("data", "replies", `${system}.jsonl`);
}

function findRegistered(
  system: System,
  name: string,
  choice: TargetChoice,
  prompts: readonly PromptTemplate[],
): Target {
  const ownServer = choice.baseUrl !== undefined;
  const planned = planSystem(system, prompts, { ...choice, ownServer });
  const plan = { ...planned, system: name, provider: choice.provider ?? planned.provider };
  const { replies } = system;
  if (replies.from !== "asked") throw new Error("planSystem lets asked systems through only");
  const moved = ownServer || plan.provider !== replies.provider;
  const baseUrl = choice.baseUrl ?? (moved ? undefined : replies.baseUrl);
  const keyVariable = choice.keyVariable ?? (moved ? undefined : replies.keyVariable);
  return target(plan, baseUrl, keyVariable);
}

function findUnregistered(
  name: string,
  choice: TargetChoice,
  { systems, prompts }: TargetRegistries,
): Target {
  const { model, baseUrl, provider, keyVariable } = choice;
  if (model === undefined || (baseUrl === undefined && provider === undefined)) {
    const known = systems.map(({ id }) => id);
    throw new UserError(
      `'${name}' is not in data/systems.json${didYouMean(name, known)}; say what to ask with --base-url URL --model NAME, ` +
        "or add an entry there",
    );
  }
  const planned = planUnregistered(name, model, prompts, choice);
  return target({ ...planned, provider: provider ?? planned.provider }, baseUrl, keyVariable);
}

function target(plan: AskPlan, baseUrl?: string, keyVariable?: string): Target {
  const { provider } = plan;
  const open = (env: NodeJS.ProcessEnv) => connect({ provider, baseUrl, keyVariable, env });
  return { plan, open, baseUrl, keyVariable };
}

async function findEmbedded(
  system: System,
  name: string,
  choice: TargetChoice,
  places?: Places,
): Promise<Target> {
  const { model, baseUrl, prompt, provider, parameters = {}, samples = 1 } = choice;
  const set = Object.values(parameters).some((value) => value !== undefined);
  if (model ?? baseUrl ?? prompt ?? provider ?? (set || samples > 1 || undefined)) {
    throw new UserError(
      `'${system.id}' searches known dialogues: it has no model, prompt, server or sampling to set`,
    );
  }
  const pool = await readPool(choice.pool ?? "sample", places);
  const plan: AskPlan = {
    system: name,
    provider: "embedded",
    model: modelOfPool(pool),
    interface: "chat",
    template: findPrompt(readPrompts(), "none"),
    shown: choice.shown ?? system.shown,
    parameters: {},
    samples: 1,
  };
  return { plan, open: () => new RetrievalProvider(pool) };
}
