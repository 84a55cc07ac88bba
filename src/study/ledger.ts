import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { keepFile } from "../keep-file";
import { aroundDifference } from "../notebook/compare-notebooks";

/** A file that came out otherwise than it was. */
export interface FileDifference {
  /** Path below the root. */
  readonly file: string;
  /** Where in the file, such as "cell 4, output 1 (text/html)". */
  readonly where: string;
  readonly stored: string;
  readonly rerun: string;
}

/** Ends a checking run at its first difference. */
export class DifferenceFound extends Error {
  constructor(readonly difference: FileDifference) {
    super(`${difference.file} differs`);
  }
}

/** Keeps files up to date below a root, and an account of what changed. */
export class Ledger {
  readonly differences: FileDifference[] = [];

  /** @param check change no file, and throw DifferenceFound at the first difference. */
  constructor(
    readonly root: string,
    readonly check: boolean,
  ) {}

  /** Takes a file's new content; `difference` says what differs, where that is known better. */
  keep(file: string, content: Buffer | string, difference?: FileDifference): void {
    const path = join(this.root, file);
    const before = existsSync(path) ? readFileSync(path) : undefined;
    const after = Buffer.from(content);
    if (before?.equals(after)) return;
    this.record(difference ?? describe(file, before, after));
    keepFile(path, after);
  }

  /** Writes a file that is not committed: a new one is no difference. */
  write(file: string, content: string): void {
    keepFile(join(this.root, file), content);
  }

  /** Takes a file away that nothing makes any more. */
  remove(file: string): void {
    this.record({ file, where: "the file", stored: "present", rerun: "drawn by no notebook" });
    rmSync(join(this.root, file), { force: true });
  }

  private record(difference: FileDifference): void {
    if (this.check) throw new DifferenceFound(difference);
    this.differences.push(difference);
  }
}

function describe(file: string, before: Buffer | undefined, after: Buffer): FileDifference {
  if (!before) return { file, where: "the file", stored: "absent", rerun: checksum(after) };
  const isBinary = file.endsWith(".png");
  const sides = isBinary
    ? { stored: checksum(before), rerun: checksum(after) }
    : aroundDifference(before.toString(), after.toString());
  return { file, where: isBinary ? "the checksum" : "the text", ...sides };
}

function checksum(bytes: Buffer): string {
  return `sha256 ${createHash("sha256").update(bytes).digest("hex")}`;
}
