// The lessons as they are committed: what students' copies are held against.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type Cell, EXERCISE, type Notebook, readNotebook } from "run-notebooks";
import { projectPath } from "../../src/project";

/** An exercise of a lesson. */
export interface Exercise {
  /** After `// Exercise: `, and of the const that its cell declares. */
  readonly name: string;
  /** Its cell's source, before a student has changed it. */
  readonly source: string;
  /** The source of the cell below it, which prints `right` or `not yet`. */
  readonly check: string;
}

/** A lesson. */
export interface Lesson {
  /** Such as `01-mechanisms`. */
  readonly name: string;
  readonly path: string;
  readonly notebook: Notebook;
  readonly exercises: readonly Exercise[];
}

/** Reads the lessons, in their order. */
export function readLessons(folder = projectPath("notebooks", "teaching")): Lesson[] {
  const files = readdirSync(folder).filter((name) => name.endsWith(".ipynb"));
  return files.sort().map((file) => {
    const path = join(folder, file);
    const notebook = readNotebook(path);
    const name = file.replace(/\.ipynb$/, "");
    return { name, path, notebook, exercises: exercisesOf(notebook) };
  });
}

/** The name of the exercise that a cell holds; undefined where it holds none. */
export function exerciseIn({ cell_type, source }: Cell): string | undefined {
  return cell_type === "code" ? EXERCISE.exec(source)?.[1] : undefined;
}

/** Whether a cell shows an exercise's answer, folded away. */
export function isAnswer({ cell_type, source }: Cell): boolean {
  return cell_type === "markdown" && source.startsWith("<details>");
}

function exercisesOf({ cells }: Notebook): Exercise[] {
  const code = cells.filter(({ cell_type }) => cell_type === "code");
  return code.flatMap((cell, at) => {
    const name = exerciseIn(cell);
    return name === undefined
      ? []
      : [{ name, source: cell.source, check: code[at + 1]?.source ?? "" }];
  });
}
