// Writes down which files a process reads, so that a rerun can tell whether one has changed.
import fs from "node:fs";
import { relative, resolve, sep } from "node:path";

/** Variable that names the file to write them to; without it nothing is tracked. */
export const READS_VARIABLE = "EMPATHY_READS";

/**
 * Appends the path of every file below a folder that this process reads, once each, to a file.
 *
 * Paths are relative to the folder, with `/`. What lies below `node_modules` and `dist` is left out.
 */
export function trackReads(log: string, folder: string): void {
  const seen = new Set<string>();
  const { appendFileSync } = fs;
  const note = (path: unknown) => {
    if (typeof path !== "string") return;
    const inside = relative(folder, resolve(path)).split(sep).join("/");
    if (inside.startsWith("..") || /^(node_modules|dist|\.git)(\/|$)/.test(inside)) return;
    if (inside === "" || seen.has(inside)) return;
    seen.add(inside);
    appendFileSync(log, `${inside}\n`);
  };
  // Every other way of reading a file comes down to one of these.
  for (const holder of [fs, fs.promises] as Record<string, unknown>[]) {
    for (const name of ["readFileSync", "openSync", "open", "readFile", "createReadStream"]) {
      const original = holder[name];
      if (typeof original !== "function") continue;
      holder[name] = function tracked(this: unknown, ...args: unknown[]) {
        note(args[0]);
        return original.apply(this, args);
      };
    }
  }
}
