import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "kit";
import { diskRemedy, partialOf, removeTemporary } from "kit/files";
import { checkFile } from "../../src/sources/check-file";
import type { Source } from "../../src/sources/source";

/** What a download may be told; every field has a default. */
export interface FetchOptions {
  /** Folder that receives the file at the source's own path. */
  readonly cache: string;
  readonly fetch?: typeof fetch;
  /** Further attempts after a failure that may pass; 3 by default. */
  readonly retries?: number;
  /** Wait before the first further attempt, doubled each time; 1,000 ms by default. */
  readonly backoffMs?: number;
  /** How long the server may stay silent; 30,000 ms by default. */
  readonly idleMs?: number;
  readonly signal?: AbortSignal;
  /** Called as bytes arrive; `total` is undefined where the server does not say. */
  readonly onProgress?: (received: number, total: number | undefined) => void;
  /** Called before each further attempt. */
  readonly onRetry?: (reason: string, waitMs: number) => void;
}

/** A failure that another attempt may mend. */
class Transient extends Error {
  constructor(
    message: string,
    readonly retryAfterMs?: number,
  ) {
    super(message);
  }
}

const LONGEST_WAIT_MS = 60_000;

/**
 * Downloads a source to the cache; the file appears there only once its checksum holds.
 *
 * Connection failures, silence, HTTP 408, 429 and 5xx are tried again; `Retry-After` is honoured.
 *
 * @returns the path of the checked file.
 * @throws UserError if the source has no address, the network or the disk fails for good, or the
 *   checksum differs (the file is then kept beside, as `<name>.rejected`).
 */
export async function fetchSource(source: Source, options: FetchOptions): Promise<string> {
  const { url } = source;
  if (!url) throw new UserError(`source '${source.id}' has no address to fetch: ${source.origin}`);
  const target = join(options.cache, source.file);
  const partial = partialOf(target);
  try {
    await mkdir(dirname(target), { recursive: true });
    await withRetries(() => download(url, partial, source, options), source, options);
    await accept(partial, target, source);
  } catch (error) {
    throw explain(error, source, target);
  } finally {
    removeTemporary(partial);
  }
  return target;
}

async function withRetries(
  attempt: () => Promise<void>,
  source: Source,
  options: FetchOptions,
): Promise<void> {
  const { retries = 3, backoffMs = 1000, signal } = options;
  for (let tried = 0; ; tried++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Transient)) throw error;
      if (tried === retries) {
        throw new UserError(
          `source '${source.id}': ${source.url} failed ${tried + 1} times, last with: ` +
            `${error.message}; check the connection, or set EMPATHY_MIRROR to a folder with ${source.file}`,
        );
      }
      const waitMs = Math.min(error.retryAfterMs ?? backoffMs * 2 ** tried, LONGEST_WAIT_MS);
      options.onRetry?.(error.message, waitMs);
      await sleep(waitMs, undefined, { signal });
    }
  }
}

async function download(
  url: string,
  partial: string,
  source: Source,
  options: FetchOptions,
): Promise<void> {
  const idle = new IdleTimer(options.idleMs ?? 30_000);
  const signal = options.signal ? AbortSignal.any([options.signal, idle.signal]) : idle.signal;
  try {
    const response = await request(url, signal, options.fetch ?? fetch);
    const total = source.bytes ?? expectedBytes(response);
    let received = 0;
    const count = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        idle.restart();
        received += chunk.length;
        options.onProgress?.(received, total);
        done(null, chunk);
      },
    });
    // Opened first: a file that is opened late, after a failure, would be left behind.
    const file = createWriteStream(partial, { flush: true });
    await once(file, "open");
    const body = Readable.fromWeb(response.body as import("node:stream/web").ReadableStream);
    await pipeline(body, count, file);
  } catch (error) {
    if (options.signal?.aborted) throw options.signal.reason;
    throw isDiskFailure(error) ? error : asTransient(error, idle);
  } finally {
    idle.stop();
  }
}

// A compressed reply's length is not that of the file.
function expectedBytes({ headers }: Response): number | undefined {
  if (headers.has("content-encoding")) return undefined;
  return Number(headers.get("content-length")) || undefined;
}

async function request(url: string, signal: AbortSignal, get: typeof fetch): Promise<Response> {
  const response = await get(url, { signal, redirect: "follow" });
  if (response.ok && response.body) return response;
  await response.body?.cancel();
  const message = `HTTP ${response.status} ${response.statusText}`.trim();
  if (response.status === 408 || response.status === 429 || response.status >= 500) {
    const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
    throw new Transient(message, Number.isFinite(seconds) ? seconds * 1000 : undefined);
  }
  throw new UserError(`${url} answered ${message}; the address in data/sources.json may be stale`);
}

async function accept(partial: string, target: string, source: Source): Promise<void> {
  const check = await checkFile(partial, source);
  if (check.ok) return rename(partial, target);
  const aside = `${target}.rejected`;
  await rename(partial, aside);
  throw new UserError(
    `source '${source.id}': wrong ${check.method}: expected ${check.wanted}, found ${check.found}; ` +
      `what came was kept as ${aside}; look at it, then fetch again`,
  );
}

/** Aborts its signal once nothing has happened for a while. */
class IdleTimer {
  private readonly controller = new AbortController();
  readonly signal = this.controller.signal;
  private timer: NodeJS.Timeout;

  constructor(private readonly idleMs: number) {
    this.timer = this.start();
  }

  restart(): void {
    clearTimeout(this.timer);
    this.timer = this.start();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private start(): NodeJS.Timeout {
    return setTimeout(() => this.controller.abort(), this.idleMs);
  }
}

function isDiskFailure(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).syscall !== undefined && diskRemedy(error) !== undefined;
}

function asTransient(error: unknown, idle: IdleTimer): Error {
  if (error instanceof UserError || error instanceof Transient) return error;
  if (idle.signal.aborted) return new Transient("the server fell silent");
  const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
  return new Transient(cause?.code ?? cause?.message ?? (error as Error).message);
}

function explain(error: unknown, source: Source, target: string): unknown {
  const remedy = diskRemedy(error);
  if (!remedy || error instanceof UserError) return error;
  return new UserError(`source '${source.id}': cannot write ${target}: ${remedy} and fetch again`);
}
