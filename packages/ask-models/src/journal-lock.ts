// One writer a journal. The lock is held by the kernel on behalf of the process, so it ends with the
// process, however that ends: no file is left, nothing has to be judged stale, nothing can be taken over
// too early. Linux and Windows: a socket in the abstract name space and a named pipe, which only one
// process can listen on. macOS and the BSDs: open(2) with O_EXLOCK.
import { createHash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { UserError } from "kit";

/** A held lock. */
export interface JournalLock {
  release(): Promise<void>;
}

// From <fcntl.h> of macOS and the BSDs; Node passes numeric flags on to open(2).
const O_EXLOCK = 0x20;

/**
 * Locks a journal for writing.
 *
 * The lock belongs to the file itself, whichever path names it. It holds among the processes of one
 * machine (on Linux, of one network name space), not between machines that share a disk.
 *
 * @param path an existing file.
 * @throws UserError if another process writes it.
 */
export async function lockJournal(path: string, descriptor: number): Promise<JournalLock> {
  const { dev, ino } = fstatSync(descriptor, { bigint: true });
  const name = createHash("sha256").update(`${dev}:${ino}`).digest("hex").slice(0, 32);
  switch (process.platform) {
    case "linux":
      return listenAlone(`\0empathy-journal-${name}`, path);
    case "win32":
      return listenAlone(`\\\\.\\pipe\\empathy-journal-${name}`, path);
    default:
      return openAlone(path);
  }
}

function listenAlone(address: string, path: string): Promise<JournalLock> {
  return new Promise((resolve, reject) => {
    const server: Server = createServer((socket) => socket.destroy());
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "EADDRINUSE" ? inUse(path) : error),
    );
    server.listen(address, () => {
      server.unref();
      resolve({ release: () => new Promise((done) => server.close(() => done())) });
    });
  });
}

function openAlone(path: string): JournalLock {
  try {
    const lock = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | O_EXLOCK);
    return { release: async () => closeSync(lock) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === "EAGAIN" || code === "EWOULDBLOCK" ? inUse(path) : error;
  }
}

function inUse(path: string): UserError {
  return new UserError(
    `${path}: another process is writing this journal; wait for it, or name another --journal`,
  );
}
