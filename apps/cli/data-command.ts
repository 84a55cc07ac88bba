import { relative } from "node:path";
import type { Command } from "commander";
import { UserError } from "kit";
import { checkFile } from "../../src/sources/check-file";
import { defaultPlaces, locateSource } from "../../src/sources/locate-source";
import { findSource, readSources, type Source } from "../../src/sources/source";
import { fetchSource } from "../sources/fetch-source";
import { addExamples } from "./empathy-command";
import { interruptible } from "./interruption";
import { Progress } from "./progress";

interface Flags {
  readonly json?: boolean;
  readonly all?: boolean;
}

/** Adds `empathy data list`, `data fetch` and `data verify`. */
export function defineData(command: Command): void {
  const data = command;
  const list = data
    .command("list")
    .description("list every source, and whether its file is on this machine")
    .option("--json", "print the list as JSON")
    .action(listSources);
  addExamples(list, ["empathy data list", "empathy data list --json"]);
  const fetch = data
    .command("fetch")
    .description("download sources to data/cache, and check them")
    .argument("[ids...]", "sources to fetch, by the names that `data list` shows")
    .option("--all", "fetch every source that has an address")
    .action((ids: string[], flags: Flags, command: Command) =>
      interruptible((signal) => fetchSources(ids, flags, command, signal)),
    );
  addExamples(fetch, ["empathy data fetch ed", "empathy data fetch kemp moel mime"]);
  const verify = data
    .command("verify")
    .description("check the files on this machine against their checksums")
    .argument("[ids...]", "sources to check; all that are on this machine by default")
    .option("--json", "print the result as JSON")
    .action(verifySources);
  addExamples(verify, ["empathy data verify", "empathy data verify kemp --json"]);
}

function listSources(flags: Flags): void {
  const places = defaultPlaces();
  const rows = readSources().map((source) => ({
    id: source.id,
    place: locateSource(source, places)?.place ?? (source.url ? "to fetch" : "mirror only"),
    bytes: source.bytes ?? null,
    title: source.title,
    licence: source.licence,
    use: source.use ?? null,
    citation: source.citation,
    file: source.file,
    url: source.url ?? null,
  }));
  if (flags.json) {
    printJson(rows);
    return;
  }
  const width = Math.max(...rows.map((row) => row.id.length));
  for (const row of rows) {
    const size = row.bytes === null ? "" : `${(row.bytes / 1e6).toFixed(1)} MB`;
    process.stdout.write(
      `${row.id.padEnd(width)}  ${row.place.padEnd(11)}  ${size.padStart(7)}  ${row.title}\n`,
    );
  }
}

async function fetchSources(
  ids: readonly string[],
  flags: Flags,
  command: Command,
  signal: AbortSignal,
): Promise<void> {
  const known = readSources();
  if (ids.length === 0 && !flags.all) {
    command.error("error: name the sources to fetch (`data list` shows them), or say --all");
  }
  const wanted = flags.all
    ? known.filter((source) => source.url)
    : ids.map((id) => findSource(known, id));
  const counts = { fetched: 0, "already here": 0, failed: 0 };
  for (const source of wanted) {
    try {
      counts[await fetchOne(source, signal)]++;
    } catch (error) {
      if (!(error instanceof UserError) || wanted.length === 1) throw error;
      counts.failed++;
      process.stderr.write(`empathy: ${error.message}\n`);
    }
  }
  if (counts.failed > 0) process.exitCode = 1;
  if (wanted.length === 1) return;
  const found = Object.entries(counts).filter(([, count]) => count > 0);
  const words = found.map(([what, count]) => `${count} ${what}`).join(", ");
  process.stderr.write(`${wanted.length} sources: ${words}\n`);
}

/** Fetches a source, unless it is here; one line says which. */
async function fetchOne(source: Source, signal: AbortSignal): Promise<"fetched" | "already here"> {
  const progress = new Progress();
  const places = defaultPlaces();
  const located = locateSource(source, places);
  if (located && (await checkFile(located.path, source)).ok) {
    progress.note(`${source.id}: already in the ${located.place}, ${shown(located.path)}`);
    return "already here";
  }
  try {
    const path = await fetchSource(source, {
      cache: places.cache,
      signal,
      onProgress: (received, total) => {
        const of = total ? ` of ${(total / 1e6).toFixed(1)}` : "";
        progress.show(`${source.id}: ${(received / 1e6).toFixed(1)}${of} MB`);
      },
      onRetry: (reason, waitMs) =>
        progress.note(`${source.id}: ${reason}; trying again in ${(waitMs / 1000).toFixed(0)} s`),
    });
    progress.note(`${source.id}: fetched and checked, ${shown(path)}`);
    return "fetched";
  } finally {
    progress.clear();
  }
}

async function verifySources(ids: string[], flags: Flags): Promise<void> {
  const known = readSources();
  const places = defaultPlaces();
  const wanted = ids.length === 0 ? known : ids.map((id) => findSource(known, id));
  const progress = new Progress();
  const results = [];
  for (const source of wanted) {
    const located = locateSource(source, places);
    if (!located) {
      results.push({ id: source.id, status: "absent" as const });
      continue;
    }
    const check = await progress.during(`${source.id}: checking`, () =>
      checkFile(located.path, source),
    );
    const status = check.ok ? ("ok" as const) : ("wrong" as const);
    results.push({ id: source.id, status, path: located.path, ...check });
  }
  const absentCounts = ids.length > 0;
  if (results.some(({ status }) => status === "wrong" || (absentCounts && status === "absent"))) {
    process.exitCode = 1;
  }
  if (flags.json) {
    printJson(results);
    return;
  }
  for (const result of results) {
    const detail =
      result.status === "absent"
        ? "not on this machine"
        : result.status === "ok"
          ? `${result.method} holds`
          : `${result.path}: expected ${result.method} ${result.wanted}, found ${result.found}; delete the file and fetch it again`;
    process.stdout.write(`${result.id}: ${detail}\n`);
  }
}

function shown(path: string): string {
  const below = relative(process.cwd(), path);
  return below.startsWith("..") ? path : below;
}

function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}
