// The site as a reader has it: links, weight, accessibility, search, and models of one's own table.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { readNotebook } from "run-notebooks";
import { chromium, itNeeds } from "test-support/needs";
import { findDeadLinks } from "../../site/check-links";
import { projectPath } from "../../src/project";
import { type OpenSite, openSite } from "./open-site";

const FIRST_PAGE_KB = 300;

// One page of every kind.
const KINDS = [
  "index.html",
  "notebooks/01-corpus.html",
  "lessons/01-mechanisms.html",
  "systems/gpt-4-plain.html",
  "claims/er-above-human.html",
  "report.html",
  "reference.html",
  "api/functions/mixed-models.fitMixed.html",
  "search.html?q=memory",
  "try.html",
];

// All of axe's rules, and those whose outcome changes with colours and widths.
const ALL = "{}";
const LOOK = JSON.stringify({
  runOnly: ["color-contrast", "scrollable-region-focusable", "target-size", "link-in-text-block"],
});

// What is asked, and words of an answer that one of the first results has to hold.
const QUESTIONS: readonly (readonly [string, RegExp])[] = [
  ["how long does reproduce take", /49 seconds/],
  ["how much memory", /at most 2 GB/],
  ["how accurate is the scorer", /quadratic kappa .*\.84/],
  ["what is a point", /one more reply in a hundred/],
  ["which prompts", /contexts of EmpatheticDialogues' test part/],
  ["was it preregistered", /(No|Nothing)\b.* preregistered/],
  ["how do I ask a local server", /--base-url http:\/\/127\.0\.0\.1/],
  ["how do I cap the cost", /--max-cost/],
  ["how do I add a scorer", /empathy score --scorer/],
  ["PDF at 85 mm", /study figures \w+ --width 85mm/],
  ["Windows", /tried on Linux only/],
  ["how do I cite", /CITATION\.cff/],
];

describe("the site", () => {
  let site: OpenSite;

  before(async function () {
    if (!chromium.met) return;
    this.timeout(90_000);
    site = await openSite();
  });

  itNeeds(chromium, "has no link within it that leads nowhere", () => {
    assert.deepEqual(findDeadLinks(site.root), []);
  });

  itNeeds(chromium, "shows every figure of every notebook, with what it says", () => {
    for (const [folder, below] of [
      ["notebooks", "notebooks"],
      ["notebooks/teaching", "lessons"],
    ] as const) {
      for (const name of readdirSync(projectPath(folder)).filter((one) => one.endsWith(".ipynb"))) {
        const html = readFileSync(join(site.root, below, name.replace("ipynb", "html")), "utf8");
        const shown = [...html.matchAll(/<img src="([^"]+\.svg)" alt="([^"]+)"/g)];
        assert.equal(shown.length, countFigures(projectPath(folder, name)), name);
        for (const [, file] of shown) {
          assert.match(readFileSync(join(site.root, below, file as string), "utf8"), /^<svg/);
        }
      }
    }
  });

  itNeeds(chromium, `opens with less than ${FIRST_PAGE_KB} kB in all`, async () => {
    let bytes = 0;
    await site.visit("search.html", async (page) => {
      page.on("response", async (response) => {
        bytes += (await response.body()).length;
      });
      await page.goto(`${site.address}index.html`, { waitUntil: "networkidle" });
    });
    assert.ok(bytes > 20_000 && bytes < FIRST_PAGE_KB * 1000, `${bytes} bytes`);
  });

  for (const path of KINDS) {
    itNeeds(
      chromium,
      `passes axe's rules on phone and screen, light and dark: ${path}`,
      async () => {
        await site.visit(path, async (page) => {
          if (path === "try.html") await fitExample(page, /study's model/);
          await page.evaluate(readFileSync(require.resolve("axe-core/axe.min.js"), "utf8"));
          let rules = ALL;
          for (const width of [390, 1280]) {
            await page.setViewportSize({ width, height: 800 });
            for (const colorScheme of ["light", "dark"] as const) {
              await page.emulateMedia({ colorScheme });
              const found = await violations(page, rules);
              assert.deepEqual(found, [], `${width} px, ${colorScheme}`);
              rules = LOOK;
            }
            const wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
            assert.ok(Number(wide) <= 0, `${width} px: ${wide} px too wide`);
          }
        });
      },
    );
  }

  itNeeds(chromium, "unfolds code and answers to be printed, and folds them again", async () => {
    await site.visit("lessons/01-mechanisms.html", async (page) => {
      const countFolded = () => page.locator("main details:not([open]):not(.contents)").count();
      const folded = await countFolded();
      assert.ok(folded > 5);
      await page.evaluate("dispatchEvent(new Event('beforeprint'))");
      assert.equal(await countFolded(), 0);
      await page.evaluate("dispatchEvent(new Event('afterprint'))");
      assert.equal(await countFolded(), folded);
    });
  });

  itNeeds(
    chromium,
    "finds an answer to each of twelve questions among the first results",
    async () => {
      await site.visit("search.html", async (page) => {
        for (const [question, answer] of QUESTIONS) {
          await page.locator("#q").fill(question);
          const links = await page
            .locator("#results a")
            .evaluateAll((all) =>
              all.map((one) =>
                (one as unknown as { getAttribute(name: string): string }).getAttribute("href"),
              ),
            );
          assert.ok(links.length > 0 && links.length <= 10, question);
          const texts = links.map((link) => textBelow(site.root, link));
          assert.ok(
            texts.some((text) => answer.test(text)),
            `${question}: ${links.join(", ")}`,
          );
        }
      });
    },
  );

  itNeeds(
    chromium,
    "is read from a folder too: menu, search and models need no server",
    async () => {
      await site.visit("index.html", async (page) => {
        await page.goto(`file://${site.root}/search.html?q=memory`);
        await page.locator("#results a").first().waitFor();
        await page.goto(`file://${site.root}/try.html`);
        await fitExample(page, /Reaction times/);
      });
    },
  );
});

function countFigures(notebook: string): number {
  const outputs = readNotebook(notebook).cells.flatMap(({ outputs = [] }) => outputs);
  return outputs.filter((one) => "data" in one && "image/svg+xml" in one.data).length;
}

/** The words of a page below the heading that an address names, up to the next one. */
function textBelow(root: string, address: string): string {
  const [path = "", name] = address.split("#");
  const html = readFileSync(join(root, path), "utf8");
  const from = name === undefined ? html.indexOf("<h1") : html.indexOf(` id="${name}"`);
  const end = html.indexOf("<h", html.indexOf("</h", from) + 3);
  return html
    .slice(from, end)
    .replace(/<[^>]+>/g, "")
    .replace(/\s+/g, " ");
}

async function fitExample(page: Page, name: RegExp): Promise<void> {
  await page.getByRole("button", { name }).click();
  await page.locator("#result h2").first().waitFor();
}

/** What axe finds, by the rules that its options name. */
async function violations(page: Page, options: string): Promise<unknown> {
  return page.evaluate(
    `axe.run(${options}).then((found) => found.violations.map(({ id, nodes }) => id + ': ' + nodes[0].html.slice(0, 200)))`,
  );
}
