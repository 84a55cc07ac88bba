import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { chooseConnection } from "run-notebooks";
import { temporaryFolder } from "test-support/temporary";
import { projectPath } from "../../src/project";

/** What environment/jupyter.mjs exports. */
export interface JupyterFolder {
  writeJupyterFolder(): void;
  jupyterEnvironment(): NodeJS.ProcessEnv;
  findProgram(names: readonly string[]): string | undefined;
  howToInstall(packages: Record<"apt" | "dnf" | "brew" | "pip", string>): string;
}

/** Loads environment/jupyter.mjs, and writes the folder that it points Jupyter to. */
export async function openJupyterFolder(): Promise<JupyterFolder> {
  const file = pathToFileURL(projectPath("environment", "jupyter.mjs")).href;
  const folder = (await import(file)) as JupyterFolder;
  folder.writeJupyterFolder();
  return folder;
}

/** A running Jupyter server. */
export interface JupyterServer {
  /** The page on which a notebook of its folder is edited. */
  pageOf(notebook: string): string;
  /** Sends a request to its own interface, with a JSON body. */
  call(path: string, body: object): Promise<Record<string, unknown>>;
  /** Folder of this server's own files; its kernels' command lines name it. */
  readonly home: string;
  /** Folder of notebooks that it serves; the package is found from there. */
  readonly folder: string;
  readonly child: ChildProcess;
  /** Everything that it has said. */
  said(): string;
  /** Ends it as Ctrl-C does, and waits until it is gone. */
  interrupt(): Promise<void>;
}

/** Starts Jupyter with `environment/lab.mjs`, on 127.0.0.1, with a configuration and a folder of its own. */
export async function startJupyter(): Promise<JupyterServer> {
  const home = temporaryFolder();
  const folder = join(home, "notebooks");
  mkdirSync(folder);
  symlinkSync(projectPath("node_modules"), join(home, "node_modules"));
  const { shell_port: port } = await chooseConnection();
  const args = ["--no-browser", "--ip=127.0.0.1", `--port=${port}`, `--notebook-dir=${folder}`];
  const asRoot = process.getuid?.() === 0 ? ["--allow-root"] : [];
  const runtime = join(home, "runtime");
  const child = spawn(
    process.execPath,
    [projectPath("environment", "lab.mjs"), ...args, ...asRoot],
    {
      env: { ...process.env, HOME: home, JUPYTER_RUNTIME_DIR: runtime, EMPATHY_MIRROR: "" },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      said += chunk;
    });
  }
  const token = await findToken(runtime, child, () => said);
  const origin = `http://127.0.0.1:${port}`;
  return {
    home,
    folder,
    child,
    said: () => said,
    pageOf: (notebook) => `${origin}/notebooks/${notebook}?token=${token}`,
    async call(path, body) {
      const headers = { authorization: `token ${token}` };
      const settings = { method: "POST", headers, body: JSON.stringify(body) };
      return (await (await fetch(`${origin}${path}`, settings)).json()) as Record<string, unknown>;
    },
    async interrupt() {
      child.kill("SIGINT");
      if (child.exitCode === null) await once(child, "exit");
    },
  };
}

// The server writes a file when it listens; its name holds its process id, which is not ours to know.
async function findToken(
  runtime: string,
  child: ChildProcess,
  said: () => string,
): Promise<string> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`Jupyter ended: ${said()}`);
    const names = existsSync(runtime) ? readdirSync(runtime) : [];
    const name = names.find((one) => /^(nb|jp)server-\d+\.json$/.test(one));
    const text = name ? readFileSync(join(runtime, name), "utf8") : "";
    if (text.endsWith("}")) return (JSON.parse(text) as { token: string }).token;
    await sleep(50);
  }
}
