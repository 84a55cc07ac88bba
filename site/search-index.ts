import MiniSearch from "minisearch";
import { SEARCH_OPTIONS, type Section } from "./search-terms";
import type { SitePage } from "./site-page";

/** What can be looked up by its name, such as a function: where it is, and what it does in a sentence. */
export interface Entry {
  readonly url: string;
  readonly name: string;
  readonly text: string;
}

// Long lists of what has changed would otherwise answer every question.
const WEIGHTS: Readonly<Record<string, number>> = { "changes.html": 0.3, "design.html": 0.6 };
const ENTRY_WEIGHT = 0.4;
// What the reference lists is found entry by entry.
const UNSEARCHED = /^(reference\.html|search\.html|api\/)/;

/** Makes the index of all pages, as the script that the search page loads. */
export function makeSearchIndex(pages: readonly SitePage[], entries: readonly Entry[]): string {
  const sections = [
    ...pages.filter(({ path }) => !UNSEARCHED.test(path)).flatMap(sectionsOf),
    ...entries.map(({ url, name, text }) => {
      return { url, page: "Reference", heading: name, text, weight: ENTRY_WEIGHT };
    }),
  ].map((section, id): Section => ({ ...section, id }));
  const index = new MiniSearch(SEARCH_OPTIONS);
  index.addAll(sections);
  return `globalThis.searchIndex = ${JSON.stringify(JSON.stringify(index))};\n`;
}

/** Splits a page at its headings. */
export function sectionsOf({ path, title, body }: SitePage): Omit<Section, "id">[] {
  const weight = WEIGHTS[path] ?? (path.endsWith("-changes.html") ? 0.3 : 1);
  return body.split(/(?=<h[1-4][ >])/).flatMap((part) => {
    const [, id, words = ""] = /^<h[1-4](?: id="([^"]*)")?[^>]*>(.*?)<\/h[1-4]>/s.exec(part) ?? [];
    const text = textOf(part.replace(/^<h[1-4].*?<\/h[1-4]>/s, ""));
    if (text === "" && words === "") return [];
    const isTop = /^<h1/.test(part) || id === undefined;
    return [
      { url: isTop ? path : `${path}#${id}`, page: title, heading: textOf(words), text, weight },
    ];
  });
}

/** The words of markup; code that is folded away is left out, pictures are what they show. */
function textOf(html: string): string {
  return html
    .replace(/<details class="code">.*?<\/details>/gs, " ")
    .replace(/<(script|style)\b.*?<\/\1>/gs, " ")
    .replace(/<img[^>]* alt="([^"]*)"[^>]*>/g, " $1 ")
    .replace(/<\/?(?:i|code|strong|em|a|span|b)\b[^>]*>/g, "")
    .replace(/<[^>]+>/g, " ")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&#39;|&#x27;/g, "'")
    .replace(/&amp;/g, "&")
    .replace(/\s+/g, " ")
    .trim();
}
