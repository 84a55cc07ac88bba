/** How many words' finds are kept. */
const KEPT = 24;

/** Texts that can be searched for words and phrases: one lower-case string, so that a search is a few native calls. */
export class SearchableTexts {
  private readonly all: string;
  /** Where each text begins; one more entry ends the last. */
  private readonly starts: Int32Array;
  private readonly found = new Map<string, Uint8Array>();

  constructor(texts: readonly string[]) {
    const lines = texts.map(toSearchable);
    this.starts = new Int32Array(texts.length + 1);
    for (const [at, line] of lines.entries()) {
      this.starts[at + 1] = (this.starts[at] ?? 0) + line.length + 1;
    }
    this.all = lines.join("\n");
  }

  /**
   * Finds the texts that hold a word or a phrase, in any case, also within words.
   *
   * @returns 1 for every text that does, else 0; to be read only.
   */
  find(part: string): Uint8Array {
    const wanted = toSearchable(part);
    const known = this.found.get(wanted);
    if (known) return known;
    const mask = this.search(wanted);
    const [oldest] = this.found.keys();
    if (this.found.size >= KEPT && oldest !== undefined) this.found.delete(oldest);
    this.found.set(wanted, mask);
    return mask;
  }

  private search(wanted: string): Uint8Array {
    const { all, starts } = this;
    const mask = new Uint8Array(starts.length - 1);
    if (wanted === "") return mask.fill(1);
    let text = 0;
    for (let at = all.indexOf(wanted); at >= 0; at = all.indexOf(wanted, starts[text])) {
      while ((starts[text + 1] ?? all.length) <= at) text++;
      mask[text] = 1;
      text++;
      if (text >= mask.length) break;
    }
    return mask;
  }
}

/**
 * Takes a search apart into what all must be found: words, and phrases in double quotes.
 *
 * @example
 * searchedParts('sorry "your dog"'); // => ["sorry", "your dog"]
 */
export function searchedParts(search: string): string[] {
  const parts = [...search.replace(/[“”]/g, '"').matchAll(/"([^"]*)"?|([^\s"]+)/g)];
  return parts.map(([, phrase, word]) => (phrase ?? word ?? "").trim()).filter(Boolean);
}

// Line ends part the texts; curly quotation marks are the straight ones that people type.
function toSearchable(text: string): string {
  return text
    .normalize("NFC")
    .toLowerCase()
    .replace(/\s/g, " ")
    .replace(/[‘’]/g, "'")
    .replace(/[“”]/g, '"');
}
