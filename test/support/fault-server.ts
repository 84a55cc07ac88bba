// A server on loopback that speaks the providers' protocols and misbehaves on script: chat and text
// completions (OpenAI's own, compatible servers', Hugging Face's), and OpenAI's files and batches. It says back what it was asked, so
// that a reply in the wrong place shows.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What the server does with one request. */
export type Fault =
  | "none"
  | "429"
  | "429 retry-after seconds"
  | "429 retry-after date"
  | "429 no money"
  | "500"
  | "503"
  | "401"
  | "404"
  | "400"
  | "400 filter"
  | "400 too long"
  | "reset"
  | "stall"
  | "truncated"
  | "invalid json"
  | "wrong type"
  | "text type"
  | "no choice"
  | "empty choice"
  | "content filter"
  | "refusal"
  | "length"
  | "echo key";

/** One request as the server saw it. */
export interface SeenRequest {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Record<string, unknown>;
  /** What the model is asked to answer: the last message, the prompt or the input. */
  readonly asked: string;
}

/** How the server behaves. */
export interface Behaviour {
  /** Chooses what happens, from the request and how often the same text was asked before. */
  readonly fault?: (request: SeenRequest, seenBefore: number) => Fault;
  /** Gives a response body of the test's own, in place of the server's; undefined leaves it to the server. */
  readonly body?: (request: SeenRequest, seenBefore: number) => unknown;
  /** Gives an error response of the test's own; undefined leaves it to the server. */
  readonly error?: (
    request: SeenRequest,
    seenBefore: number,
  ) =>
    | {
        readonly status: number;
        readonly body: unknown;
        readonly headers?: Readonly<Record<string, string>>;
      }
    | undefined;
  /** Sends a response of the test's own, byte for byte. */
  readonly send?: (response: ServerResponse, request: SeenRequest) => void;
  /** Changes a batch as the provider shows it, and the file of its answers. */
  readonly batch?: (batch: Record<string, unknown>) => Record<string, unknown>;
  readonly batchFile?: (text: string) => string;
  /** What happens to an uploaded file, or to a fine-tuning job, by the file's content. */
  readonly tuning?: (file: string) => "file refused" | "job refused" | "job failed" | "none";
  readonly delayMs?: number;
  /** Answers wait for it. */
  readonly hold?: Promise<unknown>;
  /** Whether to keep every request for the test to look at; true by default. */
  readonly keep?: boolean;
}

/** What the server replies to a text. */
export function replyTo(asked: string): string {
  return `I hear you: ${asked.slice(-60)}`;
}

export class FaultServer {
  readonly seen: SeenRequest[] = [];
  count = 0;
  answered = 0;
  inFlight = 0;
  mostInFlight = 0;
  private readonly times = new Map<string, number>();
  private readonly server: Server;
  private readonly files = new Map<string, string>();
  /** Fine-tuning jobs, by name. */
  readonly jobs = new Map<string, Record<string, unknown>>();
  private readonly batches = new Map<string, Record<string, unknown>>();

  private constructor(public behaviour: Behaviour) {
    this.server = createServer((request, response) => void this.handle(request, response));
    this.server.keepAliveTimeout = 60_000;
  }

