// The page of `empathy view` in a browser: by keyboard, by address, on a phone, with hostile texts and with very many.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { openChromium } from "test-support/chromium";
import { chromium, itNeeds } from "test-support/needs";
import { buildReplyIndex, type ReplyIndex } from "../../apps/view/reply-index";
import { serveView } from "../../apps/view/serve-view";
import { createViewApi } from "../../apps/view/view-api";
import { wordMarker } from "../../apps/view/word-effects";
import { columnsOf, MADE_REPLIES, makeCollection, makeIndex, makeManyIndex } from "./made-replies";

const PATIENCE_MS = 90_000;

const HOSTILE = [
  "<script>globalThis.broken = 1</script>",
  '<img src=x onerror="globalThis.broken = 1">',
  "\u001b[31mred\u001b[0m \u0007",
  '=HYPERLINK("http://127.0.0.1/evil","click")',
  "abc \u202Egnp.exe\u202C \u200b",
  "&lt;b&gt; </p></article><h1>out</h1>",
];

interface Visit {
  readonly page: Page;
  readonly address: string;
}

interface Setting extends BrowserContextOptions {
  readonly index?: ReplyIndex;
  /** What follows the address. */
  readonly hash?: string;
  /** What the browser is expected to complain of. */
  readonly fault?: string;
}

/** Opens the page, and fails on whatever the browser complains of, and on a request to anywhere else. */
async function withPage(visit: (visit: Visit) => Promise<void>, setting: Setting = {}) {
  const { index = makeIndex(), hash = "", fault, ...options } = setting;
  const server = await serveView(createViewApi(index, { markWords: wordMarker(index) }));
  let browser: Browser | undefined;
  const complaints: string[] = [];
  try {
    browser = await openChromium();
    const context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      ...options,
    });
    context.setDefaultTimeout(PATIENCE_MS / 6);
    const page = await context.newPage();
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      if (
        !request.url().startsWith(new URL("/", server.address).href) &&
        !request.url().startsWith("data:")
      ) {
        complaints.push(request.url());
      }
    });
    await page.goto(server.address + hash);
    await page.locator("#list .row, #count.fault").first().waitFor();
    await visit({ page, address: server.address });
    assert.deepEqual(
      complaints.filter((one) => fault === undefined || !one.includes(fault)),
      [],
    );
  } finally {
    await browser?.close();
    await server.close();
  }
}

async function violations(page: Page): Promise<unknown> {
  // The page forbids scripts of others; a debugger's are let in.
  await page.evaluate(readFileSync(require.resolve("axe-core/axe.min.js"), "utf8"));
  return page.evaluate(
    "axe.run().then((found) => found.violations.map(({ id, nodes }) => id + ': ' + nodes.map((one) => one.html.slice(0, 200)).join(' ')))",
  );
}

const countOf = (page: Page) => page.locator("#count").textContent();
const openCards = (page: Page) => page.locator(".card h4").allTextContents();

/** Waits until the list says how many replies it holds. */
async function waitForCount(page: Page, text: string): Promise<void> {
  await page.locator("#count", { hasText: text }).waitFor();
}

/** What a reader of the screen is told of the row that is chosen. */
async function chosenRow(page: Page) {
  const id = await page.locator("#list").getAttribute("aria-activedescendant");
  const row = page.locator(`#${id}`);
  return {
    role: await row.getAttribute("role"),
    selected: await row.getAttribute("aria-selected"),
    position: `${await row.getAttribute("aria-posinset")} of ${await row.getAttribute("aria-setsize")}`,
    text: (await row.textContent()) ?? "",
  };
}

