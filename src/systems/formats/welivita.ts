import { UserError } from "kit";
import { readRows } from "kit/tables";
import type { PublishedRecord } from "../published-record";

/** The arms whose replies such a file may hold; each file holds some of them. */
export const WELIVITA_ARMS = [
  "chatgpt",
  "chatgpt_empathy",
  "llama_empathy",
  "gemini_empathy",
  "mixtral_empathy",
] as const;

const COLUMNS = ["dialog_id", "emotion", "speaker_uttr", "response_human"];
const FIRST_LISTENER_TURN = 2;

/**
 * Reads the replies to first turns that Welivita and Pu published: CSV with a column `response_<arm>` for
 * each system. Ratings, questionnaires and raters are not read.
 *
 * @throws UserError naming file and line if a row is broken, or where no column holds replies.
 */
export async function* readWelivita(path: string): AsyncGenerator<PublishedRecord> {
  let arms: readonly string[] | undefined;
  for await (const { line, cells } of readRows(path, { columns: COLUMNS, name: "welivita-pu" })) {
    arms ??= findArms(path, cells);
    yield {
      line,
      dialogue: cells.dialog_id as string,
      turn: FIRST_LISTENER_TURN,
      emotion: cells.emotion as string,
      context: [cells.speaker_uttr as string],
      reference: cells.response_human as string,
      replies: arms.map((arm) => ({
        column: arm,
        text: (cells[`response_${arm}`] as string).trim(),
      })),
    };
  }
}

function findArms(path: string, cells: Readonly<Record<string, string>>): readonly string[] {
  const arms = WELIVITA_ARMS.filter((arm) => cells[`response_${arm}`] !== undefined);
  if (arms.length > 0) return arms;
  const names = WELIVITA_ARMS.map((arm) => `response_${arm}`).join(", ");
  throw new UserError(
    `${path}:1: has no system's replies; call their column one of ${names}, or name another --format`,
  );
}
