// Cells that learners change never fail: what is wrong with one is said in a sentence, and its answer is then undefined, so
// that the check below it, and all that follows, still run. Every front end goes on, since to it the cell has succeeded.
import { inspect } from "node:util";

/** How an exercise's cell begins: `// Exercise: name`. The cell declares a const of that name. */
export const EXERCISE = /^\/\/ Exercise: (\w+)[ \t]*$/m;

/** How the sentence under an exercise's cell begins whose answer could not be taken. */
export const NOT_TAKEN = "no answer was taken: ";

/** What an executor's terminal was told of a cell: an error alone, or a format and what does not compile where. */
export type Trouble = readonly unknown[];

/** Runs cells, and says what it was told of the last one. */
interface Runner {
  execute(source: string): Promise<boolean>;
  takeTrouble(): Trouble | undefined;
  /** The line of the cell's source in which an error arose, where that is known. */
  lineOf(error: unknown): number | undefined;
  say(sentence: string): void;
}

/**
 * Runs an exercise's cell.
 *
 * @param name of the exercise, and of what its cell declares.
 * @returns whether the cell counts as run, which it always does unless undefined cannot be declared either.
 */
export async function runExercise(name: string, source: string, runner: Runner): Promise<boolean> {
  const succeeded = await runner.execute(source);
  const trouble = runner.takeTrouble();
  if (succeeded && declares(source, name)) return true;
  const reason = succeeded
    ? `the cell has no line that begins with \`const ${name}\`, and the check looks for that name`
    : describeTrouble(trouble, runner);
  runner.say(`${NOT_TAKEN}${reason}\n`);
  return runner.execute(`const ${name}: unknown = undefined;`);
}

function declares(source: string, name: string): boolean {
  return new RegExp(`^\\s*(?:export\\s+)?(?:const|let|var|function)\\s+${name}\\b`, "m").test(
    source,
  );
}

function describeTrouble(trouble: Trouble | undefined, { lineOf }: Runner): string {
  if (!trouble) return "the cell was stopped";
  if (trouble.length === 1) {
    const [error] = trouble;
    return `${atLine(lineOf(error))}${error instanceof Error ? error.message : `it throws ${inspect(error)}`}`;
  }
  const [, , line, , text] = trouble;
  return `${atLine(Number(line))}${explain(String(text))}`;
}

function atLine(line: number | undefined): string {
  return line === undefined ? "" : `line ${line}: `;
}

const PUNCTUATION = /expected\.|Unterminated|Invalid character|Unexpected|Expression or comma/;

// TypeScript's words for the two mistakes that are made most; others' are clear enough.
function explain(text: string): string {
  const [, name, meant] =
    /^Cannot find name '([^']*)'\.(?: Did you mean '([^']*)'\?)?/.exec(text) ?? [];
  if (name !== undefined) {
    const hint = meant
      ? `did you mean ${meant}?`
      : `is it misspelt, or a text that lacks its quotes ("${name}")?`;
    return `nothing here is called ${name}; ${hint}`;
  }
  const first = text.split("\n", 1)[0] as string;
  if (!PUNCTUATION.test(text)) return first;
  return `this cannot be read as TypeScript (${first.replace(/\.$/, "")}); look for a bracket, comma or quote that is missing or too many`;
}
