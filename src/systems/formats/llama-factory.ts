// LLaMA-Factory writes a prediction and the reply that it should have been, one pair a line, and no context. A
// file whose every label is the human reply at KEMP's record of that number is in KEMP's order, which gives the
// contexts; any other file is refused as a whole.
import { UserError } from "kit";
import { normalForm } from "../normal-form";
import type { PublishedRecord } from "../published-record";
import { readJsonLines } from "./json-lines";
import { readContexts } from "./kemp-order";

interface Answer {
  readonly emotion?: string;
  readonly reply: string;
}

/**
 * Reads predictions by a model that was tuned with LLaMA-Factory: JSON lines with `label` and `predict`.
 *
 * @param order a file in KEMP's format, whose order the predictions are in.
 * @throws UserError naming file and line if a line is broken, lacks its label, or is not in that order.
 */
export async function* readLlamaFactory(
  path: string,
  order: string | undefined,
): AsyncGenerator<PublishedRecord> {
  const contexts = readContexts(path, order);
  for await (const { line, value } of readJsonLines(path)) {
    const place = `${path}:${line}`;
    const { label, predict } = checkPair(place, value);
    const { value: of } = await contexts.next();
    if (!isTheReply(readAnswer(label), of)) throw outOfOrder(place);
    const text = readAnswer(predict, label)?.reply ?? "";
    yield { ...(of as PublishedRecord), line, replies: [{ column: "", text }] };
  }
}

function checkPair(place: string, { label, predict }: Readonly<Record<string, unknown>>) {
  if (typeof predict !== "string") {
    throw new UserError(`${place}: the field 'predict' should hold text; fetch the file again`);
  }
  if (typeof label !== "string" || label.trim() === "") {
    throw new UserError(
      `${place}: holds a prediction without the human reply ('label'), which alone proves its place, so ` +
        "nothing of the file is joined; write predictions together with their labels",
    );
  }
  return { label, predict };
}

/**
 * Takes the reply out of `Emotion:… Response:…`, or out of a text that is nothing but the reply.
 *
 * @param like a text of the same file; where it names an emotion, this one has to as well.
 * @returns undefined if the text cannot be read.
 */
function readAnswer(text: string, like = text): Answer | undefined {
  const found = /^(?:\[gMASK\]\s*sop)?\s*Emotion:\s*(\w+)\s+Response:(.*)$/s.exec(text);
  if (found) return { emotion: found[1] as string, reply: (found[2] as string).trim() };
  return /Emotion:|Response:/.test(like) ? undefined : { reply: text.trim() };
}

function isTheReply(answer: Answer | undefined, of: PublishedRecord | undefined): boolean {
  if (!answer || !of) return false;
  const isEmotion = answer.emotion === undefined || answer.emotion === of.emotion;
  return isEmotion && normalForm(answer.reply) === normalForm(of.reference ?? "");
}

function outOfOrder(place: string): UserError {
  return new UserError(
    `${place}: the label is not the human reply that KEMP's file has at this place, so nothing of the file is ` +
      "joined; write the predictions in KEMP's order, or bring contexts along in another --format",
  );
}
