import {
  classifyError,
  createRedactor,
  findKey,
  Journal,
  listRequests,
  type Price,
  type Redact,
  type ReplyRequest,
  readPendingSlots,
  requireOneWay,
  secretsOf,
  shorten,
  slotOf,
} from "ask-models";
import {
  type BatchProgress,
  type Collected,
  collectBatches,
  createOpenAi,
  followBatches,
  OPENAI_URL,
  submitBatches,
} from "ask-models/batches";
import { countNoun, UserError } from "kit";
import type { Target } from "../../src/asking/find-target";
import type { StimulusSource } from "../../src/asking/stimuli";
import { projectEnvironment } from "../asking/environment";
import { requireOneWayBeside } from "../replies/recorded-replies";
import type { AskFlags } from "./ask-options";
import { printable } from "./printable";
import { Progress } from "./progress";

/** Submits, follows or collects OpenAI batches for a journal. */
export async function runBatch(
  flags: AskFlags,
  target: Target,
  source: StimulusSource,
  path: string,
  price: Pick<Price, "input" | "output"> | undefined,
): Promise<void> {
  const { plan, baseUrl = OPENAI_URL } = target;
  const isOpenAi = plan.provider === "openai" || plan.provider === "openai-compatible";
  if (!isOpenAi || plan.interface !== "chat") {
    throw new UserError(
      `'${plan.system}' cannot be asked in batches, which are OpenAI's, for chat models`,
    );
  }
  const env = projectEnvironment();
  const apiKey = findKey({ ...target, provider: plan.provider, env });
  const redact = createRedactor([apiKey, ...secretsOf(env)]);
  const client = createOpenAi({ apiKey, baseUrl });
  const result = await withoutKey(redact, async () => {
    if (flags.batch === "status") return followBatches(client, path);
    const journal = await Journal.open(path, { onRepair: (said) => new Progress().note(said) });
    try {
      if (flags.batch === "collect")
        return await collectBatches(client, journal, { price, redact });
      requireOneWay(plan, journal, path);
      await requireOneWayBeside(path, [plan]);
      const pending = await readPendingSlots(path);
      const missing = keepMissing(listRequests(plan, source), journal, pending, flags.retryFailed);
      return await submitBatches(client, path, missing, { retryFailed: flags.retryFailed });
    } finally {
      await journal.close();
    }
  });
  if ("recorded" in result) {
    const { failed, unanswered, unreadable } = result;
    if (failed.length + unanswered + unreadable > 0) process.exitCode = 1;
  }
  const text = flags.json ? JSON.stringify(result, null, 2) : describe(result);
  process.stdout.write(`${printable(redact(text))}\n`);
}

async function* keepMissing(
  requests: AsyncIterable<ReplyRequest>,
  journal: Journal,
  pending: ReadonlySet<string>,
  retryFailed = false,
): AsyncGenerator<ReplyRequest> {
  for await (const request of requests) {
    const slot = slotOf(request);
    const state = journal.stateOf(slot);
    const isWanted = state === "missing" || (state === "failed" && retryFailed);
    if (isWanted && !pending.has(slot)) yield request;
  }
}

// Each step is noted before the next, so the remedy is always to say the same again.
async function withoutKey<T>(redact: Redact, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { reason } = classifyError(error);
    throw new UserError(`batch: ${shorten(redact(reason))}; run the same command again`);
  }
}

function describe(result: Collected | readonly Partial<BatchProgress>[]): string {
  if ("recorded" in result) {
    const { recorded, underWay, failed, ended, unanswered, unreadable, aside } = result;
    const are = countNoun(underWay, "batch is", "batches are");
    const have = unanswered === 1 ? "has no answer and is" : "have no answer and are";
    return [
      `recorded ${recorded}; ${are} still under way`,
      ...(unanswered > 0 ? [`${unanswered} of ${ended} requests ${have} missing again`] : []),
      ...failed.map((why) => `failed, so its requests are missing again: ${why}`),
      ...(aside ? [`unreadable lines: ${unreadable}, kept in ${aside}`] : []),
    ].join("\n");
  }
  if (result.length === 0) return "no batches: everything is asked or collected";
  return result
    .map(({ batch = "not submitted", requests, status = "submitted", reason, ...counts }) => {
      const { completed, failed } = counts;
      const done = completed === undefined ? "" : `, ${completed} completed, ${failed} failed`;
      const why = reason === undefined ? "" : `: ${reason}`;
      return `${batch}  ${countNoun(requests ?? 0, "request")}  ${status}${done}${why}`;
    })
    .join("\n");
}
