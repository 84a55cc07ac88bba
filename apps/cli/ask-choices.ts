// What the options of `empathy ask`, and of scoring elsewhere, say about whom to ask and how.
import { createTokenCounter, type Price } from "ask-models";
import { UserError } from "kit";
import type { Target, TargetChoice } from "../../src/asking/find-target";
import { readPrices } from "../../src/asking/registries";
import type { AskFlags } from "./ask-options";

/** What the options say about whom to ask. */
export function toChoice(flags: AskFlags): TargetChoice {
  const { temperature, topP, maxTokens, modelSeed, reasoning, keyFrom } = flags;
  const pool = flags.pool ?? (flags.stimuli === "test" ? "train" : "sample");
  const parameters = {
    temperature,
    topP,
    maxTokens,
    seed: modelSeed,
    reasoningEffort: reasoning,
  };
  return { ...flags, pool, parameters, keyVariable: keyFrom };
}

/** What a target's model costs: what the user says, or the price list, or unknown. */
export function priceOf(
  flags: AskFlags,
  { plan }: Target,
): Pick<Price, "input" | "output"> | undefined {
  const isOwn = plan.provider === "embedded" || flags.baseUrl !== undefined;
  return flags.price ?? (isOwn ? undefined : readPrices().find(({ id }) => id === plan.model));
}

/** What the options say about attempts. */
export function toRetries({ timeout, retries }: Pick<AskFlags, "timeout" | "retries">) {
  return {
    timeoutMs: timeout * 1000,
    ...(retries === undefined ? {} : { transientRetries: retries }),
  };
}

/**
 * Counts tokens where something is limited by them, and only there: the encoding takes memory and a moment
 * to load.
 */
export async function limitTokens(
  { tpm, maxCost }: Pick<AskFlags, "tpm" | "maxCost">,
  model: string,
) {
  if (tpm === undefined && maxCost === undefined) return {};
  const { count, exact } = await createTokenCounter(model);
  // Another model's tokenizer may need more tokens for the same text; half as many again is ample.
  return { countTokens: exact ? count : (body: Parameters<typeof count>[0]) => count(body) * 1.5 };
}

/**
 * Refuses a limit in dollars where nobody knows what the model costs.
 *
 * @throws UserError naming the remedy.
 */
export function requirePrice(
  { maxCost }: Pick<AskFlags, "maxCost">,
  model: string,
  price: unknown,
  remedy = "say --price IN,OUT",
): void {
  if (maxCost === undefined || price) return;
  throw new UserError(`no price is known for '${model}', so --max-cost cannot be kept; ${remedy}`);
}
