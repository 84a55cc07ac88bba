// The readings of replies as rows to learn from: levels from data/readings, texts from the published files.
import type { Metric, ScoreRequest } from "empathy-scorer";
import { dialogueKey } from "empathy-scorer/training";
import { UserError } from "kit";
import { projectPath } from "../../src/project";
import { medianLevels, type ReadReply, readReadings, replyKey } from "../../src/readings/readings";
import { findCorpusArchive } from "../../src/sources/corpus-archive";
import { defaultPlaces, type Places } from "../../src/sources/locate-source";
import { sourcesOfReplies } from "../../src/systems/published-replies";
import { readSystems } from "../../src/systems/system";
import { readStudyTexts } from "../replies/published-stage";
import { listStudyReplies } from "../replies/score-stage";
import { type LabelledText, sortTexts } from "./training-rows";

// Heads are trained on the project's own readings, whatever a study has.
const PROJECT = { root: projectPath() };

/** Identifiers of the sources that hold the texts of the replies that were read; the corpus archive is the first. */
export function readingSources(places: Places): string[] {
  const read = new Set(readReadings(PROJECT).map(({ system }) => system));
  return [
    requireArchive(places),
    ...sourcesOfReplies(readSystems().filter(({ id }) => read.has(id))),
  ];
}

/**
 * Reads the replies that were read, with the median of one metric's levels, in an order that depends on the texts alone.
 *
 * Replies of systems that the registry does not have are left out.
 *
 * @throws UserError if the texts are not on this machine, or lack one of a system that the registry has.
 */
export async function readReadingTexts(
  metric: Metric,
  places: Places = defaultPlaces(),
): Promise<LabelledText[]> {
  const wanted = new Map(readReadings(PROJECT).map((reply) => [replyKey(reply), reply]));
  const texts: LabelledText[] = [];
  for (const { system, replies, toRequest } of listStudyReplies(
    await readStudyTexts(requireArchive(places), places),
  )) {
    for (const reply of replies) {
      const key = replyKey({ ...reply, system });
      const found = wanted.get(key);
      if (!found) continue;
      wanted.delete(key);
      texts.push(toText(toRequest(reply), found, metric));
    }
  }
  requireAll(wanted.values());
  return sortTexts(texts);
}

function toText(
  { context, reply, opening }: ScoreRequest,
  read: ReadReply,
  metric: Metric,
): LabelledText {
  const group = dialogueKey(opening ?? context[0] ?? "");
  return { group, answered: context.at(-1) ?? "", reply, level: medianLevels(read)[metric] };
}

function requireAll(left: Iterable<ReadReply>): void {
  const known = new Set(readSystems().map(({ id }) => id));
  for (const { system, dialogue, turn } of left) {
    if (!known.has(system)) continue;
    throw new UserError(
      `data/readings/readings.csv: ${system} has no reply at turn ${turn} of ${dialogue}; restore the table, or its source`,
    );
  }
}

function requireArchive(places: Places): string {
  const archive = findCorpusArchive(places);
  if (archive) return archive;
  throw new UserError(
    "EmpatheticDialogues is not on this machine; run `npx empathy data fetch ed` or set EMPATHY_MIRROR",
  );
}
