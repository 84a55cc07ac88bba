import { escapeMarkup } from "kit";
import { GROUPS, linkTo, type SitePage } from "./site-page";

/** What every page shows of the site. */
export interface Frame {
  readonly pages: readonly SitePage[];
  readonly version: string;
}

/** Writes a page whole: its head, the menu, its body. */
export function layOutPage(page: SitePage, frame: Frame): string {
  const { path, title, body, scripts = [] } = page;
  const link = (to: string) => escapeMarkup(linkTo(path, to));
  const load = (name: string) => `<script src="${link(name)}" defer></script>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeMarkup(path === "index.html" ? title : `${title} · empathy-notebooks`)}</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="${link("site.css")}">
${["site.js", ...scripts].map(load).join("")}</head>
<body><a class="skip" href="#main">To the content</a>
<header><a class="home" href="${link("index.html")}">empathy-notebooks</a>
<form role="search" action="${link("search.html")}"><label for="q" class="unseen">Search</label><input id="q" name="q" type="search" placeholder="Search, such as: Windows" autocomplete="off"><button type="submit">Search</button></form></header>
<div class="columns">
<details class="menu"><summary>Menu</summary><nav aria-label="Pages">${menu(page, frame)}</nav></details>
<script>document.querySelector(".menu").open = matchMedia("(min-width: 64rem)").matches</script>
<main id="main" tabindex="-1">
${withContents(body)}
</main></div>
<footer>empathy-notebooks ${escapeMarkup(frame.version)} · made from the repository's documents, notebooks and tables · nothing on these pages is fetched from elsewhere, and nothing is sent</footer>
</body></html>
`;
}

function menu({ path }: SitePage, { pages }: Frame): string {
  return GROUPS.map((group) => {
    const items = pages
      .filter((page) => page.group === group)
      .map((page) => {
        const current = page.path === path ? ' aria-current="page"' : "";
        return `<li><a href="${escapeMarkup(linkTo(path, page.path))}"${current}>${escapeMarkup(page.title)}</a></li>`;
      });
    return `<p class="group" id="menu-${group.toLowerCase()}">${group}</p><ul aria-labelledby="menu-${group.toLowerCase()}">${items.join("")}</ul>`;
  }).join("\n");
}

const FEWEST_HEADINGS = 4;

// A long page lists its parts below its title.
function withContents(body: string): string {
  const headings = [...body.matchAll(/<h2 id="([^"]+)"[^>]*>(.*?)<\/h2>/gs)];
  if (headings.length < FEWEST_HEADINGS) return body;
  const items = headings.map(
    ([, id, words]) =>
      `<li><a href="#${id}">${(words ?? "").replace(/<\/?a\b[^>]*>/g, "")}</a></li>`,
  );
  const list = `<details class="contents"><summary>On this page</summary><ol>${items.join("")}</ol></details>`;
  return body.replace("</h1>", () => `</h1>\n${list}`);
}
