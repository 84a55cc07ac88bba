// A `fetch` for the providers' clients, over node:http and node:https with connections kept alive. Node's
// own fetch spends half of a run's processor time and most of its garbage on streams and abort signals
// that a request for one reply has no use for; `npm run bench:replies` is what it was chosen by.
import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { AttemptFailed } from "./provider";

const MOST_SOCKETS = 1024;
// A reply takes kilobytes; whoever sends this much sends no reply.
const MOST_BYTES = 32 << 20;

/**
 * Makes a `fetch` for text requests and whole text responses.
 *
 * Resolves once the body is complete, so that a body that stalls or breaks off fails the call, and an
 * abort ends it at any moment. Fails at a body of over 32 MB, and where the server ends the exchange without a
 * response. Does not follow redirects.
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
    // Where the connection ends otherwise, as at a change of protocol (HTTP 101), no other event says so.
    request.on("close", () => fail(new Error("the server ended the exchange without an answer")));
    request.on("response", (message) => {
      readBody(message, fail, (text) => {
        settle();
        const status = message.statusCode as number;
        resolve(new TextResponse(url, status, message.headers, text) as unknown as Response);
      });
    });
    request.end(body as string | undefined);
  });
}

function readBody(
  message: IncomingMessage,
  fail: (error: unknown) => void,
  done: (text: string) => void,
): void {
  const chunks: Buffer[] = [];
  let size = 0;
  message.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size <= MOST_BYTES) return;
    chunks.length = 0;
    message.destroy(new AttemptFailed("request", "the answer is over 32 MB", undefined, true));
  });
  message.on("error", fail);
  message.on("end", () => done(Buffer.concat(chunks).toString("utf8")));
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
