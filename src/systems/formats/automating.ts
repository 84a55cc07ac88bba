import { UserError } from "kit";
import type { PublishedRecord } from "../published-record";
import { readJsonDocument } from "./json-document";

/**
 * Reads replies in the form of the automating-empathy project (github.com/tarushbansal): a JSON list of
 * records with `context`, the utterances so far, `target`, the human reply, and `prediction`.
 *
 * @throws UserError if the file is no such list, is over 64 MB, or a record lacks a field.
 */
export async function* readAutomating(path: string): AsyncGenerator<PublishedRecord> {
  const found = await readJsonDocument(path);
  if (!Array.isArray(found)) {
    throw new UserError(
      `${path}: an automating-empathy file is a list of records, and this one is not; name another --format`,
    );
  }
  for (const [at, entry] of found.entries()) yield toRecord(path, at + 1, entry);
}

function toRecord(path: string, line: number, entry: unknown): PublishedRecord {
  const { context, target, prediction } = (entry ?? {}) as Record<string, unknown>;
  const isContext = Array.isArray(context) && context.every((text) => typeof text === "string");
  if (!isContext || typeof target !== "string" || typeof prediction !== "string") {
    throw new UserError(
      `${path}: record ${line}: lacks context, target or prediction; fetch the file again`,
    );
  }
  return {
    line,
    context,
    reference: target,
    replies: [{ column: "", text: prediction.trim() }],
  };
}
