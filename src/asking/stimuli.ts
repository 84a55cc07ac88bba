// Where stimuli come from: the sample corpus, the corpus's test part, or a file of the user's. All of
// them are streams that can be opened again: a run reads them twice, once to count and once to ask.
import { readDialogues } from "../corpus/read-dialogues";
import { type LabelledStimulus, listenerTurns, stimulusAt } from "../corpus/stimulus";
import { projectPath } from "../project";
import { requireCorpusArchive } from "../sources/corpus-archive";
import { defaultPlaces, type Places } from "../sources/locate-source";
import { readFirstLine, readStimulusTable } from "./stimulus-table";

/** A stream of stimuli that can be opened again and again, always in the same order. */
export interface StimulusSource {
  readonly name: string;
  open(): AsyncIterable<LabelledStimulus>;
}

/** Which of a dialogue's listener turns are asked for: the first one, as in the study, or all. */
export type Turns = "first" | "all";

/**
 * Finds stimuli by what the user calls them.
 *
 * @param name `sample` (the corpus of this package), `test` (EmpatheticDialogues' test part, from the
 *   mirror or the cache), or the path of a file: a CSV file in EmpatheticDialogues' own format, or a CSV, TSV or
 *   JSONL file with the columns of `readStimulusTable`.
 * @param language of the file's stimuli that name none; BCP 47, such as `de`.
 * @throws UserError if the corpus is not on this machine or the file cannot be read.
 */
export async function findStimuli(
  name: string,
  turns: Turns,
  places: Places = defaultPlaces(),
  language?: string,
): Promise<StimulusSource> {
  if (name === "sample") {
    return { name, open: () => cutDialogues(projectPath("data", "sample", "sample.csv"), turns) };
  }
  if (name === "test") {
    const archive = await requireCorpusArchive(places, "name other stimuli: sample, or a file");
    return { name, open: () => cutDialogues(archive, turns) };
  }
  const isCorpusFormat = (await readFirstLine(name)).startsWith("conv_id,utterance_idx,");
  return {
    name,
    open: () =>
      isCorpusFormat ? cutDialogues(name, turns, language) : readStimulusTable(name, { language }),
  };
}

async function* cutDialogues(
  path: string,
  turns: Turns,
  language = "en",
): AsyncGenerator<LabelledStimulus> {
  const isArchive = /\.(tar\.gz|tgz)$/.test(path);
  const options = isArchive ? { splits: ["test" as const] } : { split: "sample" as const };
  for await (const dialogue of readDialogues(path, options)) {
    const all = listenerTurns(dialogue);
    for (const turn of turns === "first" ? all.slice(0, 1) : all) {
      yield { stimulus: stimulusAt(dialogue, turn), emotion: dialogue.emotion, language };
    }
  }
}
