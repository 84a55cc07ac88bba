// What is asked, and the key under which its answer is recorded. The key covers everything that can
// change the output and nothing else: the model, the words sent, how the reply is drawn, and the number
// of the draw. Left out, by name, are the transport settings (server address, API key, timeout,
// concurrency, limits a minute, retries, batch or not) and the names under which we file the words
// (dialogue, turn, system, template): they do not reach the model.
import { hash } from "node:crypto";
import type { PromptTemplate } from "./prompt";
import {
  type Conversation,
  type Message,
  renderChat,
  renderCompletion,
  type Shown,
} from "./render-prompt";

/**
 * Who is asked: a provider's own service, a server that speaks OpenAI's protocol, an address that takes our
 * own contract, or this package.
 */
export type ProviderName = "openai" | "openai-compatible" | "huggingface" | "endpoint" | "embedded";

/** Which form of request a model takes: a list of messages, or one text to continue. */
export type Interface = "chat" | "completion";

/** How a reply is drawn. */
export interface SamplingParameters {
  readonly temperature?: number;
  readonly topP?: number;
  /** Longest reply, in tokens. */
  readonly maxTokens?: number;
  readonly seed?: number;
  /** How long a reasoning model thinks first, in the provider's own words, such as `none`. */
  readonly reasoningEffort?: string;
}

/** Everything about asking a system that does not depend on the stimulus. */
export interface AskPlan {
  /** The name under which replies are recorded. */
  readonly system: string;
  readonly provider: ProviderName;
  /** The model as the provider names it. */
  readonly model: string;
  readonly interface: Interface;
  readonly template: PromptTemplate;
  readonly shown: Shown;
  readonly parameters: SamplingParameters;
  /** Replies per stimulus. */
  readonly samples: number;
}

/** The form that an answer must have: a JSON Schema, sent to providers that hold their models to it. */
export interface AnswerSchema {
  readonly name: string;
  readonly schema: Readonly<Record<string, unknown>>;
}

/** What reaches the model, as it is kept in the record. */
export interface RequestBody {
  readonly provider: ProviderName;
  readonly model: string;
  readonly interface: Interface | "classification";
  /** Template and version, such as `paper@1`. */
  readonly prompt: string;
  readonly shown: Shown;
  /** The instruction that the first message begins with, where it is not in a message of its own. */
  readonly instruction?: string;
  readonly parameters: SamplingParameters;
  /** For the chat interface. */
  readonly messages?: readonly Message[];
  /** For the completion and the classification interface. */
  readonly text?: string;
  readonly stop?: readonly string[];
  /** For the chat interface: the form of the answer. */
  readonly schema?: AnswerSchema;
  /** For the chat interface: how many of the most probable first tokens are wanted with their log-probability. */
  readonly topLogprobs?: number;
  /** For the embedded system: the dialogue whose own replies may not be given. */
  readonly excluded?: string;
}

/** One request: which stimulus, which draw, and what is sent. */
export interface ReplyRequest {
  readonly dialogue: string;
  readonly turn: number;
  readonly system: string;
  /** Number of the draw, from 1. */
  readonly sample: number;
  /** 64 hexadecimal digits. */
  readonly key: string;
  readonly body: RequestBody;
}

/**
 * Builds the request for one draw of a system's reply to a stimulus.
 *
 * With a seed, draw n is sent the seed plus n - 1: draws of one seed would all be the same.
 */
export function buildRequest(plan: AskPlan, stimulus: Conversation, sample: number): ReplyRequest {
  const { system, provider, model, template, shown, parameters } = plan;
  const { seed } = parameters;
  const rendered =
    plan.interface === "chat"
      ? { messages: renderChat(template, stimulus, shown) }
      : renderCompletion(template, stimulus, shown);
  const body: RequestBody = {
    provider,
    model,
    interface: plan.interface,
    prompt: `${template.id}@${template.version}`,
    shown,
    ...instructionInside(plan),
    parameters: seed === undefined ? parameters : { ...parameters, seed: seed + sample - 1 },
    ...rendered,
    ...(provider === "embedded" ? { excluded: stimulus.dialogue } : {}),
  };
  const { dialogue, turn } = stimulus;
  return { dialogue, turn, system, sample, key: requestKey(body, sample), body };
}

/**
 * How a system is asked, whatever the stimulus and the draw: model, prompt, what is shown, how replies are drawn.
 *
 * Replies of two ways are replies of two systems.
 */
export function wayOf({
  model,
  prompt,
  shown,
  instruction,
  parameters,
}: Pick<RequestBody, "model" | "prompt" | "shown" | "instruction" | "parameters">): string {
  const drawn = { ...parameters, seed: undefined };
  const place = instruction === undefined ? "" : " in the first user turn";
  return `model ${model}, prompt ${prompt}${place}, shown ${shown}, parameters ${canonicalJson(drawn)}`;
}

/** The instruction that a plan's first message begins with, if it does. */
export function instructionInside({
  template: { instruction, instructionIn },
  interface: form,
}: Pick<AskPlan, "template" | "interface">): Pick<RequestBody, "instruction"> {
  const isInside = form === "chat" && instructionIn === "user" && instruction !== undefined;
  return isInside ? { instruction } : {};
}

/**
 * The key of a request: SHA-256 of what can change the output, as JSON with sorted keys.
 *
 * @returns 64 hexadecimal digits; the same for the same request on every machine.
 */
export function requestKey(body: RequestBody, sample: number): string {
  const { prompt: _template, shown: _shown, instruction: _inside, ...sent } = body;
  return hash("sha256", canonicalJson({ ...sent, sample }), "hex");
}

/**
 * Writes a value as JSON with every object's keys sorted, so that equal values give equal text.
 *
 * @example
 * canonicalJson({ b: 1, a: [2, { d: 3, c: undefined }] }); // => '{"a":[2,{"d":3}],"b":1}'
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  entries.sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
  return `{${entries.map(([name, entry]) => `${JSON.stringify(name)}:${canonicalJson(entry)}`).join(",")}}`;
}
