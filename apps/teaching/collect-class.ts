// A class's copies of the lessons as one table.
import { readdirSync } from "node:fs";
import { join, sep } from "node:path";
import { UserError } from "kit";
import { makeTemporaryFolder, removeTemporary } from "kit/files";
import type { FitTable } from "mixed-models";
import { CellError, type Notebook, readNotebook, StrayError } from "run-notebooks";
import { judgeExercise, listChanges, type Result } from "./judge-copy";
import { exerciseIn, type Lesson, readLessons } from "./lessons";
import { rerunCopy } from "./rerun-copy";

/** What came of one copy. */
interface JudgedCopy {
  /** Its path below the class's folder. */
  readonly copy: string;
  /** The lesson's name; empty where none is known by the copy. */
  readonly lesson: string;
  /** One for each exercise, in the lesson's order. */
  readonly results: readonly Result[];
  /** What a teacher should know: what was changed, what cannot be read. */
  readonly notes: readonly string[];
}

/** How copies are judged. */
export interface CollectOptions {
  /** Whether answers are run in the committed lesson; otherwise what the copies hold is read. */
  readonly isRun?: boolean;
  /** Told of each copy before it is looked at. */
  readonly onCopy?: (copy: string) => void;
}

/**
 * Judges every notebook below a folder, in the order of their paths.
 *
 * @throws UserError if the folder cannot be read, or holds no notebook.
 */
export async function collectClass(
  folder: string,
  { isRun = false, onCopy }: CollectOptions = {},
): Promise<JudgedCopy[]> {
  const lessons = readLessons();
  const place = makeTemporaryFolder("empathy-class-");
  try {
    const judged: JudgedCopy[] = [];
    for (const copy of listCopies(folder)) {
      onCopy?.(copy);
      judged.push(await judgeCopy(copy, join(folder, copy), lessons, isRun ? place : undefined));
    }
    return judged;
  } finally {
    removeTemporary(place);
  }
}

function listCopies(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder, { recursive: true }).map(String);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(
      `${folder}: cannot be read (${code}); name the folder with the students' copies`,
    );
  }
  const isCopy = (name: string) =>
    name.endsWith(".ipynb") && !name.split(sep).includes(".ipynb_checkpoints");
  const copies = names.filter(isCopy).sort();
  if (copies.length > 0) return copies;
  throw new UserError(`${folder}: holds no notebook (.ipynb); put the students' copies there`);
}

async function judgeCopy(
  copy: string,
  path: string,
  lessons: readonly Lesson[],
  place: string | undefined,
): Promise<JudgedCopy> {
  const unknown = (why: string) => ({ copy, lesson: "", results: [], notes: [why] });
  let notebook: Notebook;
  try {
    notebook = readNotebook(path);
  } catch (error) {
    if (error instanceof UserError) return unknown(error.message.replace(`${path}: `, ""));
    throw error;
  }
  const lesson = findLesson(notebook, lessons);
  if (!lesson) return unknown("has none of the lessons' exercises");
  const { name, exercises } = lesson;
  const notes = listChanges(lesson, notebook);
  const stored = exercises.map((one) => judgeExercise(one, notebook));
  if (place === undefined) return { copy, lesson: name, results: stored, notes };
  try {
    const { notebook: rerun, stopped } = await rerunCopy(lesson, notebook, place);
    const results = exercises.map((one, at): Result => {
      if (stopped.has(one.name)) return "error";
      return stored[at] === "cell removed" ? "cell removed" : judgeExercise(one, rerun);
    });
    return { copy, lesson: name, results, notes };
  } catch (error) {
    if (!(error instanceof CellError || error instanceof StrayError)) throw error;
    const why = `not run: ${error.message.split("\n", 1)[0]}`;
    return { copy, lesson: name, results: stored.map(() => "error"), notes: [...notes, why] };
  }
}

// The lesson with which a copy has most exercises in common.
function findLesson({ cells }: Notebook, lessons: readonly Lesson[]): Lesson | undefined {
  const held = new Set(cells.map(exerciseIn));
  const count = ({ exercises }: Lesson) => exercises.filter(({ name }) => held.has(name)).length;
  const [nearest] = [...lessons].sort((one, other) => count(other) - count(one));
  return nearest && count(nearest) > 0 ? nearest : undefined;
}

/** Lays judged copies out: one row each, one column an exercise. */
export function tabulateClass(judged: readonly JudgedCopy[]): FitTable {
  const most = Math.max(0, ...judged.map(({ results }) => results.length));
  const numbers = Array.from({ length: most }, (_, at) => at);
  const rows = judged.map(({ copy, lesson, results, notes }) => [
    copy,
    lesson,
    ...numbers.map((at) => results[at] ?? ""),
    lesson === "" ? "" : String(results.filter((one) => one === "right").length),
    notes.join("; "),
  ]);
  const columns = numbers.map((at) => `exercise ${at + 1}`);
  return {
    title: `${judged.length} ${judged.length === 1 ? "copy" : "copies"}`,
    columns: ["copy", "lesson", ...columns, "right", "notes"],
    rows,
  };
}
