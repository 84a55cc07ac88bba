// The answers to the page's questions in a view that is kept: the server's own, from an index that stands beside the page. It runs
// in the browser.
import { readValues } from "./kept-values";
import type { ReplyIndex } from "./reply-index";
import { SearchableTexts } from "./searchable-texts";
import { createViewApi, type ViewApi } from "./view-api";
import type { MarkedWords } from "./word-effects";

/** An index without what is quickly made of its texts. */
export type KeptIndex = Omit<ReplyIndex, "replyTexts" | "promptTexts">;

/** What stands beside a page that is kept. */
export interface KeptView {
  readonly index: KeptIndex;
  readonly notes: readonly string[];
  readonly run: string;
  /** Marked words, by the reply's position. */
  readonly words: ReadonlyMap<number, MarkedWords>;
}

/** Makes the answers from what `writeValues` wrote of a `KeptView`. */
export function createKeptApi(text: string): ViewApi {
  const { index, notes, run, words } = readValues(text) as KeptView;
  return createViewApi(withTexts(index), { notes, run, markWords: async (at) => words.get(at) });
}

/** Makes an index's texts searchable. */
export function withTexts(index: KeptIndex): ReplyIndex {
  const { replies, stimuli } = index;
  return {
    ...index,
    replyTexts: new SearchableTexts(replies.map(({ text }) => text)),
    promptTexts: new SearchableTexts(
      stimuli.map(({ situation, context }) => [situation, ...context].join(" ")),
    ),
  };
}
