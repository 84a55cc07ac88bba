// The pages that do something: search, and models of one's own table.
import { readFileSync } from "node:fs";
import { escapeMarkup } from "kit";
import { projectPath } from "../src/project";
import { type Example, listExamples } from "./examples";
import { quoted, type SitePage } from "./site-page";

/** Makes them. */
export function makeToolPages(): SitePage[] {
  return [
    {
      path: "try.html",
      title: "Try it: models of your own table",
      body: readPage("try.html").replace("<!-- examples -->", () =>
        listExamples().map(offer).join("\n"),
      ),
      group: "Start",
      scripts: ["try.js"],
    },
    {
      path: "search.html",
      title: "Search",
      body: readPage("search.html"),
      scripts: ["search-index.js", "search.js"],
    },
  ];
}

function readPage(name: string): string {
  return readFileSync(projectPath("site", "page", name), "utf8");
}

// A table stands in the page as a script that is none, which is shown and run by nobody.
function offer({ id, kind, title, flags, csv }: Example): string {
  const data = quoted(JSON.stringify({ kind, id, flags }));
  return `<li><button type="button" data-example=${data}>${escapeMarkup(title)}</button><script type="text/csv" id="table-${id}">${csv}</script></li>`;
}
