import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { openChromium } from "test-support/chromium";
import { chromium, itNeeds } from "test-support/needs";
import { temporaryFolder } from "test-support/temporary";
import { formatReport } from "../../apps/report/write-report";

const HEIGHT = 850;

/** Opens the report as a file, without a network, and collects what the page complains of. */
async function withReport(
  width: number,
  visit: (page: Page, complaints: string[]) => Promise<void>,
): Promise<void> {
  const path = join(temporaryFolder(), "report.html");
  writeFileSync(path, await formatReport());
  const browser = await openChromium();
  try {
    const context = await browser.newContext({
      viewport: { width, height: HEIGHT },
      offline: true,
    });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      if (!/^(file|data|blob):/.test(request.url())) complaints.push(request.url());
    });
    await page.goto(pathToFileURL(path).href);
    await visit(page, complaints);
    assert.deepEqual(complaints, []);
  } finally {
    await browser.close();
  }
}

describe("the report", function () {
  this.timeout(120_000);

  it("is the same whenever it is written, and asks for nothing outside", async () => {
    const report = await formatReport();
    assert.equal(report, await formatReport());
    const tags = report.match(/<(?:link|img|iframe|script)\b[^>]*>/g) ?? [];
    for (const tag of tags) assert.doesNotMatch(tag, /(?:src|href)="(?!data:)/);
  });

  it("is at most 2.2 MB, and needs no script to be read", async () => {
    const report = await formatReport();
    assert.ok(Buffer.byteLength(report) <= 2_200_000, `${Buffer.byteLength(report)} bytes`);
    assert.ok((report.match(/<figure id="figure-/g) ?? []).length >= 10);
  });

  for (const [width, device] of [
    [1280, "a desktop"],
    [390, "a phone"],
  ] as const) {
    itNeeds(
      chromium,
      `shows the question and the whole answer first, and the figure next, on ${device}`,
      () =>
        withReport(width, async (page) => {
          const boxOf = async (selector: string) => {
            const box = await page.locator(selector).first().boundingBox();
            return box ?? assert.fail(`no ${selector}`);
          };
          const question = await boxOf("h1");
          const answer = await boxOf("main > ul");
          const figure = await boxOf("figure#figure-06-shares svg:visible");
          assert.ok(question.y < answer.y);
          const ends = answer.y + answer.height;
          assert.ok(ends < HEIGHT && figure.y < 1.5 * HEIGHT, `${ends}, ${figure.y}`);
        }),
      60_000,
    );
  }

  itNeeds(
    chromium,
    "sorts a table up and down by a click on a head",
    () =>
      withReport(1280, async (page) => {
        const table = page.locator("#systems table").first();
        const column = async () => table.locator("tbody tr td:first-child").allTextContents();
        const before = await column();
        await table.locator("th button").first().click();
        const up = await column();
        assert.deepEqual(
          up,
          [...before].sort((one, other) => one.localeCompare(other, "en")),
        );
        await table.locator("th button").first().click();
        assert.deepEqual(await column(), up.reverse());
      }),
    60_000,
  );

  itNeeds(
    chromium,
    "shows the pictures on a phone, and nothing is wider than the screen but what scrolls",
    () =>
      withReport(390, async (page) => {
        const widths = await page.evaluate<number[]>(
          "[document.documentElement.scrollWidth, innerWidth]",
        );
        assert.ok((widths[0] as number) <= (widths[1] as number), widths.join(" of "));
        // The leading figures are laid out anew for the phone: all of each is on the screen.
        const narrow = page.locator("figure .narrow svg");
        assert.equal(await narrow.count(), 2);
        for (const one of await narrow.all()) {
          const box = await one.boundingBox();
          assert.ok(box && box.x >= 0 && box.x + box.width <= 390, JSON.stringify(box));
        }
        assert.ok(await page.locator("figure .picture:not(.wide) svg").first().isVisible());
      }),
    60_000,
  );

  itNeeds(
    chromium,
    "passes axe's accessibility rules",
    () =>
      withReport(1280, async (page) => {
        await page.addScriptTag({
          content: readFileSync(require.resolve("axe-core/axe.min.js"), "utf8"),
        });
        const violations = await page.evaluate(
          "axe.run().then((found) => found.violations.map(({ id, nodes }) => id + ': ' + nodes[0].html.slice(0, 200)))",
        );
        assert.deepEqual(violations, []);
      }),
    60_000,
  );
});
