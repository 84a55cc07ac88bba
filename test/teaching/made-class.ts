// A synthetic class of five: copies of lesson 2 as students leave them, with the outputs that its cells would have.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Cell, formatNotebook, NOT_TAKEN, type Notebook } from "run-notebooks";
import { exerciseIn, isAnswer, type Lesson } from "../../apps/teaching/lessons";

/** What a student typed for an exercise, and what its cell and its check then printed. */
interface Answer {
  readonly body: string;
  readonly said?: string;
  readonly check: string;
}

const RIGHT: Readonly<Record<string, Answer>> = {
  systemSd: { body: "const systemSd: unknown = 0.1;", check: "right: 6 errors in 100" },
  errors: { body: "const errors: unknown = countErrors(forgetful, 1, 60);", check: "right: 69" },
  formula: {
    body: 'const formula: unknown = "score ~ sentiment + (1 | prompt) + (1 + sentiment | system)";',
    check: "right: standard deviation",
  },
};

const MISSED: Readonly<Record<string, Answer>> = {
  systemSd: { body: "const systemSd: unknown = 3;", check: "not yet: 70 errors in 100" },
  errors: {
    body: "const errors: unknown = countErors(forgetful, 1, 60);",
    said: `${NOT_TAKEN}line 2: nothing here is called countErors; did you mean countErrors?`,
    check: "not yet: there is no answer yet; put one in place of undefined",
  },
};

/** Writes the class's folder: one file a student, one that is no lesson, one that is broken. */
export function writeClass(folder: string, lesson: Lesson): void {
  const keep = (name: string, notebook: Notebook) => {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, `${lesson.name}.ipynb`), formatNotebook(notebook));
  };
  keep("ana", answer(lesson, RIGHT));
  keep("ben", withoutAnswers(lesson.notebook));
  keep("cem", answer(lesson, MISSED));
  keep("dora", replaceChecks(answer(lesson, MISSED), lesson));
  keep("eli", hurry(answer(lesson, RIGHT)));
  writeFileSync(join(folder, "notes.ipynb"), formatNotebook({ ...lesson.notebook, cells: [] }));
  writeFileSync(join(folder, "torn.ipynb"), '{"cells": [');
}

function withoutAnswers({ cells, ...rest }: Notebook): Notebook {
  return { ...rest, cells: cells.filter((cell) => !isAnswer(cell)) };
}

function answer(
  { notebook, exercises }: Lesson,
  given: Readonly<Record<string, Answer>>,
): Notebook {
  const byCheck = new Map(exercises.map(({ name, check }) => [check, name]));
  const cells = withoutAnswers(notebook).cells.map((cell) => {
    const name = exerciseIn(cell);
    if (name !== undefined) {
      const typed = given[name];
      return typed
        ? print({ ...cell, source: `// Exercise: ${name}\n${typed.body}  ` }, typed.said)
        : cell;
    }
    const checked = given[byCheck.get(cell.source) ?? ""];
    return checked ? print(cell, checked.check) : cell;
  });
  return { ...notebook, cells };
}

function print(cell: Cell, text: string | undefined): Cell {
  const outputs = text
    ? [{ output_type: "stream", name: "stdout", text: `${text}\n` } as const]
    : [];
  return { ...cell, outputs };
}

// Dora's first check says "right" to anything.
function replaceChecks({ cells, ...rest }: Notebook, { exercises }: Lesson): Notebook {
  const changed = cells.map((cell) =>
    cell.source === exercises[0]?.check
      ? print({ ...cell, source: 'console.log("right");' }, "right")
      : cell,
  );
  return { ...rest, cells: changed };
}

// Eli ran his first answer again and not its check, lost the second's cell, and made the lesson count 10 studies.
function hurry({ cells, ...rest }: Notebook): Notebook {
  const changed = cells
    .filter((cell) => exerciseIn(cell) !== "errors")
    .map((cell) => {
      if (exerciseIn(cell) === "systemSd") return { ...cell, execution_count: 99 };
      return { ...cell, source: cell.source.replace("at < 100", "at < 10") };
    });
  return { ...rest, cells: changed };
}
