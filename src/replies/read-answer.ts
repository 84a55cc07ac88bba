// From a provider's response body to an answer; bodies come from a server and are believed in nothing.
import { unreadable } from "./classify-failure";
import type { Answer } from "./provider";
import type { Usage } from "./reply-record";

type Loose = Record<string, unknown>;

/**
 * Reads a chat completion.
 *
 * No choice, or a choice without text, is an answer without text: it was paid for and is not asked again.
 *
 * @throws AttemptFailed where the body is not a chat completion.
 */
export function readChatAnswer(body: unknown): Answer {
  const { choices, ...rest } = asObject(body, "chat completion");
  if (!Array.isArray(choices)) throw unreadable("the body is not a chat completion");
  const choice = (choices[0] ?? {}) as Loose;
  const message = (choice.message ?? {}) as Loose;
  const about = describe(rest, choice.finish_reason);
  if (typeof message.refusal === "string" && message.refusal !== "") {
    return { ...about, status: "refused", reason: message.refusal };
  }
  const logprobs = readLogprobs(choice.logprobs);
  return { ...judgeText(textOf(message.content), about), ...(logprobs ? { logprobs } : {}) };
}

// The first token's alternatives; of one token in several spellings of white space the likeliest.
function readLogprobs(value: unknown): Record<string, number> | undefined {
  const { content } = (value ?? {}) as Loose;
  const [first] = Array.isArray(content) ? (content as Loose[]) : [];
  const top = Array.isArray(first?.top_logprobs) ? (first.top_logprobs as Loose[]) : [];
  const found: Record<string, number> = {};
  for (const { token, logprob } of top.map((one) => one ?? {})) {
    if (typeof token !== "string" || typeof logprob !== "number") continue;
    found[token] = Math.max(logprob, found[token] ?? Number.NEGATIVE_INFINITY);
  }
  return Object.keys(found).length > 0 ? found : undefined;
}

/**
 * Reads a text completion of OpenAI's older interface, which Hugging Face's text generation speaks too.
 *
 * @throws AttemptFailed where the body is not a completion.
 */
export function readCompletionAnswer(body: unknown): Answer {
  const { choices, ...rest } = asObject(body, "completion");
  if (!Array.isArray(choices)) throw unreadable("the body is not a completion");
  const choice = (choices[0] ?? {}) as Loose;
  return judgeText(textOf(choice.text), describe(rest, choice.finish_reason));
}

/**
 * Takes over a classifier's answer as text, as JSON on one line; who asked reads it.
 *
 * @throws AttemptFailed where the body is not JSON.
 */
export function readClassification(body: string | undefined): Answer {
  try {
    return { status: "ok", text: JSON.stringify(JSON.parse(body ?? "")) };
  } catch {
    throw unreadable("the body is not JSON, let alone a classifier's answer");
  }
}

// Some servers send JSON under another content type; the client hands that over as text.
function asObject(body: unknown, what: string): Loose {
  let value = body;
  if (typeof body === "string") {
    try {
      value = JSON.parse(body);
    } catch {
      throw unreadable(`the body is not JSON, let alone a ${what}`);
    }
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Loose;
  throw unreadable(`the body is not a ${what}`);
}

function describe({ model, usage }: Loose, finish: unknown): Omit<Answer, "status"> {
  const counted = readUsage(usage);
  return {
    ...(typeof model === "string" ? { model } : {}),
    ...(typeof finish === "string" ? { finish } : {}),
    ...(counted ? { usage: counted } : {}),
  };
}

function readUsage(usage: unknown): Usage | undefined {
  const { prompt_tokens: input, completion_tokens: output } = (usage ?? {}) as Loose;
  if (!isCount(input) || !isCount(output)) return undefined;
  return { inputTokens: input, outputTokens: output };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

// Content is a text, or a list of parts of which some are texts.
function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part: Loose) => (typeof part?.text === "string" ? part.text : "")).join("");
}

// The words of OpenAI, Azure, Google and Mistral, which servers of one's own pass on.
function judgeText(content: string, about: Omit<Answer, "status">): Answer {
  const text = content.trim();
  const kept = text === "" ? {} : { text };
  switch (about.finish?.toLowerCase()) {
    case "content_filter":
    case "safety":
    case "prohibited_content":
    case "blocklist":
    case "recitation":
    case "spii":
      return { ...about, ...kept, status: "filtered", reason: "the provider's content filter" };
    case "length":
    case "max_tokens":
    case "max_output_tokens":
    case "model_length":
      return { ...about, ...kept, status: "cut-off", reason: "the length limit was reached" };
    default:
      if (text === "") return { ...about, status: "empty", reason: "the answer has no text" };
      return { ...about, text, status: "ok" };
  }
}
