import { chainHash } from "./hash-text";
import { CATEGORIES, LONGEST_PHRASE, phraseCategories } from "./lexicon";

/** Counts of the phrase categories in tokens `from` to `to`, added to `counts`. */
export function countPhrases(
  hashes: Int32Array,
  from: number,
  to: number,
  counts: Float64Array,
): void {
  for (let at = from; at < to; at++) {
    let chain = 0;
    const end = Math.min(to, at + LONGEST_PHRASE);
    for (let next = at; next < end; next++) {
      chain = chainHash(chain, hashes[next]!);
      const found = phraseCategories.get(chain);
      if (found) for (const category of found) counts[category]!++;
    }
  }
}

/** Number of phrase categories. */
export const CATEGORY_COUNT = CATEGORIES.length;
