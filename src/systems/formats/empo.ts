import { UserError } from "kit";
import { readRows } from "kit/tables";
import type { PublishedRecord } from "../published-record";

const COLUMNS = ["chat_templates", "gen_targets", "prevs", "emotions", "gens"];
const MESSAGE = /<\|(system|user|assistant)\|>\n/;

/**
 * Reads Zephyr's predictions (github.com/justtherightsize/empo): CSV separated by `~`, whose context is
 * the model's chat template.
 *
 * @throws UserError naming file and line if a row or its template is broken.
 */
export async function* readEmpo(path: string): AsyncGenerator<PublishedRecord> {
  for await (const { line, cells } of readRows(path, {
    delimiter: "~",
    columns: COLUMNS,
    name: "empo",
  })) {
    yield {
      line,
      emotion: cells.emotions as string,
      context: readTemplate(`${path}:${line}`, cells.chat_templates as string),
      lastUtterance: cells.prevs as string,
      reference: cells.gen_targets as string,
      replies: [{ column: "", text: (cells.gens as string).trim() }],
    };
  }
}

/** Takes the utterances out of a template: after the system's message, up to the empty last one. */
function readTemplate(place: string, template: string): string[] {
  const parts = template.split(MESSAGE);
  const messages = parts.flatMap((role, at) => {
    if (at % 2 === 0 || role === "system") return [];
    return [(parts[at + 1] ?? "").replace(/<\/s>\s*$/, "").trim()];
  });
  const utterances = messages.slice(0, -1);
  if (utterances.length > 0) return utterances;
  throw new UserError(
    `${place}: the column 'chat_templates' holds no chat between <|user|> and <|assistant|>; fetch the file again`,
  );
}
