import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readJournal } from "ask-models";
import { createGenerator } from "kit";
import { replyTo } from "test-support/fault-server";
import { type ServerProcess, startServerProcess } from "test-support/server-process";
import { projectPath } from "../../src/project";

/** A run that is killed again and again. */
export interface KillPlan {
  readonly kills: number;
  readonly stimuli: number;
  readonly concurrency: number;
  readonly delayMs: number;
  /** The kill falls after a random number of further requests, below this, and a random part of an answer. */
  readonly withinRequests: number;
  readonly seed: number;
  readonly folder: string;
  /** Ask the cells of a grid instead of one system: so many temperatures of one model. */
  readonly temperatures?: readonly number[];
}

/** What such a run left. */
export interface KillResult {
  readonly kills: number;
  /** Lines in the journal. */
  readonly lines: number;
  /** Stimuli with a right reply, of each system that was asked. */
  readonly answered: number;
  /** Requests that the server saw. */
  readonly requests: number;
  /** Requests that the server had not answered when the process was killed, over all kills. */
  readonly inFlightAtKills: number;
  /** Kills that fell while requests were in flight. */
  readonly killsWhileAsking: number;
}

/** Runs `empathy ask` over stimuli, kills it (SIGKILL) at random moments, and lets the last run finish. */
export async function killRepeatedly(plan: KillPlan): Promise<KillResult> {
  const csv = join(plan.folder, "stimuli.csv");
  const journal = join(plan.folder, "journal.jsonl");
  const textOf = (n: number) => `The lift in our house stopped between floors, time number ${n}.`;
  const rows = Array.from({ length: plan.stimuli }, (_, n) => `d${n},"${textOf(n)}"`);
  writeFileSync(csv, `dialogue,context\n${rows.join("\n")}\n`);
  const server = await startServerProcess(plan.delayMs);
  try {
    const random = createGenerator(plan.seed);
    const whom = chooseTarget(plan, `${server.origin}/v1`);
    const args = [
      "ask",
      ...whom,
      "--stimuli",
      csv,
      "--journal",
      journal,
      "--concurrency",
      String(plan.concurrency),
    ];
    let inFlightAtKills = 0;
    let killsWhileAsking = 0;
    for (let kill = 0; kill < plan.kills; kill++) {
      const requests = Math.floor(random.uniform() * plan.withinRequests);
      const inFlight = await killOnce(args, requests, random.uniform() * plan.delayMs, server);
      inFlightAtKills += inFlight;
      if (inFlight > 0) killsWhileAsking++;
    }
    const [status] = await once(start(args), "exit");
    if (status !== 0) throw new Error(`the last run ended with ${status}`);
    const records = await readJournal(journal);
    const right = records.filter(
      ({ dialogue, status: end, reply }) =>
        end === "ok" && reply === replyTo(textOf(Number(dialogue.slice(1)))).trim(),
    );
    return {
      kills: plan.kills,
      lines: readFileSync(journal, "utf8").trimEnd().split("\n").length,
      answered: new Set(right.map(({ dialogue, system }) => `${system} ${dialogue}`)).size,
      requests: (await server.counts()).count,
      inFlightAtKills,
      killsWhileAsking,
    };
  } finally {
    await server.stop();
  }
}

function chooseTarget({ temperatures, folder }: KillPlan, baseUrl: string): string[] {
  if (!temperatures) return ["--base-url", baseUrl, "--model", "tiny", "--as", "killed"];
  const grid = join(folder, "killed.json");
  const models = [{ id: "tiny", baseUrl, model: "tiny" }];
  writeFileSync(grid, JSON.stringify({ id: "killed", models, prompts: ["short"], temperatures }));
  return ["--grid", grid];
}

async function killOnce(
  args: string[],
  requests: number,
  afterMs: number,
  server: ServerProcess,
): Promise<number> {
  const { count } = await server.counts();
  const child = start(args);
  const exit = once(child, "exit");
  while ((await server.counts()).count < count + requests) {
    if (child.exitCode !== null)
      throw new Error("the run ended before it was killed; ask for more");
    await sleep(2);
  }
  await sleep(afterMs);
  child.kill("SIGKILL");
  const { inFlight } = await server.counts();
  await exit;
  return inFlight;
}

function start(args: string[]) {
  const program = projectPath("environment", "empathy.mjs");
  return spawn(process.execPath, [program, ...args], { stdio: ["ignore", "ignore", "inherit"] });
}
