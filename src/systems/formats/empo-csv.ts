import { UserError } from "kit";
import { readRows } from "kit/tables";
import type { PublishedRecord } from "../published-record";

const COLUMNS = [
  "conv_id",
  "utterance_idx",
  "emotion_context",
  "raw_utterance",
  "prior_dialog",
  "generated_text",
];

/**
 * Reads Llama-2-13b-chat's replies to annotated conversations (github.com/justtherightsize/empo).
 *
 * @throws UserError naming file and line if a row is broken.
 */
export async function* readEmpoCsv(path: string): AsyncGenerator<PublishedRecord> {
  for await (const { line, cells } of readRows(path, { columns: COLUMNS, name: "empo-csv" })) {
    const turn = Number(cells.utterance_idx);
    if (!Number.isInteger(turn)) {
      throw new UserError(`${path}:${line}: 'utterance_idx' is not a number; fetch the file again`);
    }
    yield {
      line,
      dialogue: cells.conv_id as string,
      turn,
      emotion: cells.emotion_context as string,
      context: readPriorDialogue(cells.prior_dialog as string),
      reference: cells.raw_utterance as string,
      replies: [{ column: "", text: (cells.generated_text as string).trim() }],
    };
  }
}

function readPriorDialogue(text: string): string[] {
  return text
    .split(/<\/?(?:speaker|listener)>/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
