import { formatCorpusTable, toCorpusRows } from "../corpus/corpus-table";
import { readAllDialogues } from "../corpus/read-dialogues";
import { useCorpusArchive } from "../sources/corpus-archive";
import type { Places } from "../sources/locate-source";

/**
 * Builds `data/corpus/test.csv` from the corpus archive.
 *
 * @param archive identifier of the archive's source.
 * @returns the table's text.
 * @throws UserError where the archive is not at hand, is not the pinned one, or breaks its format.
 */
export async function buildCorpusTable(archive: string, places?: Places): Promise<string> {
  const path = await useCorpusArchive(archive, places);
  return formatCorpusTable(toCorpusRows(await readAllDialogues(path, { splits: ["test"] })));
}
