import { randomUUID } from "node:crypto";
import { createServer } from "node:net";

/** The ports and the key by which a client finds and knows a kernel. */
export interface Connection {
  readonly key: string;
  readonly shell_port: number;
  readonly iopub_port: number;
}

/** Chooses a key and five free ports of this machine. */
export async function chooseConnection(): Promise<Connection> {
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
