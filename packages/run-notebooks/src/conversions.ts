// What a notebook's cells compile to depends on their sources alone. So all notebooks of a run are compiled beforehand, in one
// process whose compiler reads the packages' types once, and kernels look the results up. What is not there a kernel compiles
// itself: a cell that was changed meanwhile, or one after a cell that failed.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { keepFile, makeTemporaryFolder, removeTemporary } from "kit/files";
import { isRun, type Notebook } from "./notebook-file";

/** What tslab makes of a cell; the rest of it is tslab's own affair. */
export interface Conversion {
  readonly output?: string;
  readonly declOutput?: string;
  readonly hasToplevelAwait?: boolean;
  /** Files beside the notebook that it imports, compiled. */
  readonly sideOutputs?: readonly unknown[];
  readonly diagnostics: readonly unknown[];
}

/** What the converting process prints for each notebook. */
export const CONVERTED = "converted";

/** Variable that names a file of conversions. */
export const CONVERSIONS_VARIABLE = "EMPATHY_CONVERSIONS";

/** Under which a conversion is kept: what was declared before, and the cell's source. */
export function conversionKey(declarations: string, source: string): string {
  return createHash("sha256").update(`${declarations}\0${source}`).digest("base64");
}

/** Reads conversions; none where there is no such file. */
export function readConversions(path: string | undefined): ReadonlyMap<string, Conversion> {
  if (path === undefined || !existsSync(path)) return new Map();
  return new Map(Object.entries(JSON.parse(readFileSync(path, "utf8"))));
}

/** Conversions of several notebooks, until they are removed. */
export interface ConvertedAhead {
  /** For the environment of a notebook's kernel, once its cells are converted. */
  envOf(notebook: string): Promise<Readonly<Record<string, string>>>;
  /** Ends what is under way. */
  remove(): void;
}

/**
 * Converts the cells of notebooks that lie in one folder, one notebook after the other.
 *
 * @param notebooks by name.
 * @param folder in which the cells run and from which their imports resolve.
 */
export function convertAhead(
  notebooks: ReadonlyMap<string, Notebook>,
  folder: string,
): ConvertedAhead {
  const place = makeTemporaryFolder("empathy-conversions-");
  const names = [...notebooks.keys()];
  const pathOf = (name: string) => join(place, `${names.indexOf(name)}.json`);
  const jobs = [...notebooks].map(([name, { cells }]) => ({
    path: pathOf(name),
    cells: cells.filter(isRun).map(({ source }) => source),
  }));
  const list = join(place, "jobs.json");
  keepFile(list, JSON.stringify(jobs));
  const child = spawn(process.execPath, [join(__dirname, "convert-cells.js"), list], {
    cwd: folder,
    stdio: ["ignore", "pipe", "ignore"],
  });
  // A line says that the next one is converted. Where the process fails, kernels convert themselves.
  const waiting: (() => void)[] = [];
  const converted = new Map(
    names.map((name) => [name, new Promise<void>((resolve) => waiting.push(resolve))]),
  );
  createInterface(child.stdout).on("line", (line) => {
    if (line === CONVERTED) waiting.shift()?.();
  });
  const end = () => {
    for (const settle of waiting.splice(0)) settle();
  };
  child.once("error", end);
  child.once("close", end);
  const remove = () => {
    child.kill("SIGKILL");
    removeTemporary(place);
  };
  process.once("exit", remove);
  return {
    async envOf(name) {
      await converted.get(name);
      return { [CONVERSIONS_VARIABLE]: pathOf(name) };
    },
    remove() {
      process.removeListener("exit", remove);
      child.once("close", remove);
      remove();
    },
  };
}
