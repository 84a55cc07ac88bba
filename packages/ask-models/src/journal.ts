import {
  appendFileSync,
  closeSync,
  fdatasync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { UserError } from "kit";
import { DiskReserve } from "./disk-reserve";
import { JournalIndex, type SlotState } from "./journal-index";
import { type JournalLock, lockJournal } from "./journal-lock";
import { scanJournal, type TornEnd } from "./read-journal";
import { formatRecord, type ReplyRecord } from "./reply-record";
import { isSameFile, restoreDeleted } from "./restore-deleted";

/** What a journal is opened with; every field has a default. */
export interface JournalOptions {
  /** Records that may be written and not yet flushed; 64 by default. */
  readonly unflushed?: number;
  /** Told what was repaired. */
  readonly onRepair?: (message: string) => void;
}

// Room for one more answer each, for all that may be in flight when the disk fills up.
const RESERVE_BYTES_EACH = 16_384;

/**
 * An append-only file of replies, one line a request, with one writer at a time.
 *
 * A record is handed to the system at once, so that a killed process loses none that it had, and counts
 * once the disk has it. Flushes are shared: whatever was written during one flush is covered by the next.
 */
export class Journal {
  private readonly index = new JournalIndex();
  private size = 0;
  private written = 0;
  private flushed = 0;
  private flushing: Promise<void> | undefined;
  private broken: unknown;
  // Where the file is: elsewhere only after the journal was replaced during the run.
  private place: string;
  // Answers that no room was left for.
  private lost = 0;

  private constructor(
    readonly path: string,
    private file: number,
    private readonly lock: JournalLock,
    private readonly reserve: DiskReserve,
    private readonly options: JournalOptions,
  ) {
    this.place = path;
  }

  /**
   * Opens a journal for writing: locks it, checks every line, repairs a torn end.
   *
   * @throws UserError if another process writes it, a line was edited, or the disk is full.
   */
  static async open(path: string, options: JournalOptions = {}): Promise<Journal> {
    const file = openForAppend(path);
    let lock: JournalLock | undefined;
    let reserve: DiskReserve | undefined;
    try {
      lock = await lockJournal(path, file);
      reserve = new DiskReserve(path, (options.unflushed ?? 64) * RESERVE_BYTES_EACH);
      const journal = new Journal(path, file, lock, reserve, options);
      await journal.load();
      return journal;
    } catch (error) {
      reserve?.spend();
      await lock?.release();
      closeSync(file);
      throw explainDisk(error, path);
    }
  }

  /** How many records are safely on the disk since the journal was opened. */
  get count(): number {
    return this.flushed;
  }

  /** In which ways a system was asked so far. */
  waysOf(system: string): ReadonlySet<string> {
    return this.index.waysOf(system);
  }

  /** Whether a model has answered for a system, in this run or before. */
  hasAnswered(system: string, model: string): boolean {
    return this.index.hasAnswered(system, model);
  }

  /** US dollars that the journal's answers cost, as their records say. */
  get spentUsd(): number {
    return this.index.spentUsd;
  }

  /** Says what the journal holds for a slot. */
  stateOf(slot: string): SlotState {
    return this.index.stateOf(slot);
  }

  /**
   * Writes a record. The promise is for pacing: it waits while too many records are not yet flushed.
   *
   * @throws UserError if the disk is full, the record being written from the reserve then, or where the
   *   journal was deleted.
   */
  async append(record: ReplyRecord): Promise<void> {
    this.write(Buffer.from(formatRecord(record)));
    this.index.remember(record);
    this.written++;
    const flush = this.flush();
    if (this.written - this.flushed > (this.options.unflushed ?? 64)) await flush;
    else flush.catch(() => {}); // The same error is thrown by the next call.
    if (this.broken) throw this.broken;
  }

  /** Waits until everything written is on the disk. */
  async flush(): Promise<void> {
    while (this.flushed < this.written) {
      this.flushing ??= this.flushOnce().finally(() => {
        this.flushing = undefined;
      });
      await this.flushing;
    }
  }

  /** @throws UserError if the journal can no longer be relied on, saying what is lost, if anything. */
  check(): void {
    if (this.broken) throw this.broken;
  }

  /**
   * Flushes, unlocks and closes.
   *
   * @throws UserError if the journal was deleted, unless `append` or `check` could have said so.
   */
  async close(): Promise<void> {
    const known = this.broken;
    try {
      await this.flush();
      this.keepInPlace();
      if (!known) this.check();
    } finally {
      this.reserve.spend();
      await this.lock.release();
      closeSync(this.file);
    }
  }

  private async load(): Promise<void> {
    let torn: TornEnd | undefined;
    const scan = scanJournal(this.path, (end) => {
      torn = end;
    });
    for await (const record of scan) this.index.remember(record);
    this.size = fstatSync(this.file).size;
    if (torn) this.repair(torn);
  }

  // The torn bytes are saved before they are cut off: they may hold a reply that was paid for.
  private repair({ offset, line, whole }: TornEnd): void {
    if (whole) {
      this.write(Buffer.from("\n"));
      return;
    }
    const bytes = Buffer.alloc(this.size - offset);
    readSync(this.file, bytes, 0, bytes.length, offset);
    const aside = `${this.path}.torn`;
    appendFileSync(aside, Buffer.concat([bytes, Buffer.from("\n")]), { flush: true });
    ftruncateSync(this.file, offset);
    this.size = offset;
    this.options.onRepair?.(
      `${this.path}:${line}: the last line was cut off; moved it to ${aside}; its request is asked again`,
    );
  }

  // Synchronous, so that a record is out of this process within microseconds of its answer.
  private write(bytes: Buffer): void {
    const failure = this.tryWriting(bytes);
    if (!failure) {
      if (!this.broken) this.reserve.grow((this.options.unflushed ?? 64) * bytes.length);
      return;
    }
    const isWritten = this.reserve.spend() && !this.tryWriting(bytes);
    if (!isWritten) this.lost++;
    this.broken = explainDisk(failure, this.path, this.lost);
    if (!isWritten) throw this.broken;
  }

  private tryWriting(bytes: Buffer): unknown {
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(this.file, bytes, done);
      this.size += bytes.length;
      return undefined;
    } catch (error) {
      ftruncateSync(this.file, this.size);
      return error;
    }
  }

  // A file that was deleted lives on until it is closed: what it holds is put back before that.
  private keepInPlace(): void {
    if (isSameFile(this.place, this.file)) return;
    try {
      const restored = restoreDeleted(this.path, this.file);
      if (restored) [this.place, this.file] = [restored.path, restored.file];
      const where = restored ? `what it held is in ${restored.path}` : "see where it went";
      this.broken = new UserError(
        `${this.path}: was deleted or moved during the run; ${where}; run the same command again`,
      );
    } catch (error) {
      this.broken = explainDisk(error, this.path);
    }
  }

  private flushOnce(): Promise<void> {
    const covered = this.written;
    return new Promise((resolve, reject) => {
      fdatasync(this.file, (error) => {
        if (error) {
          this.broken = explainDisk(error, this.path);
          reject(this.broken);
          return;
        }
        this.flushed = covered;
        this.keepInPlace();
        resolve();
      });
    });
  }
}

function openForAppend(path: string): number {
  try {
    mkdirSync(dirname(path), { recursive: true });
    return openSync(path, "a+");
  } catch (error) {
    throw explainDisk(error, path);
  }
}

function explainDisk(error: unknown, path: string, lost = 0): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT") {
    const kept =
      lost === 0
        ? "everything answered is recorded"
        : `${lost} of the answers had no room and will be asked for again`;
    return new UserError(
      `${path}: the disk is full; ${kept}; free some space and run the same command again`,
    );
  }
  if (!code || !syscall) return error;
  return new UserError(`${path}: cannot be written (${code}); name another --journal`);
}
