// Models of one's own table in the page: the numbers and the messages of the command, R's code, and a page that goes on.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createGenerator } from "kit";
import type { Page } from "playwright-core";
import { chromium, itNeeds, lmerTest, metafor, rPackages } from "test-support/needs";
import { runEmpathy } from "test-support/run-empathy";
import { temporaryFolder } from "test-support/temporary";
import { listExamples } from "../../site/examples";
import { type OpenSite, openSite } from "./open-site";

type Refused = readonly [
  what: string,
  csv: string,
  flags: Readonly<Record<string, string>>,
  message: RegExp,
];

describe("models of one's own table in the page", () => {
  let site: OpenSite;

  before(async function () {
    if (!chromium.met) return;
    this.timeout(90_000);
    site = await openSite();
  });

  for (const { id, kind, title, flags, csv } of listExamples()) {
    itNeeds(chromium, `gives for "${title}" what the command gives`, async () => {
      const cwd = folderWith(csv);
      const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
      const { stdout } = await runEmpathy([kind, "--data", "table.csv", ...args], { cwd });
      await site.visit("try.html", async (page) => {
        await page.getByRole("button", { name: title }).click();
        const cells = await cellsOf(page);
        assert.ok(cells.length > 8, `${id}: ${cells.length} rows`);
        const words = stdout.replace(/[\s:]+/g, " ");
        for (const row of cells) assert.ok(words.includes(row), row);
        assert.ok((await page.locator(".forest circle").count()) > 0);
      });
    });
  }

  const REFUSED: readonly Refused[] = [
    ["a row that is too short", "y,x\n1,2\n3\n", { formula: "y ~ (1 | x)" }, /:3: has 1 cell/],
    ["a quote that stays open", 'y,x\n1,2\n3,"4\n', { formula: "y ~ (1 | x)" }, /:3: a quote/],
    [
      "a number that is none",
      "y,x\n1,2\n3,4\n5,6\nabc,7\n",
      { formula: "y ~ (1 | x)" },
      /row 4 of column 'y' is 'abc'/,
    ],
    ["a formula that is none", "y,x\n1,2\n3,4\n", { formula: "y ~ x +" }, /\^/],
    ["a variance of zero", "e,v\n1,0\n2,1\n", { effect: "e", variance: "v" }, /row 1 has 0 in 'v'/],
  ];
  for (const [what, csv, flags, message] of REFUSED) {
    const kind = "formula" in flags ? "fit" : "meta";
    itNeeds(chromium, `says of ${what} what the command says`, async () => {
      const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
      const { stderr } = await runEmpathy([kind, "--data", "table.csv", ...args], {
        cwd: folderWith(csv),
      });
      await site.visit("try.html", async (page) => {
        await chooseFile(page, csv);
        // A file that cannot be read is refused at once, another when it is to be fitted.
        await page.locator("#fault:visible, #status:has-text('Columns')").waitFor();
        if (await page.locator("#fault").isHidden()) await submit(page, kind, flags);
        await page.locator("#fault").waitFor();
        assert.equal(`${await page.locator("#fault").textContent()}\n`, stderr);
        assert.match(stderr, message);
      });
    });
  }

  itNeeds(chromium, "shows markup in a table as text", async () => {
    const levels = ["<img src=x onerror=alert(1)>", "b"];
    const rows = Array.from(
      { length: 12 },
      (_, at) => `${(at * at) % 7},${levels[at % 2]},h${at % 3}`,
    );
    await site.visit("try.html", async (page) => {
      await chooseFile(page, `y,g,h\n${rows.join("\n")}\n`);
      await submit(page, "fit", { formula: "y ~ g + (1 | h)", means: "g", contrasts: "pairwise" });
      const cells = await cellsOf(page);
      assert.ok(cells.some((row) => row.includes("<img src=x onerror=alert(1)>")));
      assert.equal(await page.locator("#result img").count(), 0);
    });
  });

  const inR = {
    ...chromium,
    met: [chromium, rPackages, lmerTest, metafor].every(({ met }) => met),
  };
  itNeeds(inR, "prints R code for every example that R runs to the same optimum", async () => {
    const cwd = temporaryFolder();
    const asked: string[] = [];
    const own: number[] = [];
    for (const { id, title, csv } of listExamples()) {
      writeFileSync(join(cwd, `${id}.csv`), csv);
      await site.visit("try.html", async (page) => {
        await page.getByRole("button", { name: title }).click();
        await cellsOf(page);
        asked.push((await page.locator("#result pre").first().textContent()) ?? "");
        own.push(Number(await logLikOf(page)));
      });
    }
    const print = 'cat("\\nlogLik:", format(as.numeric(logLik(m)), digits = 12), "\\n")';
    const script = asked.map((code) => `${code}\n${print}`).join("\n");
    const printed = execFileSync("Rscript", ["-e", script], {
      cwd,
      encoding: "utf8",
      stdio: "pipe",
    });
    const theirs = [...printed.matchAll(/logLik: (\S+)/g)].map(([, value]) => Number(value));
    assert.equal(theirs.length, 4);
    // The page shows a decimal of a model's log-likelihood, three of a meta-analysis's.
    for (const [at, value] of theirs.entries()) {
      assert.ok(Math.abs(value - (own[at] ?? 0)) < 0.06, `${value} in R, ${own[at]} here`);
    }
  });

  itNeeds(
    chromium,
    "goes on while 100,000 rows are read and fitted, and can be stopped",
    async () => {
      await site.visit("try.html", async (page) => {
        await countPauses(page);
        await chooseFile(page, manyRows(100_000));
        await page.locator("#status", { hasText: "100,000 rows" }).waitFor();
        const flags = { formula: "y ~ x + (1 | g) + (1 | h)", family: "binomial" };
        await submit(page, "fit", flags);
        await page.locator("#result h2").first().waitFor();
        assert.match((await page.locator("#result").textContent()) ?? "", /Observations: 100,?000/);
        const said = (await page.locator("#status").textContent()) ?? "";
        const seconds = Number(/([\d.]+) s/.exec(said)?.[1]);
        // A page that fits itself pauses for as long as the fit takes, whatever else the machine does.
        const longest = Number(await page.evaluate("Math.max(...pauses)")) / 1000;
        assert.ok(longest < seconds / 2, `a pause of ${longest} s in ${seconds} s`);
        await submit(page, "fit", flags);
        await page.getByRole("button", { name: "Stop" }).click();
        await page.locator("#status", { hasText: "Stopped." }).waitFor();
      });
    },
  );
});

