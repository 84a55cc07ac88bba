import { answerOf, failAtErrors } from "./classify-failure";
import { createKeptAliveFetch } from "./kept-alive-fetch";
import type { Answer, Provider } from "./provider";
import { readClassification } from "./read-answer";
import type { RequestBody } from "./request";

/** Asks a classifier behind an address of the user's own; docs/scoring.md says what passes over the wire. */
export class EndpointProvider implements Provider {
  private readonly fetch = failAtErrors(createKeptAliveFetch());

  constructor(
    private readonly url: string,
    private readonly apiKey: string | undefined,
  ) {}

  async ask({ text }: RequestBody, signal: AbortSignal): Promise<Answer> {
    try {
      const response = await this.fetch(this.url, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          ...(this.apiKey ? { authorization: `Bearer ${this.apiKey}` } : {}),
        },
        body: text as string,
        signal,
      });
      return readClassification(await response.text());
    } catch (error) {
      return answerOf(error, signal);
    }
  }
}
