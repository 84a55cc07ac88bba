import { stimulusKey } from "../corpus/stimulus";
import type { JoinIndex } from "./join-index";
import { type LeftReason, type Match, matchRecord } from "./join-record";
import type { PublishedRecord } from "./published-record";
import type { Reply } from "./reply";
import { findRunTogether, matchDespiteEmotion, type RunTogether } from "./run-together";

/** A record that was left out, and why. */
export interface LeftRecord {
  /** Line of the file where the record starts. */
  readonly line: number;
  readonly reason: LeftReason;
}

/** What joining one record gave: its replies, or why it was left out. */
export type Joined =
  | { readonly line: number; readonly replies: readonly Reply[] }
  | (LeftRecord & { readonly replies?: undefined });

/** How the records of a file become replies. */
export interface JoinOptions {
  /** Names the system that a column's replies belong to; undefined leaves the column out. */
  readonly systemOf: (column: string) => string | undefined;
  /** Whether further records for a stimulus are further samples; otherwise they are left out. */
  readonly samples: boolean;
}

/**
 * Joins a file's records to the stimuli that they answer.
 *
 * Each record comes out once, with its replies or with the reason why it has none: nothing is guessed,
 * and nothing is lost. Records come in the file's order, but for those whose emotion is not that of the
 * conversation: they come last, since only the whole file tells why. Of the records before, only which
 * stimuli they answered is kept in memory.
 */
export async function* joinReplies(
  records: AsyncIterable<PublishedRecord>,
  index: JoinIndex,
  options: JoinOptions,
): AsyncGenerator<Joined> {
  const answered = new Map<string, number>();
  const otherEmotion: PublishedRecord[] = [];
  const runTogether: RunTogether[] = [];
  for await (const record of records) {
    const match = matchRecord(record, index);
    if ("dialogue" in match) {
      yield toReplies(record, match, answered, options);
      continue;
    }
    const isByText = record.dialogue === undefined;
    if (isByText && match.left === "another emotion") {
      otherEmotion.push(record);
      continue;
    }
    const found =
      isByText && match.left === "no such context" ? findRunTogether(record, index) : [];
    runTogether.push(...found);
    const reason = found.length > 0 ? "two conversations run together" : match.left;
    yield { line: record.line, reason };
  }
  for (const record of otherEmotion) {
    const match = matchDespiteEmotion(record, index, runTogether);
    yield "dialogue" in match
      ? toReplies(record, match, answered, options)
      : { line: record.line, reason: match.left };
  }
}

function toReplies(
  record: PublishedRecord,
  { dialogue, turn }: Extract<Match, { dialogue: unknown }>,
  answered: Map<string, number>,
  { systemOf, samples }: JoinOptions,
): Joined {
  const { line } = record;
  const replies: Reply[] = [];
  let isRepeated = false;
  for (const { column, text, sample: given } of record.replies) {
    const system = systemOf(column);
    if (system === undefined || text === "") continue;
    const stimulus = `${stimulusKey({ dialogue: dialogue.id, turn })} ${system}`;
    const sample = given ?? (answered.get(stimulus) ?? 0) + 1;
    const key = given === undefined ? stimulus : `${stimulus} ${sample}`;
    if (answered.has(key) && (given !== undefined || !samples)) {
      return { line, reason: "answered before" };
    }
    // Who draws several samples may draw the same words twice, and numbers them; a row that stands there
    // again to the letter is one that was copied.
    const letters = `${stimulus} ${text}`;
    if (samples && given === undefined && answered.has(letters)) {
      isRepeated = true;
      continue;
    }
    if (samples && given === undefined) answered.set(letters, sample);
    answered.set(key, sample);
    replies.push({ dialogue: dialogue.id, turn, system, sample, text });
  }
  if (replies.length > 0) return { line, replies };
  return { line, reason: isRepeated ? "the same row again" : "no reply" };
}
