// The replies of systems to a study's dialogues, wherever they come from: the corpus, published files, this machine.
import { didYouMean, UserError } from "kit";
import type { Dialogue } from "../../src/corpus/dialogue";
import { readSampleDialogues } from "../../src/corpus/read-dialogues";
import { projectPath } from "../../src/project";
import { findCorpusArchive } from "../../src/sources/corpus-archive";
import { defaultPlaces } from "../../src/sources/locate-source";
import { isPublished } from "../../src/systems/published-replies";
import { readSystems } from "../../src/systems/system";
import { humanReplies } from "../replies/human-replies";
import { missingSources, readStudyTexts } from "../replies/published-stage";
import { listRecordedSystems, readRecordedReplies } from "../replies/recorded-replies";
import {
  dialoguesOf,
  listStudyReplies,
  type RepliesToScore,
  requestFor,
} from "../replies/score-stage";
import type { Progress } from "./progress";

/** Replies of systems, with the dialogues that they are in. */
export interface StudyReplies {
  readonly systems: readonly RepliesToScore[];
  readonly dialogues: ReadonlyMap<string, Dialogue>;
}

/** Refuses a system without replies before the texts are read. */
function requireReplies(system: string): { readonly isRecorded: boolean } {
  const recorded = listRecordedSystems(projectPath());
  if (recorded.includes(system)) return { isRecorded: true };
  const published = readSystems().filter(
    (one) => isPublished(one) || one.replies.from === "corpus",
  );
  const known = [...recorded, ...published.map(({ id }) => id)];
  if (known.includes(system)) return { isRecorded: false };
  throw new UserError(
    `no replies of '${system}' are in data/replies${didYouMean(system, known)}; ` +
      "ask it with `npx empathy ask`, or import its replies",
  );
}

/**
 * Reads the replies to EmpatheticDialogues.
 *
 * @param wanted identifiers of systems, or all that are published.
 * @throws UserError if a system has no replies, or the texts are not on this machine.
 */
export async function readEdReplies(
  wanted: readonly string[] | "all",
  progress: Progress,
): Promise<StudyReplies> {
  const isAll = wanted === "all";
  const recorded = isAll ? [] : wanted.filter((id) => requireReplies(id).isRecorded);
  const places = defaultPlaces();
  const archive = findCorpusArchive(places);
  if (!archive) {
    throw new UserError(
      "EmpatheticDialogues is not on this machine: run `npx empathy data fetch ed`, or set EMPATHY_MIRROR; replies to the " +
        "sample corpus are scored in a study on it, `npx empathy study new trial --from sample`",
    );
  }
  const missing = missingSources(places);
  if (isAll && missing.length > 0) {
    throw new UserError(
      `--all needs every published file; \`npx empathy data fetch ${missing.join(" ")}\` downloads them`,
    );
  }
  const texts = await progress.during("reading the dialogues and the published replies", () =>
    readStudyTexts(archive, places),
  );
  const dialogues = dialoguesOf(texts);
  const published = listStudyReplies(texts);
  if (isAll) return { systems: published, dialogues };
  const systems: RepliesToScore[] = [];
  for (const id of wanted) {
    if (recorded.includes(id)) systems.push(await readRecorded(id, dialogues, progress));
    else systems.push(findPublished(id, published));
  }
  return { systems, dialogues };
}

function findPublished(id: string, published: readonly RepliesToScore[]): RepliesToScore {
  const found = published.find(({ system }) => system === id);
  if (found) return found;
  throw new UserError(
    `the published replies of '${id}' are not on this machine; \`npx empathy data list\` names their file, \`npx empathy data fetch\` downloads it`,
  );
}

async function readRecorded(
  id: string,
  dialogues: ReadonlyMap<string, Dialogue>,
  progress: Progress,
): Promise<RepliesToScore> {
  const recorded = await readRecordedReplies(projectPath(), id, dialogues);
  const { system, replies, elsewhere } = recorded;
  if (elsewhere > 0) {
    progress.note(`${system}: ${elsewhere} replies to dialogues outside the study are left out`);
  }
  if (replies.length === 0) {
    throw new UserError(
      `'${system}' has no replies to the study's dialogues; ask with --stimuli test, or see those to the sample corpus in a ` +
        "study on it, `npx empathy study new trial --from sample`",
    );
  }
  return recorded;
}

/**
 * Reads the replies to the sample corpus: people's, and what systems replied to it on this machine.
 *
 * @throws UserError if a system has none.
 */
export async function readSampleReplies(wanted: readonly string[]): Promise<StudyReplies> {
  const all = await readSampleDialogues();
  const dialogues = new Map<string, Dialogue>(all.map((dialogue) => [dialogue.id, dialogue]));
  const toRequest: RepliesToScore["toRequest"] = (reply) =>
    requestFor(reply, dialogues.get(reply.dialogue) as Dialogue, "all");
  const systems: RepliesToScore[] = [];
  for (const system of wanted) {
    if (system === "human") systems.push({ system, replies: humanReplies(all), toRequest });
    else systems.push(await readRecordedReplies(projectPath(), system, dialogues));
  }
  const empty = systems.find(({ replies }) => replies.length === 0);
  if (!empty) return { systems, dialogues };
  throw new UserError(
    `'${empty.system}' has no replies to the sample corpus; ask it with \`npx empathy ask --stimuli sample\``,
  );
}
