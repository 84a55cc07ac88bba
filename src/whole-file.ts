import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { UserError } from "./user-error";

const BATCH = 1 << 16;

/** A file that is written piece by piece, and appears under its name once it is whole. */
export class WholeFile {
  private readonly partial: string;
  private descriptor: number | undefined;
  private batch: string[] = [];
  private size = 0;

  constructor(private readonly path: string) {
    this.partial = `${path}.partial-${process.pid}`;
  }

  /** @throws UserError where the disk is full or the file cannot be written; so does `finish`. */
  async write(text: string): Promise<void> {
    this.batch.push(text);
    this.size += text.length;
    if (this.size > BATCH) this.flush();
  }

  async finish(): Promise<void> {
    this.flush();
    this.attempt(() => {
      fsyncSync(this.descriptor as number);
      closeSync(this.descriptor as number);
      this.descriptor = undefined;
      renameSync(this.partial, this.path);
    });
  }

  /** Removes what was not finished; does nothing to a finished file. */
  discard(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
    rmSync(this.partial, { force: true });
  }

  private flush(): void {
    this.attempt(() => {
      this.descriptor ??= openSync(this.partial, "w");
      const bytes = Buffer.from(this.batch.join(""));
      for (let at = 0; at < bytes.length; ) at += writeSync(this.descriptor, bytes, at);
    });
    this.batch = [];
    this.size = 0;
  }

  private attempt(action: () => void): void {
    try {
      action();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOSPC") {
        throw new UserError(`${this.path}: the disk is full; free some space; nothing was changed`);
      }
      throw new UserError(`${this.path}: cannot be written (${code}); nothing was changed`);
    }
  }
}
