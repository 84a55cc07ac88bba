import { UserError } from "kit";
import { defaultPlaces, locateSource, type Places, useSource } from "./locate-source";
import { findSource, readSources } from "./source";

// The committed table was built from the rebuilt archive, so that one comes first.
const ARCHIVES = ["ed-rebuilt", "ed"] as const;

/** Identifier of the corpus archive on this machine, or undefined where there is none. */
export function findCorpusArchive(places: Places = defaultPlaces()): string | undefined {
  const sources = readSources();
  return ARCHIVES.find((id) => locateSource(findSource(sources, id), places) !== undefined);
}

/**
 * Gives the path of whichever corpus archive is on this machine, once its checksum holds.
 *
 * @param otherwise what to do in place of fetching the corpus, for the message.
 * @throws UserError if there is none, or it is not the pinned one.
 */
export async function requireCorpusArchive(places: Places, otherwise: string): Promise<string> {
  const id = findCorpusArchive(places);
  if (id) return useCorpusArchive(id, places);
  throw new UserError(
    `EmpatheticDialogues is not on this machine; run \`npx empathy data fetch ed\`, or ${otherwise}`,
  );
}

/**
 * Gives the path of a corpus archive, once its checksum holds.
 *
 * @param archive identifier of the archive's source.
 * @throws UserError if the archive is not on this machine or is not the pinned one.
 */
export async function useCorpusArchive(
  archive: string,
  places: Places = defaultPlaces(),
): Promise<string> {
  const path = await useSource(findSource(readSources(), archive), places);
  if (path) return path;
  throw new UserError(
    `source '${archive}' is not on this machine: run \`npx empathy data fetch ${archive}\`, or set EMPATHY_MIRROR`,
  );
}
