// From a provider's response body to an answer; bodies come from a server and are believed in nothing.
import { classifyHiddenError, unreadable } from "./classify-failure";
import { splitModelText } from "./model-text";
import { type Answer, AttemptFailed } from "./provider";
import { readProblem, readWords } from "./read-problem";
import type { Usage } from "./reply-record";

type Loose = Record<string, unknown>;

/**
 * Reads a chat completion.
 *
 * No choice, or a choice without text, is an answer without text: it was paid for and is not asked again.
 *
 * What the model thought is taken apart from its reply, and template tokens are cut.
 *
 * @throws AttemptFailed if the body is not a chat completion, or holds an error.
 */
export function readChatAnswer(body: unknown): Answer {
  const { choices, ...rest } = asObject(body, "chat completion");
  const hidden = classifyHiddenError(rest);
  if (hidden) return hidden;
  if (!Array.isArray(choices)) throw notA("chat completion", body);
  const choice = (choices[0] ?? {}) as Loose;
  const broken = classifyBrokenChoice(choice);
  if (broken) return broken;
  const message = (choice.message ?? {}) as Loose;
  const about = describe(rest, choice);
  if (typeof message.refusal === "string" && message.refusal !== "") {
    return { ...about, status: "refused", reason: message.refusal };
  }
  const logprobs = readLogprobs(choice.logprobs);
  const { text, thinking } = readContent(message);
  return { ...judgeText(text, about, thinking), ...(logprobs ? { logprobs } : {}) };
}

function notA(what: string, body: unknown): AttemptFailed {
  const words = readWords(body);
  return unreadable(`the body is not a ${what}${words === undefined ? "" : `: ${words}`}`);
}

// What broke off an answer may pass, unless it is a limit or would meet every request.
function classifyBrokenChoice({ error }: Loose): Answer | undefined {
  try {
    return classifyHiddenError({ error });
  } catch (failure) {
    if (!(failure instanceof AttemptFailed)) throw failure;
    if (failure.kind === "rate-limit" || failure.kind === "stop") throw failure;
    throw unreadable(`the answer broke off: ${readProblem({ error }).message}`);
  }
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
 * @throws AttemptFailed if the body is not a completion, or holds an error.
 */
export function readCompletionAnswer(body: unknown): Answer {
  const { choices, ...rest } = asObject(body, "completion");
  const hidden = classifyHiddenError(rest);
  if (hidden) return hidden;
  if (!Array.isArray(choices)) throw notA("completion", body);
  const choice = (choices[0] ?? {}) as Loose;
  const broken = classifyBrokenChoice(choice);
  if (broken) return broken;
  return judgeText(readContent({ content: choice.text }).text, describe(rest, choice), []);
}

/**
 * Takes over a classifier's answer as text, as JSON on one line; who asked reads it.
 *
 * @throws AttemptFailed if the body is not JSON.
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

function describe(
  { model, usage }: Loose,
  { finish_reason: finish }: Loose,
): Omit<Answer, "status"> {
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

// Content is a text, or a list of parts, of which some are texts and some what the model thought; servers that take
// the two apart themselves have a field for the second.
function readContent({ content, reasoning_content: field, reasoning }: Loose): {
  readonly text: string;
  readonly thinking: readonly string[];
} {
  const parts = (Array.isArray(content) ? content : [content]).map((part: unknown) =>
    typeof part === "string" ? { type: "text", text: part } : ((part ?? {}) as Loose),
  );
  const isThought = ({ type }: Loose) => type === "thinking" || type === "reasoning";
  const textsOf = (list: readonly Loose[]) =>
    list.flatMap(({ text }) => (typeof text === "string" ? [text] : []));
  const thought = parts.filter(isThought).flatMap((part) => {
    const { thinking } = part;
    const inner = (Array.isArray(thinking) ? thinking : [{ text: thinking }]) as Loose[];
    return [...textsOf([part]), ...textsOf(inner.map((one) => one ?? {}))];
  });
  const said = [field, reasoning].filter((one): one is string => typeof one === "string");
  return {
    text: textsOf(parts.filter((part) => !isThought(part))).join(""),
    thinking: [...new Set(said), ...thought],
  };
}

// The words of OpenAI, Azure, Google, Mistral, Anthropic, TGI and vLLM, which servers of one's own pass on.
const WHOLE = new Set([
  "stop",
  "eos",
  "eos_token",
  "stop_sequence",
  "stop_token",
  "end",
  "end_turn",
  "end_of_turn",
  "complete",
  "completed",
  "finish",
  "finished",
  "done",
  "tool_calls",
  "tool_use",
  "function_call",
  "",
]);
const FILTERED = new Set([
  "content_filter",
  "safety",
  "prohibited_content",
  "blocklist",
  "recitation",
  "spii",
]);
const TOO_LONG = new Set(["length", "max_tokens", "max_output_tokens", "model_length"]);
const BROKEN_OFF = new Set([
  "error",
  "abort",
  "aborted",
  "cancelled",
  "canceled",
  "insufficient_system_resource",
]);

// Whole is what ended as whole answers are known to end, or without a word of how.
function judgeText(
  content: string,
  about: Omit<Answer, "status">,
  thought: readonly string[],
): Answer {
  const { reply: text, thinking, isOpen, isCut } = splitModelText(content);
  const end = about.finish?.toLowerCase() ?? "";
  if (BROKEN_OFF.has(end)) throw unreadable(`the answer broke off ('${about.finish}')`);
  const thoughts = [...thought, ...(thinking === undefined ? [] : [thinking])].join("\n\n").trim();
  const kept = {
    ...about,
    ...(text === "" ? {} : { text }),
    ...(thoughts === "" ? {} : { thinking: thoughts }),
    ...(isCut ? { said: content } : {}),
  };
  if (FILTERED.has(end)) {
    return { ...kept, status: "filtered", reason: "the provider's content filter" };
  }
  const halved = whyHalf(end, about.finish, isOpen);
  if (halved !== undefined) return { ...kept, status: "cut-off", reason: halved };
  if (text === "") return { ...kept, status: "empty", reason: "the answer has no text" };
  return { ...kept, status: "ok" };
}

function whyHalf(end: string, finish: string | undefined, isOpen: boolean): string | undefined {
  if (TOO_LONG.has(end)) return "the length limit was reached";
  if (isOpen) return "the answer ends in the middle of the model's reasoning";
  return WHOLE.has(end)
    ? undefined
    : `the answer ended with '${finish}', which is not a known ending of a complete answer`;
}
