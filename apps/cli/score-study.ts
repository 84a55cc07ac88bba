import { readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import type { Scorer } from "empathy-scorer";
import { countNoun, UserError } from "kit";
import { keepFile } from "kit/files";
import { formatCsvTable } from "kit/tables";
import { SENTIMENTS, sentimentOf } from "../../src/corpus/emotions";
import { projectPath } from "../../src/project";
import { SYSTEM_SCORE_COLUMNS } from "../../src/scoring/system-scores";
import {
  listLocalSystems,
  readStudy,
  STUDIES,
  STUDY_FILE,
  STUDY_SCORES,
  type Study,
  scoreTable,
  studyFolder,
  systemsIn,
} from "../../src/study/study";
import { readSampleReplies } from "../pipeline/sample-study";
import { listRecordedSystems } from "../replies/recorded-replies";
import { type RepliesToScore, scoreSystems } from "../replies/score-stage";
import { scoreRows } from "../scoring/score-replies";
import { CountingScorer } from "./count-outcomes";
import type { Progress } from "./progress";
import { sampleReplies } from "./sample-replies";
import type { ScoreFlags } from "./score-options";
import type { ChooseScorers } from "./score-remote";
import { readEdReplies, type StudyReplies } from "./study-replies";

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
  const toPath = (scorer: string, system: string) =>
    flags.study === undefined
      ? scoreTable(scorer, system)
      : join(STUDIES, flags.study, STUDY_SCORES, scorer, `${system}.csv`);
  const scorers = await choose(function* () {
    for (const { replies, toRequest } of systems) yield* replies.map(toRequest);
  });
  for (const each of scorers) {
    const scorer = new CountingScorer(each);
    progress.show(`${scorer.id}: scoring …`);
    if (flags.out === undefined) await keepTables(scorer, systems, toPath, progress, signal);
    else await keepSample(flags.out, scorer, systems, progress, signal);
    progress.clear();
    if (scorer.missing.size > 0) progress.note(`${scorer.id}: ${scorer.describe()}`);
    const marks = scorer.describeMarks();
    if (marks) progress.note(`note: ${marks}`);
    if (scorer.scored === 0 && scorer.missing.size > 0) process.exitCode = 1;
    else if (flags.study !== undefined) nameScorer(flags.study, scorer.id, progress);
  }
}

async function keepTables(
  scorer: Scorer,
  systems: readonly RepliesToScore[],
  toPath: (scorer: string, system: string) => string,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  for await (const { file, text } of scoreSystems(scorer, systems, signal)) {
    const path = toPath(scorer.id, basename(file, ".csv"));
    keepFile(projectPath(path), text);
    progress.note(path);
    progress.show(`${scorer.id}: scoring …`);
  }
}

// A scorer that has scored a study's systems is one of the study's, as an alternative to those that it has.
function nameScorer(name: string, scorer: string, progress: Progress): void {
  const { scorers } = readStudy(studyFolder(name));
  if (scorers.includes(scorer)) return;
  const path = projectPath(STUDIES, name, STUDY_FILE);
  const file = JSON.parse(readFileSync(path, "utf8"));
  keepFile(path, `${JSON.stringify({ ...file, scorers: [...scorers, scorer] }, null, 2)}\n`);
  progress.note(
    `${relative(process.cwd(), path)}: 'scorers' now names ${scorer}, too; the first, ${scorers[0]}, makes the main analysis`,
  );
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

async function listReplies(flags: ScoreFlags, progress: Progress): Promise<RepliesToScore[]> {
  const { study, system, all, limit, balanced, seed } = flags;
  if (study !== undefined) {
    const file = readStudy(studyFolder(study));
    const { systems, dialogues } = await readRepliesOf(file, progress);
    if (limit === undefined) return [...systems];
    const part = sampleReplies(systems, dialogues, { limit, balanced, seed, commonFirst: true });
    const few = sayTooFew(part, dialogues, file.fewestReplies);
    if (few) progress.note(few);
    return part;
  }
  const wanted = all || system === undefined ? "all" : [system];
  const { systems, dialogues } = await readEdReplies(wanted, progress);
  return limit === undefined
    ? [...systems]
    : sampleReplies(systems, dialogues, { limit, balanced, seed });
}

// A scorer of too few replies has no say in any claim.
function sayTooFew(
  systems: readonly RepliesToScore[],
  dialogues: StudyReplies["dialogues"],
  fewest: number,
): string | undefined {
  for (const { system, replies } of systems) {
    for (const sentiment of SENTIMENTS) {
      const own = replies.filter((reply) => {
        const dialogue = dialogues.get(reply.dialogue);
        return dialogue && sentimentOf(dialogue.emotion) === sentiment;
      });
      if (own.length >= fewest) continue;
      return `note: ${own.length} replies of '${system}' to ${sentiment} prompts are in the sample, and a system needs ${fewest} of each sentiment to be in a claim; raise --limit to ${SENTIMENTS.length * fewest} or more, with --balanced sentiment, or lower 'fewestReplies'`;
    }
  }
  return undefined;
}

/** The replies of a study's systems to its prompts. */
async function readRepliesOf(study: Study, progress: Progress): Promise<StudyReplies> {
  if (study.corpus === "sample") {
    const { all, systems } = await readSampleReplies(projectPath(), study);
    return { systems, dialogues: new Map(all.map((dialogue) => [dialogue.id, dialogue])) };
  }
  const own = [...listRecordedSystems(projectPath()), ...listLocalSystems(projectPath())];
  const compared = systemsIn(study, own).filter(({ excluded }) => !excluded);
  return readEdReplies(
    compared.map(({ id }) => id),
    progress,
  );
}
