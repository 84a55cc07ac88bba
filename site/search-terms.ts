// How words are compared when pages are searched: the same for the index, the page that asks it, and the tests.
import type { Options, SearchResult } from "minisearch";

/** A part of a page that can be found: what stands below one heading. */
export interface Section {
  readonly id: number;
  /** Below the site's root, with the heading's name. */
  readonly url: string;
  /** The page's title, the heading's words, and what stands below it. */
  readonly page: string;
  readonly heading: string;
  readonly text: string;
  /** Above 1 for what questions are about, below for what one looks up by its name. */
  readonly weight: number;
}

/** How many results the first page of a search shows. */
export const SHOWN = 10;

// Words of questions that say nothing of what is asked.
const EMPTY = new Set(
  "a an and are as at be by can could did do does for from has have how i in is it its me my of on or shall should that the there this to was we were what when where which who why will with would you your long much many".split(
    " ",
  ),
);

/** The index's options: a word counts without its plural, questions' small words not at all. */
export const SEARCH_OPTIONS: Options<Section> = {
  fields: ["page", "heading", "text"],
  storeFields: ["url", "page", "heading", "text", "weight"],
  processTerm: (term) => {
    const word = term.toLowerCase();
    if (EMPTY.has(word)) return null;
    return word.length > 3 ? word.replace(/([^s])s$/, "$1") : word;
  },
  searchOptions: {
    boost: { page: 2, heading: 4 },
    prefix: (term) => term.length > 2,
    fuzzy: (term) => (term.length > 5 ? 0.2 : false),
    weights: { fuzzy: 0.2, prefix: 0.5 },
    boostDocument: (_id, _term, stored) => Number(stored?.weight ?? 1),
  },
};

/** A section that was found. */
export type Found = Pick<Section, "url" | "page" | "heading" | "text"> &
  Pick<SearchResult, "score" | "terms" | "queryTerms">;

const MOST_OF_A_PAGE = 2;

/**
 * What the first page shows: the best sections, at most two of a page. One that holds all words of a question comes before one that
 * holds a rare word of it often.
 */
export function firstPage(results: readonly Found[]): Found[] {
  const most = Math.max(...results.map(({ queryTerms }) => queryTerms.length));
  const rank = ({ score, queryTerms }: Found) => score * (queryTerms.length / most) ** 2;
  const counts = new Map<string, number>();
  const kept = [...results]
    .sort((a, b) => rank(b) - rank(a))
    .filter(({ page }) => {
      const count = (counts.get(page) ?? 0) + 1;
      counts.set(page, count);
      return count <= MOST_OF_A_PAGE;
    });
  return kept.slice(0, SHOWN);
}
