import { UserError } from "kit";
import type { PublishedRecord } from "../published-record";
import { readJsonDocument } from "./json-document";

interface Entry {
  readonly prompt_metadata?: {
    readonly conv_id?: unknown;
    readonly utterance_idx?: unknown;
    readonly context_field?: unknown;
  };
  readonly prompt_text?: unknown;
  readonly responses?:
    | readonly ({ readonly run?: unknown; readonly response?: unknown } | null)[]
    | null;
}

/**
 * Reads the replies of the affective-support study (github.com/Achuthan2909/project-3): several samples
 * for each prompt.
 *
 * A prompt is the situation of a conversation. The record names the utterance that it was drawn with;
 * the turn is the one after it.
 *
 * @throws UserError if the file is no such document, is over 64 MB, or an entry lacks a field.
 */
export async function* readAffective(path: string): AsyncGenerator<PublishedRecord> {
  const { responses } = checkDocument(path, await readJsonDocument(path));
  for (const [at, entry] of responses.entries())
    yield toRecord(`${path}: response ${at + 1}`, at + 1, entry);
}

function checkDocument(path: string, found: unknown): { responses: Entry[] } {
  const document = found as { responses: Entry[] } | null;
  if (Array.isArray(document?.responses)) return document as { responses: Entry[] };
  throw new UserError(
    `${path}: an affective file has a list 'responses', this one has none; name another --format`,
  );
}

function toRecord(place: string, line: number, entry: Entry): PublishedRecord {
  const {
    conv_id: dialogue,
    utterance_idx: index,
    context_field: emotion,
  } = entry?.prompt_metadata ?? {};
  const texts = Array.isArray(entry?.responses)
    ? entry.responses.map((one) => ({ run: one?.run, response: one?.response }))
    : undefined;
  const isWhole =
    typeof dialogue === "string" &&
    /^\d+$/.test(String(index)) &&
    typeof emotion === "string" &&
    typeof entry.prompt_text === "string" &&
    texts?.every(({ run, response }) => Number.isInteger(run) && typeof response === "string");
  if (!isWhole || !texts) {
    throw new UserError(
      `${place}: lacks conv_id, utterance_idx, context_field, prompt_text or its responses; fetch the file again`,
    );
  }
  return {
    line,
    dialogue,
    turn: Number(index) + 1,
    emotion,
    situation: (entry.prompt_text as string).replaceAll("_comma_", ","),
    replies: texts.map(({ run, response }) => ({
      column: "",
      sample: run as number,
      text: (response as string).trim(),
    })),
  };
}
