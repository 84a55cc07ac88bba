import { basename, join } from "node:path";
import type { Scorer } from "empathy-scorer";
import { countNoun, didYouMean, UserError } from "kit";
import { keepFile } from "kit/files";
import { formatCsvTable } from "kit/tables";
import type { Dialogue } from "../../src/corpus/dialogue";
import { projectPath } from "../../src/project";
import { SYSTEM_SCORE_COLUMNS, scoreRows } from "../../src/scoring/system-scores";
import { findCorpusArchive } from "../../src/sources/corpus-archive";
import { defaultPlaces } from "../../src/sources/locate-source";
import { missingSources, readStudyTexts } from "../../src/study/published-stage";
import { listRecordedSystems, readRecordedReplies } from "../../src/study/recorded-replies";
import {
  dialoguesOf,
  listStudyReplies,
  type RepliesToScore,
  scoreSystems,
} from "../../src/study/score-stage";
import { folderOfStudy } from "../../src/study/study";
import { isPublished } from "../../src/systems/published-replies";
import { readSystems } from "../../src/systems/system";
import { CountingScorer } from "./count-outcomes";
import type { Progress } from "./progress";
import { sampleReplies } from "./sample-replies";
import type { ChooseScorers } from "./score-command";
import type { ScoreFlags } from "./score-options";

/** Scores the study's replies, or one system's recorded ones, and writes their tables. */
export async function scoreStudy(
  flags: ScoreFlags,
  choose: ChooseScorers,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  if (flags.scorer === "epitome-roberta") {
    throw new UserError(
      "the levels of epitome-roberta are others' work and are not written to data/scores; score a file of your own with --in and --out",
    );
  }
  const systems = await listReplies(flags, progress);
  const scorers = await choose(function* () {
    for (const { replies, toRequest } of systems) yield* replies.map(toRequest);
  });
  for (const each of scorers) {
    const scorer = new CountingScorer(each);
    progress.show(`${scorer.id}: scoring …`);
    if (flags.out === undefined) await keepTables(scorer, systems, progress, signal);
    else await keepSample(flags.out, scorer, systems, progress, signal);
    progress.clear();
    if (scorer.missing.size > 0) progress.note(`${scorer.id}: ${scorer.describe()}`);
    const marks = scorer.describeMarks();
    if (marks) progress.note(`note: ${marks}`);
    if (scorer.scored === 0 && scorer.missing.size > 0) process.exitCode = 1;
  }
}

async function keepTables(
  scorer: Scorer,
  systems: readonly RepliesToScore[],
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  for await (const { file, text } of scoreSystems(scorer, systems, signal)) {
    const path = join(folderOfStudy(basename(file, ".csv")), file);
    keepFile(projectPath(path), text);
    progress.note(path);
    progress.show(`${scorer.id}: scoring …`);
  }
}

/** Writes a sample of all systems as one table. */
async function keepSample(
  path: string,
  scorer: Scorer,
  systems: readonly RepliesToScore[],
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const rows = [];
  for (const { system, replies, toRequest } of systems) {
    const scored = await scoreRows(scorer, replies, toRequest, signal);
    for (const row of scored) rows.push({ ...row, system });
  }
  keepFile(path, formatCsvTable(["system", ...SYSTEM_SCORE_COLUMNS], rows));
  progress.note(
    `${path}: ${countNoun(rows.length, "reply", "replies")} of ${countNoun(systems.length, "system")}`,
  );
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

async function listReplies(flags: ScoreFlags, progress: Progress): Promise<RepliesToScore[]> {
  const { system, all, limit, balanced, seed } = flags;
  const isRecorded = system !== undefined && requireReplies(system).isRecorded;
  const places = defaultPlaces();
  const archive = findCorpusArchive(places);
  if (!archive) {
    throw new UserError(
      "EmpatheticDialogues is not on this machine: run `npx empathy data fetch ed`, or set EMPATHY_MIRROR; replies to the " +
        "sample corpus are scored in a study on it, `npx empathy study new trial --from sample`",
    );
  }
  const missing = missingSources(places);
  if (all && missing.length > 0) {
    throw new UserError(
      `--all needs every published file; \`npx empathy data fetch ${missing.join(" ")}\` downloads them`,
    );
  }
  const texts = await progress.during("reading the dialogues and the published replies", () =>
    readStudyTexts(archive, places),
  );
  const dialogues = dialoguesOf(texts);
  const study = listStudyReplies(texts).filter((one) => all || one.system === system);
  const recorded = isRecorded ? [await readRecorded(system as string, dialogues, progress)] : [];
  const own = isRecorded && !all ? [] : study;
  if (system !== undefined && own.length + recorded.length === 0) {
    throw new UserError(
      `the published replies of '${system}' are not on this machine; \`npx empathy data list\` names their file, \`npx empathy data fetch\` downloads it`,
    );
  }
  const systems = [...own, ...recorded];
  return limit === undefined
    ? systems
    : sampleReplies(systems, dialogues, { limit, balanced, seed });
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
