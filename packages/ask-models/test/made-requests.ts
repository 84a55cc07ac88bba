// Requests that are written by hand, and a run over them against answers that are written by hand.
import { join } from "node:path";
import {
  type Answer,
  type AskOptions,
  AttemptFailed,
  askAll,
  type Clock,
  Journal,
  type ReplyRequest,
  readJournal,
} from "ask-models";
import { createGenerator } from "kit";
import { temporaryFolder } from "test-support/temporary";

/** A request for the reply to a dialogue. */
export function requestOf(dialogue: string, model = "tiny", turn = 2): ReplyRequest {
  return {
    dialogue,
    turn,
    system: "mine",
    sample: 1,
    key: "0".repeat(64),
    body: {
      provider: "openai-compatible",
      model,
      interface: "chat",
      prompt: "plain@1",
      shown: "all",
      parameters: { maxTokens: 5 },
      messages: [{ role: "user", content: `Hello from ${dialogue}.` }],
    },
  };
}

/** So many requests: d0, d1, and so on. */
export function requestsOf(count: number): ReplyRequest[] {
  return Array.from({ length: count }, (_, n) => requestOf(`d${n}`));
}

/** A clock that stands still and counts how long it was asked to wait. */
export function stillClock(): Clock & { readonly waits: number[] } {
  const waits: number[] = [];
  let now = 1e12;
  return {
    waits,
    now: () => now,
    async sleep(milliseconds, signal) {
      signal?.throwIfAborted();
      waits.push(milliseconds);
      now += milliseconds;
    },
  };
}

/** An answer of so many tokens to a prompt of ten. */
export function answerOf(outputTokens = 2): Answer {
  return { status: "ok", text: "There.", usage: { inputTokens: 10, outputTokens } };
}

/** A failure of an attempt. */
export function failureOf(
  kind: AttemptFailed["kind"],
  details: AttemptFailed["details"] = {},
): AttemptFailed {
  return new AttemptFailed(kind, `${kind}.`, details);
}

/** How a provider answers: to which request, and how often that was asked before. */
export type Script = (dialogue: string, before: number) => Answer | AttemptFailed;

/** Runs requests against a script. */
export async function runScript(
  requests: Iterable<ReplyRequest>,
  script: Script,
  options: AskOptions = {},
  path = join(temporaryFolder(), "journal.jsonl"),
) {
  const asked: string[] = [];
  const provider = {
    async ask({ messages }: ReplyRequest["body"]) {
      const dialogue = /from (.*)\.$/.exec(messages?.[0]?.content ?? "")?.[1] ?? "";
      const before = asked.filter((one) => one === dialogue).length;
      asked.push(dialogue);
      const answer = script(dialogue, before);
      if (answer instanceof AttemptFailed) throw answer;
      return answer;
    },
  };
  async function* stream() {
    yield* requests;
  }
  const journal = await Journal.open(path);
  const run = askAll(stream(), provider, journal, {
    clock: stillClock(),
    random: createGenerator(1),
    concurrency: 1,
    ...options,
  });
  const [ended] = await Promise.allSettled([run]);
  await journal.close();
  return { ended, asked, path, records: await readJournal(path) };
}
