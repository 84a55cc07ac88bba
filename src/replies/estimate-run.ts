import { createTokenCounter } from "./count-tokens";
import type { JournalIndex } from "./journal-index";
import { listRequests, surveyRequests } from "./list-requests";
import { costOf, type Price } from "./price";
import type { AskPlan } from "./request";
import type { StimulusSource } from "./stimuli";

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

/**
 * Estimates what asking a system for the replies that a journal lacks would take; asks nobody.
 *
 * @param price US dollars per million tokens, where it is known.
 */
export async function estimateRun(
  plan: AskPlan,
  source: StimulusSource,
  journal: JournalIndex,
  price?: Pick<Price, "input" | "output">,
): Promise<Estimate> {
  const isOwn = plan.provider === "embedded";
  const counter = isOwn ? { count: () => 0, exact: true } : await createTokenCounter(plan.model);
  let inputTokens = 0;
  const survey = await surveyRequests(listRequests(plan, source), journal, ({ body }) => {
    inputTokens += counter.count(body);
  });
  const requests = survey.missing + survey.failed;
  const outputTokens = requests * (plan.parameters.maxTokens ?? 0);
  const cost = price ? costOf(price, { inputTokens, outputTokens }) : isOwn ? 0 : null;
  return {
    system: plan.system,
    model: plan.model,
    requests,
    answered: survey.answered,
    inputTokens,
    exactTokens: counter.exact,
    outputTokensAtMost: outputTokens,
    costUsdAtMost: cost,
    batchUsdAtMost: cost !== null && plan.provider === "openai" ? cost / 2 : null,
  };
}
