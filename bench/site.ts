// How long the site's first page takes to load on loopback, beside an empty page of the same server; 390 and 1280 px.
// Usage: node dist/bench/site.js. Builds the site; needs Chromium.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { openChromium } from "test-support/chromium";
import { buildSite } from "../site/build-site";
import { serveFolder } from "../test/site/serve-folder";

const RUNS = 9;
const PAGES = ["index.html", "notebooks/06-claims.html", "try.html", "search.html?q=memory"];

async function main(): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "empathy-bench-"));
  try {
    const started = performance.now();
    const pages = await buildSite(root);
    console.log(`${pages} pages built in ${((performance.now() - started) / 1000).toFixed(0)} s`);
    writeFileSync(join(root, "empty.html"), "<!doctype html><title>Empty</title>");
    await timePages(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

async function timePages(root: string): Promise<void> {
  const [{ address, close }, browser] = [await serveFolder(root), await openChromium()];
  for (const width of [390, 1280]) {
    const empty = await timeLoads(browser, `${address}empty.html`, width);
    for (const page of PAGES) {
      const ms = await timeLoads(browser, `${address}${page}`, width);
      const times = (ms / empty).toFixed(1);
      console.log(
        `${String(width).padStart(4)} px  ${page.padEnd(26)} ${ms.toFixed(0).padStart(4)} ms, ${times} times an empty page`,
      );
    }
  }
  await browser.close();
  await close();
}

// The median over fresh contexts, nothing cached, from the request to the load event.
async function timeLoads(browser: Browser, address: string, width: number): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const context = await browser.newContext({ viewport: { width, height: 900 } });
    const page = await context.newPage();
    await page.goto(address, { waitUntil: "load" });
    times.push(
      await page.evaluate<number>("performance.getEntriesByType('navigation')[0].loadEventEnd"),
    );
    await context.close();
  }
  return times.sort((one, other) => one - other)[Math.floor(RUNS / 2)] as number;
}

main();
