import { UserError } from "kit";
import { openTextFile } from "../../corpus/read-lines";

/**
 * Reads a file of one JSON object a line; empty lines are passed over.
 *
 * @throws UserError naming file and line if a line is no JSON object.
 */
export async function* readJsonLines(
  path: string,
): AsyncGenerator<{ line: number; value: Readonly<Record<string, unknown>> }> {
  let line = 0;
  for await (const lines of openTextFile(path).batches) {
    for (const text of lines) {
      line++;
      if (text.trim() !== "") yield { line, value: parseObject(`${path}:${line}`, text) };
    }
  }
}

function parseObject(place: string, text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UserError(
      `${place}: is not JSON (${(error as Error).message.slice(0, 80)}); mend the line`,
    );
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new UserError(`${place}: is no JSON object; each line should hold one`);
}
