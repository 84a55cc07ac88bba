import type OpenAI from "openai";
import { withoutCall } from "./check-address";
import { answerOf, failAtErrors } from "./classify-failure";
import { createKeptAliveFetch } from "./kept-alive-fetch";
import type { Answer, Provider } from "./provider";
import { readChatAnswer, readCompletionAnswer } from "./read-answer";
import type { Message } from "./render-prompt";
import type { RequestBody } from "./request";

/** Where and how OpenAI's protocol is spoken. */
interface OpenAiSettings {
  readonly apiKey: string;
  readonly baseUrl: string;
}

/** OpenAI's own service. */
export const OPENAI_URL = "https://api.openai.com/v1";

/**
 * Asks OpenAI, or any server that speaks its protocol, through OpenAI's client.
 *
 * The client's own retries are off: `askAll` repeats attempts, and counts them.
 */
export class OpenAiProvider implements Provider {
  private readonly client: OpenAI;

  constructor({ apiKey, baseUrl }: OpenAiSettings) {
    this.client = createOpenAi({ apiKey, baseUrl }, createKeptAliveFetch());
  }

  async ask(body: RequestBody, signal: AbortSignal): Promise<Answer> {
    try {
      if (body.interface === "chat") {
        return readChatAnswer(await this.client.chat.completions.create(toChat(body), { signal }));
      }
      return readCompletionAnswer(
        await this.client.completions.create(toCompletion(body), { signal }),
      );
    } catch (error) {
      return answerOf(error, signal);
    }
  }
}

/** Makes the client: no retries and no log of its own, and a timeout beyond ours; an error keeps the server's reason. */
export function createOpenAi({ apiKey, baseUrl }: OpenAiSettings, own = fetch): OpenAI {
  // Loaded where somebody is asked: it takes longer than everything else here.
  const { default: Client } = require("openai") as typeof import("openai");
  return new Client({
    apiKey,
    baseURL: withoutCall(baseUrl),
    maxRetries: 0,
    timeout: 24 * 3_600_000,
    logLevel: "off",
    fetch: failAtErrors(own),
  });
}

/** The body of a chat request; OpenAI renamed its length limit, and other servers keep the old name. */
export function toChat(body: RequestBody): OpenAI.ChatCompletionCreateParamsNonStreaming {
  const { temperature, topP, maxTokens, seed, reasoningEffort } = body.parameters;
  const limit = body.provider === "openai" ? "max_completion_tokens" : "max_tokens";
  return {
    model: body.model,
    messages: [...(body.messages as readonly Message[])],
    temperature,
    top_p: topP,
    seed,
    [limit]: maxTokens,
    // The client's type lists the efforts of its day.
    reasoning_effort: reasoningEffort as OpenAI.ReasoningEffort | undefined,
    ...toForm(body),
  };
}

/** How a request says which form the answer should have. */
export function toForm({ schema, topLogprobs }: RequestBody) {
  return {
    ...(schema
      ? {
          response_format: {
            type: "json_schema" as const,
            json_schema: { ...schema, strict: true },
          },
        }
      : {}),
    ...(topLogprobs === undefined ? {} : { logprobs: true, top_logprobs: topLogprobs }),
  };
}

function toCompletion(body: RequestBody): OpenAI.CompletionCreateParamsNonStreaming {
  const { temperature, topP, maxTokens, seed } = body.parameters;
  const stop = body.stop && body.stop.length > 0 ? [...body.stop] : undefined;
  const { model, text } = body;
  const prompt = text as string;
  return { model, prompt, temperature, top_p: topP, seed, max_tokens: maxTokens, stop };
}
