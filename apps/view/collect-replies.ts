// Where the replies come from: the study's texts where a mirror is at hand, the sample corpus, what this machine asked or
// imported, and files that are named.
import { existsSync, realpathSync } from "node:fs";
import { join } from "node:path";
import type { Dialogue } from "../../src/corpus/dialogue";
import { readSampleDialogues } from "../../src/corpus/read-dialogues";
import { projectPath } from "../../src/project";
import { findCorpusArchive } from "../../src/sources/corpus-archive";
import { defaultPlaces, type Places } from "../../src/sources/locate-source";
import type { Reply } from "../../src/systems/reply";
import { FAMILY_NAMES, readSystems, type System } from "../../src/systems/system";
import { humanReplies } from "../replies/human-replies";
import { missingSources, readStudyTexts } from "../replies/published-stage";
import { journalsOf, listRecordedSystems, REPLIES_FOLDER } from "../replies/recorded-replies";
import { dialoguesOf, listStudyReplies } from "../replies/score-stage";
import { CollectionBuilder, type ViewStimulus, type ViewSystem } from "./collection";
import { addReplyFile, type ReplyFileOptions } from "./reply-file";
import { addSampleSystems } from "./sample-systems";

/** What is to be shown. */
export interface CollectOptions {
  /** Files besides what the machine holds: journals, imports, tables. */
  readonly files?: readonly string[];
  /** Show the sample's dialogues and the files named only, even where others are at hand. */
  readonly isSampleOnly?: boolean;
  /** Where replies are recorded, `data/replies` below it; the project by default. */
  readonly root?: string;
  readonly places?: Places;
  /** Told what is left out, and why. */
  readonly note?: (text: string) => void;
}

/**
 * Collects all replies that this machine holds.
 *
 * With the corpus: the human listener's and every published system's, and the sample's dialogues that some other system
 * answered. Without it: the sample corpus. Always: what was asked or imported here, and the files named. Where people alone
 * replied, three systems that look replies up in the sample corpus stand beside them.
 *
 * @returns a builder that scores and ratings are still to be joined to.
 * @throws UserError if a file is damaged or of no known form.
 */
export async function collectReplies(options: CollectOptions = {}): Promise<CollectionBuilder> {
  const { places = defaultPlaces(), root = projectPath(), files = [] } = options;
  const { isSampleOnly = false, note = () => {} } = options;
  const builder = new CollectionBuilder();
  const registry = readSystems();
  for (const system of registry) builder.addSystem(toViewSystem(system));
  const archive = isSampleOnly ? undefined : findCorpusArchive(places);
  if (archive) await addStudy(builder, archive, places, note);
  const sample = await readSampleDialogues();
  addStimuli(builder, sample);
  const taken = await addRecorded(builder, root, { isKnownOnly: isSampleOnly, note });
  for (const path of files) {
    const isTaken = existsSync(path) && taken.has(realpathSync(path));
    if (!isTaken) await addReplyFile(builder, path, { note });
  }
  const isAlone = builder.isEmpty;
  addSampleListeners(builder, sample, archive === undefined);
  if (isAlone) {
    await addSampleSystems(builder, sample);
    note("the sample corpus was written for this package; its lookup systems give its own replies");
  }
  return builder;
}

/** Adds what was asked or imported on this machine. @returns the files. */
async function addRecorded(
  builder: CollectionBuilder,
  root: string,
  options: ReplyFileOptions,
): Promise<Set<string>> {
  const taken = new Set<string>();
  for (const system of listRecordedSystems(root)) {
    const imported = join(root, REPLIES_FOLDER, `${system}.imported.jsonl`);
    const journals = await journalsOf(root, system);
    for (const path of [...journals, ...(existsSync(imported) ? [imported] : [])]) {
      await addReplyFile(builder, path, { ...options, system });
      taken.add(realpathSync(path));
    }
  }
  return taken;
}

function toViewSystem(system: System): ViewSystem {
  const { id, name, family, model, instruction, shown } = system;
  return { id, name, family: FAMILY_NAMES[family], model, instruction, shown, way: "" };
}

async function addStudy(
  builder: CollectionBuilder,
  archive: string,
  places: Places,
  note: (text: string) => void,
): Promise<void> {
  const missing = missingSources(places);
  if (missing.length > 0) {
    note(`not on this machine: ${missing.join(", ")}; \`npx empathy data fetch\` downloads them`);
  }
  const texts = await readStudyTexts(archive, places);
  addStimuli(builder, dialoguesOf(texts).values());
  for (const { system, replies } of listStudyReplies(texts)) addReplies(builder, system, replies);
}

/** Adds the sample's listeners: all of them where nothing else is at hand, or where another system answered too. */
function addSampleListeners(
  builder: CollectionBuilder,
  sample: readonly Dialogue[],
  isAll: boolean,
): void {
  const replies = humanReplies(sample).filter(({ dialogue, turn }) => {
    const stimulus = builder.findStimulus(dialogue, turn);
    return isAll || (stimulus !== undefined && builder.isAnswered(stimulus));
  });
  addReplies(builder, "human", replies, true);
}

// A dialogue that ends with the speaker has one stimulus more than human replies.
function addStimuli(builder: CollectionBuilder, dialogues: Iterable<Dialogue>): void {
  for (const dialogue of dialogues) {
    for (let turn = 2; turn <= dialogue.utterances.length + 1; turn += 2) {
      builder.addStimulus(toViewStimulus(dialogue, turn));
    }
  }
}

function toViewStimulus(dialogue: Dialogue, turn: number): ViewStimulus {
  const { id, emotion, sentiment, situation, split, utterances } = dialogue;
  const context = utterances.slice(0, turn - 1).map(({ text }) => text);
  return {
    dialogue: id,
    turn,
    emotion,
    sentiment,
    part: split,
    situation,
    context,
    source: dialogue,
  };
}

function addReplies(
  builder: CollectionBuilder,
  id: string,
  replies: readonly Reply[],
  isFree = false,
): void {
  const system = builder.findSystem(id);
  if (system === undefined) throw new RangeError(`'${id}' is not in the registry of systems`);
  for (const { dialogue, turn, sample, text } of replies) {
    const stimulus = builder.findStimulus(dialogue, turn);
    if (stimulus === undefined) throw new RangeError(`${id}: no dialogue ${dialogue}, ${turn}`);
    builder.addReply({ stimulus, system, sample, text, isFree });
  }
}
