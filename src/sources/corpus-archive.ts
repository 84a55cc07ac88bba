import { UserError } from "kit";
import { defaultPlaces, locateSource, type Places, requireSource } from "./locate-source";
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
  if (id) return requireSource(id, places);
  throw new UserError(
    `EmpatheticDialogues is not on this machine; run \`npx empathy data fetch ed\`, or ${otherwise}`,
  );
}
