// A Jupyter client for one kernel: the five-socket protocol of jupyter-client.readthedocs.io, of which
// rerunning a notebook needs two sockets, shell (requests, replies) and iopub (what cells print).
import type { ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { removeTemporary } from "kit/files";
import { Dealer, Subscriber } from "zeromq";
import type { KernelMessage } from "./collect-outputs";
import { type Connection, chooseConnection } from "./connection";
import { type ProcessOptions, spawnKernel } from "./kernel-process";
import { WireFormat } from "./wire-format";

/** How a kernel is started. */
export interface KernelOptions extends ProcessOptions {
  /** How long the kernel may take to answer for the first time; 30,000 ms by default. */
  readonly startTimeoutMs?: number;
  /** Ends the kernel at once, also while it starts; what was under way throws a KernelError. */
  readonly signal?: AbortSignal;
}

/** What the kernel says of itself and of its language. */
interface KernelInfo {
  readonly language_info: { readonly name: string; readonly [key: string]: unknown };
}

const ABORTS_FOR_MS = 50;

/** Why a kernel can run no further cell. */
export class KernelError extends Error {}

interface Pending {
  readonly onOutput: (message: KernelMessage) => void;
  readonly settle: () => void;
  reply: KernelMessage | undefined;
  idle: boolean;
}

/** A running kernel; `close` ends it and removes what it left. */
export class Kernel {
  private readonly pending = new Map<string, Pending>();
  private readonly shell = new Dealer({ linger: 0 });
  private readonly iopub = new Subscriber({ linger: 0, receiveHighWaterMark: 0 });
  private failure: KernelError | undefined;
  private complaints = "";
  private closing = false;
  private readonly exited: Promise<void>;

  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    private readonly wire: WireFormat,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.exited = new Promise((resolve) => {
      child.once("error", (error) => this.fail(`the kernel did not start: ${error.message}`));
      child.once("close", () => resolve());
    });
    child.once("exit", (code, signalName) => this.onExit(code, signalName));
    child.stderr?.on("data", (chunk) => {
      this.complaints = (this.complaints + chunk).slice(-2000);
    });
    process.once("exit", this.kill);
    signal?.addEventListener("abort", this.kill);
    if (signal?.aborted) this.kill();
  }

  /**
   * Starts a kernel and waits until it answers.
   *
   * @throws KernelError if it does not within the time allowed.
   */
  static async start(options: KernelOptions): Promise<Kernel> {
    const connection = await chooseConnection();
    const { child, folder } = spawnKernel(connection, options);
    const kernel = new Kernel(child, folder, new WireFormat(connection.key), options.signal);
    try {
      kernel.connect(connection);
      await kernel.awaitAnswer(options.startTimeoutMs ?? 30_000);
      return kernel;
    } catch (error) {
      await kernel.close();
      throw error;
    }
  }

  /**
   * Asks the kernel what it is; answered only after everything that was asked before, so that what cells
   * printed late has come by then.
   */
  async askInfo(timeoutMs = 30_000): Promise<KernelInfo> {
    const reply = await this.request("kernel_info_request", {}, () => {}, timeoutMs);
    return reply.content as unknown as KernelInfo;
  }

  /**
   * Runs code and hands over what it publishes, also what comes after the kernel has finished with it.
   *
   * @param timeoutMs how long the code may run; the kernel is of no further use when it takes longer.
   * @returns whether the code ran without an error.
   * @throws KernelError if the kernel died, or took longer.
   */
  async execute(
    code: string,
    onOutput: (message: KernelMessage) => void,
    timeoutMs: number,
  ): Promise<boolean> {
    const content = { code, silent: false, store_history: true, allow_stdin: false };
    for (;;) {
      const reply = await this.request("execute_request", content, onOutput, timeoutMs);
      // For 200 ms after an error tslab runs nothing that it is asked to.
      if (reply.content.status !== "abort") return reply.content.status === "ok";
      await sleep(ABORTS_FOR_MS);
    }
  }

  /** Ends the kernel with everything that it started; safe to call twice. */
  async close(): Promise<void> {
    this.closing = true;
    process.removeListener("exit", this.kill);
    this.signal?.removeEventListener("abort", this.kill);
    this.kill();
    this.shell.close();
    this.iopub.close();
    await this.exited;
    removeTemporary(this.folder);
  }

  private readonly kill = (): void => {
    const { pid } = this.child;
    if (pid === undefined) return;
    try {
      if (process.platform === "win32") this.child.kill("SIGKILL");
      else process.kill(-pid, "SIGKILL"); // The group: the kernel and what its cells started.
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  };

  private connect(connection: Connection): void {
    this.shell.connect(`tcp://127.0.0.1:${connection.shell_port}`);
    this.iopub.connect(`tcp://127.0.0.1:${connection.iopub_port}`);
    this.iopub.subscribe();
    void this.listen(this.shell, (pending, message) => {
      pending.reply = message;
    });
    void this.listen(this.iopub, (pending, message) => {
      if (message.header.msg_type !== "status") pending.onOutput(message);
      else if (message.content.execution_state === "idle") pending.idle = true;
    });
  }

  // A subscriber misses what is published before it is connected, so ask until both sockets answer.
  private async awaitAnswer(timeoutMs: number): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      try {
        await this.askInfo(500);
        return;
      } catch (error) {
        if (this.failure || Date.now() > deadline) {
          throw this.failure ?? this.describe(`the kernel did not answer within ${timeoutMs} ms`);
        }
        if (!(error instanceof KernelError)) throw error;
      }
    }
  }

  private async request(
    type: string,
    content: unknown,
    onOutput: (message: KernelMessage) => void,
    timeoutMs: number,
  ): Promise<KernelMessage> {
    if (this.failure) throw this.failure;
    const id = randomUUID();
    const finished = new Promise<void>((settle) => {
      this.pending.set(id, { onOutput, settle, reply: undefined, idle: false });
    });
    let timer: NodeJS.Timeout | undefined;
    const expired = new Promise<"expired">((resolve) => {
      timer = setTimeout(() => resolve("expired"), timeoutMs);
    });
    try {
      await this.shell.send(this.wire.encode(id, type, content));
      const outcome = await Promise.race([finished, expired]);
      const reply = this.pending.get(id)?.reply;
      if (this.failure) throw this.failure;
      if (outcome === "expired" || !reply) {
        throw new KernelError(`no answer within ${timeoutMs / 1000} s`);
      }
      return reply;
    } finally {
      clearTimeout(timer); // The request stays known: a cell may print after it has ended.
    }
  }

  private async listen(
    socket: Dealer | Subscriber,
    take: (pending: Pending, message: KernelMessage) => void,
  ): Promise<void> {
    try {
      for await (const frames of socket) {
        const { parent, message } = this.wire.decode(frames);
        const pending = this.pending.get(parent);
        if (!pending) continue;
        take(pending, message);
        if (pending.reply && pending.idle) pending.settle();
      }
    } catch (error) {
      if (!this.closing) this.fail(`the connection broke: ${(error as Error).message}`);
    }
  }

  private onExit(code: number | null, signal: string | null): void {
    if (this.closing) return;
    const how = signal ? `was ended by ${signal}` : `ended with status ${code}`;
    this.fail(`the kernel ${how}`);
  }

  private describe(message: string): KernelError {
    const said = this.complaints.trim();
    return new KernelError(`${message}${said ? `, saying: ${said}` : ""}`);
  }

  private fail(message: string): void {
    this.failure ??= this.describe(message);
    for (const pending of this.pending.values()) pending.settle();
  }
}