  static async start(behaviour: Behaviour = {}, port = 0): Promise<FaultServer> {
    const server = new FaultServer(behaviour);
    await new Promise<void>((ready) => server.server.listen(port, "127.0.0.1", ready));
    return server;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The address of OpenAI's protocol. */
  get url(): string {
    return `${this.origin}/v1`;
  }

  /** Forgets which texts were asked before. */
  forget(): void {
    this.times.clear();
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? "").split("?")[0] as string;
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return; // The client went away in the middle of its request.
    }
    const raw = Buffer.concat(chunks);
    if (path.startsWith("/v1/fine_tuning/jobs")) {
      this.handleJob(request, path, raw, response);
      return;
    }
    if (path.startsWith("/v1/files") || path.startsWith("/v1/batches")) {
      this.handleBatch(request, path, raw, response);
      return;
    }
    const body = JSON.parse(raw.toString("utf8")) as Record<string, unknown>;
    await this.answer({ path, headers: request.headers, body, asked: askedIn(body) }, response);
  }

  private async answer(request: SeenRequest, response: ServerResponse): Promise<void> {
    const { fault, body, error, delayMs, hold, keep = true } = this.behaviour;
    this.count++;
    if (keep) this.seen.push(request);
    this.inFlight++;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    let before = 0;
    if (fault ?? body ?? error ?? this.behaviour.send) {
      before = this.times.get(request.asked) ?? 0;
      this.times.set(request.asked, before + 1);
    }
    const send = () => {
      this.inFlight--;
      this.answered++;
      const own = body?.(request, before);
      const failure = error?.(request, before);
      if (this.behaviour.send) this.behaviour.send(response, request);
      else if (failure) sendJson(response, failure.status, failure.body, failure.headers);
      else if (own !== undefined) sendJson(response, 200, own);
      else misbehave(fault?.(request, before) ?? "none", request, response);
    };
    await hold;
    if (delayMs) setTimeout(send, delayMs);
    else send();
  }

  private handleBatch(
    request: IncomingMessage,
    path: string,
    raw: Buffer,
    response: ServerResponse,
  ): void {
    const [, , kind, id, part] = path.split("/") as (string | undefined)[];
    if (kind === "files" && request.method === "POST") {
      const name = `file-${this.files.size + 1}`;
      const text = uploadedText(raw);
      if (this.behaviour.tuning?.(text) === "file refused") {
        const message = "Invalid file format. Line 1 is not a chat.";
        sendJson(response, 400, { error: { message, code: "invalid_jsonl_file" } });
        return;
      }
      this.files.set(name, text);
      sendJson(response, 200, { id: name, object: "file", purpose: "batch", bytes: raw.length });
    } else if (kind === "files" && part === "content") {
      response.writeHead(200, { "content-type": "application/octet-stream" });
      const text = this.files.get(id as string) ?? "";
      response.end(this.behaviour.batchFile?.(text) ?? text);
    } else if (kind === "batches" && request.method === "POST") {
      const { input_file_id: input, metadata } = JSON.parse(raw.toString("utf8"));
      sendJson(response, 200, this.createBatch(input, metadata));
    } else if (kind === "batches" && id) {
      const batch = this.finishBatch(id);
      sendJson(response, 200, this.behaviour.batch?.(batch) ?? batch);
    } else {
      sendJson(response, 200, {
        object: "list",
        data: [...this.batches.values()].map((batch) => this.behaviour.batch?.(batch) ?? batch),
        has_more: false,
      });
    }
  }

  private handleJob(
    request: IncomingMessage,
    path: string,
    raw: Buffer,
    response: ServerResponse,
  ): void {
    const id = path.split("/")[4];
    if (request.method === "POST") {
      const { model, training_file: file, metadata, suffix } = JSON.parse(raw.toString("utf8"));
      if (this.outcomeOf(file) === "job refused") {
        const message = "Fine-tuning is not available to your organization.";
        sendJson(response, 403, { error: { message, code: "model_not_available" } });
        return;
      }
      const name = `ftjob-${this.jobs.size + 1}`;
      const job = {
        id: name,
        object: "fine_tuning.job",
        model,
        training_file: file,
        metadata,
        suffix,
      };
      this.jobs.set(name, { ...job, status: "queued", error: null, fine_tuned_model: null });
      sendJson(response, 200, this.jobs.get(name));
    } else if (id) {
      sendJson(response, 200, this.advanceJob(id));
    } else {
      sendJson(response, 200, { object: "list", data: [...this.jobs.values()], has_more: false });
    }
  }

  // Queued when first looked at, ended when looked at again.
  private advanceJob(id: string): Record<string, unknown> {
    const job = this.jobs.get(id) as Record<string, unknown>;
    const failed = this.outcomeOf(job.training_file as string) === "job failed";
    this.jobs.set(id, {
      ...job,
      ...(failed
        ? {
            status: "failed",
            error: { code: "x", message: "The training file has too few examples." },
          }
        : { status: "succeeded", fine_tuned_model: `ft:${job.model}:${job.suffix}` }),
    });
    return job;
  }

  private outcomeOf(file: string) {
    return this.behaviour.tuning?.(this.files.get(file) ?? "") ?? "none";
  }

  private createBatch(input: string, metadata: unknown): Record<string, unknown> {
    const id = `batch-${this.batches.size + 1}`;
    const batch = {
      id,
      object: "batch",
      endpoint: "/v1/chat/completions",
      input_file_id: input,
      completion_window: "24h",
      created_at: 0,
      status: "in_progress",
      metadata,
      request_counts: { total: this.linesOf(input).length, completed: 0, failed: 0 },
    };
    this.batches.set(id, batch);
    return batch;
  }

  // In progress when first looked at, completed when looked at again.
  private finishBatch(id: string): Record<string, unknown> {
    const batch = this.batches.get(id) as Record<string, unknown>;
    if (batch.status === "in_progress") {
      this.batches.set(id, { ...batch, status: "completed", ...this.results(batch) });
      return batch;
    }
    return batch;
  }

  private results(batch: Record<string, unknown>): Record<string, unknown> {
    const good: string[] = [];
    const bad: string[] = [];
    for (const line of this.linesOf(batch.input_file_id as string)) {
      const { custom_id, body } = JSON.parse(line);
      const request = { path: "/v1/chat/completions", headers: {}, body, asked: askedIn(body) };
      this.count++;
      this.seen.push(request);
      const fault = this.behaviour.fault?.(request, 0) ?? "none";
      const failed = fault === "500";
      const answer = failed ? { error: { message: "scripted" } } : chatBody(request, fault);
      const response = { status_code: failed ? 500 : 200, request_id: "r", body: answer };
      (failed ? bad : good).push(JSON.stringify({ id: "x", custom_id, response, error: null }));
    }
    const output = `file-${this.files.size + 1}`;
    this.files.set(output, good.reverse().join("\n"));
    const errors = `file-${this.files.size + 1}`;
    if (bad.length > 0) this.files.set(errors, bad.join("\n"));
    return {
      ...(good.length > 0 ? { output_file_id: output } : {}),
      ...(bad.length > 0 ? { error_file_id: errors } : {}),
      request_counts: {
        total: good.length + bad.length,
        completed: good.length,
        failed: bad.length,
      },
    };
  }

  private linesOf(file: string): string[] {
    return (this.files.get(file) ?? "").split("\n").filter(Boolean);
  }
}

