// Okapi BM25 (Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond",
// equation 3.15) over an inverted index, with the inverse document frequency that Lucene uses, which is
// never negative: ln(1 + (N - n + 0.5) / (n + 0.5)).
import { countEach } from "../group-by";

/** A document that matches a query. */
export interface Match {
  /** The document's place in the collection, from 0. */
  readonly document: number;
  readonly score: number;
}

interface Postings {
  readonly documents: number[];
  readonly counts: number[];
}

/** The two weights of the formula. */
export interface Bm25Weights {
  /** How much a word's repetition counts; 1.2 by default, 0 not at all. */
  readonly k1?: number;
  /** How much a text's length counts against it; 0.75 by default, 0 not at all. */
  readonly b?: number;
}

/**
 * An index of texts for BM25 search.
 *
 * @example
 * const index = new Bm25Index(["my cat ran away", "my exam went well"]);
 * index.search("the cat is gone").document; // => 0
 */
export class Bm25Index {
  private readonly postings = new Map<string, Postings>();
  private readonly lengths: number[] = [];
  private readonly averageLength: number;

  private readonly k1: number;
  private readonly b: number;

  constructor(texts: Iterable<string>, { k1 = 1.2, b = 0.75 }: Bm25Weights = {}) {
    this.k1 = k1;
    this.b = b;
    for (const text of texts) this.add(splitWords(text));
    const words = this.lengths.reduce((sum, length) => sum + length, 0);
    this.averageLength = words / Math.max(1, this.lengths.length);
  }

  /**
   * Finds the document that matches a query best.
   *
   * @param accepts leaves documents out; all are in by default.
   * @returns the best match; among equals, the first document of the collection. Where no word matches,
   *   that is the first accepted document, with score 0. Undefined where none is accepted.
   */
  search(query: string, accepts: (document: number) => boolean = () => true): Match | undefined {
    const scores = this.score(splitWords(query));
    let best: Match | undefined;
    for (let document = 0; document < scores.length; document++) {
      // Logarithms may differ between machines in the last bit; what differs by less is a tie.
      const score = Math.round((scores[document] as number) * 1e9) / 1e9;
      if ((best === undefined || score > best.score) && accepts(document)) {
        best = { document, score };
      }
    }
    return best;
  }

  private add(words: readonly string[]): void {
    const document = this.lengths.push(words.length) - 1;
    for (const [word, count] of countEach(words)) {
      const postings = this.postings.get(word) ?? { documents: [], counts: [] };
      this.postings.set(word, postings);
      postings.documents.push(document);
      postings.counts.push(count);
    }
  }

  private score(words: readonly string[]): Float64Array {
    const { k1, b } = this;
    const scores = new Float64Array(this.lengths.length);
    for (const word of words) {
      const { documents, counts } = this.postings.get(word) ?? { documents: [], counts: [] };
      const rarity = Math.log(
        1 + (this.lengths.length - documents.length + 0.5) / (documents.length + 0.5),
      );
      for (let place = 0; place < documents.length; place++) {
        const document = documents[place] as number;
        const count = counts[place] as number;
        const length = (this.lengths[document] as number) / this.averageLength;
        const weight = (count * (k1 + 1)) / (count + k1 * (1 - b + b * length));
        scores[document] = (scores[document] as number) + rarity * weight;
      }
    }
    return scores;
  }
}

/**
 * Splits a text into words: letters and digits, apostrophes inside, in lower case.
 *
 * @example
 * splitWords("I'm 30, Ana!"); // => ["i'm", "30", "ana"]
 */
export function splitWords(text: string): string[] {
  return (
    text
      .toLowerCase()
      .replaceAll("’", "'")
      .match(/[\p{L}\p{N}]+(?:'[\p{L}\p{N}]+)*/gu) ?? []
  );
}
