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
import type { Readable, Transform } from "node:stream";
import { createBrotliDecompress, createUnzip } from "node:zlib";
import { AttemptFailed, CHARGED } from "./provider";

const MOST_SOCKETS = 1024;
// A reply takes kilobytes; whoever sends this much sends no reply.
const MOST_BYTES = 32 << 20;

/**
 * Makes a `fetch` for text requests and whole text responses.
 *
 * Resolves once the body is complete, so that a body that stalls or breaks off fails the call, and an
 * abort ends it at any moment. Decodes gzip, deflate and br, though it asks for none. Fails at a body of over 32 MB, and where the server ends the exchange without a
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
  let answer: IncomingMessage | undefined;
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
    // A body that is complete may still be under way through its decoder.
    request.on("close", () => {
      if (!answer?.complete) fail(new Error("the server ended the exchange without an answer"));
    });
    request.on("response", (message) => {
      answer = message;
      readBody(decode(message, fail), fail, (bytes) => {
        settle();
        const status = message.statusCode as number;
        const text = toText(bytes, message.headers["content-type"]);
        resolve(new TextResponse(url, status, message.headers, text) as unknown as Response);
      });
    });
    request.end(body as string | undefined);
  });
}

// Some gateways compress whatever a client asks for.
function decode(message: IncomingMessage, fail: (error: unknown) => void): Readable {
  const encoding = message.headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
  if (encoding === "" || encoding === "identity") return message;
  const decoder = DECODERS.get(encoding)?.();
  if (!decoder) {
    message.destroy();
    fail(
      new AttemptFailed(
        "stop",
        `the server compresses its answers with '${encoding}'; turn that off`,
      ),
    );
    return message;
  }
  message.on("error", fail);
  decoder.on("close", () => message.destroy());
  return message.pipe(decoder);
}

const DECODERS: ReadonlyMap<string, () => Transform> = new Map([
  ["gzip", createUnzip],
  ["x-gzip", createUnzip],
  ["deflate", createUnzip],
  ["br", createBrotliDecompress],
]);

function readBody(
  message: Readable,
  fail: (error: unknown) => void,
  done: (bytes: Buffer) => void,
): void {
  const chunks: Buffer[] = [];
  let size = 0;
  message.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size <= MOST_BYTES) return;
    chunks.length = 0;
    message.destroy(new AttemptFailed("request", "the answer is over 32 MB", CHARGED));
  });
  message.on("error", fail);
  message.on("end", () => done(Buffer.concat(chunks)));
}

// Without a byte order mark; UTF-8 where nothing is said, or something that nobody knows.
function toText(bytes: Buffer, type = ""): string {
  const charset = /charset=["']?([\w-]+)/i.exec(type)?.[1] ?? "utf-8";
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
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
