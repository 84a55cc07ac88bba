// Writes down which files a process reads, so that a rerun can tell whether one has changed.
import fs from "node:fs";
import { relative, resolve, sep } from "node:path";

/** Variable that names the file to write them to; without it nothing is tracked. */
export const READS_VARIABLE = "EMPATHY_READS";

const READERS = ["readFileSync", "openSync", "open", "readFile", "createReadStream", "existsSync"];
const NOT_TRACKED = /(^|\/)(node_modules|\.git)(\/|$)|^dist\/(src|test|bench)(\/|$)/;
const LISTERS = ["readdirSync", "readdir"];

/**
 * Appends the path of every file below a folder that this process reads or looks for, and of every folder
 * that it lists, once each, to a file.
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
    seen.add(entry);
    appendFileSync(log, `${entry}\n`);
  };
  // Every other way of reading a file comes down to one of these. A file that is looked for and is not there
  // is an input too: it may be there the next time.
  for (const holder of [fs, fs.promises] as Record<string, unknown>[]) {
    for (const name of READERS) watch(holder, name, (path) => note(path, ""));
    for (const name of LISTERS) watch(holder, name, (path) => note(path, "/*"));
  }
}

function watch(holder: Record<string, unknown>, name: string, note: (path: unknown) => void): void {
  const original = holder[name];
  if (typeof original !== "function") return;
  holder[name] = function tracked(this: unknown, ...args: unknown[]) {
    note(args[0]);
    return original.apply(this, args);
  };
}
