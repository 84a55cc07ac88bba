// Compares reading EmpatheticDialogues with general CSV readers on the same rows, in one run.
//
// This package reads the gzipped archive and checks every row; the peers read the same rows from plain
// CSV files and check nothing. Each reading runs in a process of its own; figures are medians.
import { spawnSync } from "node:child_process";
import { createReadStream, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse";
import { readDialogues } from "../src/corpus/read-dialogues";
import { openArchive } from "../src/corpus/read-lines";
import { findCorpusArchive } from "../src/sources/corpus-archive";
import { defaultPlaces, useSource } from "../src/sources/locate-source";
import { findSource, readSources } from "../src/sources/source";

const RUNS = 5;

interface Measurement {
  readonly rows: number;
  readonly wallMs: number;
  readonly userMs: number;
  readonly peakMb: number;
}

const readers: Record<string, (archive: string, folder: string) => Promise<number>> = {
  async "empathy-notebooks"(archive) {
    let rows = 0;
    for await (const { utterances } of readDialogues(archive)) rows += utterances.length;
    return rows;
  },
  async "csv-parse"(_archive, folder) {
    let rows = 0;
    for (const name of readdirSync(folder)) {
      const options = { columns: true, quote: false, relax_column_count: true } as const;
      for await (const _row of createReadStream(join(folder, name)).pipe(parse(options))) rows++;
    }
    return rows;
  },
  async "danfojs readCSV"(_archive, folder) {
    const { readCSV } = await import("danfojs-node");
    let rows = 0;
    for (const name of readdirSync(folder)) {
      const frame = await readCSV(join(folder, name), { header: true, quoteChar: "\0" } as object);
      rows += frame.shape[0] as number;
    }
    return rows;
  },
};

async function main(): Promise<void> {
  const id = findCorpusArchive();
  if (!id) {
    process.stderr.write("bench: needs EmpatheticDialogues; set EMPATHY_MIRROR or fetch 'ed'\n");
    process.exitCode = 1;
    return;
  }
  const archive = (await useSource(findSource(readSources(), id), defaultPlaces())) as string;
  const folder = mkdtempSync(join(tmpdir(), "empathy-bench-"));
  try {
    await unpack(archive, folder);
    report(id, measureAll(archive, folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function unpack(archive: string, folder: string): Promise<void> {
  for await (const file of openArchive(archive)) {
    const lines: string[] = [];
    for await (const batch of file.batches) lines.push(...batch);
    const name = file.name.split("/").at(-1) as string;
    writeFileSync(join(folder, name), `${lines.join("\n")}\n`);
  }
}

// Readers take turns, so that a slow moment of the machine falls on all of them.
function measureAll(archive: string, folder: string): Map<string, Measurement[]> {
  const results = new Map(Object.keys(readers).map((name) => [name, [] as Measurement[]]));
  for (let run = 0; run < RUNS; run++) {
    for (const [name, measurements] of results) {
      const child = spawnSync(process.execPath, [__filename, name, archive, folder], {
        encoding: "utf8",
      });
      if (child.status !== 0) throw new Error(`${name} failed: ${child.stderr}`);
      measurements.push(JSON.parse(child.stdout));
    }
  }
  return results;
}

async function measure(name: string, archive: string, folder: string): Promise<void> {
  const started = performance.now();
  const rows = await (readers[name] as (typeof readers)[string])(archive, folder);
  const wallMs = performance.now() - started;
  const { userCPUTime, maxRSS } = process.resourceUsage();
  const measurement = { rows, wallMs, userMs: userCPUTime / 1000, peakMb: maxRSS / 1024 };
  process.stdout.write(JSON.stringify(measurement));
}

function report(id: string, results: Map<string, Measurement[]>): void {
  const summary = [...results].map(([name, runs]) => ({
    name,
    rows: runs[0]?.rows as number,
    wall: median(runs.map((run) => run.wallMs)),
    user: median(runs.map((run) => run.userMs)),
    peak: median(runs.map((run) => run.peakMb)),
  }));
  const own = summary[0] as (typeof summary)[number];
  console.log(
    `Source '${id}', medians of ${RUNS} processes; user time is that of the whole process.`,
  );
  for (const { name, rows, wall, user, peak } of summary) {
    const ratio = `${(user / own.user).toFixed(1)} x user, ${(peak / own.peak).toFixed(1)} x memory`;
    console.log(
      `${name.padEnd(18)} ${rows} rows  ${ms(wall)} wall  ${ms(user)} user  ${peak.toFixed(0).padStart(4)} MB  ${ratio}`,
    );
  }
}

function median(values: number[]): number {
  return values.sort((left, right) => left - right)[Math.floor(values.length / 2)] as number;
}

function ms(value: number): string {
  return `${value.toFixed(0).padStart(5)} ms`;
}

const [reader, archive, folder] = process.argv.slice(2);
if (reader) void measure(reader, archive as string, folder as string);
else void main();
