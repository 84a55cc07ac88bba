// The runner: takes requests one by one, asks those that the journal lacks, writes down every answer.
import { setMaxListeners } from "node:events";
import { createGenerator, type RandomGenerator, UserError } from "kit";
import {
  askWithRetries,
  DEFAULT_RETRIES,
  type Outcome,
  type RetryPolicy,
} from "./ask-with-retries";
import { Budget } from "./budget";
import { type Clock, systemClock } from "./clock";
import { Gate, type GateLimits } from "./gate";
import type { Journal } from "./journal";
import { costOf, type Price } from "./price";
import { AttemptFailed, type FailureKind, type Provider } from "./provider";
import { type ReplyRecord, type ReplyStatus, slotOf } from "./reply-record";
import type { ReplyRequest, RequestBody } from "./request";
import { toReplyRecord } from "./to-reply-record";

/** How a run is carried out; nothing here changes what a model answers. */
export interface AskOptions extends GateLimits {
  /** Requests under way at once; 8 by default. */
  readonly concurrency?: number;
  readonly retries?: Partial<RetryPolicy>;
  /** Ask again what has no reply because it failed; false by default. */
  readonly retryFailed?: boolean;
  /** US dollars that this run may spend. */
  readonly maxCostUsd?: number;
  readonly price?: Pick<Price, "input" | "output">;
  /** What a request's own model costs, where a run asks several; in place of `price`. */
  readonly priceOf?: (body: RequestBody) => Pick<Price, "input" | "output"> | undefined;
  /** How many tokens a request sends; 0 where neither money nor tokens are limited. */
  readonly countTokens?: (body: RequestBody) => number;
  /** Stops the run: what is under way is finished, nothing more is asked. */
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  readonly random?: RandomGenerator;
  /** Told how far the run is, at most ten times a second. */
  readonly onProgress?: (report: AskReport) => void;
}

/** What a run did so far, or in the end. */
export interface AskReport {
  /** Records written in this run, by how the request ended. */
  readonly statuses: Readonly<Record<ReplyStatus, number>>;
  /** How many of their texts hold more than reply and reasoning, such as template tokens, where any do. */
  readonly shortened?: number;
  readonly attempts: number;
  /**
   * US dollars. Lost attempts, and answers without their tokens, count at the most that they can have cost: of what was
   * sent as far as `countTokens` counts it, of answers as far as `maxTokens` limits them.
   */
  readonly costUsd: number;
  /** Whether every model's price is known; where not, the cost says nothing. */
  readonly costKnown: boolean;
  /** Whether more was spent than `maxCostUsd`, since answers cost more than they could at most. */
  readonly overspent?: boolean;
  /** Why the run ended before all was asked. */
  readonly stopped?: "interrupted" | "max-cost";
  /** How long a rate limit makes requests wait, where one has just begun to. */
  readonly waitMs?: number;
}

/**
 * Asks every request that the journal lacks, and records every answer.
 *
 * @throws UserError if no request would be answered (a wrong key, an unknown model), where one after
 *   the other fails, or where the disk is full. What was answered until then is recorded.
 */
export async function askAll(
  requests: AsyncIterable<ReplyRequest>,
  provider: Provider,
  journal: Journal,
  options: AskOptions = {},
): Promise<AskReport> {
  const run = new Run(requests, provider, journal, options);
  const workers = Array.from({ length: options.concurrency ?? 8 }, () => run.work());
  const ended = await Promise.allSettled(workers);
  const broken = ended.find((worker) => worker.status === "rejected");
  await journal.flush();
  journal.check();
  if (broken) throw broken.reason;
  return run.end();
}

const PROGRESS_MS = 100;
// So many in a row tell that it is not the requests that are at fault.
const LEAST_IN_ROW = 8;
const OWN_FAULTS: ReadonlySet<FailureKind> = new Set(["rejected", "request"]);

class Run {
  private readonly statuses: Record<ReplyStatus, number> = {
    ok: 0,
    refused: 0,
    filtered: 0,
    empty: 0,
    "cut-off": 0,
    failed: 0,
  };
  private readonly pending: AsyncIterator<ReplyRequest>;
  private readonly halt = new AbortController();
  private readonly stop: AbortSignal;
  private readonly budget: Budget;
  private readonly gate: Gate;
  private readonly clock: Clock;
  private readonly random: RandomGenerator;
  private readonly retries: RetryPolicy;
  private shortened = 0;
  private attempts = 0;
  private inFlight = 0;
  private failuresInRow = 0;
  // Rejected once: whether for their own content is not known before another request of their kind is answered.
  private readonly rejected = new Map<ReplyRequest, AttemptFailed>();
  private readonly waiting = new Map<string, readonly ReplyRequest[]>();
  private readonly again: ReplyRequest[] = [];
  private readonly taken = new Set<string>();
  private halted: UserError | undefined;
  private outOfMoney = false;
  private pricesKnown: boolean;
  private settled: (() => void)[] = [];
  private toldAt = 0;

