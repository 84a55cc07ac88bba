// Runs a fault server in a process of its own: `node fault-server-process.js [delayMs]`. It says its
// address on a line, and for every line that it reads, what it counted so far.
import { createInterface } from "node:readline";
import { FaultServer } from "./fault-server";

async function main(): Promise<void> {
  const server = await FaultServer.start({ delayMs: Number(process.argv[2] ?? 0), keep: false });
  process.stdout.write(`${server.origin}\n`);
  for await (const _line of createInterface({ input: process.stdin })) {
    const { count, answered, inFlight, mostInFlight } = server;
    process.stdout.write(`${JSON.stringify({ count, answered, inFlight, mostInFlight })}\n`);
  }
  await server.stop();
}

void main();