describe("the page of empathy view", function () {
  this.timeout(PATIENCE_MS);

  function visits(
    title: string,
    visit: (visit: Visit) => Promise<void>,
    setting: () => Setting = () => ({}),
  ): void {
    itNeeds(chromium, title, () => withPage(visit, setting()), PATIENCE_MS);
  }

  visits(
    "goes through the list, opens a stimulus and comes back by keyboard alone",
    async ({ page }) => {
      assert.equal(await countOf(page), "6 replies to 3 stimuli");
      await page.keyboard.press("j");
      await page.keyboard.press("ArrowDown");
      const row = await chosenRow(page);
      assert.deepEqual([row.role, row.selected, row.position], ["option", "true", "2 of 3"]);
      assert.match(row.text, /^joyful 2 of 2 replies/);
      await page.keyboard.press("k");
      assert.equal((await chosenRow(page)).position, "1 of 3");
      await page.keyboard.press("Enter");
      await page.locator("#detail-heading:focus").waitFor();
      assert.deepEqual(await openCards(page), ["owl", "parrot", "crow"]);
      await page.keyboard.press("j");
      await page.keyboard.press("j");
      assert.equal(await page.locator(".card:focus h4").textContent(), "parrot");
      await page.keyboard.press("n");
      await page.locator("h2", { hasText: "joyful" }).waitFor();
      await page.keyboard.press("Escape");
      await page.locator("#list:focus").waitFor();
      await page.keyboard.press("End");
      assert.equal((await chosenRow(page)).position, "3 of 3");
    },
  );

  visits("searches, counts what is left and shows what was found", async ({ page }) => {
    await page.keyboard.press("/");
    await page.keyboard.type("dog");
    await waitForCount(page, "2 replies to 1 stimulus");
    await page.keyboard.press("Enter");
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.locator(".card mark").first().waitFor();
    assert.deepEqual(await openCards(page), ["owl", "crow"]);
    assert.match(await page.evaluate<string>("location.href"), /q=dog/);
    await page.getByLabel("those that the filters leave out too").check();
    assert.deepEqual(await openCards(page), ["owl", "parrot", "crow"]);
  });

  visits("filters by level, system, sentiment and distance of scorers", async ({ page }) => {
    await page.locator("input[name=er][value='2']").check();
    await waitForCount(page, "2 replies to 2 stimuli");
    await page.getByLabel("Levels by").selectOption("second");
    await waitForCount(page, "3 replies to 2 stimuli");
    await page.getByRole("button", { name: "Clear all" }).click();
    await waitForCount(page, "6 replies to 3 stimuli");
    await page.locator("input[name=systems][value=crow]").check();
    await waitForCount(page, "1 reply to 1 stimulus");
    await page.locator("input[name=systems][value=crow]").uncheck();
    await page.locator("input[name=sentiments][value=positive]").check();
    await waitForCount(page, "2 replies to 1 stimulus");
    await page.getByRole("button", { name: "Clear all" }).click();
    await page.getByLabel("Scorers apart").selectOption("2");
    await waitForCount(page, "1 reply to 1 stimulus");
  });

  visits(
    "marks words by their effect, with the way of it not by colour alone",
    async ({ page }) => {
      await page.keyboard.press("j");
      await page.keyboard.press("Enter");
      const word = page.locator(".card .word.up", { hasText: "sorry" });
      await word.waitFor();
      assert.match((await word.getAttribute("title")) ?? "", /^\+\d\.\d\d$/);
      assert.match(
        (await page.locator(".effects").first().textContent()) ?? "",
        /sorry \+\d\.\d\d/,
      );
      assert.match((await page.locator("#marking").textContent()) ?? "", /embedded-readings/);
      const styles = await page.evaluate(
        "[...document.querySelectorAll('#help .word')].map((one) => getComputedStyle(one).textDecorationStyle)",
      );
      assert.deepEqual(styles, ["solid", "dashed"]);
    },
  );

  visits(
    "opens what an address says, and writes the address of what is open",
    async ({ page, address }) => {
      await page.locator(".card[aria-current=true]").waitFor();
      assert.equal(await page.locator(".card[aria-current=true] h4").textContent(), "crow");
      assert.equal(await page.locator("[name=sort]").inputValue(), "surprise");
      assert.equal(await countOf(page), "3 replies to 2 stimuli");
      assert.equal((await chosenRow(page)).selected, "true");
      await page.locator("#list").focus();
      await page.keyboard.press("Home");
      await page.keyboard.press("n");
      await page.keyboard.press("Enter");
      await page.locator("#detail-heading:focus").waitFor();
      const url = await page.evaluate<string>("location.href");
      const cards = await openCards(page);
      await page.goto("about:blank");
      await page.goto(url);
      await page.locator(".card").first().waitFor();
      assert.deepEqual(await openCards(page), cards);
      await page.goto(`${address}#/?systems=owl`);
      await waitForCount(page, "3 replies to 3 stimuli");
    },
    () => ({ hash: "#/reply/made%3A0/2/crow?er=0&sort=surprise" }),
  );

  visits("compares two systems by the difference of their levels", async ({ page }) => {
    await page.locator("[name=a]").selectOption("owl");
    await page.locator("[name=b]").selectOption("parrot");
    await waitForCount(page, "2 stimuli that both answered");
    await page.getByLabel("Sort by").selectOption("difference");
    await page.locator(".difference").first().waitFor();
    await page.locator("#list").focus();
    await page.keyboard.press("Home");
    const { text } = await chosenRow(page);
    assert.match(text, /ER 2→0 −1\.40IP 1→0 −0\.70EX 0→2 \+1\.40/);
    await page.keyboard.press("Enter");
    await page.locator(".pair").waitFor();
    assert.deepEqual(await openCards(page), ["owl", "parrot"]);
    const told = await page
      .locator(".pair tr", { hasText: "Told" })
      .locator("td")
      .allTextContents();
    assert.deepEqual(told, ["to answer as owl does", "to answer as parrot does"]);
  });

  visits(
    "says that disagreement needs two scorers, and does not offer it, where there is one",
    async ({ page }) => {
      await page.getByText("Only one scorer scored these replies").waitFor();
      assert.ok(await page.getByLabel("Scorers apart").isDisabled());
      const isOffered = (sort: string) => page.locator(`[name=sort] [value=${sort}]`).isEnabled();
      assert.deepEqual(
        await Promise.all(["surprise", "disagreement", "rating", "difference"].map(isOffered)),
        [true, false, false, false],
      );
    },
    () => ({
      index: buildReplyIndex(makeCollection(), [
        columnsOf(
          "only",
          MADE_REPLIES.map(({ levels: [first] }) => first),
        ),
      ]),
    }),
  );

  visits(
    "says in words that a filter of the address is none",
    async ({ page }) => {
      assert.match((await countOf(page)) ?? "", /^'systems' is 'nobody'/);
    },
    () => ({ hash: "#/?systems=nobody", fault: "400 (Bad Request)" }),
  );

  visits("leaves single keys alone once they are turned off", async ({ page }) => {
    await page.keyboard.press("?");
    await page.getByLabel("Keys that are single letters or signs are on").uncheck();
    await page.keyboard.press("Escape");
    await page.locator("#list").focus();
    await page.keyboard.press("j");
    await page.keyboard.press("/");
    assert.equal(await page.locator("#list").getAttribute("aria-activedescendant"), null);
    assert.equal(await page.locator("#q:focus").count(), 0);
  });

  visits(
    "shows markup, scripts, escape sequences, formulas and turned text as text",
    async ({ page }) => {
      await page.keyboard.press("j");
      await page.keyboard.press("Enter");
      await page.locator(".card").first().waitFor();
      await page.locator("#marking", { hasText: "Words marked" }).waitFor();
      const shown = await page.locator(".card .reply").allTextContents();
      assert.deepEqual(shown, [
        HOSTILE[0],
        HOSTILE[1],
        "␛[31mred␛[0m ␇",
        HOSTILE[3],
        "abc ⟨U+202E⟩gnp.exe⟨U+202C⟩ ⟨U+200B⟩",
        HOSTILE[5],
      ]);
      assert.equal(await page.evaluate("globalThis.broken"), undefined);
      assert.equal(await page.locator("main img, main script, main h1").count(), 0);
      assert.equal(await page.locator(".card a[href^='http'], .row a").count(), 0);
      const rows = await page.locator(".row").allTextContents();
      const unseen = ["\u001b", "\u0007", "\u202e", "\u200b"];
      assert.ok(rows.every((row) => unseen.every((one) => !row.includes(one))));
    },
    () => ({
      index: makeIndex(
        HOSTILE.map((text, at) => ({
          stimulus: 0,
          system: `<b>s${at}</b>`,
          text,
          levels: [
            [0, 1, 2],
            [0, 1, 2],
          ],
        })),
      ),
    }),
  );

  visits(
    "scrolls through 100,000 replies with a few rows in the page, each at its place",
    async ({ page }) => {
      await waitForCount(page, "100,000 replies");
      for (const share of [0.25, 0.5, 0.999, 0.1]) {
        await page.evaluate(
          `(() => { const list = document.getElementById("list"); list.scrollTop = ${share} * (list.scrollHeight - list.clientHeight); })()`,
        );
        await page.evaluate(
          "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))",
        );
        await page.locator(".row[data-empty]").first().waitFor({ state: "detached" });
        const rows: SeenRow[] = await page.evaluate(`(() => {
          const list = document.getElementById("list").getBoundingClientRect();
          return [...document.querySelectorAll(".row")]
            .map((row) => ({ at: Number(row.ariaPosInSet), size: row.ariaSetSize, top: row.getBoundingClientRect().top - list.top }))
            .filter(({ top }) => top >= 0 && top < list.height);
        })()`);
        assertNeighbours(rows, share);
      }
      assert.ok((await page.locator(".row").count()) < 60);
      await page.locator("#list").focus();
      await page.keyboard.press("End");
      await page.locator("#row-99999[aria-selected=true]").waitFor();
      assert.equal((await chosenRow(page)).position, "100000 of 100000");
      await page.keyboard.press("PageUp");
      await page.keyboard.press("Enter");
      await page.locator(".card[aria-current=true]").waitFor();
    },
    () => ({ index: makeManyIndex(100_000), hash: "#/?by=replies" }),
  );

  for (const width of [1280, 390]) {
    for (const colorScheme of ["light", "dark"] as const) {
      visits(
        `passes axe's rules and fits ${width} px in every part, ${colorScheme}`,
        async ({ page }) => {
          const check = async (part: string) => {
            assert.deepEqual(await violations(page), [], part);
            const wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
            assert.ok(Number(wide) <= 0, `${part}: ${wide} px too wide`);
          };
          await check("list");
          await page.locator("#list").focus();
          await page.keyboard.press("j");
          await page.keyboard.press("Enter");
          await page.locator(".word.up").first().waitFor();
          await check("stimulus");
          await page.keyboard.press("Escape");
          await page.keyboard.press("?");
          await check("help");
          await page.keyboard.press("Escape");
          if (width < 960) await page.keyboard.press("f");
          await page.locator("#filters summary").first().click();
          await check("filters");
          await page.locator("[name=a]").selectOption("owl");
          await page.locator("[name=b]").selectOption("parrot");
          await page.keyboard.press("Escape");
          await page.locator("#list .difference").first().waitFor();
          await page.locator("#list .row").first().click();
          await page.locator(".pair").waitFor();
          await check("pair");
        },
        () => ({ viewport: { width, height: 800 }, colorScheme }),
      );
    }
  }

  visits(
    "shows the list or the stimulus on a phone, and comes back",
    async ({ page }) => {
      await page.locator("#list .row").nth(1).click();
      await page.locator("#detail h2", { hasText: "joyful" }).waitFor();
      assert.equal(await page.locator("#list").isVisible(), false);
      await page.goBack();
      await page.locator("#list").waitFor();
      await page.goForward();
      await page.locator("#detail h2", { hasText: "joyful" }).waitFor();
      await page.goBack();
      await page.locator("#list").waitFor();
      await page.locator("#list .row").first().click();
      await page.getByRole("button", { name: "← List" }).click();
      assert.equal(await page.locator("#list").isVisible(), true);
    },
    () => ({ viewport: { width: 390, height: 800 }, hasTouch: true }),
  );
});

/** A row in view: its position, what it says of the list's length, and where it stands in pixels. */
interface SeenRow {
  readonly at: number;
  readonly size: string;
  readonly top: number;
}

/** Rows in view follow each other without a gap, at about the share of the list that was scrolled to. */
function assertNeighbours(rows: readonly SeenRow[], share: number): void {
  assert.ok(rows.length > 3);
  for (const [at, row] of rows.entries()) {
    const before = rows[at - 1];
    if (!before) continue;
    assert.equal(row.at, before.at + 1);
    assert.ok(Math.abs(row.top - before.top - 82) < 1.5);
    assert.equal(row.size, "100000");
  }
  const first = rows[0]?.at ?? 0;
  assert.ok(Math.abs(first / 100_000 - share) < 0.01, `${first} at ${share}`);
}
