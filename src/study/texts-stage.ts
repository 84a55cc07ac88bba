// From the texts to every table that is made of them: dialogues, published replies, scores.
import { formatCorpusTable, toCorpusRows } from "../corpus/corpus-table";
import { readAllDialogues } from "../corpus/read-dialogues";
import { useCorpusArchive } from "../sources/corpus-archive";
import type { Places } from "../sources/locate-source";
import { UserError } from "../user-error";
import type { Ledger } from "./ledger";
import { buildPublishedTables, joinStudyTexts, missingSources } from "./published-stage";
import { buildScoreTables } from "./score-stage";
import { filesBelow, type Stamps } from "./stamps";
import { buildValidityTables, JUDGED_FILE, missingJudges } from "./validity-stage";

/** What the stage is told. */
export interface TextsOptions {
  /** Identifier of the corpus archive's source. */
  readonly archive: string;
  readonly places: Places;
  /** Whether the run was asked to start from the texts: then all must be at hand, and nothing is skipped. */
  readonly insist: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onStage?: ((name: string) => void) | undefined;
}

const STEP = "texts";

/**
 * Rebuilds the tables that the texts give: those of the replies only where all published files are here.
 *
 * @throws UserError where the texts are insisted on and a published file is not at hand.
 */
export async function keepTextTables(
  ledger: Ledger,
  stamps: Stamps,
  { archive, places, insist, signal, onStage }: TextsOptions,
): Promise<void> {
  if (!insist && !ledger.check && stamps.isCurrent(STEP)) {
    onStage?.("the tables made from the texts are up to date");
    return;
  }
  onStage?.(`data/corpus/test.csv from source '${archive}'`);
  const dialogues = await readAllDialogues(await useCorpusArchive(archive, places));
  const test = dialogues.filter(({ split }) => split === "test");
  ledger.keep("data/corpus/test.csv", formatCorpusTable(toCorpusRows(test)));
  const missing = [...missingSources(places), ...missingJudges(places)];
  if (missing.length > 0) {
    const remedy = `\`npx empathy data fetch ${missing.join(" ")}\` downloads them`;
    if (insist) throw new UserError(`--from texts needs every published file; ${remedy}`);
    onStage?.(
      `tables of the replies are left as they are: ${missing.join(", ")} are not at hand; ${remedy}`,
    );
    return;
  }
  onStage?.("data/published from the published replies");
  const texts = await joinStudyTexts(dialogues, places);
  const outputs = ["data/corpus/test.csv"];
  const keep = (file: string, text: string) => {
    ledger.keep(file, text);
    outputs.push(file);
  };
  for (const [file, text] of buildPublishedTables(texts)) keep(file, text);
  onStage?.("data/scores from the embedded classifiers");
  for await (const { file, text } of buildScoreTables(texts, signal)) keep(file, text);
  onStage?.("data/validity from the reference levels and the judges");
  for (const [file, text] of await buildValidityTables(ledger.root, places)) keep(file, text);
  // The texts themselves are pinned by their checksums in the list of sources.
  const inputs = [
    "data/sources.json",
    "data/systems.json",
    JUDGED_FILE,
    ...filesBelow(ledger.root, "data/weights"),
  ];
  if (!ledger.check) stamps.set(STEP, inputs, outputs);
}
