// How fast replies are asked for and recorded, against a server on loopback in a process of its own.
//
// Four claims: with 50 ms answers and 64 in flight at least 95 % of the ideal rate (64 / 50 ms); with
// instant answers at least 1,500 replies a second; 100,000 stimuli in under 250 MB of memory;
// 40,000 cells of a grid planned in 5 s at most. Each runs in a fresh process, through the command that a user runs.
// `npm run bench:replies -- delayed` (or `instant`, `large`, `grid`) measures one of them.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runEmpathy } from "test-support/run-empathy";
import { startServerProcess } from "test-support/server-process";
import { measureAsk } from "./measure-ask";

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "empathy-bench-"));
  try {
    const parts = {
      delayed: benchDelayed,
      instant: benchInstant,
      large: benchLarge,
      grid: benchGrid,
    };
    for (const [name, part] of Object.entries(parts)) {
      if (chosen === undefined || chosen === name) await part(folder);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// The machine's share is measured in the same minute: a bare client that sends the same requests and
// does nothing else. Medians of three.
async function benchDelayed(folder: string): Promise<void> {
  const ideal = 64 / 0.05;
  const load = { stimuli: 12_800, delayMs: 50, concurrency: 64 };
  const rates: number[] = [];
  const bareRates: number[] = [];
  for (let run = 0; run < 3; run++) {
    bareRates.push(await measureBare(load));
    rates.push((await bench(folder, load)).rate);
  }
  const [rate, bare] = [median(rates), median(bareRates)];
  const share = (100 * rate) / ideal;
  report(
    `50 ms answers, 64 in flight: ${rate.toFixed(0)} replies/s, ${share.toFixed(1)} % of ideal ` +
      `(a bare client: ${bare.toFixed(0)}/s, ${((100 * bare) / ideal).toFixed(1)} %)`,
    share >= 95,
  );
}

async function measureBare({ stimuli, delayMs, concurrency }: Load): Promise<number> {
  const server = await startServerProcess(delayMs);
  const agent = new Agent({ keepAlive: true });
  const body = JSON.stringify({ model: "bare", messages: [{ role: "user", content: "Hello." }] });
  const started = performance.now();
  let left = stimuli;
  const send = () =>
    new Promise<void>((done, fail) => {
      const url = `${server.origin}/v1/chat/completions`;
      const options = { method: "POST", agent, headers: { "content-type": "application/json" } };
      const sent = request(url, options, (response) => response.resume().on("end", done));
      sent.on("error", fail).end(body);
    });
  const work = async () => {
    while (left-- > 0) await send();
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  const seconds = (performance.now() - started) / 1000;
  agent.destroy();
  await server.stop();
  return stimuli / seconds;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

async function benchInstant(folder: string): Promise<void> {
  const { rate } = await bench(folder, { stimuli: 20_000, delayMs: 0, concurrency: 64 });
  report(`instant answers: ${rate.toFixed(0)} replies/s`, rate >= 1500);
}

async function benchGrid(folder: string): Promise<void> {
  const path = join(folder, "grid.json");
  const models = Array.from({ length: 200 }, (_, n) => ({
    id: `m${n}`,
    model: `m${n}`,
    baseUrl: "http://127.0.0.1:9/v1",
    maxTokens: 10,
  }));
  const temperatures = Array.from({ length: 100 }, (_, n) => n / 100);
  writeFileSync(
    path,
    JSON.stringify({ id: "g", models, prompts: ["paper", "short"], temperatures }),
  );
  const started = performance.now();
  const journal = join(folder, "g.grid.jsonl");
  const { stdout } = await runEmpathy(["ask", "--grid", path, "--journal", journal, "--dry-run"]);
  const seconds = (performance.now() - started) / 1000;
  report(
    `40,000 cells, 64 stimuli: planned in ${seconds.toFixed(1)} s`,
    seconds <= 5 && /^40000 cells/m.test(stdout),
  );
}

async function benchLarge(folder: string): Promise<void> {
  const { rate, peakMb } = await bench(folder, { stimuli: 100_000, delayMs: 0, concurrency: 64 });
  report(
    `100,000 stimuli: ${peakMb.toFixed(0)} MB at most, ${rate.toFixed(0)} replies/s`,
    peakMb < 250,
  );
  const again = await measureAsk({
    ...places(folder),
    origin: "http://127.0.0.1:9",
    concurrency: 64,
  });
  report(
    `100,000 stimuli, all answered: ${again.peakMb.toFixed(0)} MB at most, ${again.wallMs.toFixed(0)} ms`,
    again.peakMb < 250,
  );
}

interface Load {
  readonly stimuli: number;
  readonly delayMs: number;
  readonly concurrency: number;
}

async function bench(folder: string, { stimuli, delayMs, concurrency }: Load) {
  const { csv, journal } = places(folder);
  rmSync(journal, { force: true });
  writeStimuli(csv, stimuli);
  const server = await startServerProcess(delayMs);
  try {
    const measured = await measureAsk({ csv, journal, origin: server.origin, concurrency });
    const { count } = await server.counts();
    if (measured.recorded !== stimuli || count !== stimuli) {
      throw new Error(`${stimuli} stimuli, ${measured.recorded} recorded, ${count} asked`);
    }
    return { ...measured, rate: stimuli / (measured.askingMs / 1000) };
  } finally {
    await server.stop();
  }
}

function places(folder: string) {
  return { csv: join(folder, "stimuli.csv"), journal: join(folder, "journal.jsonl") };
}

function writeStimuli(path: string, count: number): void {
  const rows = Array.from(
    { length: count },
    (_, n) =>
      `d${n},"My neighbour, number ${n}, moved away last week and I still lay the table for two.",2`,
  );
  writeFileSync(path, `dialogue,context,turn\n${rows.join("\n")}\n`);
}

function report(text: string, holds: boolean): void {
  console.log(`${holds ? "holds" : "MISSED"}  ${text}`);
  if (!holds) process.exitCode = 1;
}

const chosen = process.argv[2];
void main();
