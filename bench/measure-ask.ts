import { spawn } from "node:child_process";
import { once } from "node:events";
import { projectPath } from "../src/project";

/** One run of `empathy ask`. */
export interface AskRun {
  readonly csv: string;
  readonly journal: string;
  readonly origin: string;
  readonly concurrency: number;
}

/** What a run took. */
export interface AskMeasurement {
  readonly recorded: number;
  /** From the first request to the last record, as the command reports it. */
  readonly askingMs: number;
  /** The whole process. */
  readonly wallMs: number;
  /** Largest resident memory of the process. */
  readonly peakMb: number;
}

// Printed by the command's own process as it ends.
const REPORT_PEAK =
  "process.on('exit',()=>process.stderr.write('peak '+process.resourceUsage().maxRSS+'\\n'))";

/** Runs `empathy ask` in a process of its own and measures it. */
export async function measureAsk(run: AskRun): Promise<AskMeasurement> {
  const started = performance.now();
  const child = spawn(
    process.execPath,
    [
      "--import",
      `data:text/javascript,${encodeURIComponent(REPORT_PEAK)}`,
      projectPath("environment", "empathy.mjs"),
      "ask",
      "--base-url",
      `${run.origin}/v1`,
      "--model",
      "loopback",
      "--as",
      "loopback",
      "--stimuli",
      run.csv,
      "--journal",
      run.journal,
      "--concurrency",
      String(run.concurrency),
      "--json",
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const [status] = await once(child, "close");
  const peak = /peak (\d+)/.exec(stderr);
  if (status !== 0 || !peak) throw new Error(`empathy ask ended with ${status}: ${stderr}`);
  const { recorded, seconds } = JSON.parse(stdout);
  return {
    recorded: recorded.ok,
    askingMs: seconds * 1000,
    wallMs: performance.now() - started,
    peakMb: Number(peak[1]) / 1024,
  };
}
