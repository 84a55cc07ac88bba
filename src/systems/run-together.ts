// In some files two conversations that follow each other in the corpus were read as one: the context
// starts as the first and goes on as the second, and all of it bears the second's emotion.
import type { JoinIndex } from "./join-index";
import { type Match, matchByText } from "./join-record";
import { normalForm } from "./normal-form";
import type { PublishedRecord } from "./published-record";

/** A conversation that a file has run together with another, and the emotion that it bears there. */
export interface RunTogether {
  readonly dialogue: string;
  /** Undefined in files that name none. */
  readonly emotion: string | undefined;
}

/**
 * Finds the conversations that a record's context shows to be run together.
 *
 * @returns for each, its identifier and the emotion that the file gives it; none for a sound context.
 */
export function findRunTogether(record: PublishedRecord, index: JoinIndex): RunTogether[] {
  const context = (record.context ?? []).map(normalForm);
  for (let split = 1; split < context.length; split++) {
    const firsts = index.beginning(context.slice(0, split));
    if (firsts.length === 0) return [];
    const isSecond = index
      .beginning(context.slice(split))
      .some(({ dialogue: { emotion } }) => emotion === (record.emotion ?? emotion));
    if (!isSecond) continue;
    return firsts.map(({ dialogue }) => ({ dialogue: dialogue.id, emotion: record.emotion }));
  }
  return [];
}

/**
 * Matches a record by its text and its reference reply, whatever its emotion, to the conversations that
 * bear that emotion because they were run together with the next.
 */
export function matchDespiteEmotion(
  record: PublishedRecord,
  index: JoinIndex,
  known: readonly RunTogether[],
): Match {
  const ids = known.flatMap(({ dialogue, emotion }) =>
    emotion === record.emotion ? dialogue : [],
  );
  return matchByText(record, index, ({ id }) => ids.includes(id));
}
