// A Jupyter client for one kernel: the five-socket protocol of jupyter-client.readthedocs.io, of which
// rerunning a notebook needs two sockets, shell (requests, replies) and iopub (what cells print).
import { type ChildProcess, spawn } from "node:child_process";
import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Dealer, Subscriber } from "zeromq";
import type { KernelMessage } from "./collect-outputs";
import { KERNEL_FOLDER } from "./kernel-host";

/** How a kernel is started. */
export interface KernelOptions {
  /** Folder in which cells run and from which their imports resolve. */
  readonly cwd: string;
  /** Variables that cells see besides the few that every program needs. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** How long the kernel may take to answer for the first time; 30,000 ms by default. */
  readonly startTimeoutMs?: number;
  /** The command that starts the kernel; the connection file's path is appended. */
  readonly command?: readonly [string, ...string[]];
}

/** What the kernel says of itself and of its language. */
export interface KernelInfo {
  readonly language_info: { readonly name: string; readonly [key: string]: unknown };
}

/** Why a kernel can run no further cell. */
export class KernelError extends Error {}

interface Pending {
  readonly onOutput: (message: KernelMessage) => void;
  readonly settle: () => void;
  reply: KernelMessage | undefined;
  idle: boolean;
}

const DELIMITER = "<IDS|MSG>";
// Nothing of the caller's environment reaches a cell unless it is named here or passed in.
const INHERITED = ["PATH", "HOME", "TMPDIR", "SystemRoot", "USERPROFILE", "TEMP"];
const FIXED = { TZ: "UTC", LANG: "en_US.UTF-8", LC_ALL: "en_US.UTF-8", NO_COLOR: "1" };

/** A running kernel; `close` ends it and removes what it left. */
export class Kernel {
  private readonly pending = new Map<string, Pending>();
  private readonly session = randomUUID();
  private readonly shell = new Dealer({ linger: 0 });
  private readonly iopub = new Subscriber({ linger: 0, receiveHighWaterMark: 0 });
  private failure: KernelError | undefined;
  private complaints = "";
  private closing = false;
  private readonly exited: Promise<void>;

  private constructor(
    private readonly process: ChildProcess,
    private readonly folder: string,
    private readonly key: string,
  ) {
    this.exited = new Promise((resolve) => {
      process.once("error", (error) => this.fail(`the kernel did not start: ${error.message}`));
      process.once("close", () => resolve());
    });
    process.once("exit", (code, signal) => this.onExit(code, signal));
    process.stderr?.on("data", (chunk) => {
      this.complaints = (this.complaints + chunk).slice(-2000);
    });
  }

  /**
   * Starts a kernel and waits until it answers.
   *
   * @throws KernelError where it does not within the time allowed.
   */
  static async start(options: KernelOptions): Promise<Kernel> {
    const folder = mkdtempSync(join(tmpdir(), KERNEL_FOLDER));
    const connection = await chooseConnection();
    const file = join(folder, "connection.json");
    writeFileSync(file, JSON.stringify(connection), { mode: 0o600 });
    const [command, ...args] = options.command ?? [
      process.execPath,
      join(__dirname, "kernel-host.js"),
    ];
    const child = spawn(command, [...args, file], {
      cwd: options.cwd,
      env: kernelEnvironment(options.env),
      stdio: ["ignore", "ignore", "pipe"],
      detached: process.platform !== "win32", // A group of its own, so that all of it can be ended.
    });
    const kernel = new Kernel(child, folder, connection.key);
    try {
      kernel.connect(connection);
      await kernel.awaitAnswer(options.startTimeoutMs ?? 30_000);
      return kernel;
    } catch (error) {
      await kernel.close();
      throw error;
    }
  }

  /** What the kernel answered when it was first asked. */
  info: KernelInfo = { language_info: { name: "typescript" } };

