import { closeSync, fsyncSync, openSync, renameSync, writeSync } from "node:fs";
import { cannotWrite, partialOf, removeTemporary } from "./temporary-file";

const BATCH = 1 << 16;

/** A file that is written piece by piece, and appears under its name once it is whole. */
export class WholeFile {
  private readonly partial: string;
  private descriptor: number | undefined;
  private batch: string[] = [];
  private size = 0;

  constructor(private readonly path: string) {
    this.partial = partialOf(path);
  }

  /** @throws UserError if the disk is full or the file cannot be written; so does `finish`. */
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
    try {
      if (this.descriptor !== undefined) closeSync(this.descriptor);
    } catch {} // A disk may say only now that it is full; what failed before is the reason.
    this.descriptor = undefined;
    removeTemporary(this.partial);
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
      throw cannotWrite(this.path, error);
    }
  }
}
