// A `fetch` for the providers' clients, over node:http and node:https with connections kept alive. Node's
// own fetch spends half of a run's processor time and most of its garbage on streams and abort signals
// that a request for one reply has no use for; `npm run bench:replies` is what it was chosen by.
import { type ClientRequest, Agent as HttpAgent, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";

const MOST_SOCKETS = 1024;

/**
 * Makes a `fetch` for text requests and whole text responses.
 *
 * Resolves once the body is complete, so that a body that stalls or breaks off fails the call, and an
 * abort ends it at any moment. Does not follow redirects.
 */
export function createKeptAliveFetch(): typeof fetch {
  const settings = { keepAlive: true, maxSockets: MOST_SOCKETS, maxFreeSockets: MOST_SOCKETS };
  const http = new HttpAgent(settings);
  const https = new HttpsAgent(settings);
  return (input, init = {}) => {
    const url = String(input);
    const options = { method: init.method ?? "GET", headers: plainHeaders(init.headers) };
    return exchange(
      url.startsWith("https:")
        ? httpsRequest(url, { ...options, agent: https })
        : httpRequest(url, { ...options, agent: http }),
      url,
      init,
    );
  };
}

function exchange(request: ClientRequest, url: string, init: RequestInit): Promise<Response> {
  const { signal, body } = init;
  return new Promise((resolve, reject) => {
    const abort = () => request.destroy(signal?.reason);
    const settle = () => signal?.removeEventListener("abort", abort);
    const fail = (error: unknown) => {
      settle();
      reject(error);
    };
    signal?.addEventListener("abort", abort, { once: true });
    if (signal?.aborted) abort();
    request.on("error", fail);
    request.on("response", (message) => {
      const chunks: Buffer[] = [];
      message.on("data", (chunk: Buffer) => chunks.push(chunk));
      message.on("error", fail);
      message.on("end", () => {
        settle();
        const text = Buffer.concat(chunks).toString("utf8");
        const status = message.statusCode as number;
        resolve(new TextResponse(url, status, message.headers, text) as unknown as Response);
      });
    });
    request.end(body as string | undefined);
  });
}

/** What the clients use of a `Response`. */
class TextResponse {
  readonly ok: boolean;
  readonly headers: Headers;
  readonly body = null;

  constructor(
    readonly url: string,
    readonly status: number,
    headers: NodeJS.Dict<string | string[]>,
    private readonly content: string,
  ) {
    this.ok = status >= 200 && status < 300;
    this.headers = new Headers();
    for (const name in headers) this.headers.set(name, String(headers[name]));
  }

  async text(): Promise<string> {
    return this.content;
  }

  async json(): Promise<unknown> {
    return JSON.parse(this.content);
  }

  async blob(): Promise<Blob> {
    return new Blob([this.content]);
  }
}

function plainHeaders(headers: RequestInit["headers"]): Record<string, string> {
  return Object.fromEntries(new Headers(headers));
}
