import { randomUUID } from "node:crypto";
import { createServer } from "node:net";

/** How the folders begin that hold a connection file of ours; such a folder goes with its kernel. */
export const KERNEL_FOLDER = "empathy-kernel-";

/** The ports and the key by which a client finds and knows a kernel. */
export interface Connection {
  readonly transport: "tcp";
  readonly ip: "127.0.0.1";
  readonly signature_scheme: "hmac-sha256";
  readonly key: string;
  readonly shell_port: number;
  readonly iopub_port: number;
  readonly stdin_port: number;
  readonly control_port: number;
  readonly hb_port: number;
}

/** Chooses a key and five free ports of this machine. */
export async function chooseConnection(): Promise<Connection> {
  const ip = "127.0.0.1";
  const servers = Array.from({ length: 5 }, () => createServer().listen(0, ip));
  await Promise.all(
    servers.map((server) => new Promise((resolve) => server.once("listening", resolve))),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  const [shell_port, iopub_port, stdin_port, control_port, hb_port] = ports as [
    number,
    number,
    number,
    number,
    number,
  ];
  const identity = { transport: "tcp", ip, signature_scheme: "hmac-sha256" } as const;
  return {
    ...identity,
    key: randomUUID(),
    shell_port,
    iopub_port,
    stdin_port,
    control_port,
    hb_port,
  };
}
