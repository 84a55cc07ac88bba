import { classifyError, classifyResponse } from "./classify-failure";
import { createKeptAliveFetch } from "./kept-alive-fetch";
import type { Answer, Provider } from "./provider";
import { readClassification } from "./read-answer";
import type { RequestBody } from "./request";

/** Asks a classifier behind an address of the user's own; docs/scoring.md says what passes over the wire. */
export class EndpointProvider implements Provider {
  private readonly fetch = createKeptAliveFetch();

  constructor(
    private readonly url: string,
    private readonly apiKey: string | undefined,
  ) {}

  async ask({ text }: RequestBody, signal: AbortSignal): Promise<Answer> {
    let response: Response;
    try {
      response = await this.fetch(this.url, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          ...(this.apiKey ? { authorization: `Bearer ${this.apiKey}` } : {}),
        },
        body: text as string,
        signal,
      });
    } catch (error) {
      throw classifyError(error, signal);
    }
    const { status, headers } = response;
    const body = await response.text();
    return response.ok
      ? readClassification(body)
      : classifyResponse({ status, headers, message: body || "no message" });
  }
}
