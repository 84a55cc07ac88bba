// The lessons: their outputs are those that are committed, and their exercises can be solved.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type Cell,
  type ConvertedAhead,
  convertAhead,
  EXERCISE,
  findDifference,
  type Notebook,
  readNotebook,
  runNotebook,
} from "run-notebooks";
import { itNeeds, patience } from "test-support/needs";
import { projectPath } from "test-support/project";

const folder = projectPath("notebooks", "teaching");

function readSolutions(lesson: string): Map<string, string> {
  const text = readFileSync(join(folder, "solutions", lesson.replace(/ipynb$/, "ts")), "utf8");
  const parts = text.split(/^(?=\/\/ Exercise: )/m);
  return new Map(parts.map((part) => [EXERCISE.exec(part)?.[1] ?? "", part.trimEnd()]));
}

function solve({ cells, ...rest }: Notebook, solutions: ReadonlyMap<string, string>): Notebook {
  const solved = cells.map((cell) => {
    const name = cell.cell_type === "code" && EXERCISE.exec(cell.source)?.[1];
    if (!name) return cell;
    const source = solutions.get(name);
    assert.ok(source, `the exercise ${name} has no solution`);
    return { ...cell, source };
  });
  return { ...rest, cells: solved };
}

// What no exercise asks for: a misspelt name, a bracket too few, no number, another const, a word, what throws, too few labels.
const ODD: readonly ((name: string) => string)[] = [
  (name) => `const ${name}: unknown = undefinde;`,
  (name) => `const ${name}: unknown = [1, 2;`,
  (name) => `const ${name}: unknown = 0 / 0;`,
  (name) => `const ${name}s: unknown = 3;`,
  (name) => `const ${name} = "nonsense";`,
  (name) => `const ${name}: unknown = JSON.parse("{");`,
  (name) => `const ${name}: unknown = [3, 0, 1, 2, 0, 1, 0, 0, "x"];`,
];

function typeNonsense({ cells, ...rest }: Notebook, from: number): Notebook {
  let next = from;
  const typed = cells.map((cell) => {
    const name = cell.cell_type === "code" && EXERCISE.exec(cell.source)?.[1];
    if (!name) return cell;
    const source = `// Exercise: ${name}\n${ODD[next++ % ODD.length]?.(name)}`;
    return { ...cell, source };
  });
  return { ...rest, cells: typed };
}

function textOf({ outputs = [] }: Cell): string {
  return outputs.map((output) => (output.output_type === "stream" ? output.text : "")).join("");
}

function answersOf({ cells }: Notebook): string[] {
  return cells.map(textOf).filter((text) => /^(right|not yet)/.test(text));
}

describe("the lessons", () => {
  const lessons = readdirSync(folder)
    .filter((name) => name.endsWith(".ipynb"))
    .map((lesson) => ({
      lesson,
      stored: readNotebook(join(folder, lesson)),
      solutions: readSolutions(lesson),
    }));

  // Converted once for all: `convertAhead` changes nothing that a notebook shows.
  let ahead: ConvertedAhead | undefined;
  const runAhead = async (name: string, notebook: Notebook) => {
    ahead ??= convertAhead(
      new Map(
        lessons.flatMap(({ lesson, stored, solutions }): [string, Notebook][] => [
          [lesson, stored],
          [`${lesson}, solved`, solve(stored, solutions)],
        ]),
      ),
      folder,
    );
    return runNotebook(notebook, { cwd: folder, env: await ahead.envOf(name) });
  };
  after(() => ahead?.remove());

  for (const [number, { lesson, stored, solutions }] of lessons.entries()) {
    it(`in ${lesson} give the outputs that are committed, each exercise unsolved`, async () => {
      assert.equal(findDifference(stored, await runAhead(lesson, stored)), undefined);
      assert.equal(answersOf(stored).length, solutions.size);
      for (const answer of answersOf(stored)) assert.match(answer, /^not yet/);
    }).timeout(60_000);

    itNeeds(patience, `in ${lesson} go on to their end whatever is typed`, async () => {
      const typed = await runNotebook(typeNonsense(stored, 3 * number), { cwd: folder });
      assert.equal(answersOf(typed).length, solutions.size);
      for (const answer of answersOf(typed)) assert.match(answer, /^not yet/);
    });

    it(`in ${lesson} show the answers of solutions/, folded, behind the exercises`, () => {
      const shown = stored.cells.flatMap(
        ({ source }) => /^<details>[\s\S]*```ts\n([\s\S]*)\n```/.exec(source)?.[1] ?? [],
      );
      assert.deepEqual(shown, [...solutions.values()]);
    });

    it(`in ${lesson} say "right" to every solution`, async () => {
      const solved = await runAhead(`${lesson}, solved`, solve(stored, solutions));
      assert.equal(answersOf(solved).length, solutions.size);
      for (const answer of answersOf(solved)) assert.match(answer, /^right/);
    }).timeout(60_000);
  }
});