function folderWith(csv: string, name = "table.csv"): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, name), csv);
  return folder;
}

async function chooseFile(page: Page, csv: string): Promise<void> {
  const file = { name: "table.csv", mimeType: "text/csv", buffer: Buffer.from(csv) };
  await page.locator("#file").setInputFiles(file);
}

async function submit(
  page: Page,
  kind: "fit" | "meta",
  flags: Readonly<Record<string, string>>,
): Promise<void> {
  await page.locator("#kind").selectOption(kind);
  for (const [name, value] of Object.entries(flags)) {
    const field = page.locator(`#${kind} [name=${name}]`);
    if (SELECTS.has(name)) await field.selectOption(value);
    else await field.fill(value);
  }
  await page.locator(`#${kind} button`).click();
}

const SELECTS = new Set(["family", "contrasts"]);

/** Notes from now on how long the page takes between two ticks of a clock, in milliseconds. */
async function countPauses(page: Page): Promise<void> {
  await page.evaluate(`
    globalThis.pauses = [];
    let last = performance.now();
    setInterval(() => {
      const now = performance.now();
      pauses.push(now - last);
      last = now;
    }, 10);
  `);
}

/** The rows of all tables of the result, each as its cells with a space between. */
async function cellsOf(page: Page): Promise<string[]> {
  await page.locator("#result h2").first().waitFor();
  return page.evaluate(
    `[...document.querySelectorAll("#result tr")].map((row) => [...row.cells].map((cell) => cell.textContent).filter((text) => text !== "").join(" ").replace(/[\\s:]+/g, " "))`,
  );
}

async function logLikOf(page: Page): Promise<string | undefined> {
  const text = (await page.locator("#result").textContent()) ?? "";
  const said = /Log-likelihood: (-?[\d.]+)\./.exec(text)?.[1];
  if (said !== undefined) return said;
  const table = page.locator("#result table", { hasText: "logLik" }).first();
  const heads = await table.locator("th").allTextContents();
  const cells = await table.locator("td").allTextContents();
  return cells[heads.indexOf("logLik")];
}

/** A binomial response of two crossed factors, written as CSV. */
function manyRows(count: number): string {
  const random = createGenerator(7);
  const draw = (levels: number) => Array.from({ length: levels }, () => random.normal());
  const [g, h] = [draw(500), draw(40)];
  const lines = Array.from({ length: count }, (_, at) => {
    const x = random.normal();
    const logit = 0.3 * x + (g[at % 500] ?? 0) + 0.5 * (h[at % 37] ?? 0);
    return `${random.uniform() < 1 / (1 + Math.exp(-logit)) ? 1 : 0},${x.toFixed(4)},g${at % 500},h${at % 37}`;
  });
  return `y,x,g,h\n${lines.join("\n")}\n`;
}
