import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** What a fault server counted. */
export interface ServerCounts {
  /** Requests that arrived. */
  readonly count: number;
  /** Requests that were answered. */
  readonly answered: number;
  readonly inFlight: number;
  readonly mostInFlight: number;
}

/** A fault server in a process of its own. */
export interface ServerProcess {
  readonly origin: string;
  counts(): Promise<ServerCounts>;
  stop(): Promise<void>;
}

/** Starts a server that answers everything, after a delay. */
export async function startServerProcess(delayMs: number): Promise<ServerProcess> {
  const child: ChildProcess = spawn(
    process.execPath,
    [join(__dirname, "fault-server-process.js"), String(delayMs)],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const reader = lines[Symbol.asyncIterator]();
  const origin = (await reader.next()).value as string;
  return {
    origin,
    async counts() {
      child.stdin?.write("\n");
      return JSON.parse((await reader.next()).value as string) as ServerCounts;
    },
    async stop() {
      child.stdin?.end();
      if (child.exitCode === null) await once(child, "exit");
    },
  };
}
