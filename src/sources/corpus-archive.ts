import { defaultPlaces, locateSource, type Places } from "./locate-source";
import { findSource, readSources } from "./source";

// The committed table was built from the rebuilt archive, so that one comes first.
const ARCHIVES = ["ed-rebuilt", "ed"] as const;

/** Identifier of the corpus archive on this machine, or undefined where there is none. */
export function findCorpusArchive(places: Places = defaultPlaces()): string | undefined {
  const sources = readSources();
  return ARCHIVES.find((id) => locateSource(findSource(sources, id), places) !== undefined);
}
