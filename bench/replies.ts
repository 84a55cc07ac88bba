// How fast replies are asked for and recorded, against a server on loopback in a process of its own.
//
// Three claims: with 50 ms answers and 64 in flight at least 95 % of the ideal rate (64 / 50 ms); with
// instant answers at least 1,500 replies a second; 100,000 stimuli in under 250 MB of memory. Each runs
// in a fresh process, through the command that a user runs.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServerProcess } from "../test/support/server-process";
import { measureAsk } from "./measure-ask";

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "empathy-bench-"));
  try {
    await benchDelayed(folder);
    await benchInstant(folder);
    await benchLarge(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function benchDelayed(folder: string): Promise<void> {
  const ideal = 64 / 0.05;
  const { rate } = await bench(folder, { stimuli: 20_000, delayMs: 50, concurrency: 64 });
  const share = (100 * rate) / ideal;
  report(
    `50 ms answers, 64 in flight: ${rate.toFixed(0)} replies/s, ${share.toFixed(1)} % of ideal`,
    share >= 95,
  );
}

async function benchInstant(folder: string): Promise<void> {
  const { rate } = await bench(folder, { stimuli: 20_000, delayMs: 0, concurrency: 64 });
  report(`instant answers: ${rate.toFixed(0)} replies/s`, rate >= 1500);
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

void main();
