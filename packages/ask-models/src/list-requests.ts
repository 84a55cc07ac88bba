import { UserError } from "kit";
import type { Journal } from "./journal";
import type { JournalIndex } from "./journal-index";
import type { Conversation } from "./render-prompt";
import { slotOf } from "./reply-record";
import { type AskPlan, buildRequest, instructionInside, type ReplyRequest, wayOf } from "./request";

/** Conversations that can be opened again and again, always in the same order. */
export interface ConversationSource {
  open(): AsyncIterable<{ readonly stimulus: Conversation }>;
}

/** How much of a run is done, from the journal, before anything is asked. */
export interface Survey {
  readonly requests: number;
  readonly answered: number;
  readonly failed: number;
  readonly missing: number;
  /** US dollars that the journal's answers cost. */
  readonly spentUsd: number;
}

/**
 * Refuses to ask a system in another way than its journal has it asked: such replies could not be told apart.
 *
 * @throws UserError naming both ways and the remedy.
 */
export function requireOneWay(
  plan: AskPlan,
  journal: Pick<JournalIndex, "waysOf">,
  path: string,
  remedy = "name it with --as",
): void {
  const { system, model, template, shown, parameters } = plan;
  const prompt = `${template.id}@${template.version}`;
  const way = wayOf({ model, prompt, shown, parameters, ...instructionInside(plan) });
  const before = [...journal.waysOf(system)].find((one) => one !== way);
  if (before === undefined) return;
  throw new UserError(
    `${path}: '${system}' was asked before with ${before}; with ${way} it is another system: ${remedy}`,
  );
}

const REQUESTS_A_BREATH = 1000;

/**
 * Lets signals and timers in, between two steps of a long calculation.
 *
 * @throws the signal's reason where it is aborted.
 */
export async function breathe(signal?: AbortSignal): Promise<void> {
  await new Promise((next) => setImmediate(next));
  signal?.throwIfAborted();
}

/** Lists the requests of a plan over all stimuli, one at a time. */
export async function* listRequests(
  plan: AskPlan,
  source: ConversationSource,
): AsyncGenerator<ReplyRequest> {
  for await (const { stimulus } of source.open()) {
    for (let sample = 1; sample <= plan.samples; sample++) {
      yield buildRequest(plan, stimulus, sample);
    }
  }
}

/**
 * Counts what is done and what is missing; reads, and so checks, every stimulus on the way.
 *
 * @param each called with every request that has no reply yet, such as to count its tokens.
 * @param signal ends the counting.
 */
export async function surveyRequests(
  requests: AsyncIterable<ReplyRequest>,
  journal: Pick<Journal, "stateOf" | "spentUsd">,
  each: (request: ReplyRequest) => void = () => {},
  signal?: AbortSignal,
): Promise<Survey> {
  const { spentUsd } = journal;
  let count = 0;
  const counts = { answered: 0, failed: 0, missing: 0 };
  for await (const request of requests) {
    if (++count % REQUESTS_A_BREATH === 0) await breathe(signal);
    const state = journal.stateOf(slotOf(request));
    counts[state]++;
    if (state !== "answered") each(request);
  }
  return { requests: counts.answered + counts.failed + counts.missing, ...counts, spentUsd };
}
