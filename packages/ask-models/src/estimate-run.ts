import { createTokenCounter, type TokenCounter } from "./count-tokens";
import type { JournalIndex } from "./journal-index";
import { breathe, type ConversationSource, listRequests, surveyRequests } from "./list-requests";
import { costOf, type Price } from "./price";
import type { AskPlan, ReplyRequest } from "./request";

/** What a run would take. */
export interface Estimate {
  readonly system: string;
  readonly model: string;
  /** Requests that have no answer yet. */
  readonly requests: number;
  readonly answered: number;
  readonly inputTokens: number;
  /** Whether the tokens are counted with the model's own tokenizer. */
  readonly exactTokens: boolean;
  /** Tokens received at most: every reply at its longest. */
  readonly outputTokensAtMost: number;
  /** US dollars at most; null where no price is known, 0 for what this package computes itself. */
  readonly costUsdAtMost: number | null;
  /** The same through OpenAI's Batch API, at half the price. */
  readonly batchUsdAtMost: number | null;
}

/** How an estimate is made; every field has a default. */
export interface EstimateOptions {
  /** Keeps what plans with the same words come to, from one estimate over the same stimuli to the next. */
  readonly counted?: Map<string, Counted>;
  /** Ends the counting. */
  readonly signal?: AbortSignal | undefined;
}

/** What one draw of every stimulus comes to. */
export interface Counted {
  readonly stimuli: number;
  readonly tokens: number;
}

/**
 * Estimates what asking a system for the replies that a journal lacks would take; asks nobody.
 *
 * @param price US dollars per million tokens, where it is known.
 */
export async function estimateRun(
  plan: AskPlan,
  source: ConversationSource,
  journal: JournalIndex,
  price?: Pick<Price, "input" | "output">,
  { counted = new Map(), signal }: EstimateOptions = {},
): Promise<Estimate> {
  const isOwn = plan.provider === "embedded";
  const counter = isOwn
    ? { count: () => 0, exact: true, encoding: "none" }
    : await createTokenCounter(plan.model);
  let [requests, answered, inputTokens] = [0, 0, 0];
  // Cells that nobody has asked yet differ in nothing that counts but their words.
  if (!isOwn && journal.waysOf(plan.system).size === 0) {
    const key = wordsOf(plan, counter);
    const all = counted.get(key) ?? (await countAll(plan, source, counter, signal));
    counted.set(key, all);
    requests = all.stimuli * plan.samples;
    inputTokens = all.tokens * plan.samples;
  } else {
    const add = ({ body }: ReplyRequest) => {
      inputTokens += counter.count(body);
    };
    const survey = await surveyRequests(listRequests(plan, source), journal, add, signal);
    requests = survey.missing + survey.failed;
    answered = survey.answered;
  }
  const outputTokens = requests * (plan.parameters.maxTokens ?? 0);
  const cost = price ? costOf(price, { inputTokens, outputTokens }) : isOwn ? 0 : null;
  return {
    system: plan.system,
    model: plan.model,
    requests,
    answered,
    inputTokens,
    exactTokens: counter.exact,
    outputTokensAtMost: outputTokens,
    costUsdAtMost: cost,
    batchUsdAtMost: cost !== null && plan.provider === "openai" ? cost / 2 : null,
  };
}

function wordsOf(
  { template, shown, interface: form }: AskPlan,
  { encoding }: Pick<TokenCounter, "encoding">,
): string {
  const { id, version, instructionIn } = template;
  return JSON.stringify([id, version, instructionIn, shown, form, encoding]);
}

async function countAll(
  plan: AskPlan,
  source: ConversationSource,
  { count }: Pick<TokenCounter, "count">,
  signal?: AbortSignal,
): Promise<Counted> {
  let [stimuli, tokens] = [0, 0];
  for await (const { body } of listRequests({ ...plan, samples: 1 }, source)) {
    if (++stimuli % 1000 === 0) await breathe(signal);
    tokens += count(body);
  }
  return { stimuli, tokens };
}
