// Documents: what they name, and what they show.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as study from "../src/index";
import { projectPath } from "../src/project";
import { blocksOf, checkPage, readDocument } from "./run-document";

const OTHERS = ["readCSV", "null"]; // danfojs's, the language's

describe("docs/coming-from.md", () => {
  it("names functions that the package exports", () => {
    const rows = readDocument("coming-from.md")
      .split("\n")
      .filter((line) => line.startsWith("| "));
    const here = rows.map((row) => row.split(/(?<!\\)\|/)[2] as string);
    const codes = here.flatMap((cell) =>
      [...cell.matchAll(/`([a-z]\w*)(?:\(|`)/g)].map((one) => one[1] as string),
    );
    assert.ok(codes.length > 30);
    const unknown = codes.filter((name) => !(name in study) && !OTHERS.includes(name));
    assert.deepEqual(unknown, []);
  });
});

// What R's lines find stands on the page in its rounding, or this near to it, where lme4's search ends a little earlier.
const CLOSE = 1e-4;

// As pages.R writes it.
interface RPages {
  readonly pages: Record<string, { code: string | string[]; found: number[] }>;
}

const { pages }: RPages = JSON.parse(
  readFileSync(projectPath("test", "pages.golden.json"), "utf8"),
);

for (const [name, { code, found }] of Object.entries(pages)) {
  const markdown = readDocument(`${name}.md`);

  describe(`docs/${name}.md`, () => {
    it("shows commands and code that print what it says", async () => {
      assert.ok(blocksOf(markdown, "sh").length >= 2 && blocksOf(markdown, "ts").length >= 1);
      await checkPage(markdown, study);
    });

    it("shows the lines that pages.R ran, and the numbers that R found", () => {
      const shown = blocksOf(markdown, "r").map((block) => block.code);
      assert.deepEqual(shown, [code].flat(), "run test/pages.R again");
      const numbers = numbersOf(markdown);
      const missing = found.filter((value) => !numbers.some((one) => isShownAs(value, one)));
      assert.deepEqual(missing, []);
    });
  });
}

// Those of two digits at least.
function numbersOf(markdown: string): string[] {
  const numbers = markdown.replaceAll("−", "-").match(/-?\d+\.\d+/g) ?? [];
  return numbers.filter((one) => one.replace(/^-?0?\.0*|[-.]/g, "").length >= 2);
}

function isShownAs(value: number, shown: string): boolean {
  const digits = shown.split(".")[1]?.length ?? 0;
  return Math.abs(value - Number(shown)) <= Math.max(0.51 * 10 ** -digits, CLOSE * Math.abs(value));
}
