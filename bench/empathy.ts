// Measures the embedded scorer: replies per second on one core, and memory over short and long files.
//
// Replies are those of people to EmpatheticDialogues' test dialogues, each with its context. Each
// measurement runs in a process of its own; speeds are medians.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadScorer, type ScoreRequest } from "empathy-scorer";
import { HEADS, type Head } from "empathy-scorer/training";
import type { Utterance } from "../src/corpus/dialogue";
import { readDialogues } from "../src/corpus/read-dialogues";
import { scoreFile } from "../src/scoring/score-file";
import { findCorpusArchive } from "../src/sources/corpus-archive";
import { defaultPlaces, useSource } from "../src/sources/locate-source";
import { findSource, readSources } from "../src/sources/source";

const RUNS = 5;
const SIZES = [10_000, 50_000, 200_000];

async function readRequests(archive: string): Promise<ScoreRequest[]> {
  const requests: ScoreRequest[] = [];
  for await (const { utterances } of readDialogues(archive, { splits: ["test"] })) {
    for (let turn = 1; turn < utterances.length; turn += 2) {
      const context = utterances.slice(0, turn).map(({ text }) => text);
      requests.push({ context, reply: (utterances[turn] as Utterance).text });
    }
  }
  return requests;
}

interface Speed {
  readonly perSecond: number;
  /** By the processor time of all threads, which a busy machine does not change. */
  readonly perCpuSecond: number;
}

async function measureSpeed(archive: string, head: Head): Promise<Speed> {
  const requests = await readRequests(archive);
  const scorer = loadScorer(head);
  for (const request of requests) scorer.scoreNow(request);
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  for (const request of requests) scorer.scoreNow(request);
  const used = process.cpuUsage(cpu);
  return {
    perSecond: (requests.length / (performance.now() - started)) * 1000,
    perCpuSecond: (requests.length / (used.user + used.system)) * 1e6,
  };
}

async function measureMemory(archive: string, rows: number): Promise<number> {
  const requests = await readRequests(archive);
  const folder = mkdtempSync(join(tmpdir(), "empathy-bench-"));
  try {
    const input = join(folder, "in.jsonl");
    const lines = requests.map((request) => `${JSON.stringify(request)}\n`);
    writeFileSync(input, "");
    for (let done = 0; done < rows; done += lines.length) {
      writeFileSync(input, lines.slice(0, rows - done).join(""), { flag: "a" });
    }
    const child = spawnSync(
      process.execPath,
      [__filename, "file", input, join(folder, "out.jsonl")],
      {
        encoding: "utf8",
      },
    );
    if (child.status !== 0) throw new Error(child.stderr);
    return Number(child.stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function scoreAndReportPeak(input: string, output: string): Promise<void> {
  const columns = { context: "context", reply: "reply" };
  await scoreFile(loadScorer(), { input, output, columns });
  process.stdout.write(String(process.resourceUsage().maxRSS / 1024));
}

async function main(): Promise<void> {
  const id = findCorpusArchive();
  if (!id) {
    process.stderr.write("bench: needs EmpatheticDialogues; set EMPATHY_MIRROR or fetch 'ed'\n");
    process.exitCode = 1;
    return;
  }
  const archive = (await useSource(findSource(readSources(), id), defaultPlaces())) as string;
  for (const head of HEADS) {
    const speeds = Array.from({ length: RUNS }, () => {
      const args = [__filename, "speed", archive, head];
      const child = spawnSync(process.execPath, args, { encoding: "utf8" });
      if (child.status !== 0) throw new Error(child.stderr);
      return JSON.parse(child.stdout) as Speed;
    });
    const wall = median(speeds.map(({ perSecond }) => perSecond)).toFixed(0);
    const cpu = median(speeds.map(({ perCpuSecond }) => perCpuSecond)).toFixed(0);
    console.log(
      `${head.padEnd(9)} ${wall} replies/s, ${cpu} per second of processor time (medians of ${RUNS})`,
    );
  }
  for (const rows of SIZES) {
    console.log(
      `${rows} rows of JSONL: ${(await measureMemory(archive, rows)).toFixed(0)} MB at most`,
    );
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] as number;
}

const [task, first, second] = process.argv.slice(2) as [string?, string?, string?];
if (task === "speed")
  void measureSpeed(first as string, second as Head).then((speed) =>
    process.stdout.write(JSON.stringify(speed)),
  );
else if (task === "file") void scoreAndReportPeak(first as string, second as string);
else void main();
