// Kills `empathy ask` at 100 random moments of a run over 2,000 stimuli, and 50 times while it asks a grid of three
// cells for 500, restarts it each time, and counts: every stimulus answered exactly once in every cell, and no more
// requests repeated than were in flight.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type KillPlan, killRepeatedly } from "../test/asking/kill-run";

const SHARED = { concurrency: 8, delayMs: 100, withinRequests: 16, seed: 1 };

async function main(): Promise<void> {
  const one = await holds("one system", { ...SHARED, kills: 100, stimuli: 2000 });
  const grid = { ...SHARED, kills: 50, stimuli: 500, temperatures: [0, 0.5, 1] };
  const all = (await holds("a grid of three cells", grid)) && one;
  if (!all) process.exitCode = 1;
}

async function holds(name: string, plan: Omit<KillPlan, "folder">): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "empathy-kills-"));
  const wanted = plan.stimuli * (plan.temperatures?.length ?? 1);
  try {
    const result = await killRepeatedly({ ...plan, folder });
    const repeated = result.requests - wanted;
    console.log(
      `${name}: ${result.kills} kills, ${result.killsWhileAsking} of them with requests in flight`,
    );
    console.log(`${wanted} replies wanted: ${result.answered} right, ${result.lines} lines`);
    console.log(
      `${result.requests} requests: ${repeated} repeated; ${result.inFlightAtKills} were unanswered at the kills`,
    );
    const once = result.answered === wanted && result.lines === wanted;
    const bounded = repeated <= result.killsWhileAsking * plan.concurrency;
    console.log(once && bounded ? "holds" : "MISSED");
    return once && bounded;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main();