  /**
   * Runs code and hands over what it publishes, until the kernel has finished with it.
   *
   * @param timeoutMs how long the code may run; the kernel is of no further use when it takes longer.
   * @returns whether the code ran without an error.
   * @throws KernelError where the kernel died, or took longer.
   */
  async execute(
    code: string,
    onOutput: (message: KernelMessage) => void,
    timeoutMs: number,
  ): Promise<boolean> {
    const content = { code, silent: false, store_history: true, allow_stdin: false };
    const reply = await this.request("execute_request", content, onOutput, timeoutMs);
    return reply.content.status === "ok";
  }

  /** Ends the kernel with everything that it started; safe to call twice. */
  async close(): Promise<void> {
    this.closing = true;
    this.kill();
    this.shell.close();
    this.iopub.close();
    await this.exited;
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Ends the kernel at once, without waiting; for a process that is about to end itself. */
  kill(): void {
    const { pid } = this.process;
    if (pid === undefined) return;
    try {
      if (process.platform === "win32") this.process.kill("SIGKILL");
      else process.kill(-pid, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }

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
        const reply = await this.request("kernel_info_request", {}, () => {}, 500);
        this.info = reply.content as unknown as KernelInfo;
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
      await this.shell.send(this.encode(id, type, content));
      const outcome = await Promise.race([finished, expired]);
      const reply = this.pending.get(id)?.reply;
      if (this.failure) throw this.failure;
      if (outcome === "expired" || !reply) {
        throw new KernelError(`no answer within ${timeoutMs / 1000} s`);
      }
      return reply;
    } finally {
      clearTimeout(timer);
      this.pending.delete(id);
    }
  }

  private async listen(
    socket: Dealer | Subscriber,
    take: (pending: Pending, message: KernelMessage) => void,
  ): Promise<void> {
    try {
      for await (const frames of socket) {
        const { parent, message } = this.decode(frames);
        const pending = this.pending.get(parent);
        if (!pending) continue;
        take(pending, message);
        if (pending.reply && pending.idle) pending.settle();
      }
    } catch (error) {
      if (!this.closing) this.fail(`the connection broke: ${(error as Error).message}`);
    }
  }

  private encode(id: string, type: string, content: unknown): string[] {
    const header = {
      msg_id: id,
      session: this.session,
      username: "empathy",
      date: new Date().toISOString(),
      msg_type: type,
      version: "5.3",
    };
    const parts = [header, {}, {}, content].map((part) => JSON.stringify(part));
    return [DELIMITER, this.sign(parts), ...parts];
  }

  private decode(frames: Buffer[]): { parent: string; message: KernelMessage } {
    const start = frames.findIndex((frame) => frame.toString() === DELIMITER);
    const [signature, ...parts] = frames.slice(start + 1) as [Buffer, ...Buffer[]];
    const wanted = Buffer.from(this.sign(parts.slice(0, 4)));
    if (signature.length !== wanted.length || !timingSafeEqual(signature, wanted)) {
      throw new KernelError("a message does not carry the kernel's signature");
    }
    const [header, parent, , content] = parts.map((part) => JSON.parse(part.toString()));
    return { parent: parent.msg_id, message: { header, content } };
  }

  private sign(parts: readonly (string | Buffer)[]): string {
    const hmac = createHmac("sha256", this.key);
    for (const part of parts) hmac.update(part);
    return hmac.digest("hex");
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

interface Connection {
  readonly key: string;
  readonly shell_port: number;
  readonly iopub_port: number;
}

async function chooseConnection(): Promise<Connection> {
  const names = ["shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"];
  const servers = names.map(() => createServer().listen(0, "127.0.0.1"));
  await Promise.all(
    servers.map((server) => new Promise((resolve) => server.once("listening", resolve))),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return {
    transport: "tcp",
    ip: "127.0.0.1",
    key: randomUUID(),
    signature_scheme: "hmac-sha256",
    ...Object.fromEntries(names.map((name, index) => [name, ports[index]])),
  } as unknown as Connection;
}

function kernelEnvironment(extra: KernelOptions["env"] = {}): NodeJS.ProcessEnv {
  const inherited = INHERITED.map((name) => [name, process.env[name]] as const);
  const entries = [...inherited, ...Object.entries(FIXED), ...Object.entries(extra)];
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
