// Any notebooks as pages of their own, each in one file: to be handed on, or printed.
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { escapeMarkup, UserError } from "kit";
import { readNotebook } from "run-notebooks";
import { bundleScript } from "./bundle-scripts";
import { loadHighlight } from "./highlight";
import { createRender, openDocument } from "./markdown";
import { notebookToHtml } from "./notebook";
import { readStyle } from "./style";

/**
 * Writes a page for each notebook: words, folded code, what its cells showed, with figures and style in the page itself.
 *
 * @returns the pages' paths.
 * @throws UserError if a file is no notebook, or two have one name.
 */
export async function writeNotebookPages(files: readonly string[], out: string): Promise<string[]> {
  const names = files.map((file) => basename(file, ".ipynb"));
  const twice = names.findIndex((name, at) => names.indexOf(name) !== at);
  if (twice >= 0) {
    throw new UserError(`${files[twice]}: another notebook is called so too; convert it apart`);
  }
  const highlight = await loadHighlight();
  // A page that stands alone leads where its author says.
  const render = createRender({ highlight, addressOf: (address) => address });
  const onFigure = (svg: string) => `data:image/svg+xml,${encodeURIComponent(svg)}`;
  const script = await bundleScript("site");
  const pages = files.map((file, at) => {
    const path = `${names[at]}.html`;
    const document = openDocument({ source: file, path });
    const body = notebookToHtml(readNotebook(file), document, { render, highlight, onFigure });
    return { path: join(out, path), text: toPage(names[at] as string, body, script) };
  });
  mkdirSync(out, { recursive: true });
  for (const { path, text } of pages) writeFileSync(path, text);
  return pages.map(({ path }) => path);
}

function toPage(name: string, body: string, script: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeMarkup(name)}</title><link rel="icon" href="data:,"><style>${readStyle()}</style></head>
<body><main>
${body}
</main><script>${script}</script></body></html>
`;
}
