// A rater's page, opened from the disk without a network, from the name to the file that is read back.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { openChromium } from "test-support/chromium";
import { chromium, itNeeds } from "test-support/needs";
import { temporaryFolder } from "test-support/temporary";
import { estimateLevels } from "../../apps/annotate/estimate";
import { readPlan } from "../../apps/annotate/plan-file";
import { readRatings } from "../../apps/annotate/read-ratings";
import { HOSTILE, truthOf, writeMadeStudy } from "./made-population";

const PATIENCE_MS = 90_000;

interface Visit {
  readonly page: Page;
  readonly folder: string;
  /** Opens the page anew, as after a closed tab. */
  readonly reopen: () => Promise<Page>;
}

interface Setting {
  readonly width?: number;
  /** Runs in the page before its own script. */
  readonly before?: string;
}

async function withPage(visit: (visit: Visit) => Promise<void>, setting: Setting = {}) {
  const folder = join(temporaryFolder(), "study");
  await writeMadeStudy(folder);
  const browser = await openChromium();
  const complaints: string[] = [];
  try {
    const viewport = { width: setting.width ?? 1280, height: 900 };
    const context = await browser.newContext({ viewport, offline: true, acceptDownloads: true });
    if (setting.before) await context.addInitScript(setting.before);
    const reopen = async () => {
      const page = await context.newPage();
      page.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) complaints.push(message.text());
      });
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("dialog", (dialog) => dialog.accept());
      page.on("request", (request) => {
        if (!/^(file|data|blob):/.test(request.url())) complaints.push(request.url());
      });
      await page.goto(pathToFileURL(join(folder, "rater-1.html")).href);
      return page;
    };
    await visit({ page: await reopen(), folder, reopen });
    assert.deepEqual(complaints, []);
  } finally {
    await browser.close();
  }
}

async function begin(page: Page, name = "Ana"): Promise<void> {
  await page.getByLabel("A name of your choice").fill(name);
  await page.getByRole("button", { name: "Begin" }).click();
}

/** Types the levels that the simulated rater gives the reply that the page shows, and that it fits. */
async function rateByKeyboard(page: Page): Promise<void> {
  const truth = truthOf((await page.locator("#reply").textContent()) ?? "");
  for (const level of [truth.er, truth.ip, truth.ex, 1]) await page.keyboard.press(String(level));
  await page.keyboard.press("Enter");
}

const countOf = (page: Page) => page.locator("#count").textContent();

async function download(page: Page, folder: string): Promise<string> {
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.locator(".download:visible").first().click(),
  ]);
  const path = join(folder, file.suggestedFilename());
  await file.saveAs(path);
  return path;
}

async function violations(page: Page): Promise<unknown> {
  // The page forbids scripts of others; a debugger's are let in.
  await page.evaluate(readFileSync(require.resolve("axe-core/axe.min.js"), "utf8"));
  return page.evaluate(
    "axe.run().then((found) => found.violations.map(({ id, nodes }) => id + ': ' + nodes[0].html.slice(0, 200)))",
  );
}

