import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { keepFile, makeTemporaryFolder, removeTemporary } from "kit/files";
import { type Connection, KERNEL_FOLDER } from "./connection";

/** How a kernel's process is started. */
export interface ProcessOptions {
  /** Folder in which cells run and from which their imports resolve. */
  readonly cwd: string;
  /** Variables that cells see besides the few that every program needs. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The command that starts the kernel; the connection file's path is appended. */
  readonly command?: readonly [string, ...string[]];
}

// Nothing of the caller's environment reaches a cell unless it is named here or passed in.
const INHERITED = ["PATH", "HOME", "TMPDIR", "SystemRoot", "USERPROFILE", "TEMP"];

/** What every cell sees alike, in our runner and in Jupyter, so that outputs are equal. */
export const FIXED = { TZ: "UTC", LANG: "en_US.UTF-8", LC_ALL: "en_US.UTF-8", NO_COLOR: "1" };

/** The program that runs a notebook's cells; it takes the path of a connection file. */
export const KERNEL_HOST = join(__dirname, "kernel-host.js");

/**
 * Starts a kernel's process, in a group of its own so that all of it can be ended.
 *
 * @returns the process, and the temporary folder that holds its connection file.
 */
export function spawnKernel(
  connection: Connection,
  options: ProcessOptions,
): { readonly child: ChildProcess; readonly folder: string } {
  const folder = makeTemporaryFolder(KERNEL_FOLDER);
  try {
    const file = join(folder, "connection.json");
    keepFile(file, JSON.stringify(connection));
    const host = [process.execPath, KERNEL_HOST] as const;
    const [command, ...args] = options.command ?? host;
    const child = spawn(command, [...args, file], {
      cwd: options.cwd,
      env: kernelEnvironment(options.env),
      stdio: ["ignore", "ignore", "pipe"],
      detached: process.platform !== "win32",
    });
    return { child, folder };
  } catch (error) {
    removeTemporary(folder);
    throw error;
  }
}

function kernelEnvironment(extra: ProcessOptions["env"] = {}): NodeJS.ProcessEnv {
  const inherited = INHERITED.map((name) => [name, process.env[name]] as const);
  const entries = [...inherited, ...Object.entries(FIXED), ...Object.entries(extra)];
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
