// Which stimulus a published record answers. A record that names a conversation is checked against its
// text; one that does not finds it by emotion and by every utterance before the turn, in normal form.
import type { Dialogue } from "../corpus/dialogue";
import type { JoinIndex } from "./join-index";
import { normalForm } from "./normal-form";
import type { PublishedRecord } from "./published-record";

/** Why a record answers no stimulus that can be told. */
export type LeftReason =
  | "no such dialogue"
  | "no such turn"
  | "a turn of the speaker"
  | "no such context"
  | "several contexts"
  | "another context"
  | "another emotion"
  | "another reference reply"
  | "two conversations run together"
  | "answered before"
  | "the same row again"
  | "no reply";

/** The stimulus that a record answers, or why there is none. */
export type Match =
  | { readonly dialogue: Dialogue; readonly turn: number }
  | { readonly left: LeftReason };

/** Finds the stimulus that a record answers. */
export function matchRecord(record: PublishedRecord, index: JoinIndex): Match {
  return record.dialogue === undefined
    ? matchByText(record, index, ({ emotion }) => !record.emotion || emotion === record.emotion)
    : matchById(record, record.dialogue, index);
}

function matchById(record: PublishedRecord, id: string, index: JoinIndex): Match {
  const dialogue = index.find(id);
  const turn = record.turn as number;
  if (turn % 2 === 1) return { left: "a turn of the speaker" };
  if (!dialogue) return { left: "no such dialogue" };
  if (turn < 2 || turn > dialogue.utterances.length + 1) return { left: "no such turn" };
  if (record.emotion !== undefined && record.emotion !== dialogue.emotion) {
    return { left: "another emotion" };
  }
  if (!isShown(record, dialogue, turn)) return { left: "another context" };
  if (!isFollowedBy(dialogue, turn, record.reference)) return { left: "another reference reply" };
  return { dialogue, turn };
}

function isShown(record: PublishedRecord, dialogue: Dialogue, turn: number): boolean {
  const before = dialogue.utterances.slice(0, turn - 1).map(({ text }) => text);
  const claims: [readonly string[], readonly string[]][] = [];
  if (record.context) claims.push([record.context, before]);
  if (record.lastUtterance !== undefined) claims.push([[record.lastUtterance], before.slice(-1)]);
  if (record.situation !== undefined) claims.push([[record.situation], [dialogue.situation]]);
  if (record.window) {
    claims.push([record.window, [dialogue.situation, ...before].slice(-record.window.length)]);
  }
  return claims.every(
    ([claimed, held]) =>
      claimed.length === held.length &&
      claimed.every((text, at) => normalForm(text) === normalForm(held[at] as string)),
  );
}

/**
 * Finds the stimulus that a record without an identifier answers.
 *
 * @param mayBe whether a conversation with that text may be the record's; by default one of its emotion.
 */
export function matchByText(
  record: PublishedRecord,
  index: JoinIndex,
  mayBe: (dialogue: Dialogue) => boolean,
): Match {
  const context = (record.context ?? []).map(normalForm);
  const beginnings = index.beginning(context);
  const named = beginnings.filter(({ dialogue }) => mayBe(dialogue));
  if (named.length === 0) {
    return { left: beginnings.length === 0 ? "no such context" : "another emotion" };
  }
  if (context.length % 2 === 0) return { left: "a turn of the speaker" };
  const answered = named.filter(({ dialogue, length }) =>
    isFollowedBy(dialogue, length + 1, record.reference),
  );
  const [only, ...others] = answered;
  if (!only) return { left: "another reference reply" };
  if (others.length > 0) return { left: "several contexts" };
  return { dialogue: only.dialogue, turn: only.length + 1 };
}

function isFollowedBy(dialogue: Dialogue, turn: number, reference: string | undefined): boolean {
  if (reference === undefined) return true;
  const held = dialogue.utterances[turn - 1];
  return held !== undefined && normalForm(held.text) === normalForm(reference);
}
