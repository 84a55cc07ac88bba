import { basename, join } from "node:path";
import type { Scorer } from "empathy-scorer";
import { countNoun, UserError } from "kit";
import { keepFile } from "kit/files";
import { formatCsvTable } from "kit/tables";
import { projectPath } from "../../src/project";
import { SYSTEM_SCORE_COLUMNS, scoreRows } from "../../src/scoring/system-scores";
import { type RepliesToScore, scoreSystems } from "../../src/study/score-stage";
import { folderOfStudy } from "../../src/study/study";
import { CountingScorer } from "./count-outcomes";
import type { Progress } from "./progress";
import { sampleReplies } from "./sample-replies";
import type { ChooseScorers } from "./score-command";
import type { ScoreFlags } from "./score-options";
import { readEdReplies } from "./study-replies";

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

async function listReplies(flags: ScoreFlags, progress: Progress): Promise<RepliesToScore[]> {
  const { system, all, limit, balanced, seed } = flags;
  const wanted = all || system === undefined ? "all" : [system];
  const { systems, dialogues } = await readEdReplies(wanted, progress);
  return limit === undefined
    ? [...systems]
    : sampleReplies(systems, dialogues, { limit, balanced, seed });
}
