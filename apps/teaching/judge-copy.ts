// What a student's copy says of each exercise.
import { type Cell, NOT_TAKEN, type Notebook } from "run-notebooks";
import { type Exercise, exerciseIn, type Lesson } from "./lessons";

/** What came of an exercise: `not run` where the answer was changed after its check ran, or the check never did. */
export type Result =
  | "right"
  | "wrong"
  | "not tried"
  | "error"
  | "not run"
  | "check changed"
  | "cell removed";

/** What came of one exercise in a copy, by what the copy's cells hold. */
export function judgeExercise(exercise: Exercise, copy: Notebook): Result {
  const cell = copy.cells.find((one) => exerciseIn(one) === exercise.name);
  if (!cell) return "cell removed";
  if (isSame(cell.source, exercise.source)) return "not tried";
  const check = findCell(copy, exercise.check);
  if (!check) return "check changed";
  if (hasError(cell) || hasError(check)) return "error";
  if (isStale(cell, check)) return "not run";
  const said = textOf(check);
  if (said.startsWith("right")) return "right";
  return said.startsWith("not yet") ? "wrong" : "not run";
}

/** What a copy has otherwise than its lesson, exercises aside: checks by name, other cells of code by their number. */
export function listChanges({ notebook, exercises }: Lesson, copy: Notebook): string[] {
  const checks = exercises.filter(({ check }) => !findCell(copy, check));
  const others = notebook.cells.flatMap((cell, at) => {
    const isOther =
      cell.cell_type === "code" &&
      exerciseIn(cell) === undefined &&
      !exercises.some(({ check }) => check === cell.source);
    return isOther && !findCell(copy, cell.source) ? [at + 1] : [];
  });
  return [
    ...checks.map(({ name }) => `the check of ${name} was changed`),
    ...others.map((number) => `the lesson's cell ${number} was changed`),
  ];
}

function findCell({ cells }: Notebook, source: string): Cell | undefined {
  return cells.find((cell) => cell.cell_type === "code" && isSame(cell.source, source));
}

// Editors end lines and cells in their own ways.
function isSame(one: string, other: string): boolean {
  const plain = (text: string) => text.replace(/[ \t\r]+$/gm, "").trim();
  return plain(one) === plain(other);
}

function hasError(cell: Cell): boolean {
  return (
    textOf(cell).startsWith(NOT_TAKEN) ||
    (cell.outputs ?? []).some(({ output_type }) => output_type === "error")
  );
}

function isStale(cell: Cell, check: Cell): boolean {
  return (cell.execution_count ?? Number.POSITIVE_INFINITY) > (check.execution_count ?? 0);
}

function textOf({ outputs = [] }: Cell): string {
  return outputs.map((output) => (output.output_type === "stream" ? output.text : "")).join("");
}
