import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "kit";
import type { Head } from "../models/recipes";
import { decodeHead, type HeadModels } from "./encode-weights";

/** One file of weights, as `weights.json` lists it. */
export interface WeightsFile {
  readonly head: Head;
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** `weights.json`: what the binary files beside it are. */
export interface WeightsHeader {
  readonly format: number;
  readonly description: string;
  /** Checksums of the sources that the weights were trained on. */
  readonly trainedOn: Readonly<Record<string, string>>;
  readonly files: readonly WeightsFile[];
}

/** The version of the binary form that this code reads. */
export const WEIGHTS_FORMAT = 1;

/** Where the shipped weights are. */
export const WEIGHTS_FOLDER = findWeights();

// The published package holds them beside its code; in its repository they are data of the study.
function findWeights(): string {
  const published = join(__dirname, "../../weights");
  return existsSync(published) ? published : join(__dirname, "../../../../../data/weights");
}

/**
 * Reads the models of a head.
 *
 * @throws UserError if the files are missing, of another version, or not the ones that the header names.
 */
export function readWeights(head: Head, folder = WEIGHTS_FOLDER): HeadModels {
  const { file, sha256 } = findFile(head, folder);
  const path = join(folder, file);
  const bytes = readBytes(path);
  const found = sha256Of(bytes);
  if (found !== sha256) {
    throw new UserError(`${path}: is damaged (sha256 ${found}, expected ${sha256}); ${RESTORE}`);
  }
  return decodeHead(bytes);
}

/** Checksum of some bytes, in hexadecimal. */
export function sha256Of(bytes: Buffer | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

const RESTORE = "restore it with `git checkout data/weights` or run `npx empathy train`";

function findFile(head: Head, folder: string): WeightsFile {
  const path = join(folder, "weights.json");
  let header: WeightsHeader;
  try {
    header = JSON.parse(readBytes(path).toString("utf8"));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${path}: is not JSON; ${RESTORE}`);
  }
  if (header.format !== WEIGHTS_FORMAT) {
    throw new UserError(
      `${path}: is of format ${header.format}, and this version reads ${WEIGHTS_FORMAT}; ${RESTORE}`,
    );
  }
  const found = header.files.find((file) => file.head === head);
  if (!found) throw new UserError(`${path}: lists no weights of the head '${head}'; ${RESTORE}`);
  return found;
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new UserError(
      `${path}: cannot be read (${(error as NodeJS.ErrnoException).code}); ${RESTORE}`,
    );
  }
}
