// What a system's replies are like, in a few standard measures. Distinct-n: Li et al. 2016, A
// Diversity-Promoting Objective Function for Neural Conversation Models, NAACL, section 5.
import { formatCsvTable, readCsvFile } from "kit/tables";

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

const STYLE = [
  "system",
  "replies",
  "meanWords",
  "distinct1",
  "distinct2",
  "stockShare",
  "questionShare",
] as const;

/** A system's style, as a row of `data/published/style.csv`. */
export type StyleRow = ReplyStyle & { readonly system: string };

/** Writes styles as CSV text, four decimals. */
export function formatStyles(rows: readonly StyleRow[]): string {
  const round = (value: number) => Number(value.toFixed(4));
  return formatCsvTable(
    STYLE,
    rows.map((row) => ({
      system: row.system,
      replies: row.replies,
      meanWords: round(row.meanWords),
      distinct1: round(row.distinct1),
      distinct2: round(row.distinct2),
      stockShare: round(row.stockShare),
      questionShare: round(row.questionShare),
    })),
  );
}

/**
 * Reads a table of styles, such as `data/published/style.csv`.
 *
 * @throws UserError if the file is missing or broken.
 */
export function readStyles(path: string): StyleRow[] {
  return readCsvFile(path, STYLE).map(({ system, ...row }) => ({
    system,
    replies: Number(row.replies),
    meanWords: Number(row.meanWords),
    distinct1: Number(row.distinct1),
    distinct2: Number(row.distinct2),
    stockShare: Number(row.stockShare),
    questionShare: Number(row.questionShare),
  }));
}