  constructor(
    requests: AsyncIterable<ReplyRequest>,
    private readonly provider: Provider,
    private readonly journal: Journal,
    private readonly options: AskOptions,
  ) {
    this.pricesKnown = options.price !== undefined || options.priceOf !== undefined;
    this.pending = requests[Symbol.asyncIterator]();
    this.clock = options.clock ?? systemClock;
    this.random = options.random ?? createGenerator(this.clock.now());
    this.retries = { ...DEFAULT_RETRIES, ...options.retries };
    this.budget = new Budget(options.maxCostUsd);
    this.gate = new Gate(options, this.clock);
    this.stop = options.signal
      ? AbortSignal.any([options.signal, this.halt.signal])
      : this.halt.signal;
    // Every request that waits for its turn listens.
    setMaxListeners(0, this.stop);
  }

  async work(): Promise<void> {
    try {
      for (let next = await this.next(); next; next = await this.next()) await this.handle(next);
    } catch (error) {
      this.halt.abort(error);
      throw error;
    }
  }

  end(): AskReport {
    const [first] = this.rejected;
    if (first && !this.stop.aborted && !this.outOfMoney) this.stopWith(describe(...first));
    if (this.halted) throw this.halted;
    return this.report();
  }

  private report(): AskReport {
    const stopped = this.outOfMoney
      ? { stopped: "max-cost" as const }
      : this.options.signal?.aborted
        ? { stopped: "interrupted" as const }
        : {};
    const { statuses, attempts } = this;
    const shortened = this.shortened > 0 ? { shortened: this.shortened } : {};
    const costUsd = this.budget.spentUsd;
    const costKnown = this.pricesKnown;
    const overspent = costUsd > (this.options.maxCostUsd ?? Infinity) ? { overspent: true } : {};
    return {
      statuses: { ...statuses },
      ...shortened,
      attempts,
      costUsd,
      costKnown,
      ...overspent,
      ...stopped,
    };
  }

  private async next(): Promise<ReplyRequest | undefined> {
    while (!this.stop.aborted && !this.outOfMoney) {
      const again = this.again.pop();
      if (again) return again;
      const { done, value } = await this.pending.next();
      if (done) return undefined;
      if (this.lacks(value)) return value;
    }
    return undefined;
  }

  private lacks(request: ReplyRequest): boolean {
    const state = this.journal.stateOf(slotOf(request));
    return state === "missing" || (state === "failed" && this.options.retryFailed === true);
  }

  private async handle(request: ReplyRequest): Promise<void> {
    if (this.stop.aborted) return;
    const sent = this.options.countTokens?.(request.body) ?? 0;
    const tokens = sent + (request.body.parameters.maxTokens ?? 0);
    const expected = this.worstCost(request.body, sent);
    const worst = await this.afford(expected);
    if (worst === undefined) return;
    this.inFlight++;
    let spent = 0;
    try {
      const outcome = await this.ask(request.body, tokens);
      if (!outcome) return;
      this.attempts += outcome.attempts;
      spent = outcome.lost * worst;
      if (this.setsAside(request, outcome)) return;
      const record = this.toRecord(request, outcome);
      if (!record) return;
      spent += record.costUsd ?? (record.status === "failed" ? 0 : worst);
      this.budget.learn(expected, record.costUsd ?? 0);
      await this.record(record, outcome);
    } finally {
      this.inFlight--;
      this.budget.settle(worst, spent);
      for (const wake of this.settled.splice(0)) wake();
      this.tell();
    }
  }

  // Undefined where the run was stopped while this request waited for its turn.
  private async ask(body: RequestBody, tokens: number): Promise<Outcome | undefined> {
    const { provider, gate, retries, clock, random, stop } = this;
    const onWait = (waitMs: number) => this.options.onProgress?.({ ...this.report(), waitMs });
    const context = { provider, gate, retries, clock, random, stop, onWait };
    try {
      return await askWithRetries(body, tokens, context);
    } catch (error) {
      if (stop.aborted && error === stop.reason) return undefined;
      throw error;
    }
  }

