import type { CellProgress } from "run-notebooks";
import type { Places } from "../../src/sources/locate-source";
import type { StudyTexts } from "../replies/published-stage";
import type { Ledger } from "./ledger";
import type { NotebookReport } from "./notebooks-stage";
import { changedInputs, type Stamps, type States } from "./stamps";

/** What a run starts from: the committed tables, the public texts, or the models themselves. */
export type Start = "scores" | "texts" | "models";

/** What a stage is told, and what it leaves for those after it. */
export interface StudyRun {
  /** Keeps files below the study's folder, and an account of what changed. */
  readonly ledger: Ledger;
  readonly stamps: Stamps;
  readonly places: Places;
  /** Identifier of the corpus archive's source, where a run starts from the texts. */
  readonly archive: string | undefined;
  readonly all: boolean;
  readonly signal: AbortSignal | undefined;
  readonly cellTimeoutMs: number | undefined;
  readonly note: (text: string) => void;
  readonly onCell: ((notebook: string, progress: CellProgress) => void) | undefined;
  /** The corpus and every published reply; read once a run, when the first stage asks. */
  readonly texts: () => Promise<StudyTexts>;
  notebooks?: NotebookReport;
}

/** One step of the pipeline; paths are below the study's folder, and a folder's ends with `/`. */
export interface Stage {
  readonly name: string;
  /** The latest start that still takes it in: `scores` is part of every run. */
  readonly needs: Start;
  /** Its inputs: where one is added, changed or removed, the stage is run again. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /**
   * @param isInsistedOn whether what cannot be done is an error: the run was asked to start here.
   * @returns the files that it wrote; nothing where it could not be done, or remembers for itself what it did.
   */
  readonly run: (run: StudyRun, isInsistedOn: boolean) => Promise<readonly string[] | undefined>;
}

/**
 * Runs those stages of which an input or an output has changed since the last run, in order.
 *
 * What all of them read is looked at first: a stage whose inputs are another's when it ends, but for what the run itself
 * wrote, is not taken for done. Where a stage fails, what was written since the run began is noted all the same.
 *
 * @param isInsistedOn names the stages that are run whatever has changed.
 * @returns the names of the stages that were run.
 * @throws UserError with a checking ledger, where an input was changed while its stage ran.
 */
export async function runStages(
  stages: readonly Stage[],
  run: StudyRun,
  isInsistedOn: (stage: Stage) => boolean,
): Promise<string[]> {
  const { ledger, stamps, note } = run;
  const done: string[] = [];
  // At once for all: what one stage has read, such as the texts, others use after it.
  const read = new Map(stages.map(({ name, reads }) => [name, stamps.look(reads)]));
  for (const stage of stages) {
    const { name, reads, writes } = stage;
    const insist = isInsistedOn(stage);
    if (!ledger.check && !insist && stamps.isCurrent(name)) {
      note(`${name}: up to date`);
      continue;
    }
    note(writes.length > 0 ? `${name}: ${writes.join(", ")}` : name);
    const before = withKept(read.get(name) as States, stamps.look(reads), ledger.kept);
    const written = await stage.run(run, insist).catch((error) => {
      const begun = stages.slice(0, stages.indexOf(stage) + 1);
      if (!ledger.check) noteUnfinished(begun, run, read, error as Error);
      throw error;
    });
    if (written) {
      const outputs = ledger.sumsOf(written);
      const changed = ledger.check
        ? changedInputs(before, stamps.look(reads), outputs)
        : stamps.set(name, reads, before, outputs);
      ledger.noteChanged(name, changed);
    }
    done.push(name);
  }
  return done;
}

/** Notes what was written since a run began that ends in an error, but for the files that the error itself names. */
function noteUnfinished(
  begun: readonly Stage[],
  { ledger, stamps }: StudyRun,
  read: ReadonlyMap<string, States>,
  { message }: Error,
): void {
  const noted = new Set(ledger.changedInputs.map(({ file }) => file));
  for (const { name, reads } of begun) {
    const now = stamps.look(reads);
    const before = withKept(read.get(name) as States, now, ledger.kept);
    const changed = changedInputs(before, now, ledger.kept).filter(
      (file) => !noted.has(file) && !message.includes(file),
    );
    ledger.noteChanged(name, changed);
    for (const file of changed) noted.add(file);
  }
}

/** What a stage finds that was looked at when the run began: as it was then, but for what the run has written since. */
function withKept(before: States, now: States, kept: ReadonlyMap<string, string>): States {
  const states = new Map(before);
  for (const [file, sum] of kept) {
    const found = now.get(file);
    if (found?.sum === sum) states.set(file, found);
    else if (sum === "absent" && !found) states.delete(file);
  }
  return states;
}
