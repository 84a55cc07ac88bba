import { type FileHandle, open } from "node:fs/promises";
import { UserError } from "kit";
import { parseRecord, type ReplyRecord, slotOf } from "./reply-record";

/** A journal's last line, where a writer was stopped in the middle of it. */
export interface TornEnd {
  /** Where the torn line begins, in bytes. */
  readonly offset: number;
  readonly line: number;
  /** Whether the line is whole and lacks its line end only. */
  readonly whole: boolean;
}

const NEWLINE = 0x0a;
const CHUNK_BYTES = 1 << 18;

/**
 * Reads a journal record by record, in the order in which they were written; memory does not grow.
 *
 * A last line without a line end is what a killed writer leaves. Where only the line end is missing the
 * record counts; otherwise it is passed over, and reported to `onTorn`.
 *
 * @throws UserError naming file and line where any other line is not as it was written.
 */
export async function* scanJournal(
  path: string,
  onTorn: (end: TornEnd) => void = () => {},
): AsyncGenerator<ReplyRecord> {
  let rest: Buffer = Buffer.alloc(0);
  let offset = 0;
  let line = 0;
  for await (const chunk of readChunks(path)) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      line++;
      yield checkedRecord(bytes.toString("utf8", start, end), `${path}:${line}`);
      start = end + 1;
    }
    rest = Buffer.from(bytes.subarray(start));
    offset += start;
  }
  if (rest.length === 0) return;
  const last = parseRecord(rest.toString("utf8"));
  onTorn({ offset, line: line + 1, whole: last !== undefined });
  if (last) yield last;
}

/**
 * Reads a journal into memory: of each request the last record, except that a reply is never replaced.
 *
 * Requests without a reply are there too: look at `status` before you use `reply`. A file that does not
 * exist is an empty journal.
 *
 * @param path a journal, such as `data/replies/gpt-4.jsonl`.
 * @returns the records in the order in which their requests were first answered.
 * @throws UserError naming file and line if a line was edited or damaged.
 */
export async function readJournal(path: string): Promise<ReplyRecord[]> {
  const records = new Map<string, ReplyRecord>();
  for await (const record of scanJournal(path)) {
    const slot = slotOf(record);
    if (records.get(slot)?.status !== "ok") records.set(slot, record);
  }
  return [...records.values()];
}

// One buffer for the whole file: a stream's buffers, one a chunk, stay in memory until they are collected.
async function* readChunks(path: string): AsyncGenerator<Buffer> {
  const file = await openForReading(path);
  if (!file) return;
  try {
    const buffer = Buffer.alloc(CHUNK_BYTES);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

async function openForReading(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, "r");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw new UserError(`${path}: cannot be read (${code}); name another file`);
  }
}

function checkedRecord(line: string, place: string): ReplyRecord {
  const record = parseRecord(line);
  if (record) return record;
  throw new UserError(
    `${place}: the line was changed after it was written (its checksum differs); ` +
      "restore it, or delete the whole line to have that request asked again",
  );
}
