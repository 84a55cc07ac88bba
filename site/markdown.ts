// Documents as pages: markdown-it with GitHub's names of headings; links within the repository lead to the site's pages,
// or to files that it carries along.
import { posix } from "node:path";
import { escapeMarkup } from "kit";
import MarkdownIt, { type Token } from "markdown-it";
import type { Highlight } from "./highlight";
import { type Place, targetOf } from "./places";
import { linkTo } from "./site-page";
import { createSlugs } from "./slugs";

/** Where a document lies, and what its page has been called so far. */
export interface Document {
  readonly source: string;
  readonly path: string;
  readonly slugOf: (heading: string) => string;
}

/** Writes Markdown as HTML, and takes note of the files that it leads to. */
export type Render = (markdown: string, document: Document) => string;

/** What a page's Markdown needs to know of the site. */
export interface RenderOptions {
  readonly places: readonly Place[];
  readonly highlight: Highlight;
  /** Told of each file of the repository that a page leads to. */
  readonly onFile: (source: string) => void;
}

/** Begins a document. */
export function openDocument({ source, path }: Pick<Place, "source" | "path">): Document {
  return { source, path, slugOf: createSlugs() };
}

/** Makes the renderer. */
export function createRender({ places, highlight, onFile }: RenderOptions): Render {
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
      if (children) redirect(children, document, places, onFile);
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

function redirect(
  tokens: readonly Token[],
  document: Document,
  places: readonly Place[],
  onFile: (source: string) => void,
): void {
  // A link to a folder has no page to lead to: its words stay.
  let isOpen = false;
  for (const token of tokens) {
    const name = { link_open: "href", image: "src" }[token.type];
    if (name !== undefined) {
      const address = token.attrGet(name) ?? "";
      const to = siteAddress(address, document, places, onFile);
      isOpen = to === undefined && token.type === "link_open";
      if (to !== undefined) token.attrSet(name, to);
      if (token.type === "image") token.attrSet("loading", "lazy");
    }
    if (isOpen && /^link_(open|close)$/.test(token.type)) {
      isOpen = token.type === "link_open";
      token.hidden = true;
      token.tag = "span";
      token.attrs = null;
    }
  }
}

function siteAddress(
  address: string,
  { source, path }: Document,
  places: readonly Place[],
  onFile: (source: string) => void,
): string | undefined {
  if (/^([a-z]+:|#)/i.test(address)) return address;
  const [file = "", hash] = address.split("#");
  const wanted = posix.join(posix.dirname(source), decodeURI(file));
  const target = targetOf(wanted, places);
  if (target.kind === "folder") return undefined;
  if (target.kind === "file") onFile(wanted);
  const link = linkTo(path, target.path);
  return hash === undefined ? link : `${link}#${hash}`;
}
