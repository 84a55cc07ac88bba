import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from "node:fs";

/**
 * Space set aside beside a journal, so that answers under way when a disk fills up can still be written.
 *
 * A file of that size is written at the start and removed at the first failed write: what was asked for
 * is recorded, and nothing more is asked.
 */
export class DiskReserve {
  private readonly path: string;
  private held = true;

  /** @throws the system's error (`ENOSPC`) where the disk has no such space to begin with. */
  constructor(journal: string, bytes: number) {
    this.path = `${journal}.reserve`;
    const file = openSync(this.path, "w");
    try {
      for (let left = bytes; left > 0; ) left -= writeSync(file, Buffer.alloc(left, 1));
      fdatasyncSync(file);
    } catch (error) {
      rmSync(this.path, { force: true });
      throw error;
    } finally {
      closeSync(file);
    }
    process.once("exit", this.remove);
  }

  /** Gives the space back to the disk; false where that was done before. */
  spend(): boolean {
    if (!this.held) return false;
    this.remove();
    process.removeListener("exit", this.remove);
    this.held = false;
    return true;
  }

  private readonly remove = () => rmSync(this.path, { force: true });
}
