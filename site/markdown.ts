// Documents as pages: markdown-it with GitHub's names of headings; links within the repository lead to the site's pages,
// or to files that it carries along.
import { escapeMarkup } from "kit";
import MarkdownIt, { type Token } from "markdown-it";
import type { Highlight } from "./highlight";
import type { Place } from "./places";
import { createSlugs } from "./slugs";

/** Where a document lies, and what its page has been called so far. */
export interface Document {
  readonly source: string;
  readonly path: string;
  readonly slugOf: (heading: string) => string;
}

/** Writes Markdown as HTML. */
export type Render = (markdown: string, document: Document) => string;

/** What a page's Markdown needs to know of the site. */
export interface RenderOptions {
  readonly highlight: Highlight;
  /** Says where a document's relative address leads on the site; undefined where it leads nowhere. */
  readonly addressOf: (address: string, document: Document) => string | undefined;
}

/** Begins a document. */
export function openDocument({ source, path }: Pick<Place, "source" | "path">): Document {
  return { source, path, slugOf: createSlugs() };
}

/** Makes the renderer. */
export function createRender({ highlight, addressOf }: RenderOptions): Render {
  const parser = new MarkdownIt({ html: true });
  const { rules } = parser.renderer;
  rules.fence = ([...tokens], at) => {
    const { content, info } = tokens[at] as Token;
    return codeBlock(highlight(content.replace(/\n$/, ""), info.trim()));
  };
  rules.code_block = (tokens, at) => codeBlock(escapeMarkup(tokens[at]?.content ?? ""));
  rules.table_open = () => '<div class="scroll" tabindex="0"><table>';
  rules.table_close = () => "</table></div>";
  return (markdown, document) => {
    const tokens = parser.parse(markdown, {});
    nameHeadings(tokens, document);
    for (const { children } of tokens) {
      if (children) redirect(children, (address) => addressOf(address, document));
    }
    const html = parser.renderer.render(tokens, parser.options, {});
    // A head without words is none.
    return html.replace(/<th( style="[^"]*")?><\/th>/g, "<td></td>");
  };
}

/** A block of code that can be scrolled by keyboard. */
export function codeBlock(html: string): string {
  return `<pre tabindex="0"><code>${html}</code></pre>\n`;
}

function nameHeadings(tokens: readonly Token[], { slugOf }: Document): void {
  for (const [at, token] of tokens.entries()) {
    if (token.type !== "heading_open") continue;
    const words = tokens[at + 1]?.children ?? [];
    token.attrSet("id", slugOf(words.map(({ content }) => content).join("")));
  }
}

// A link that leads nowhere is taken away; its words stay.
function redirect(
  tokens: readonly Token[],
  addressOf: (address: string) => string | undefined,
): void {
  let isDropped = false;
  for (const token of tokens) {
    const name = token.type === "image" ? "src" : "href";
    const address = token.attrGet(name);
    if (address !== null) {
      const isWithin = !/^([a-z]+:|#)/i.test(address);
      const to = isWithin ? addressOf(address) : address;
      isDropped = to === undefined;
      token.attrSet(name, to ?? "");
    }
    if (token.type === "image") token.attrSet("loading", "lazy");
    if (!isDropped || !/^link_/.test(token.type)) continue;
    isDropped = token.type === "link_open";
    token.tag = "span";
    token.attrs = null;
  }
}
