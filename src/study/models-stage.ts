// Scores the replies that were asked for or imported on this machine, as the published ones are scored.
import { loadScorer } from "../empathy/embedded-scorer";
import { HEADS } from "../empathy/recipes";
import type { Places } from "../sources/locate-source";
import { UserError } from "../user-error";
import type { Ledger } from "./ledger";
import { readStudyTexts } from "./published-stage";
import { listRecordedSystems, readRecordedReplies } from "./recorded-replies";
import { dialoguesOf, scoreSystems } from "./score-stage";

/** What the stage is told. */
export interface ModelsOptions {
  /** Identifier of the corpus archive's source. */
  readonly archive: string;
  readonly places: Places;
  readonly signal?: AbortSignal | undefined;
  readonly onStage?: ((name: string) => void) | undefined;
}

/**
 * Fails where no replies are recorded below a root.
 *
 * @throws UserError saying how to have some.
 */
export function requireRecordedReplies(root: string): void {
  if (listRecordedSystems(root).length > 0) return;
  throw new UserError(
    "--from models needs recorded replies: ask a system with `npx empathy ask`, or import a file with `npx empathy import`",
  );
}

/** Rebuilds the score tables of every system that has a journal or an import. */
export async function keepModelScores(
  ledger: Ledger,
  { archive, places, signal, onStage }: ModelsOptions,
): Promise<void> {
  const dialogues = dialoguesOf(await readStudyTexts(archive, places));
  for (const id of listRecordedSystems(ledger.root)) {
    const recorded = await readRecordedReplies(ledger.root, id, dialogues);
    const { replies, elsewhere } = recorded;
    const left = elsewhere > 0 ? `, ${elsewhere} to dialogues outside the study left out` : "";
    onStage?.(`data/scores of ${id}: ${replies.length} recorded replies${left}`);
    if (replies.length === 0) continue;
    for (const head of HEADS) {
      for await (const { file, text } of scoreSystems(loadScorer(head), [recorded], signal)) {
        ledger.keep(file, text);
      }
    }
  }
}
