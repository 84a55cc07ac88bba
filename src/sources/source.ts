import { readFileSync } from "node:fs";
import { didYouMean, UserError } from "kit";
import { projectPath } from "../project";

/** One external file: where to get it, how to recognise it, and under which terms. */
export interface Source {
  /** Short name used by commands, such as `ed`. */
  readonly id: string;
  readonly title: string;
  /** Path below a mirror folder and below `data/cache/`. */
  readonly file: string;
  /** Address at a pinned commit; absent for a file that was rebuilt and is mirrored only. */
  readonly url?: string;
  /** Where a rebuilt file was made from. */
  readonly origin?: string;
  readonly sha256?: string;
  /** Git's blob identifier (SHA-1), where no sha256 was published. */
  readonly gitBlob?: string;
  /** Size in bytes, where it is known. */
  readonly bytes?: number;
  readonly licence: string;
  /** What may be done with the file under that licence, in words. */
  readonly use?: string;
  readonly citation: string;
}

/** Reads the registry of external files, `data/sources.json`. */
export function readSources(path = projectPath("data", "sources.json")): Source[] {
  const sources = JSON.parse(readFileSync(path, "utf8")) as Source[];
  for (const source of sources) {
    const problem = findProblem(source);
    if (problem) throw new UserError(`${path}: source '${source.id ?? "?"}' ${problem}`);
  }
  return sources;
}

function findProblem(source: Source): string | undefined {
  for (const field of ["id", "title", "file", "licence", "citation"] as const) {
    if (typeof source[field] !== "string") return `lacks the text field '${field}'`;
  }
  if (!source.sha256 && !source.gitBlob) return "needs a 'sha256' or a 'gitBlob' to be checked by";
  if (!source.url && !source.origin) return "needs a 'url', or an 'origin' where it has none";
  return undefined;
}

/**
 * Finds a source by its identifier.
 *
 * @throws UserError naming the nearest and all known sources if there is none of that name.
 */
export function findSource(sources: readonly Source[], id: string): Source {
  const found = sources.find((source) => source.id === id);
  if (found) return found;
  const known = sources.map((source) => source.id);
  throw new UserError(
    `unknown source '${id}'${didYouMean(id, known)}; the sources in data/sources.json are ${known.join(", ")}`,
  );
}
