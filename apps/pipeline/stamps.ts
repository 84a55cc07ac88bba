// Remembers what each step of a run was made from, so that the next run repeats only what has changed.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { keepFile } from "kit/files";
import { type FileState, isSameState, stateOf } from "run-notebooks";
import { projectPath } from "../../src/project";

interface Stamp {
  /** Hash of the code and of every file read. */
  readonly sum: string;
  /** The files and folders read, as `look` takes them. */
  readonly inputs: readonly string[];
  /** The files written, below the root, with their hashes: a step whose output was changed is repeated. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** What inputs held, by path below the root. */
export type States = ReadonlyMap<string, FileState>;

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
    return Object.entries(stamp.outputs).every(([file, sum]) => this.stateOf(file).sum === sum);
  }

  /** The files, below the root or outside it, that the steps of a run read. */
  filesRead(): string[] {
    const inputs = Object.values(this.stamps).flatMap((stamp) => stamp.inputs);
    return [...this.look([...new Set(inputs)]).keys()].sort();
  }

  /** The files that a step wrote when it last ran. */
  outputsOf(step: string): string[] {
    return Object.keys(this.stamps[step]?.outputs ?? {});
  }

  /**
   * Looks at a step's inputs.
   *
   * @param inputs files, whether they are there or not; folders, whose paths end with `/`, and of which every
   *   file counts; and folders of which only the names of the entries count: their paths end with `/*`.
   */
  look(inputs: readonly string[]): States {
    const files = inputs.flatMap((input) =>
      input.endsWith("/") ? filesBelow(this.root, input.slice(0, -1)) : [input],
    );
    return new Map(files.map((file) => [file, this.stateOf(file)]));
  }

  /**
   * Remembers a step whose inputs are still what it read; forgets it where one was written meanwhile, so that it is repeated.
   *
   * @param inputs as `look` takes them.
   * @param read what they held when the step read them.
   * @param outputs hashes of what it wrote, by path below the root; these files may be among its inputs.
   * @returns the inputs that are no longer what was read.
   */
  set(
    step: string,
    inputs: readonly string[],
    read: States,
    outputs: ReadonlyMap<string, string>,
  ): string[] {
    const changed = changedInputs(read, this.look(inputs), outputs);
    const sorted = [...inputs].sort();
    if (changed.length > 0) delete this.stamps[step];
    else {
      this.stamps[step] = {
        sum: this.sumOf(sorted),
        inputs: sorted,
        outputs: Object.fromEntries(outputs),
      };
    }
    keepFile(this.path, `${JSON.stringify(this.stamps, null, 1)}\n`);
    return changed;
  }

  private sumOf(inputs: readonly string[]): string {
    const hash = createHash("sha256").update(this.code);
    for (const input of inputs) {
      hash.update(`${input}\n`);
      for (const [file, { sum }] of this.look([input])) hash.update(`${file} ${sum}\n`);
    }
    return hash.digest("hex");
  }

  private stateOf(file: string): FileState {
    return stateOf(join(this.root, file));
  }
}

/** Inputs that were added, written or removed between two looks, but for those that the step wrote itself. */
export function changedInputs(
  before: States,
  after: States,
  written: ReadonlyMap<string, string> = new Map(),
): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter(
    (file) => !written.has(file) && !isSameState(before.get(file), after.get(file)),
  );
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
  const packages = readdirSync(projectPath("packages")).map((name) => `packages/${name}/src`);
  const files = ["src", "apps", ...packages].flatMap((one) => filesBelow(projectPath(), one));
  for (const file of [...files, "package-lock.json"]) {
    hash.update(readFileSync(projectPath(file)));
  }
  return hash.digest("hex");
}

function readStamps(path: string): Record<string, Stamp> {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    // Without stamps, or with broken ones, every step is repeated.
    return {};
  }
}