function askedIn(body: Record<string, unknown>): string {
  if (Array.isArray(body.messages)) return String(body.messages.at(-1)?.content ?? "");
  return String(body.prompt ?? body.inputs ?? "");
}

const ERRORS: Partial<Record<Fault, readonly [status: number, code: string]>> = {
  "429": [429, "rate_limit_exceeded"],
  "429 retry-after seconds": [429, "rate_limit_exceeded"],
  "429 retry-after date": [429, "rate_limit_exceeded"],
  "429 no money": [429, "insufficient_quota"],
  "500": [500, "server_error"],
  "503": [503, "server_error"],
  "401": [401, "invalid_api_key"],
  "404": [404, "model_not_found"],
  "400": [400, "invalid_request_error"],
  "400 filter": [400, "content_filter"],
  "400 too long": [400, "context_length_exceeded"],
  "echo key": [400, "bad_header"],
};

function misbehave(fault: Fault, request: SeenRequest, response: ServerResponse): void {
  const error = ERRORS[fault];
  if (error) {
    const [status, code] = error;
    const key = fault === "echo key" ? ` ${request.headers.authorization}` : "";
    const message = `scripted ${fault}${key}`;
    sendJson(response, status, { error: { message, code } }, retryAfter(fault));
    return;
  }
  switch (fault) {
    case "reset":
      response.socket?.resetAndDestroy();
      break;
    case "stall":
    case "truncated":
      breakOff(fault, request, response);
      break;
    case "invalid json":
      sendText(response, "application/json", '{"choices": [{"mess');
      break;
    case "wrong type":
      sendText(response, "text/html", "<html>Please sign in</html>");
      break;
    case "text type":
      sendText(response, "text/plain", JSON.stringify(bodyFor(request, "none")));
      break;
    default:
      sendJson(response, 200, bodyFor(request, fault));
  }
}

