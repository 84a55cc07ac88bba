// Hand-written stimuli, and a run over them against a server.
import { join } from "node:path";
import {
  type AskOptions,
  type AskPlan,
  type AskReport,
  askAll,
  buildRequest,
  type Clock,
  connect,
  Journal,
  type ProviderName,
  type ReplyRecord,
  type ReplyRequest,
  readJournal,
} from "ask-models";
import type { FaultServer } from "test-support/fault-server";
import { temporaryFolder } from "test-support/temporary";
import { planUnregistered } from "../../src/asking/make-plan";
import { readPrompts } from "../../src/asking/registries";
import type { Stimulus } from "../../src/corpus/stimulus";

/** One stimulus of one utterance. */
export function stimulusOf(dialogue: string, text: string): Stimulus {
  return { dialogue, turn: 2, context: [{ index: 1, role: "speaker", text }] };
}

/** So many stimuli, each with words of its own. */
export function stimuli(count: number): Stimulus[] {
  return Array.from({ length: count }, (_, n) =>
    stimulusOf(`d${n}`, `My train was late again, for the ${n}th time this year.`),
  );
}

/** A plan to ask a server on loopback. */
export function planOf(overrides: Partial<AskPlan> = {}): AskPlan {
  return { ...planUnregistered("loopback", "tiny", readPrompts()), ...overrides };
}

/** The requests of a plan over stimuli, as a stream. */
export async function* requestsOf(
  plan: AskPlan,
  list: readonly Stimulus[],
): AsyncGenerator<ReplyRequest> {
  for (const stimulus of list) {
    for (let sample = 1; sample <= plan.samples; sample++)
      yield buildRequest(plan, stimulus, sample);
  }
}

/** A path in a folder of its own. */
export function journalPath(): string {
  return join(temporaryFolder(), "journal.jsonl");
}

/** What a run left. */
export interface AskedRun {
  readonly report: AskReport;
  readonly records: ReplyRecord[];
}

/** A clock on which waiting takes no time; it is noted in `waits`. */
export function skippingClock(): Clock & { readonly waits: number[] } {
  const waits: number[] = [];
  let skipped = 0;
  return {
    waits,
    now: () => Date.now() + skipped,
    async sleep(milliseconds, signal) {
      signal?.throwIfAborted();
      waits.push(milliseconds);
      skipped += milliseconds;
    },
  };
}

/** Asks a server for replies through the real client, in this process. */
export async function askServer(
  server: Pick<FaultServer, "origin" | "url">,
  list: readonly Stimulus[],
  options: AskOptions & {
    readonly plan?: AskPlan;
    readonly journal?: string;
    readonly provider?: ProviderName;
  } = {},
): Promise<AskedRun> {
  const { journal: path = journalPath(), provider = "openai-compatible", ...rest } = options;
  const plan = options.plan ?? planOf({ provider });
  const baseUrl = plan.provider === "huggingface" ? server.origin : server.url;
  const client = connect({ provider: plan.provider, baseUrl, env: {} });
  const journal = await Journal.open(path);
  try {
    const report = await askAll(requestsOf(plan, list), client, journal, {
      clock: skippingClock(),
      ...rest,
      retries: { timeoutMs: 300, ...options.retries },
    });
    return { report, records: await readJournal(path) };
  } finally {
    await journal.close();
  }
}
