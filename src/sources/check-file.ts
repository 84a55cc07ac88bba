import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { Source } from "./source";

/** Whether a file is the one that the registry names; both values are hexadecimal. */
export interface FileCheck {
  readonly ok: boolean;
  readonly method: "sha256" | "git blob";
  readonly wanted: string;
  readonly found: string;
}

/**
 * Compares a file with the checksum that its source pins.
 *
 * A git blob identifier is the SHA-1 of `blob <size>`, a NUL byte and the contents
 * (git-scm.com/book/en/v2/Git-Internals-Git-Objects).
 */
export async function checkFile(path: string, source: Source): Promise<FileCheck> {
  const hash = createHash(source.sha256 ? "sha256" : "sha1");
  if (!source.sha256) hash.update(`blob ${(await stat(path)).size}\0`);
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  const wanted = (source.sha256 ?? source.gitBlob) as string;
  const found = hash.digest("hex");
  return { ok: found === wanted, method: source.sha256 ? "sha256" : "git blob", wanted, found };
}
