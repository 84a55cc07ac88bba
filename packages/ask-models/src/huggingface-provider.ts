import { InferenceClient, InferenceClientProviderOutputError } from "@huggingface/inference";
import { answerOf, failAtErrors } from "./classify-failure";
import { createKeptAliveFetch } from "./kept-alive-fetch";
import { toForm } from "./openai-provider";
import type { Answer, Provider } from "./provider";
import { readChatAnswer, readClassification, readCompletionAnswer } from "./read-answer";
import type { Message } from "./render-prompt";
import type { RequestBody } from "./request";

/** Where and how Hugging Face is asked. */
interface HuggingFaceSettings {
  readonly apiKey: string;
  /** A dedicated endpoint's address; Hugging Face's inference providers where there is none. */
  readonly baseUrl?: string;
}

/** Asks Hugging Face's inference providers, or a dedicated endpoint, through its own client. */
export class HuggingFaceProvider implements Provider {
  private readonly client: InferenceClient;
  private readonly fetch = failAtErrors(createKeptAliveFetch());

  constructor(private readonly settings: HuggingFaceSettings) {
    this.client = new InferenceClient(settings.apiKey);
  }

  async ask(body: RequestBody, signal: AbortSignal): Promise<Answer> {
    const isChat = body.interface === "chat";
    const isClassification = body.interface === "classification";
    const tap = this.tap();
    try {
      const options = { signal, fetch: tap.fetch, retry_on_error: false };
      if (isClassification) await this.client.textClassification(this.toInput(body), options);
      else if (isChat) await this.client.chatCompletion(this.toChat(body), options);
      else await this.client.textGeneration(this.toGeneration(body), options);
    } catch (error) {
      // An answer without text, such as a filtered one, is malformed to the client and not to us.
      if (!(error instanceof InferenceClientProviderOutputError)) return answerOf(error, signal);
    }
    if (isClassification) return readClassification(tap.text);
    return isChat ? readChatAnswer(tap.text) : readCompletionAnswer(tap.text);
  }

  // The client drops what a record needs of an answer: the model, the usage and the finish reason.
  private tap(): { fetch: typeof fetch; text?: string } {
    const tap: { fetch: typeof fetch; text?: string } = {
      fetch: async (input, init) => {
        const response = await this.fetch(input, init);
        tap.text = await response.text();
        return response;
      },
    };
    return tap;
  }

  private toChat(body: RequestBody) {
    const { model, messages, parameters } = body;
    const { temperature, topP, maxTokens, seed } = parameters;
    return {
      ...this.place(model),
      messages: (messages as readonly Message[]).map((message) => ({ ...message })),
      temperature,
      top_p: topP,
      max_tokens: maxTokens,
      seed,
      ...toForm(body),
    };
  }

  private toInput({ model, text }: RequestBody) {
    // All labels: without it only the likelier ones come back.
    return { ...this.place(model), inputs: text as string, parameters: { top_k: 10 } };
  }

  private toGeneration({ model, text, stop, parameters }: RequestBody) {
    const { temperature, topP, maxTokens, seed } = parameters;
    return {
      ...this.place(model),
      inputs: text as string,
      parameters: {
        ...(temperature === undefined ? {} : { temperature }),
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
