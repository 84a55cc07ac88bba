import { closeSync, fdatasyncSync, openSync, writeSync } from "node:fs";
import { removeTemporary } from "kit/files";

// Beyond this, answers that are lost on a full disk are counted and asked for again.
const MOST_BYTES = 1 << 26;

/**
 * Space set aside beside a journal, so that answers under way when a disk fills up can still be written.
 *
 * A file of that size is written at the start and removed at the first failed write: what was asked for
 * is recorded, and nothing more is asked. It grows with the largest answer so far.
 */
export class DiskReserve {
  private readonly path: string;
  private held = true;

  /** @throws the system's error (`ENOSPC`) where the disk has no such space to begin with. */
  constructor(
    journal: string,
    private bytes: number,
  ) {
    this.path = `${journal}.reserve`;
    try {
      this.extend(bytes);
    } catch (error) {
      this.remove();
      throw error;
    }
    process.once("exit", this.remove);
  }

  /** Sets more aside, by doubling, where it is less than wanted and the disk has the room. */
  grow(wanted: number): void {
    if (!this.held || this.bytes >= Math.min(wanted, MOST_BYTES)) return;
    const more = this.bytes * (2 ** Math.ceil(Math.log2(wanted / this.bytes)) - 1);
    this.bytes += more;
    try {
      this.extend(Math.min(more, MOST_BYTES));
    } catch {} // What there was of room is held, and the next write says that the disk is full.
  }

  /** Gives the space back to the disk; false where that was done before. */
  spend(): boolean {
    if (!this.held) return false;
    this.remove();
    process.removeListener("exit", this.remove);
    this.held = false;
    return true;
  }

  private extend(bytes: number): void {
    const file = openSync(this.path, "a");
    try {
      for (let left = bytes; left > 0; ) left -= writeSync(file, Buffer.alloc(left, 1));
      fdatasyncSync(file);
    } finally {
      closeSync(file);
    }
  }

  private readonly remove = () => removeTemporary(this.path);
}
