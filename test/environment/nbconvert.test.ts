// `npm run html` on every notebook, with its pages in Chromium.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { readNotebook } from "run-notebooks";
import { openChromium } from "test-support/chromium";
import { chromium, itNeeds, nbconvert } from "test-support/needs";
import { temporaryFolder } from "test-support/temporary";
import { projectPath } from "../../src/project";

const both = { met: nbconvert.met && chromium.met, reason: `${nbconvert.reason} and chromium` };

const notebooks = (readdirSync(projectPath("notebooks"), { recursive: true }) as string[])
  .filter((name) => name.endsWith(".ipynb") && !name.includes(".ipynb_checkpoints"))
  .sort();

function pictureTitles(notebook: string): string[] {
  const outputs = readNotebook(projectPath("notebooks", notebook)).cells.flatMap(
    (cell) => cell.outputs ?? [],
  );
  return outputs.flatMap((output) =>
    "data" in output && "image/svg+xml" in output.data ? [String(output.data["text/plain"])] : [],
  );
}

function convert(...options: string[]): string {
  const folder = temporaryFolder();
  const script = projectPath("environment", "html.mjs");
  const done = spawnSync(process.execPath, [script, "--output-dir", folder, ...options], {
    encoding: "utf8",
  });
  assert.equal(done.status, 0, done.stderr);
  assert.doesNotMatch(done.stderr, /warn|error|deprecat/i);
  return folder;
}

describe("npm run html", () => {
  itNeeds(
    both,
    "turns every notebook into a page that shows its figures, with nothing fetched and no warning",
    async () => {
      const folder = convert();
      const browser = await openChromium();
      try {
        for (const notebook of notebooks) {
          const page = await browser.newPage();
          const fetched: string[] = [];
          page.on("request", (request) => {
            if (/^https?:/.test(request.url())) fetched.push(request.url());
          });
          const name = (notebook.split(/[\\/]/).at(-1) as string).replace(/ipynb$/, "html");
          await page.goto(pathToFileURL(join(folder, name)).href);
          const pictures = page.locator(".jp-RenderedSVG img");
          const shown = await pictures.evaluateAll((images) =>
            images.map((image) => ({
              alt: (image as unknown as { alt: string }).alt,
              width: (image as unknown as { naturalWidth: number }).naturalWidth,
            })),
          );
          assert.deepEqual(
            shown.map(({ alt }) => alt),
            pictureTitles(notebook),
          );
          assert.ok(
            shown.every(({ width }) => width > 100),
            notebook,
          );
          assert.deepEqual(fetched, []);
          await page.close();
        }
      } finally {
        await browser.close();
      }
    },
    120_000,
  );

  itNeeds(
    both,
    "makes pages without prompts that Chromium prints to PDF",
    async () => {
      const notebook = projectPath("notebooks", "01-corpus.ipynb");
      const folder = convert("--print", notebook);
      const browser = await openChromium();
      try {
        const page = await browser.newPage();
        await page.goto(pathToFileURL(join(folder, "01-corpus.html")).href);
        assert.equal(await page.getByText("In [1]:").count(), 0);
        const pdf = await page.pdf({ format: "A4" });
        assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
        assert.ok(pdf.length > 50_000);
      } finally {
        await browser.close();
      }
    },
    60_000,
  );
});
