// Builds the site: every document, notebook, system and claim as a page, the reference, the report, and the search.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readNotebook } from "run-notebooks";
import { projectPath } from "../src/project";
import { bundleScripts } from "./bundle-scripts";
import { findDeadLinks } from "./check-links";
import { type Figures, makeClaimPages } from "./claim-pages";
import { type Highlight, loadHighlight } from "./highlight";
import { layOutPage } from "./layout";
import { createRender, openDocument } from "./markdown";
import { notebookToHtml } from "./notebook";
import { addressWithin, listPlaces, type Place } from "./places";
import { makeReference } from "./reference";
import { makeReportPage } from "./report-page";
import { makeSearchIndex } from "./search-index";
import { linkTo, type SitePage } from "./site-page";
import { readStyle } from "./style";
import { makeSystemPages } from "./system-pages";
import { makeToolPages } from "./tool-pages";

/**
 * Builds the whole site into a folder, from what is committed: no network, the same bytes every time.
 *
 * @returns the number of its pages.
 * @throws Error naming every address within the site that leads nowhere.
 */
export async function buildSite(out: string): Promise<number> {
  const write = (path: string, text: string | Uint8Array) => {
    mkdirSync(dirname(join(out, path)), { recursive: true });
    writeFileSync(join(out, path), text);
  };
  const copy = (source: string, path: string) => {
    mkdirSync(dirname(join(out, path)), { recursive: true });
    copyFileSync(projectPath(source), join(out, path));
  };
  const figures: Figures = {
    names: figureNames(),
    take: (name, page) => {
      copy(`figures/${name}.svg`, `files/figures/${name}.svg`);
      return linkTo(page, `files/figures/${name}.svg`);
    },
  };
  const highlight = await loadHighlight();
  const reference = await makeReference(highlight);
  const pages = [
    ...documentPages(highlight, copy, write),
    await makeReportPage(figures),
    ...makeClaimPages(figures),
    ...makeSystemPages(),
    ...makeToolPages(),
    ...reference.pages,
  ];
  const frame = { pages, version: versionOf() };
  for (const page of pages) write(page.path, layOutPage(page, frame));
  write("search-index.js", makeSearchIndex(pages, reference.entries));
  write("site.css", readStyle());
  copy("apps/report/page/sort.js", "sort.js");
  for (const [path, text] of await bundleScripts()) write(path, text);
  const dead = findDeadLinks(out);
  if (dead.length > 0) throw new Error(`these lead nowhere:\n${dead.join("\n")}`);
  return pages.length;
}

function documentPages(
  highlight: Highlight,
  copy: (source: string, path: string) => void,
  write: (path: string, text: string) => void,
): SitePage[] {
  const places = listPlaces();
  const onFile = (source: string) => copy(source, `files/${source}`);
  const render = createRender({
    highlight,
    addressOf: (address, document) => addressWithin(address, document, places, onFile),
  });
  return places.map((place) => {
    const document = openDocument(place);
    const file = projectPath(place.source);
    if (!place.source.endsWith(".ipynb")) {
      return toPage(place, render(withAnswers(readFileSync(file, "utf8")), document));
    }
    let count = 0;
    const onFigure = (svg: string) => {
      count++;
      const path = place.path.replace(/\.html$/, `-${count}.svg`);
      write(path, svg);
      return linkTo(place.path, path);
    };
    const parts = { render, highlight, onFigure };
    return toPage(place, notebookToHtml(readNotebook(file), document, parts));
  });
}

// The results stand in the README, where a run writes them.
function withAnswers(markdown: string): string {
  return markdown.replace(/<!-- README: (\w+) -->/g, (_, name: string) => {
    const readme = readFileSync(projectPath("README.md"), "utf8");
    return readme.split(`<!-- ${name}: generated -->`)[1]?.split(`<!-- ${name}: end -->`)[0] ?? "";
  });
}

function toPage({ path, group }: Place, body: string): SitePage {
  const [, heading = path] = /<h1[^>]*>(.*?)<\/h1>/s.exec(body) ?? [];
  const title = heading.replace(/<[^>]+>/g, "");
  return { path, title: TITLES[path] ?? title, body, ...(group ? { group } : {}) };
}

// What the menu calls pages whose heading says it otherwise.
const TITLES: Readonly<Record<string, string>> = {
  "index.html": "Which page answers my question?",
  "overview.html": "Overview and results",
};

function figureNames(): string[] {
  const list = readFileSync(projectPath("figures", "checksums.txt"), "utf8");
  return list.split("\n").flatMap((line) => /([\w-]+)\.svg$/.exec(line)?.[1] ?? []);
}

function versionOf(): string {
  return JSON.parse(readFileSync(projectPath("package.json"), "utf8")).version;
}
