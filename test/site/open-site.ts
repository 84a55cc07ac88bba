// The built site on loopback, and a browser on it: built once for all tests of a file.
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { openChromium } from "test-support/chromium";
import { temporaryFolder } from "test-support/temporary";
import { buildSite } from "../../site/build-site";
import { serveFolder } from "./serve-folder";

/** The site, its address, and what opens a page of it. */
export interface OpenSite {
  readonly root: string;
  readonly address: string;
  /** Opens a page, and fails on whatever the browser complains of, and on a request to anywhere else. */
  visit(
    path: string,
    work: (page: Page) => Promise<void>,
    options?: BrowserContextOptions,
  ): Promise<void>;
}

let opened: Promise<OpenSite & { close(): Promise<void> }> | undefined;

/** Builds the site into a temporary folder, serves it and starts a browser; once for all files of this room. */
export function openSite(): Promise<OpenSite> {
  opened ??= buildAndServe();
  return opened;
}

after(async () => (await opened)?.close());

async function buildAndServe() {
  const root = temporaryFolder();
  await buildSite(root);
  const { address, close } = await serveFolder(root);
  const browser = await openChromium();
  return {
    root,
    address,
    visit: (path: string, work: (page: Page) => Promise<void>, options?: BrowserContextOptions) =>
      visitPage(browser, [address, `file://${root}`], path, work, options),
    close: async () => {
      await browser.close();
      await close();
    },
  };
}

async function visitPage(
  browser: Browser,
  [address, ...folders]: readonly [string, ...string[]],
  path: string,
  work: (page: Page) => Promise<void>,
  options: BrowserContextOptions = {},
): Promise<void> {
  const complaints: string[] = [];
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    const isHere = [address, "data:", "blob:", ...folders].some((start) =>
      request.url().startsWith(start),
    );
    if (!isHere) complaints.push(request.url());
  });
  try {
    await page.goto(address + path);
    await work(page);
  } finally {
    await context.close();
  }
  if (complaints.length > 0) throw new Error(`${path}: ${complaints.join("; ")}`);
}
