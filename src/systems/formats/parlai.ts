import { UserError } from "kit";
import type { PublishedRecord } from "../published-record";
import { readJsonLines } from "./json-lines";

interface Act {
  readonly text?: unknown;
  readonly eval_labels?: unknown;
  readonly labels?: unknown;
  readonly emotion?: unknown;
}

/**
 * Reads ParlAI's world logs, the `conversations` form: one JSON conversation a line, whose `dialog` holds
 * pairs of the teacher's act and the model's.
 *
 * The context of a pair is every text and label before it in the conversation, and its own text.
 *
 * @throws UserError naming file and line if a conversation is broken.
 */
export async function* readParlai(path: string): AsyncGenerator<PublishedRecord> {
  for await (const { line, value } of readJsonLines(path)) {
    if (!Array.isArray(value.dialog)) {
      throw new UserError(
        `${path}:${line}: a parlai world log has a list 'dialog', this line has none; name another --format`,
      );
    }
    const said: string[] = [];
    for (const pair of value.dialog) {
      const { text, reference, emotion, reply } = readPair(`${path}:${line}`, pair);
      said.push(text);
      yield {
        line,
        ...(emotion === undefined ? {} : { emotion }),
        context: [...said],
        reference,
        replies: [{ column: "", text: reply }],
      };
      said.push(reference);
    }
  }
}

function readPair(place: string, pair: unknown) {
  const [teacher, model] = (Array.isArray(pair) ? pair : []) as (Act | undefined)[];
  const labels = teacher?.eval_labels ?? teacher?.labels;
  const reference: unknown = Array.isArray(labels) ? labels[0] : undefined;
  const [text, reply] = [teacher?.text, model?.text];
  if (typeof text !== "string" || typeof reference !== "string" || typeof reply !== "string") {
    throw new UserError(
      `${place}: each pair needs the teacher's 'text' and 'eval_labels' and the model's 'text'; ` +
        "write the log with --save-format conversations",
    );
  }
  const emotion = typeof teacher?.emotion === "string" ? { emotion: teacher.emotion } : {};
  return { text: text.trim(), reference, reply: reply.trim(), ...emotion } as {
    text: string;
    reference: string;
    reply: string;
    emotion?: string;
  };
}
