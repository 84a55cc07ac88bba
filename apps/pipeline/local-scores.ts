// Scores the replies that were asked for or imported on this machine, as the published ones are scored.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { loadScorer } from "empathy-scorer";
import { HEADS } from "empathy-scorer/training";
import { LOCAL_STUDY, listLocalSystems } from "../../src/study/study";
import type { StudyTexts } from "../replies/published-stage";
import { listRecordedSystems, readRecordedReplies } from "../replies/recorded-replies";
import { dialoguesOf, scoreSystems } from "../replies/score-stage";
import type { Ledger } from "./ledger";

/** What the stage is told. */
interface LocalScoresRun {
  readonly ledger: Pick<Ledger, "root" | "write">;
  readonly texts: () => Promise<StudyTexts>;
  readonly signal: AbortSignal | undefined;
  readonly note: (text: string) => void;
}

/**
 * Scores every system that has a journal or an import, into the local study, and takes away the embedded
 * classifiers' tables of those that have neither any more.
 *
 * @returns the tables, below the root.
 */
export async function keepLocalScores({
  ledger,
  texts,
  signal,
  note,
}: LocalScoresRun): Promise<string[]> {
  const { root } = ledger;
  const recorded = listRecordedSystems(root);
  const scorers = HEADS.map((head) => loadScorer(head));
  for (const id of listLocalSystems(root).filter((one) => !recorded.includes(one))) {
    for (const scorer of scorers) rmSync(join(root, localTable(scorer.id, id)), { force: true });
  }
  const dialogues = dialoguesOf(await texts());
  const written: string[] = [];
  for (const id of recorded) {
    const found = await readRecordedReplies(root, id, dialogues);
    const left = found.elsewhere > 0 ? `, ${found.elsewhere} to other dialogues left out` : "";
    note(`${id}: ${found.replies.length} recorded replies${left}`);
    if (found.replies.length === 0) continue;
    for (const scorer of scorers) {
      for await (const { file, text } of scoreSystems(scorer, [found], signal)) {
        const path = join(LOCAL_STUDY, file);
        ledger.write(path, text);
        written.push(path);
      }
    }
  }
  return written;
}

function localTable(scorer: string, system: string): string {
  return join(LOCAL_STUDY, "data", "scores", scorer, `${system}.csv`);
}
