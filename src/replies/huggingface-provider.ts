import { InferenceClient, InferenceClientProviderApiError } from "@huggingface/inference";
import { classifyError, classifyResponse } from "./classify-failure";
import type { Answer, Provider } from "./provider";
import { readChatAnswer, readGenerationAnswer } from "./read-answer";
import type { Message } from "./render-prompt";
import type { RequestBody } from "./request";

/** Where and how Hugging Face is asked. */
export interface HuggingFaceSettings {
  readonly apiKey: string;
  /** A dedicated endpoint's address; Hugging Face's inference providers where there is none. */
  readonly baseUrl?: string;
}

/** Asks Hugging Face's inference providers, or a dedicated endpoint, through its own client. */
export class HuggingFaceProvider implements Provider {
  private readonly client: InferenceClient;

  constructor(private readonly settings: HuggingFaceSettings) {
    this.client = new InferenceClient(settings.apiKey);
  }

  async ask(body: RequestBody, signal: AbortSignal): Promise<Answer> {
    // The client's errors lack the response's headers, and with them Retry-After.
    let headers: Headers | undefined;
    const keepHeaders: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      headers = response.headers;
      return response;
    };
    const options = { signal, fetch: keepHeaders, retry_on_error: false };
    try {
      if (body.interface === "chat") {
        return readChatAnswer(await this.client.chatCompletion(this.toChat(body), options));
      }
      const answer = await this.client.textGeneration(this.toGeneration(body), options);
      return readGenerationAnswer(answer);
    } catch (error) {
      if (!(error instanceof InferenceClientProviderApiError)) throw classifyError(error, signal);
      const { status, body: said } = error.httpResponse;
      const message = typeof said === "string" && said !== "" ? said : describe(said, error);
      return classifyResponse({ status, headers, message });
    }
  }

  private toChat({ model, messages, parameters }: RequestBody) {
    const { temperature, topP, maxTokens, seed } = parameters;
    return {
      ...this.place(model),
      messages: (messages as readonly Message[]).map((message) => ({ ...message })),
      temperature,
      top_p: topP,
      max_tokens: maxTokens,
      seed,
    };
  }

  private toGeneration({ model, text, stop, parameters }: RequestBody) {
    const { temperature, topP, maxTokens, seed } = parameters;
    return {
      ...this.place(model),
      inputs: text as string,
      parameters: {
        return_full_text: false,
        details: true,
        ...(temperature === undefined ? {} : { temperature, do_sample: temperature > 0 }),
        ...(topP === undefined ? {} : { top_p: topP }),
        ...(maxTokens === undefined ? {} : { max_new_tokens: maxTokens }),
        ...(seed === undefined ? {} : { seed }),
        ...(stop && stop.length > 0 ? { stop: [...stop] } : {}),
      },
    };
  }

  private place(model: string) {
    const { baseUrl } = this.settings;
    return baseUrl === undefined ? { model } : { model, endpointUrl: baseUrl };
  }
}

function describe(body: unknown, error: Error): string {
  const { error: said, message } = (body ?? {}) as { error?: unknown; message?: unknown };
  if (typeof said === "string") return said;
  const nested = (said as { message?: unknown } | undefined)?.message ?? message;
  return typeof nested === "string" ? nested : error.message;
}
