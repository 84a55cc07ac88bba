// Kills `empathy ask` at 100 random moments of a run over 2,000 stimuli, restarts it each time, and
// counts: every stimulus answered exactly once, and no more requests repeated than were in flight.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { killRepeatedly } from "../test/support/kill-run";

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "empathy-kills-"));
  const concurrency = 8;
  const stimuli = 2000;
  try {
    const result = await killRepeatedly({
      ...{ kills: 100, stimuli, concurrency, folder },
      ...{ delayMs: 100, withinRequests: 16, seed: 1 },
    });
    const repeated = result.requests - stimuli;
    console.log(
      `${result.kills} kills, ${result.killsWhileAsking} of them with requests in flight`,
    );
    console.log(`${stimuli} stimuli: ${result.answered} answered rightly, ${result.lines} lines`);
    console.log(
      `${result.requests} requests: ${repeated} repeated; ${result.inFlightAtKills} were unanswered at the kills`,
    );
    const once = result.answered === stimuli && result.lines === stimuli;
    const bounded = repeated <= result.killsWhileAsking * concurrency;
    console.log(once && bounded ? "holds" : "MISSED");
    if (!once || !bounded) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main();
