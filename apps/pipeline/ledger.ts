import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "kit";
import { keepFile, refuseChanged } from "kit/files";
import { aroundDifference, type LateLines, sha256 } from "run-notebooks";
import { describeTable, type FileDifference } from "./table-difference";

export type { FileDifference };

/** Ends a checking run at its first difference. */
export class DifferenceFound extends Error {
  constructor(readonly difference: FileDifference) {
    super(`${difference.file} differs`);
  }
}

/** A step of a run, and an input that was written while it ran. */
export interface ChangedInput {
  readonly step: string;
  readonly file: string;
}

/** What a notebook's cell printed after it had ended. */
export interface LateOutput extends LateLines {
  readonly file: string;
}

/** Keeps files up to date below a root, and an account of what changed. */
export class Ledger {
  readonly differences: FileDifference[] = [];
  /** What the run read and someone wrote meanwhile: the steps are repeated by the next run. */
  readonly changedInputs: ChangedInput[] = [];
  /** What cells printed after they had ended, which is in no output. */
  readonly lateOutputs: LateOutput[] = [];
  private readonly sums = new Map<string, string>();

  /** @param check change no file, and throw DifferenceFound at the first difference. */
  constructor(
    readonly root: string,
    readonly check: boolean,
  ) {}

  /** The hashes of what the run kept, by path below the root; `absent` for what it took away. */
  get kept(): ReadonlyMap<string, string> {
    return this.sums;
  }

  /** The hashes of some of these files. */
  sumsOf(files: readonly string[]): Map<string, string> {
    return new Map(files.map((file) => [file, this.sums.get(file) ?? "absent"]));
  }

  /**
   * Takes a file's new content.
   *
   * @param read what the file held, where its new content was made from that.
   * @param difference what differs, where that is known better.
   * @throws UserError if the file no longer holds what was read.
   */
  keep(
    file: string,
    content: Buffer | string,
    read?: Buffer | string,
    difference?: FileDifference,
  ): void {
    const path = join(this.root, file);
    if (read !== undefined) refuseChanged(path, read);
    const before = existsSync(path) ? readFileSync(path) : undefined;
    const after = Buffer.from(content);
    this.sums.set(file, sha256(after));
    if (before?.equals(after)) return;
    this.record(difference ?? describe(file, before, after));
    keepFile(path, after, read);
  }

  /** Writes a file that is not committed: a new one is no difference. */
  write(file: string, content: string): void {
    this.sums.set(file, sha256(content));
    keepFile(join(this.root, file), content);
  }

  /** Takes a file away that nothing makes any more. */
  remove(file: string): void {
    this.record({ file, where: "the file", stored: "present", rerun: "drawn by no notebook" });
    rmSync(join(this.root, file), { force: true });
    this.sums.set(file, "absent");
  }

  /**
   * Notes the inputs of a step that were written while it ran.
   *
   * @throws UserError with `check`: nothing can be said of what was read, partly before and partly after.
   */
  noteChanged(step: string, files: readonly string[]): void {
    const [first] = files;
    if (this.check && first !== undefined) {
      throw new UserError(`${first}: was changed while ${step} was checked; check again`);
    }
    this.changedInputs.push(...files.map((file) => ({ step, file })));
  }

  private record(difference: FileDifference): void {
    if (this.check) throw new DifferenceFound(difference);
    this.differences.push(difference);
  }
}

function describe(file: string, before: Buffer | undefined, after: Buffer): FileDifference {
  if (!before) return { file, where: "the file", stored: "absent", rerun: checksum(after) };
  const table = file.endsWith(".csv")
    ? describeTable(before.toString(), after.toString())
    : undefined;
  if (table) return { file, ...table };
  const isBinary = file.endsWith(".png");
  const sides = isBinary
    ? { stored: checksum(before), rerun: checksum(after) }
    : aroundDifference(before.toString(), after.toString());
  return { file, where: isBinary ? "the checksum" : "the text", ...sides };
}

function checksum(bytes: Buffer): string {
  return `sha256 ${sha256(bytes)}`;
}
