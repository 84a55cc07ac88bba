import { formatCorpusTable, toCorpusRows } from "../corpus/corpus-table";
import { readAllDialogues } from "../corpus/read-dialogues";
import { defaultPlaces, type Places, useSource } from "../sources/locate-source";
import { findSource, readSources } from "../sources/source";
import { UserError } from "../user-error";

/**
 * Builds `data/corpus/test.csv` from the corpus archive.
 *
 * @param archive identifier of the archive's source.
 * @returns the table's text.
 * @throws UserError where the archive is not at hand, is not the pinned one, or breaks its format.
 */
export async function buildCorpusTable(
  archive: string,
  places: Places = defaultPlaces(),
): Promise<string> {
  const path = await useSource(findSource(readSources(), archive), places);
  if (!path) throw new UserError(`source '${archive}' is not at hand`);
  return formatCorpusTable(toCorpusRows(await readAllDialogues(path, { splits: ["test"] })));
}
