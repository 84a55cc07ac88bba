import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
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
  readonly cwd?: string;
  /** In a process of its own, as a user does, where that is the point. */
  readonly alone?: boolean;
  readonly node?: string;
  /** Called with the process, which is the command's own, as soon as it runs. */
  readonly onStart?: (child: ReturnType<typeof spawn>) => void;
}

/** What a process that runs commands is told. */
export interface CommandToRun {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Runs the `empathy` command: in a process that has run others before, or in one of its own. The former takes a fraction of the
 * time; `test/cli/cli.test.ts` holds that both print the same.
 */
export function runEmpathy(args: readonly string[], settings: RunSettings = {}): Promise<Outcome> {
  const { alone, node, onStart } = settings;
  return alone || node !== undefined || onStart
    ? runAlone(args, settings)
    : runWarm(args, settings);
}

function environmentOf({ env }: RunSettings): NodeJS.ProcessEnv {
  return { ...process.env, EMPATHY_MIRROR: "", ...env };
}

function runAlone(args: readonly string[], settings: RunSettings): Promise<Outcome> {
  const child = spawn(
    settings.node ?? process.execPath,
    [projectPath("environment", "empathy.mjs"), ...args],
    {
      cwd: settings.cwd ?? projectPath(),
      env: environmentOf(settings),
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

// What commands leave in memory would add up.
const MOST_RUNS = 60;
let host: { readonly child: ChildProcess; runs: number } | undefined;
let last: Promise<unknown> = Promise.resolve();

function runWarm(args: readonly string[], settings: RunSettings): Promise<Outcome> {
  const command: CommandToRun = {
    program: projectPath("dist", "apps", "cli", "main.js"),
    args,
    cwd: settings.cwd ?? projectPath(),
    env: environmentOf(settings),
  };
  const outcome = last.then(() => tell(command));
  last = outcome.catch(() => {});
  return outcome;
}

async function tell(command: CommandToRun): Promise<Outcome> {
  if (host && (host.runs >= MOST_RUNS || !host.child.connected)) {
    host.child.kill();
    host = undefined;
  }
  host ??= startHost();
  host.runs++;
  const { child } = host;
  const listening = new AbortController();
  const { signal } = listening;
  const ended = once(child, "exit", { signal }).then(([code, by]) => {
    throw new Error(`the process that runs commands ended (${code ?? by}): ${command.args}`);
  });
  const answered = once(child, "message", { signal });
  child.channel?.ref();
  child.send(command);
  try {
    const [outcome] = await Promise.race([answered, ended]);
    return outcome as Outcome;
  } finally {
    child.channel?.unref();
    listening.abort();
    await Promise.allSettled([answered, ended]);
  }
}

function startHost() {
  const child = fork(join(__dirname, "command-host.js"), {
    execArgv: [],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  child.unref();
  process.once("exit", () => child.kill());
  return { child, runs: 0 };
}
