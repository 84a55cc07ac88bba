// Writes down which files a process reads and what they held then, so that a rerun can tell whether one has changed.
import fs from "node:fs";
import { relative, resolve, sep } from "node:path";
import { type FileState, NAMES_OF, stateOf } from "./file-state";

/** Variable that names the file to write them to; without it nothing is tracked. */
export const READS_VARIABLE = "EMPATHY_READS";

/** Variable that names the folder whose files are meant. */
export const BELOW_VARIABLE = "EMPATHY_READS_BELOW";

/** What a kernel's environment needs for `readTrackedReads` to find in a file what its cells read below a folder. */
export function trackingReads(log: string, folder: string): Readonly<Record<string, string>> {
  return { [READS_VARIABLE]: log, [BELOW_VARIABLE]: folder };
}

const READERS = ["readFileSync", "openSync", "open", "readFile", "createReadStream", "existsSync"];
const NOT_TRACKED = /(^|\/)(node_modules|\.git)(\/|$)|(^|\/)dist\/(src|apps|test|bench)(\/|$)/;
const LISTERS = ["readdirSync", "readdir"];

/**
 * Appends every file below a folder that this process reads or looks for, and every folder that it lists, to a file: once
 * each, with its state before it was read for the first time.
 *
 * Paths are absolute; a listed folder's ends with `/*`. Packages and compiled sources are left out.
 */
export function trackReads(log: string, folder: string): void {
  const seen = new Set<string>();
  const { appendFileSync } = fs;
  const note = (path: unknown, ending: string) => {
    if (typeof path !== "string") return;
    const absolute = resolve(path);
    const inside = relative(folder, absolute).split(sep).join("/");
    if (inside === "" || inside.startsWith("..") || NOT_TRACKED.test(inside)) return;
    const entry = absolute + ending;
    if (seen.has(entry)) return;
    seen.add(entry); // First of all: looking at a file reads it.
    appendFileSync(log, `${JSON.stringify([entry, stateOf(entry)])}\n`);
  };
  // Every other way of reading a file comes down to one of these. A file that is looked for and is not there
  // is an input too: it may be there the next time.
  for (const holder of [fs, fs.promises] as Record<string, unknown>[]) {
    for (const name of READERS)
      watch(holder, name, (path, flags) => isReading(flags) && note(path, ""));
    for (const name of LISTERS) watch(holder, name, (path) => note(path, NAMES_OF));
  }
}

/** The files that a process noted: by absolute path, what each held before it was first read. */
export function readTrackedReads(log: string): Map<string, FileState> {
  if (!fs.existsSync(log)) return new Map();
  const lines = fs.readFileSync(log, "utf8").split("\n").filter(Boolean);
  return new Map(lines.map((line) => JSON.parse(line) as [string, FileState]));
}

// A file that is opened to be written, by flags such as `w` or `a`, is not an input.
function isReading(flags: unknown): boolean {
  return typeof flags !== "string" || !/^[wa]/.test(flags);
}

function watch(
  holder: Record<string, unknown>,
  name: string,
  note: (path: unknown, flags: unknown) => void,
): void {
  const original = holder[name];
  if (typeof original !== "function") return;
  holder[name] = function tracked(this: unknown, ...args: unknown[]) {
    note(args[0], args[1]);
    return original.apply(this, args);
  };
}
