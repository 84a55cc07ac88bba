// Runs `empathy` commands one after the other in this process, each as if in a process of its own: its words, folder and
// environment come from the parent, and what it prints and its status go back. Loading the program and the weights takes
// most of a short command's time.
import type { CommandToRun, Outcome } from "./run-empathy";

type Main = (args: readonly string[]) => Promise<void>;

class Exit extends Error {}

// As environment/empathy.mjs does; compiled after this package.
(require("kit/optimise-later") as { optimiseLater(): void }).optimiseLater();

let main: Main | undefined;
process.on("message", (command: CommandToRun) => {
  void run(command).then((outcome) => process.send?.(outcome));
});

async function run({ program, args, cwd, env }: CommandToRun): Promise<Outcome> {
  process.chdir(cwd);
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
  const streams = [process.stdout, process.stderr] as const;
  const writes = streams.map((stream) => stream.write);
  const listeners = streams.map((stream) => stream.listeners("error"));
  const printed = streams.map(keepWhatIsWritten);
  const exit = process.exit;
  process.exitCode = undefined;
  process.exit = (code) => {
    process.exitCode ??= code ?? 0;
    throw new Exit();
  };
  try {
    main ??= (require(program) as { readonly main: Main }).main;
    await main(args);
  } catch (error) {
    if (!(error instanceof Exit)) {
      process.exitCode = 1;
      process.stderr.write(`${(error as Error).stack}\n`);
    }
  } finally {
    process.exit = exit;
    for (const [at, stream] of streams.entries()) {
      stream.write = writes[at] as typeof stream.write;
      for (const listener of stream.listeners("error"))
        if (!listeners[at]?.includes(listener)) stream.off("error", listener as () => void);
    }
  }
  const [stdout, stderr] = printed.map((parts) => parts.join(""));
  const status = Number(process.exitCode ?? 0);
  process.exitCode = undefined;
  return { status, stdout: stdout ?? "", stderr: stderr ?? "" };
}

function keepWhatIsWritten(stream: NodeJS.WriteStream): string[] {
  const parts: string[] = [];
  const write = (chunk: string | Uint8Array, ...rest: readonly unknown[]) => {
    parts.push(typeof chunk === "string" ? chunk : Buffer.from(chunk).toString());
    const [done] = rest.filter((one) => typeof one === "function");
    if (done) process.nextTick(done as () => void);
    return true;
  };
  stream.write = write as typeof stream.write;
  return parts;
}
