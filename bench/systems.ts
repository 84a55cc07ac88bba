// Times reading and joining every published file, beside the least that any reader has to do: fetch the
// same bytes from disk and decode them. Each runs in a process of its own; figures are medians.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { missingSources, readStudyTexts } from "../apps/replies/published-stage";
import { findCorpusArchive } from "../src/sources/corpus-archive";
import { defaultPlaces, locateSource } from "../src/sources/locate-source";
import { findSource, readSources } from "../src/sources/source";
import { sourcesOfReplies } from "../src/systems/published-replies";
import { readSystems } from "../src/systems/system";

const RUNS = 5;

interface Measurement {
  readonly replies: number;
  readonly wallMs: number;
  readonly peakMb: number;
}

const tasks: Record<string, (archive: string) => Promise<number>> = {
  async "read and join"(archive) {
    const { joined } = await readStudyTexts(archive);
    return joined.reduce((sum, { replies }) => sum + replies.length, 0);
  },
  async "decode the bytes"(archive) {
    let characters = gunzipSync(readFileSync(pathOf(archive))).toString("utf8").length;
    for (const id of sourcesOfReplies(readSystems())) {
      characters += readFileSync(pathOf(id), "utf8").length;
    }
    return characters > 0 ? 0 : Number.NaN;
  },
};

function pathOf(id: string): string {
  return locateSource(findSource(readSources(), id), defaultPlaces())?.path as string;
}

function main(): void {
  const archive = findCorpusArchive();
  const missing = missingSources();
  if (!archive || missing.length > 0) {
    process.stderr.write("bench: needs the corpus and every published file; set EMPATHY_MIRROR\n");
    process.exitCode = 1;
    return;
  }
  const results = new Map(Object.keys(tasks).map((name) => [name, [] as Measurement[]]));
  for (let run = 0; run < RUNS; run++) {
    for (const [name, measurements] of results) {
      const child = spawnSync(process.execPath, [__filename, name, archive], { encoding: "utf8" });
      if (child.status !== 0) throw new Error(`${name} failed: ${child.stderr}`);
      measurements.push(JSON.parse(child.stdout));
    }
  }
  report(results);
}

function report(results: Map<string, Measurement[]>): void {
  const rows = [...results].map(([name, runs]) => ({
    name,
    replies: runs[0]?.replies as number,
    wall: median(runs.map(({ wallMs }) => wallMs)),
    peak: median(runs.map(({ peakMb }) => peakMb)),
  }));
  const floor = rows.at(-1)?.wall as number;
  console.log(`Corpus and all published files, medians of ${RUNS} processes.`);
  for (const { name, replies, wall, peak } of rows) {
    const what = replies > 0 ? `${replies} replies joined` : "";
    console.log(
      `${name.padEnd(17)} ${(wall / 1000).toFixed(2)} s  ${(wall / floor).toFixed(1)} x  ${peak.toFixed(0)} MB  ${what}`,
    );
  }
}

function median(values: number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] as number;
}

async function measure(name: string, archive: string): Promise<void> {
  const started = performance.now();
  const replies = await (tasks[name] as (typeof tasks)[string])(archive);
  const wallMs = performance.now() - started;
  const peakMb = process.resourceUsage().maxRSS / 1024;
  process.stdout.write(JSON.stringify({ replies, wallMs, peakMb }));
}

const [task, archive] = process.argv.slice(2);
if (task && archive) void measure(task, archive);
else main();
