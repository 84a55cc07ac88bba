import { basename, join } from "node:path";
import { CountingScorer } from "../empathy/count-outcomes";
import { keepFile } from "../keep-file";
import { didYouMean } from "../nearest-name";
import { projectPath } from "../project";
import { findCorpusArchive } from "../sources/corpus-archive";
import { defaultPlaces } from "../sources/locate-source";
import { missingSources, readStudyTexts } from "../study/published-stage";
import { listRecordedSystems, readRecordedReplies } from "../study/recorded-replies";
import {
  dialoguesOf,
  listStudyReplies,
  type RepliesToScore,
  scoreSystems,
} from "../study/score-stage";
import { folderOfStudy } from "../study/study";
import { UserError } from "../user-error";
import type { Progress } from "./progress";
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
    for await (const { file, text } of scoreSystems(scorer, systems, signal)) {
      const path = join(folderOfStudy(basename(file, ".csv")), file);
      keepFile(projectPath(path), text);
      progress.note(path);
      progress.show(`${scorer.id}: scoring …`);
    }
    progress.clear();
    if (scorer.missing.size > 0) progress.note(`${scorer.id}: ${scorer.describe()}`);
    if (scorer.scored === 0 && scorer.missing.size > 0) process.exitCode = 1;
  }
}

/** Refuses a system without replies before the texts are read. */
function requireRecorded(system: string): void {
  const recorded = listRecordedSystems(projectPath());
  if (recorded.includes(system)) return;
  throw new UserError(
    `no replies of '${system}' are in data/replies${didYouMean(system, recorded)}; ` +
      "ask it with `npx empathy ask`, or import its replies",
  );
}

async function listReplies(flags: ScoreFlags, progress: Progress): Promise<RepliesToScore[]> {
  if (flags.system !== undefined) requireRecorded(flags.system);
  const places = defaultPlaces();
  const archive = findCorpusArchive(places);
  if (!archive) {
    throw new UserError(
      "EmpatheticDialogues is not on this machine: run `npx empathy data fetch ed`, or set EMPATHY_MIRROR; replies to the " +
        "sample corpus are scored in a study on it, `npx empathy study new trial --from sample`",
    );
  }
  const missing = missingSources(places);
  if (flags.all && missing.length > 0) {
    throw new UserError(
      `--all needs every published file; \`npx empathy data fetch ${missing.join(" ")}\` downloads them`,
    );
  }
  const texts = await progress.during("reading the dialogues and the published replies", () =>
    readStudyTexts(archive, places),
  );
  const study = flags.all ? listStudyReplies(texts) : [];
  if (flags.system === undefined) return study;
  const recorded = await readRecordedReplies(projectPath(), flags.system, dialoguesOf(texts));
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
  return [...study, recorded];
}