function retryAfter(fault: Fault): Record<string, string> {
  if (fault === "429 retry-after seconds") return { "retry-after": "1" };
  if (fault !== "429 retry-after date") return {};
  return { "retry-after": new Date(Date.now() + 2000).toUTCString() };
}

function sendText(response: ServerResponse, type: string, text: string): void {
  response.writeHead(200, { "content-type": type });
  response.end(text);
}

function breakOff(fault: Fault, request: SeenRequest, response: ServerResponse): void {
  const body = JSON.stringify(bodyFor(request, "none"));
  response.writeHead(200, {
    "content-type": "application/json",
    "content-length": body.length + 9,
  });
  response.write(body.slice(0, 40));
  if (fault === "truncated") setImmediate(() => response.socket?.destroy());
}

function bodyFor(request: SeenRequest, fault: Fault): unknown {
  if (request.path.endsWith("/chat/completions")) return chatBody(request, fault);
  return completionBody(request, fault);
}

function chatBody({ body, asked }: SeenRequest, fault: Fault): unknown {
  const blank = fault === "empty choice" || fault === "content filter" || fault === "refusal";
  const message = {
    role: "assistant",
    content: blank ? null : replyTo(asked),
    ...(fault === "refusal" ? { refusal: "I cannot help with that." } : {}),
  };
  const choices = [{ index: 0, message, finish_reason: finishOf(fault), logprobs: null }];
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 0,
    model: `${body.model}-as-served`,
    choices: fault === "no choice" ? [] : choices,
    usage: { prompt_tokens: 40, completion_tokens: 10, total_tokens: 50 },
  };
}

/** A chat completion that says what a test wants, with the first token's log-probabilities. */
export function chatSaying(content: string, logprobs?: Readonly<Record<string, number>>): unknown {
  const top = Object.entries(logprobs ?? {}).map(([token, logprob]) => ({
    token,
    logprob,
    bytes: null,
  }));
  const first = { token: content[0], logprob: 0, bytes: null, top_logprobs: top };
  const message = { role: "assistant", content };
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 0,
    model: "as-served",
    choices: [
      {
        index: 0,
        message,
        finish_reason: "stop",
        logprobs: logprobs ? { content: [first] } : null,
      },
    ],
    usage: { prompt_tokens: 40, completion_tokens: 10, total_tokens: 50 },
  };
}

function completionBody({ body, asked }: SeenRequest, fault: Fault): unknown {
  const text = fault === "empty choice" || fault === "content filter" ? "" : replyTo(asked);
  return {
    id: "cmpl-1",
    object: "text_completion",
    created: 0,
    model: `${body.model}-as-served`,
    choices: fault === "no choice" ? [] : [{ index: 0, text, finish_reason: finishOf(fault) }],
    usage: { prompt_tokens: 40, completion_tokens: 10, total_tokens: 50 },
  };
}

function finishOf(fault: Fault): string {
  if (fault === "length") return "length";
  return fault === "content filter" ? "content_filter" : "stop";
}

// The one part of a multipart upload that is a JSONL file.
function uploadedText(raw: Buffer): string {
  const lines = raw.toString("utf8").split(/\r?\n/);
  return lines.filter((line) => /^\{"(custom_id|messages)"/.test(line)).join("\n");
}

function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(value));
}