  private worstCost(body: RequestBody, inputTokens: number): number {
    const price = this.priceOf(body);
    if (!price) return 0;
    return costOf(price, { inputTokens, outputTokens: body.parameters.maxTokens ?? 0 });
  }

  // What was set aside, or undefined. What is under way may turn out cheaper than its worst, so the last word
  // falls when nothing is.
  private async afford(expected: number): Promise<number | undefined> {
    for (;;) {
      const worst = this.budget.worstOf(expected);
      if (this.budget.reserve(worst)) return worst;
      if (this.inFlight === 0 || this.outOfMoney) {
        this.outOfMoney = true;
        return undefined;
      }
      await new Promise<void>((wake) => this.settled.push(wake));
      if (this.stop.aborted) return undefined;
    }
  }

  // Whether a rejected request is to be asked again before it is known what it was rejected for: if others of its kind are
  // answered and it is rejected a second time, for its own content.
  private setsAside(request: ReplyRequest, { result }: Outcome): boolean {
    const kind = kindOf(request);
    if (
      result instanceof AttemptFailed &&
      result.kind === "rejected" &&
      !this.rejected.has(request)
    ) {
      this.rejected.set(request, result);
      if (this.takes(request)) this.again.push(request);
      else this.waiting.set(kind, [...(this.waiting.get(kind) ?? []), request]);
      const count = this.waiting.get(kind)?.length ?? 0;
      if (count >= this.inRow) this.stopWith(describe(request, result));
      return true;
    }
    this.rejected.delete(request);
    // An answer in the wrong form was taken in all the same.
    if (!(result instanceof AttemptFailed) || result.kind === "malformed") {
      this.taken.add(kind);
      this.again.push(...(this.waiting.get(kind) ?? []));
      this.waiting.delete(kind);
    }
    return false;
  }

  // Whether requests of this one's kind are answered, so that what is rejected is rejected for its own content.
  private takes(request: ReplyRequest): boolean {
    const { system, body } = request;
    return this.taken.has(kindOf(request)) || this.journal.hasAnswered(system, body.model);
  }

  private get inRow(): number {
    return Math.max(LEAST_IN_ROW, this.options.concurrency ?? 8);
  }

  // Undefined where no request would do: then the run ends.
  private toRecord(request: ReplyRequest, outcome: Outcome): ReplyRecord | undefined {
    const { result } = outcome;
    if (result instanceof AttemptFailed && result.kind === "stop") {
      this.stopWith(describe(request, result));
      return undefined;
    }
    return toReplyRecord(request, outcome, this.clock.now(), this.priceOf(request.body));
  }

  private priceOf(body: RequestBody): Pick<Price, "input" | "output"> | undefined {
    const { priceOf, price } = this.options;
    const found = priceOf ? priceOf(body) : price;
    if (!found) this.pricesKnown = false;
    return found;
  }

  private async record(record: ReplyRecord, { result }: Outcome): Promise<void> {
    await this.journal.append(record);
    this.statuses[record.status]++;
    if (record.status !== "failed" && record.said !== undefined) this.shortened++;
    // What is rejected for its own content says nothing of the others.
    if (result instanceof AttemptFailed && OWN_FAULTS.has(result.kind)) return;
    this.failuresInRow = record.status === "failed" ? this.failuresInRow + 1 : 0;
    if (this.failuresInRow >= this.inRow) {
      this.stopWith(
        `the last ${this.inRow} requests all failed, the last one with: ${record.reason?.replace(/\.$/, "")}; ` +
          "check the server, then run again with --retry-failed",
      );
    }
  }

  private tell(): void {
    const now = this.clock.now();
    if (!this.options.onProgress || now - this.toldAt < PROGRESS_MS) return;
    this.toldAt = now;
    this.options.onProgress(this.report());
  }

  private stopWith(message: string): void {
    this.halted ??= new UserError(message);
    this.halt.abort(this.halted);
  }
}

function describe({ body, dialogue, turn }: ReplyRequest, { kind, reason }: AttemptFailed): string {
  // Of no turn are requests for scores.
  const place = kind === "rejected" && turn > 0 ? `, dialogue '${dialogue}'` : "";
  return `${body.model}${place}: ${reason}`;
}

// Requests of one kind differ in nothing but what was said.
function kindOf({ system, body }: ReplyRequest): string {
  return JSON.stringify([system, body.model]);
}
