// What a system's replies are like, in a few standard measures. Distinct-n: Li et al. 2016, A
// Diversity-Promoting Objective Function for Neural Conversation Models, NAACL, section 5.
import { typedTable } from "../typed-table";

/** Measures of a system's replies. */
export interface ReplyStyle {
  readonly replies: number;
  /** Mean number of words per reply. */
  readonly meanWords: number;
  /** Different words among the first 10,000, over 10,000. */
  readonly distinct1: number;
  /** Different pairs of neighbouring words within replies, among those same words, over 10,000. */
  readonly distinct2: number;
  /** Share of replies that the system gave, word for word, to at least five stimuli. */
  readonly stockShare: number;
  /** Share of replies that hold a question mark. */
  readonly questionShare: number;
}

/**
 * Splits a text into words: lower case, a contraction being one word, however the text was tokenised.
 *
 * @example
 * splitWords("You should n't, really!"); // => ["you", "shouldn't", "really"]
 */
export function splitWords(text: string): string[] {
  const joined = text
    .toLowerCase()
    .replaceAll("’", "'")
    .replace(/ (n't|'(?:s|m|re|ve|d|ll))(?![\p{L}\p{N}])/gu, "$1");
  return joined.match(/[\p{L}\p{N}]+(?:'[\p{L}\p{N}]+)*/gu) ?? [];
}

/** A system's style, as a row of `data/published/style.csv`. */
export type StyleRow = ReplyStyle & { readonly system: string };

const TABLE = typedTable<StyleRow>(
  {
    system: "text",
    replies: "number",
    meanWords: "number",
    distinct1: "number",
    distinct2: "number",
    stockShare: "number",
    questionShare: "number",
  },
  4,
);

/** Writes styles as CSV text, four decimals. */
export function formatStyles(rows: readonly StyleRow[]): string {
  return TABLE.format(rows);
}

/**
 * Reads a table of styles, such as `data/published/style.csv`.
 *
 * @throws UserError if the file is missing or broken.
 */
export function readStyles(path: string): StyleRow[] {
  return TABLE.read(path);
}