describe("a rater's page", function () {
  this.timeout(PATIENCE_MS);

  itNeeds(
    chromium,
    "is rated by keyboard from beginning to end, and its file read back gives the raters' levels",
    () =>
      withPage(async ({ page, folder }) => {
        await begin(page);
        const plan = readPlan(join(folder, "plan.json"));
        const count = plan.pages[0]?.replies.length ?? 0;
        for (let at = 0; at < count; at++) await rateByKeyboard(page);
        assert.match((await countOf(page)) ?? "", new RegExp(`^${count} of ${count} replies`));
        const joined = await readRatings([await download(page, folder)], plan);
        assert.equal(joined.ratings.length, count);
        const shown = new Map(plan.replies.map(({ id, place }) => [id, place]));
        for (const { reply, levels, rater, fits } of joined.ratings) {
          assert.deepEqual([rater, fits], ["Ana", true]);
          assert.deepEqual(levels, truthOf(shown.get(reply) ?? ""), reply);
        }
        assert.ok(estimateLevels(plan, joined).every(({ read }) => read > 0));
      }),
    PATIENCE_MS,
  );

  itNeeds(
    chromium,
    "takes a reply back, leaves one out, asks for a level that lacks, and goes on where a closed tab left it",
    () =>
      withPage(async ({ page, folder, reopen }) => {
        await begin(page);
        await rateByKeyboard(page);
        const second = await page.locator("#reply").textContent();
        await rateByKeyboard(page);
        assert.match((await countOf(page)) ?? "", /^2 of/);
        await page.keyboard.press("Backspace");
        assert.match((await countOf(page)) ?? "", /^1 of/);
        assert.equal(await page.locator("#reply").textContent(), second);
        assert.equal(await page.locator("input[type=radio]:checked").count(), 4);
        await page.getByRole("button", { name: "Leave this one out" }).click();
        assert.match((await countOf(page)) ?? "", /^2 of/);
        await page.keyboard.press("Backspace");
        assert.equal(await page.locator("#reply").textContent(), second);
        assert.equal(await page.locator("input[type=radio]:checked").count(), 0);
        await page.getByRole("button", { name: "Leave this one out" }).click();
        await page.keyboard.press("1");
        await page.keyboard.press("Enter");
        assert.match((await page.locator("#status").textContent()) ?? "", /the question on interp/);
        assert.match((await countOf(page)) ?? "", /^2 of/);
        await page.close();
        const again = await reopen();
        assert.match((await countOf(again)) ?? "", /^2 of \d+ replies done, as Ana$/);
        assert.equal(await again.locator("input[name=er][value='1']").isChecked(), true);
        const file = readFileSync(await download(again, folder), "utf8");
        assert.equal(file.trim().split("\n").length, 2);
      }),
    PATIENCE_MS,
  );

  itNeeds(
    chromium,
    "says so where the browser keeps nothing, and goes on from its own file",
    () =>
      withPage(
        async ({ page, folder, reopen }) => {
          assert.ok(await page.locator("#unkept").isVisible());
          await begin(page);
          await rateByKeyboard(page);
          await rateByKeyboard(page);
          const file = await download(page, folder);
          const again = await reopen();
          assert.match((await countOf(again)) ?? "", /^0 of/);
          await again.locator("#go-on").setInputFiles(join(folder, "plan.json"));
          await again.getByText("not written by this page").waitFor();
          await again.locator("#go-on").setInputFiles(file);
          await again.getByText(/^2 of \d+ replies done, as Ana$/).waitFor();
        },
        {
          before: "Object.defineProperty(window, 'localStorage', { get() { throw Error('no') } })",
        },
      ),
    PATIENCE_MS,
  );

  itNeeds(
    chromium,
    "shows markup and scripts of a reply as text, and refuses a name that a spreadsheet would run",
    () =>
      withPage(async ({ page }) => {
        await begin(page, "=1+1");
        assert.ok(await page.locator("#start").isVisible());
        await begin(page);
        const seen: string[] = [];
        while (await page.locator("#rate").isVisible()) {
          seen.push((await page.locator("#reply").textContent()) ?? "");
          await rateByKeyboard(page);
        }
        assert.equal(
          seen.some((reply) => reply.includes(HOSTILE)),
          true,
        );
        assert.equal(await page.evaluate("globalThis.broken"), undefined);
        assert.equal(await page.locator("main img").count(), 0);
      }),
    PATIENCE_MS,
  );

  itNeeds(
    chromium,
    "takes the digit that is pressed for the level, of the metric in focus, and moves on",
    () =>
      withPage(async ({ page, folder }) => {
        await begin(page);
        const given: string[] = [];
        for (const levels of ["0121", "1200", "2011"]) {
          for (const digit of levels) await page.keyboard.press(digit);
          await page.keyboard.press("Enter");
          given.push([...levels].join(","));
        }
        // Keys that are no level do nothing; a level is mended where the focus is, and the focus moves on.
        for (const key of ["3", "4", "7", "9", "2", "2", "2", "2"]) await page.keyboard.press(key);
        assert.equal(
          await page.locator("#status").textContent(),
          "2 is no answer to this question.",
        );
        await page.keyboard.press("1");
        assert.equal(await page.evaluate("document.activeElement.id"), "next");
        await page.keyboard.press("0");
        assert.match(
          (await page.locator("#status").textContent()) ?? "",
          /Every question has its answer/,
        );
        await page.locator("input[name=ip][value='2']").focus();
        await page.keyboard.press("1");
        assert.equal(await page.locator("#set-ex").getAttribute("class"), "at-hand");
        await page.keyboard.press("0");
        await page.keyboard.press("Enter");
        given.push("2,1,0,1");
        const plan = readPlan(join(folder, "plan.json"));
        const rows = readFileSync(await download(page, folder), "utf8")
          .trim()
          .split("\n")
          .slice(1);
        const [first] = plan.pages;
        assert.deepEqual(
          rows,
          given.map((levels, at) => `${plan.id},Ana,${first?.replies[at]},${levels}`),
        );
      }),
    PATIENCE_MS,
  );

  itNeeds(
    chromium,
    "goes on from what is rated in another tab, and loses nothing to it",
    () =>
      withPage(async ({ page, folder, reopen }) => {
        const other = await reopen();
        await begin(page);
        await other.getByText(/^0 of \d+ replies done, as Ana$/).waitFor();
        const count = Number(/of (\d+)/.exec((await countOf(page)) ?? "")?.[1]);
        for (let at = 0; at < count - 1; at++) {
          const [one, two] = at % 3 === 1 ? [other, page] : [page, other];
          await one.bringToFront();
          await rateByKeyboard(one);
          await two.getByText(new RegExp(`^${at + 1} of`)).waitFor();
          const texts = await Promise.all(
            [one, two].map((tab) => tab.locator("#reply").textContent()),
          );
          assert.equal(texts[0], texts[1]);
        }
        // Levels chosen for a reply that the other tab takes are not given to the next one.
        await other.bringToFront();
        await other.keyboard.press("Backspace");
        await page.getByText(new RegExp(`^${count - 2} of`)).waitFor();
        await page.bringToFront();
        await page.keyboard.press("1");
        await other.bringToFront();
        await other.keyboard.press("Enter");
        await page.getByText(new RegExp(`^${count - 1} of`)).waitFor();
        assert.equal(await page.locator("input[type=radio]:checked").count(), 0);
        // A tab that is closed as it saves has saved or has not.
        await rateByKeyboard(other).catch(() => {});
        await other.close();
        await page.bringToFront();
        await page.reload();
        if (await page.locator("#rate").isVisible()) await rateByKeyboard(page);
        const plan = readPlan(join(folder, "plan.json"));
        const { ratings } = await readRatings([await download(page, folder)], plan);
        assert.equal(ratings.length, count);
        const shown = new Map(plan.replies.map(({ id, place }) => [id, place]));
        for (const { reply, levels } of ratings) {
          assert.deepEqual(levels, truthOf(shown.get(reply) ?? ""), reply);
        }
      }),
    PATIENCE_MS,
  );

  itNeeds(
    chromium,
    "says so when the browser's storage is full, keeps what it has, and saves it once there is room",
    () =>
      withPage(async ({ page, folder, reopen }) => {
        await begin(page);
        await rateByKeyboard(page);
        await page.evaluate(
          "for (let size = 1 << 22; size >= 1; size >>= 1) { try { for (let at = 0; ; at++) localStorage.setItem('fill-' + size + '-' + at, 'x'.repeat(size)); } catch {} }",
        );
        await rateByKeyboard(page);
        assert.match(
          (await page.locator("#status").textContent()) ?? "",
          /no room to keep it: download/,
        );
        assert.ok(await page.locator("#unkept").isVisible());
        assert.match((await countOf(page)) ?? "", /^2 of/);
        const file = readFileSync(await download(page, folder), "utf8");
        assert.equal(file.trim().split("\n").length, 3);
        await page.evaluate(
          "for (const name of Object.keys(localStorage)) if (name.startsWith('fill-')) localStorage.removeItem(name)",
        );
        await rateByKeyboard(page);
        assert.equal(await page.locator("#status").textContent(), "Saved.");
        assert.equal(await page.locator("#unkept").isVisible(), false);
        await page.close();
        assert.match((await countOf(await reopen())) ?? "", /^3 of/);
      }),
    PATIENCE_MS,
  );

  itNeeds(
    chromium,
    "goes on from what an earlier version of the page kept",
    () =>
      withPage(async ({ page, folder, reopen }) => {
        const plan = readPlan(join(folder, "plan.json"));
        const [first, second] = plan.pages[0]?.replies ?? [];
        const kept = {
          name: "Ana",
          given: { [first as string]: [0, 1, 2], [second as string]: "left out" },
          chosen: { er: 2 },
        };
        const key = `empathy-annotate:${plan.id}:rater-1`;
        await page.evaluate(`localStorage.setItem('${key}', '${JSON.stringify(kept)}')`);
        const again = await reopen();
        // Another tab sees what one has kept after a moment.
        const isThere = async () => (await countOf(again))?.startsWith("2 of");
        for (let tries = 0; tries < 50 && !(await isThere()); tries++) await again.reload();
        await page.close();
        assert.match((await countOf(again)) ?? "", /^2 of \d+ replies done, as Ana$/);
        assert.equal(await again.locator("input[name=er][value='2']").isChecked(), true);
        await again.reload();
        assert.match((await countOf(again)) ?? "", /^2 of/);
        const rows = readFileSync(await download(again, folder), "utf8")
          .trim()
          .split("\n");
        assert.deepEqual(rows.slice(1), [`${plan.id},Ana,${first},0,1,2,`]);
      }),
    PATIENCE_MS,
  );

  itNeeds(
    chromium,
    "leaves every key alone once its keys are turned off",
    () =>
      withPage(async ({ page }) => {
        await begin(page);
        await page.locator("#keys").uncheck();
        await page.keyboard.press("1");
        assert.equal(await page.locator("input[type=radio]:checked").count(), 0);
      }),
    PATIENCE_MS,
  );

  for (const width of [1280, 390]) {
    itNeeds(
      chromium,
      `passes axe's rules and fits ${width} px in every part`,
      () =>
        withPage(
          async ({ page }) => {
            const check = async (part: string) => {
              assert.deepEqual(await violations(page), [], part);
              const wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
              assert.ok(Number(wide) <= 0, `${part}: ${wide} px too wide`);
            };
            await check("start");
            await begin(page);
            await check("rating");
            while (await page.locator("#rate").isVisible()) await rateByKeyboard(page);
            await check("end");
          },
          { width },
        ),
      PATIENCE_MS,
    );
  }
});
