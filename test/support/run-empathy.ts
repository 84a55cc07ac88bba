import { spawn } from "node:child_process";
import { projectPath } from "./project";

/** What a finished command left. */
export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How the command is run. */
export interface RunSettings {
  readonly env?: NodeJS.ProcessEnv;
  readonly node?: string;
  readonly cwd?: string;
  /** Called with the process as soon as it runs. */
  readonly onStart?: (child: ReturnType<typeof spawn>) => void;
}

/** Runs the `empathy` command as a user does, in a process of its own. */
export function runEmpathy(args: readonly string[], settings: RunSettings = {}): Promise<Outcome> {
  const child = spawn(
    settings.node ?? process.execPath,
    [projectPath("environment", "empathy.mjs"), ...args],
    {
      cwd: settings.cwd ?? projectPath(),
      env: { ...process.env, EMPATHY_MIRROR: "", ...settings.env },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  settings.onStart?.(child);
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => resolve({ status, stdout, stderr }));
  });
}
