import { existsSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "kit";
import { projectPath } from "../project";
import { checkFile } from "./check-file";
import { findSource, readSources, type Source } from "./source";

/** Where a source's file may lie: a folder that mirrors the sources, and the download cache. */
export interface Places {
  /** The mirror folder; `EMPATHY_MIRROR` by default, and none where that is not set. */
  readonly mirror: string | undefined;
  /** The download cache; `data/cache` by default. */
  readonly cache: string;
}

/** The places that the environment names. */
export function defaultPlaces(env: NodeJS.ProcessEnv = process.env): Places {
  return { mirror: env.EMPATHY_MIRROR || undefined, cache: projectPath("data", "cache") };
}

/** A source's file on this machine, not yet checked. */
export interface Located {
  readonly path: string;
  readonly place: "mirror" | "cache";
}

/**
 * Looks for a source's file: in the mirror first, then among the downloads.
 *
 * @throws UserError if a mirror is named that does not exist.
 */
export function locateSource(source: Source, places: Places): Located | undefined {
  if (places.mirror !== undefined) {
    if (!existsSync(places.mirror)) {
      throw new UserError(
        `EMPATHY_MIRROR names ${places.mirror}, which does not exist; correct or unset it`,
      );
    }
    const path = join(places.mirror, source.file);
    if (existsSync(path)) return { path, place: "mirror" };
  }
  const path = join(places.cache, source.file);
  return existsSync(path) ? { path, place: "cache" } : undefined;
}

/**
 * Gives the path of a source's file on this machine, once its checksum holds.
 *
 * @returns the path, or undefined if the file is on neither place. Does not download.
 * @throws UserError if the file is not the pinned one.
 */
export async function useSource(
  source: Source,
  places: Places = defaultPlaces(),
): Promise<string | undefined> {
  const located = locateSource(source, places);
  if (!located) return undefined;
  const check = await checkFile(located.path, source);
  if (check.ok) return located.path;
  throw new UserError(
    `${located.path}: wrong ${check.method} for source '${source.id}': ` +
      `expected ${check.wanted}, found ${check.found}; delete it and run ` +
      `\`npx empathy data fetch ${source.id}\``,
  );
}

/**
 * As `useSource`, of a source that cannot be done without.
 *
 * @throws UserError if the file is on neither place, saying how to get it, or is not the pinned one.
 */
export async function requireSource(id: string, places: Places = defaultPlaces()): Promise<string> {
  const source = findSource(readSources(), id);
  const path = await useSource(source, places);
  if (path) return path;
  throw absent(source);
}

/** Says that a source is not on this machine, and how to get it. */
export function absent({ id, url }: Source): UserError {
  const remedy = url
    ? `run \`npx empathy data fetch ${id}\` or set EMPATHY_MIRROR`
    : "put it into an EMPATHY_MIRROR folder";
  return new UserError(`source '${id}' is not on this machine; ${remedy}`);
}

/** Those of the given sources that are not on this machine. */
export function missingAmong(ids: readonly string[], places: Places): string[] {
  const sources = readSources();
  return ids.filter((id) => !locateSource(findSource(sources, id), places));
}
