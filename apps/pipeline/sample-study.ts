// A study on the sample corpus, written for this package: nothing has to be downloaded to ask, score and compare.
import { join } from "node:path";
import { loadScorer } from "empathy-scorer";
import { HEADS } from "empathy-scorer/training";
import { keepFile } from "kit/files";
import { formatCorpusTable, toCorpusRows } from "../../src/corpus/corpus-table";
import type { Dialogue } from "../../src/corpus/dialogue";
import { readSampleDialogues } from "../../src/corpus/read-dialogues";
import { type Study, systemsIn } from "../../src/study/study";
import { formatCoverage, formatOverlap } from "../../src/systems/coverage";
import type { StyleRow } from "../../src/systems/reply-style";
import { readSystems, type System } from "../../src/systems/system";
import { humanReplies } from "../replies/human-replies";
import { measureStyle } from "../replies/measure-style";
import { listRecordedSystems, readRecordedReplies } from "../replies/recorded-replies";
import { type RepliesToScore, requestFor } from "../replies/score-stage";
import { scoreReplies } from "../scoring/score-replies";

/** Whose replies a study holds, and how they sound. */
export interface StudyParts {
  readonly systems: readonly System[];
  /** Identifiers of those that were asked or imported on this machine. */
  readonly own: readonly string[];
  readonly styles: readonly StyleRow[];
}

/** Writes the tables of a study on the sample corpus: its prompts, and the scores of every reply to them. */
export async function keepSample(root: string, folder: string, study: Study): Promise<StudyParts> {
  const { all, systems: found } = await readSampleReplies(root, study);
  const corpus = (name: string) => join(folder, "data", "corpus", `${name}.csv`);
  keepFile(corpus("test"), formatCorpusTable(toCorpusRows(all)));
  keepFile(corpus("answered"), formatCorpusTable([]));
  keepFile(join(folder, "data", "published", "coverage.csv"), formatCoverage([]));
  keepFile(join(folder, "data", "published", "overlap.csv"), formatOverlap([]));
  for (const scorer of study.scorers) {
    const head = HEADS.find((one) => scorer === `embedded-${one}`);
    if (!head) continue;
    const classifier = loadScorer(head);
    for (const { system, replies, toRequest } of found) {
      const path = join(folder, "data", "scores", scorer, `${system}.csv`);
      keepFile(path, await scoreReplies(classifier, replies, toRequest));
    }
  }
  const ids = found.map(({ system }) => system);
  return {
    // A system that the study's file names is missed where it has no replies; of a group only those that have some are meant.
    systems: systemsIn(study, ids).filter(
      ({ id }) => ids.includes(id) || study.systems.includes(id),
    ),
    own: ids.filter((id) => id !== "human"),
    styles: found.map(({ system, replies }) => ({ system, ...measureStyle(replies) })),
  };
}

/**
 * Reads the sample corpus and the replies to it, as far as a study holds them: people's, and what its systems replied
 * on this machine.
 */
export async function readSampleReplies(
  root: string,
  study: Study,
): Promise<{ readonly all: readonly Dialogue[]; readonly systems: readonly RepliesToScore[] }> {
  const all = await readSampleDialogues();
  const dialogues = new Map(all.map((dialogue) => [dialogue.id, dialogue]));
  return { all, systems: await listReplies(root, study, dialogues) };
}

async function listReplies(
  root: string,
  study: Study,
  dialogues: ReadonlyMap<string, Dialogue>,
): Promise<RepliesToScore[]> {
  const registered = new Set(readSystems().map(({ id }) => id));
  const recorded = listRecordedSystems(root).filter((id) => registered.has(id));
  const wanted = new Set(systemsIn(study, recorded).map(({ id }) => id));
  const human: RepliesToScore = {
    system: "human",
    replies: humanReplies([...dialogues.values()]),
    toRequest: (reply) => requestFor(reply, dialogues.get(reply.dialogue) as Dialogue, "all"),
  };
  const own: RepliesToScore[] = [];
  for (const id of recorded.filter((one) => wanted.has(one))) {
    const found = await readRecordedReplies(root, id, dialogues);
    if (found.replies.length > 0) own.push(found);
  }
  return [...(wanted.has("human") ? [human] : []), ...own];
}
