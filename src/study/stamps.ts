// Remembers what each step of a run was made from, so that the next run repeats only what has changed.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { keepFile } from "../keep-file";
import { projectPath } from "../project";

interface Stamp {
  /** Hash of the code and of every file read. */
  readonly sum: string;
  /** The files and folders read, as `set` takes them. */
  readonly inputs: readonly string[];
  /** The files written, below the root, with their hashes: a step whose output was changed is repeated. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** The stamps of a root's last run, `data/cache/stamps.json`. */
export class Stamps {
  private readonly path: string;
  private readonly stamps: Record<string, Stamp>;
  private readonly code: string;

  constructor(private readonly root: string) {
    this.path = join(root, "data", "cache", "stamps.json");
    this.stamps = readStamps(this.path);
    this.code = hashCode();
  }

  /** Whether a step would read and write the same as it did last. */
  isCurrent(step: string): boolean {
    const stamp = this.stamps[step];
    if (!stamp || stamp.sum !== this.sumOf(stamp.inputs)) return false;
    return Object.entries(stamp.outputs).every(([file, sum]) => this.hashFile(file) === sum);
  }

  /** The files that a step wrote when it last ran. */
  outputsOf(step: string): string[] {
    return Object.keys(this.stamps[step]?.outputs ?? {});
  }

  /**
   * Remembers a step: what it read and what it wrote, below the root.
   *
   * @param inputs files, whether they were there or not; folders, whose paths end with `/`, and of which every
   *   file counts; and folders of which only the names of the entries count: their paths end with `/*`.
   */
  set(step: string, inputs: readonly string[], outputs: readonly string[]): void {
    const sorted = [...inputs].sort();
    const hashed = outputs.map((file) => [file, this.hashFile(file)]);
    this.stamps[step] = {
      sum: this.sumOf(sorted),
      inputs: sorted,
      outputs: Object.fromEntries(hashed),
    };
    keepFile(this.path, `${JSON.stringify(this.stamps, null, 1)}\n`);
  }

  private sumOf(inputs: readonly string[]): string {
    const hash = createHash("sha256").update(this.code);
    for (const input of inputs) {
      hash.update(`${input}\n`);
      if (input.endsWith("/*")) hash.update(this.listFolder(input.slice(0, -2)));
      else {
        const files = input.endsWith("/") ? filesBelow(this.root, input.slice(0, -1)) : [input];
        for (const file of files) hash.update(`${file} ${this.hashFile(file)}\n`);
      }
    }
    return hash.digest("hex");
  }

  private listFolder(folder: string): string {
    const path = join(this.root, folder);
    return existsSync(path) ? readdirSync(path).sort().join("\n") : "absent";
  }

  private hashFile(file: string): string {
    const path = join(this.root, file);
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found) return "absent";
    return found.isDirectory() ? "folder" : hashBytes(readFileSync(path));
  }
}

/** Lists the files below a folder of a root, as paths below the root. */
export function filesBelow(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => `${relative(root, entry.parentPath).split(sep).join("/")}/${entry.name}`)
    .sort();
}

function hashCode(): string {
  const hash = createHash("sha256");
  for (const file of [...filesBelow(projectPath(), "src"), "package-lock.json"]) {
    hash.update(readFileSync(projectPath(file)));
  }
  return hash.digest("hex");
}

function hashBytes(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function readStamps(path: string): Record<string, Stamp> {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    // Without stamps, or with broken ones, every step is repeated.
    return {};
  }
}
