// A real Jupyter server, started by `npm run lab`, with its page in Chromium: every notebook, as a user runs it.
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PLOTLY_MIME } from "kit";
import type { Browser, Page } from "playwright-core";
import { findDifference, formatNotebook, type Notebook, readNotebook } from "run-notebooks";
import { openChromium } from "test-support/chromium";
import { chromium, itNeeds, jupyterServer } from "test-support/needs";
import { projectPath } from "../../src/project";
import { type JupyterServer, startJupyter } from "./jupyter-server";

const here = {
  met: chromium.met && jupyterServer.met,
  reason: `${jupyterServer.reason} and chromium`,
};
const notebooks = (readdirSync(projectPath("notebooks"), { recursive: true }) as string[])
  .filter((name) => name.endsWith(".ipynb") && !/ipynb_checkpoints|^lessons/.test(name))
  .sort();
const NOTEBOOK_MS = 240_000;

function withoutOutputs(notebook: Notebook): Notebook {
  const cells = notebook.cells.map((cell) =>
    cell.cell_type === "code" ? { ...cell, outputs: [], execution_count: null } : cell,
  );
  return { ...notebook, cells };
}

function countFigures({ cells }: Notebook): number {
  const outputs = cells.flatMap((cell) => cell.outputs ?? []);
  return outputs.filter((output) => "data" in output && PLOTLY_MIME in output.data).length;
}

// What the page of the classic notebook offers to scripts.
interface ClassicPage {
  readonly Jupyter?: {
    readonly notebook?: {
      readonly dirty: boolean;
      readonly kernel?: { is_connected(): boolean };
      get_cells(): readonly {
        cell_type: string;
        input_prompt_number?: number | string;
        output_area?: { readonly outputs: readonly unknown[] };
      }[];
    };
  };
}

async function openNotebook(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.waitForFunction(() =>
    (globalThis as ClassicPage).Jupyter?.notebook?.kernel?.is_connected(),
  );
}

async function runAll(page: Page): Promise<void> {
  await page.click("#celllink");
  await page.click("#run_all_cells");
  await page.waitForFunction(
    () =>
      (globalThis as ClassicPage).Jupyter?.notebook
        ?.get_cells()
        .every((one) => one.cell_type !== "code" || typeof one.input_prompt_number === "number"),
    undefined,
    { timeout: NOTEBOOK_MS },
  );
}

// Outputs come on another channel than the reply that a cell has ended, and may come after it.
async function waitForOutputs(page: Page, { cells }: Notebook): Promise<void> {
  const expected = cells.map(({ outputs }) => outputs?.length ?? 0);
  const haveCome = (counts: readonly number[]) =>
    (globalThis as ClassicPage).Jupyter?.notebook
      ?.get_cells()
      .every((one, at) => (one.output_area?.outputs.length ?? 0) >= (counts[at] ?? 0));
  // What has not come by then is a difference, which the test names.
  await page.waitForFunction(haveCome, expected, { timeout: 20_000 }).catch(() => {});
}

async function save(page: Page): Promise<void> {
  await page.click('button[data-jupyter-action="jupyter-notebook:save-notebook"]');
  await page.waitForFunction(() => !(globalThis as ClassicPage).Jupyter?.notebook?.dirty);
}

// A figure is interactive when the pointer over a mark brings up what stands there.
async function hoverOverMark(page: Page): Promise<string> {
  // Bars before points: some points only mark, and say nothing.
  const bars = page.locator(".js-plotly-plot .point path");
  const points = page.locator(".js-plotly-plot path.point");
  const mark = ((await bars.count()) > 0 ? bars : points).first();
  await mark.scrollIntoViewIfNeeded();
  await mark.hover({ force: true });
  const label = page.locator(".js-plotly-plot .hoverlayer .hovertext").first();
  await label.waitFor({ timeout: 10_000 });
  return (await label.textContent()) ?? "";
}

// Whether every figure ends where its place ends, or before.
const FIGURES_FIT = `[...document.querySelectorAll(".output_plotly")].every((area) => {
  const ends = (element) => element.getBoundingClientRect().right;
  return ends(area.querySelector(".main-svg")) <= ends(area) + 1;
})`;

describe("the classic notebook in Chromium", () => {
  let server: JupyterServer;
  let browser: Browser;

  before(async function startBoth() {
    if (!here.met) return;
    this.timeout(120_000);
    server = await startJupyter();
    browser = await openChromium();
  });
  after(async () => {
    await browser?.close();
    await server?.interrupt();
  });

  for (const name of notebooks) {
    itNeeds(
      here,
      `runs all of ${name}, shows its figures, and saves the outputs that are committed`,
      async () => {
        const committed = readNotebook(projectPath("notebooks", name));
        const copy = join(server.folder, name);
        mkdirSync(dirname(copy), { recursive: true });
        writeFileSync(copy, formatNotebook(withoutOutputs(committed)));
        const page = await browser.newPage();
        await openNotebook(page, server.pageOf(name));
        await runAll(page);
        await waitForOutputs(page, committed);
        const figures = page.locator(".js-plotly-plot .main-svg[style*='background']");
        const expected = countFigures(committed);
        // The page draws figures after the kernel has sent them.
        if (expected > 0) await figures.nth(expected - 1).waitFor({ state: "attached" });
        assert.equal(await figures.count(), expected);
        if (expected > 0) assert.notEqual(await hoverOverMark(page), "");
        // A narrow window: what is drawn is no wider than its place, and nothing is in a scroll box.
        await page.setViewportSize({ width: 800, height: 900 });
        await page.waitForFunction(FIGURES_FIT, undefined, { timeout: 10_000 });
        assert.equal(await page.locator(".output_scroll").count(), 0);
        await save(page);
        assert.equal(await page.locator(".output_error, .output_stderr").count(), 0);
        await page.close();
        assert.equal(findDifference(committed, readNotebook(copy)), undefined);
      },
      NOTEBOOK_MS,
    );
  }
});
