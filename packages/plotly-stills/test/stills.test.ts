import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type ForestRow,
  forestPlot,
  lineExtent,
  nameSpec,
  openPlotlyWindow,
  type PlotlySpec,
  renderFigureFiles,
  renderPng,
  renderSvg,
  SERIES_STYLES,
  textWidth,
  titleOf,
  toPlotlySpec,
} from "plotly-stills";
import { openChromium } from "test-support/chromium";
import { chromium, itNeeds } from "test-support/needs";
import { projectPath } from "test-support/project";

const ROWS: readonly ForestRow[] = [
  { name: "joyful", estimate: 0.3, lower: 0.1, upper: 0.5 },
  { name: "proud", estimate: -0.2, lower: -0.4, upper: 0 },
];

function draw(rows: readonly ForestRow[], id: string): PlotlySpec {
  return forestPlot(rows, { id, title: "Made-up estimates", axis: "difference" });
}

function committedSpecs(): PlotlySpec[] {
  const names = readdirSync(projectPath("figures")).filter((name) => name.endsWith(".json"));
  return names.map((name) => JSON.parse(readFileSync(projectPath("figures", name), "utf8")));
}

describe("the series' styles", () => {
  it("differ in pattern, so that grey print tells them apart, and in colour", () => {
    assert.equal(new Set(SERIES_STYLES.map(({ pattern }) => pattern)).size, SERIES_STYLES.length);
    assert.equal(new Set(SERIES_STYLES.map(({ color }) => color)).size, SERIES_STYLES.length);
  });
});

describe("renderFigureFiles", () => {
  const spec = draw(ROWS, "01-estimates");

  it("gives the same bytes again, with other figures drawn between", async () => {
    const digest = async () => {
      const hash = createHash("sha256");
      for (const [name, bytes] of await renderFigureFiles(spec)) hash.update(name).update(bytes);
      return hash.digest("hex");
    };
    const first = await digest();
    await renderSvg(draw(ROWS.slice(0, 1), "02-others"));
    assert.equal(await digest(), first);
  });

  it("does not change the spec", async () => {
    const before = JSON.stringify(spec);
    await renderFigureFiles(spec);
    assert.equal(JSON.stringify(spec), before);
  });

  it("embeds the font, the title and the alternative text, and asks no one for anything", async () => {
    const svg = (await renderFigureFiles(spec)).get("01-estimates.svg")?.toString() ?? "";
    assert.match(svg, /<title id="01-estimates-title">Made-up estimates/);
    assert.match(svg, /<desc id="01-estimates-desc">/);
    assert.match(
      svg,
      /@font-face\{font-family:"Source Sans 3";font-weight:400;src:url\(data:font\/woff2/,
    );
    assert.equal(svg.replaceAll(/xmlns(:\w+)?="[^"]*"/g, "").includes("http"), false);
  });

  it("draws at twice the SVG's size", async () => {
    const png = renderPng(await renderSvg(spec));
    assert.equal(png.readUInt32BE(16), 2 * spec.layout.width);
    assert.equal(png.readUInt32BE(20), 2 * spec.layout.height);
  });

  it("refuses a figure that plotly would mend, naming what it does not accept", async () => {
    const parts = { id: "99-broken", title: "A broken figure", alt: "None." };
    const layout = { width: 300, height: 200 };
    const draw = (type: string, more = {}) =>
      renderSvg(toPlotlySpec({ ...parts, traces: [{ type, x: [1], y: [1], ...more }], layout }));
    await assert.rejects(draw("barr"), /figure 99-broken: .*barr/);
    await assert.rejects(draw("bar", { orientation: "d" }), /99-broken: .*orientation/);
    await assert.rejects(draw("bar", { error_y: { value: "much" } }), /99-broken: .*value/);
  });

  it("refuses a figure of which plotly complains while it draws", async () => {
    const { warnings } = openPlotlyWindow();
    const rendering = renderSvg(spec);
    warnings.push("a complaint");
    await assert.rejects(rendering, /figure 01-estimates: plotly warns: a complaint/);
  });
});

describe("nameSpec", () => {
  const data = [{ type: "bar", x: [1], y: [2] }];

  it("completes a spec of any origin with size, title and description, and leaves it out of the study", () => {
    const { spec, isNamed, title } = nameSpec({ data });
    assert.deepEqual([spec.layout.width, isNamed, title], [700, false, "Untitled figure"]);
    assert.equal(titleOf({ title: "Mine" } as object), "Mine");
    assert.equal(titleOf({ title: { text: "<b>My</b><br>own" } } as object), "My own");
  });

  it("draws such a spec", async () => {
    for (const layout of [undefined, { title: "Mine" }, { title: { text: "Mine" } }]) {
      const { spec } = nameSpec({ data, layout } as object);
      assert.match(
        await renderSvg(spec),
        /<title id="figure-title">(Mine|Untitled figure)<\/title>/,
      );
    }
  });

  it("refuses a name that is no figure's name, and a figure without traces", () => {
    for (const figure of ["../../evil", "emotions", '01-a"b', "1-a"]) {
      const layout = { width: 1, height: 1, meta: { figure, alt: "" } };
      assert.throws(() => nameSpec({ data, layout }), /should look like 01-emotions/);
    }
    assert.throws(() => nameSpec({}), /has no list of traces/);
  });
});

describe("textWidth", () => {
  it("grows with the size, takes kerning into account, and is wider in bold", () => {
    assert.ok(Math.abs(textWidth("Emotion", 28, 400) - 2 * textWidth("Emotion", 14, 400)) < 1e-9);
    assert.ok(textWidth("AV", 100, 400) < textWidth("A", 100, 400) + textWidth("V", 100, 400));
    assert.ok(textWidth("Emotion", 14, 700) > textWidth("Emotion", 14, 400));
    assert.ok(lineExtent(10).ascent > lineExtent(10).descent);
  });

  itNeeds(chromium, "agrees with a browser on every text of every committed figure", async () => {
    const browser = await openChromium();
    try {
      const page = await browser.newPage();
      let hasBold = false;
      for (const spec of committedSpecs()) {
        const file = join(projectPath("figures"), `${spec.layout.meta.figure}.svg`);
        await page.setContent(readFileSync(file, "utf8"));
        const texts = (await page.evaluate(`document.fonts.ready.then(() =>
          [...document.querySelectorAll("text")].map((text) => ({
            width: text.getComputedTextLength(),
            size: parseFloat(getComputedStyle(text).fontSize),
            parts: [...text.childNodes].map((node) => ({
              text: node.textContent,
              weight: node.style?.fontWeight === "bold" ? 700 : 400,
            })),
          })))`)) as {
          width: number;
          size: number;
          parts: { text: string; weight: 400 | 700 }[];
        }[];
        assert.ok(texts.length > 10);
        for (const { size, width, parts } of texts) {
          const ours = parts.reduce(
            (sum, part) => sum + textWidth(part.text, size, part.weight),
            0,
          );
          const text = parts.map((part) => part.text).join("");
          assert.ok(Math.abs(ours - width) < 0.02 * width + 0.2, `${text}: ${ours} and ${width}`);
        }
        hasBold ||= texts.some(({ parts }) => parts.some(({ weight }) => weight === 700));
      }
      assert.ok(hasBold, "some text is bold");
    } finally {
      await browser.close();
    }
  });
});
