import { CellError, type Notebook, runNotebook } from "run-notebooks";
import { importsOfClone } from "../pipeline/kernel-spec";
import { exerciseIn, type Lesson } from "./lessons";

const PATIENCE_MS = 60_000;

/** A lesson with a student's answers, run. */
interface RerunCopy {
  readonly notebook: Notebook;
  /** Exercises whose answers took the kernel down, or more than a minute. */
  readonly stopped: ReadonlySet<string>;
}

/**
 * Puts a copy's answers into the committed lesson and runs that: what else a copy holds, changed checks too, has no say.
 *
 * Answers are programs, and run on this machine with its user's rights.
 *
 * @param folder in which the cells run.
 */
export async function rerunCopy(
  lesson: Lesson,
  copy: Notebook,
  folder: string,
): Promise<RerunCopy> {
  const stopped = new Set<string>();
  for (;;) {
    const notebook = withAnswers(lesson, copy, stopped);
    try {
      const options = { cwd: folder, env: importsOfClone(), cellTimeoutMs: PATIENCE_MS };
      return { notebook: await runNotebook(notebook, options), stopped };
    } catch (error) {
      const name = error instanceof CellError ? blame(notebook, error) : undefined;
      if (name === undefined || stopped.has(name)) throw error;
      stopped.add(name);
    }
  }
}

function withAnswers({ notebook }: Lesson, copy: Notebook, without: ReadonlySet<string>): Notebook {
  const cells = notebook.cells.map((cell) => {
    const name = exerciseIn(cell);
    if (name === undefined || without.has(name)) return cell;
    const source = copy.cells.find((one) => exerciseIn(one) === name)?.source ?? cell.source;
    return { ...cell, source };
  });
  return { ...notebook, cells };
}

// The exercise that stands in the cell that failed, or last above it.
function blame({ cells }: Notebook, { cellNumber }: CellError): string | undefined {
  return cells
    .slice(0, cellNumber)
    .flatMap((cell) => exerciseIn(cell) ?? [])
    .at(-1);
}
