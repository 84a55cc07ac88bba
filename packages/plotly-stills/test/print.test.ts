import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import {
  forestPlot,
  listTextBoxes,
  nameSpec,
  type PlotlySpec,
  type Printed,
  parsePrintWidth,
  printedPng,
  renderForPrint,
  renderPdf,
} from "plotly-stills";
import { itNeeds, patience } from "test-support/needs";
import { projectPath } from "test-support/project";

const PT_PER_MM = 72 / 25.4;

function committed(name: string): PlotlySpec {
  return JSON.parse(readFileSync(projectPath("figures", `${name}.json`), "utf8"));
}

/** Points for one of the SVG's units, from its own width. */
function ptPerUnit({ svg }: Printed): number {
  const [, mm, units] = /width="([\d.]+)mm".*?viewBox="0 0 ([\d.]+) /.exec(svg) ?? [];
  return (Number(mm) * PT_PER_MM) / Number(units);
}

function smallestPt(printed: Printed): number {
  return Math.min(...listTextBoxes(printed.svg).map(({ size }) => size)) * ptPerUnit(printed);
}

function texts({ svg }: Printed): string {
  return listTextBoxes(svg)
    .map(({ text }) => text)
    .join(" ");
}

describe("parsePrintWidth", () => {
  it("reads millimetres", () => {
    assert.deepEqual(["85mm", "88.5 mm", "180mm"].map(parsePrintWidth), [85, 88.5, 180]);
  });

  for (const width of ["85", "3in", "8mm", "4000mm", "mm", ""]) {
    it(`refuses '${width}' and says what journals ask for`, () => {
      assert.throws(() => parsePrintWidth(width), /should be in millimetres.*85mm or 180mm$/);
    });
  }
});

describe("renderForPrint", () => {
  let column: Printed;
  before(async () => {
    column = await renderForPrint(committed("06-claims"), { widthMm: 85 });
  });

  it("writes two numbers below each panel, however narrow, so that there is a scale", async () => {
    const narrow = await renderForPrint(committed("05-leads"), { widthMm: 85 });
    const numbers = listTextBoxes(narrow.svg).filter(({ text }) => /^−?\d+$/.test(text));
    assert.deepEqual(numbers.map(({ text }) => text).sort(), ["0", "0", "0", "50", "50", "50"]);
  });

  it("is exactly as wide as asked, its smallest text at 7 points", () => {
    assert.match(column.svg, /^<svg [^>]*width="85mm" height="[\d.]+mm"/);
    assert.ok(Math.abs(smallestPt(column) - 7) < 1e-6, String(smallestPt(column)));
  });

  it("shows every name, note and number of the figure, in lines that stay apart and on the page", () => {
    const shown = texts(column);
    assert.match(
      shown,
      /a larger lead in emotional reaction over older systems on negative prompts/,
    );
    assert.match(shown, /the opposite seen in these systems/);
    const boxes = listTextBoxes(column.svg);
    const width = (85 * PT_PER_MM) / ptPerUnit(column);
    for (const [at, one] of boxes.entries()) {
      assert.ok(one.left >= 0 && one.right <= width, one.text);
      for (const other of boxes.slice(at + 1)) {
        const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
        const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
        assert.ok(across <= 1 || down <= 1, `${one.text} / ${other.text}`);
      }
    }
  });

  it("leaves the title to the caption, and to readers who hear the figure", () => {
    assert.doesNotMatch(texts(column), /which claims hold/);
    assert.match(column.svg, /<title [^>]*>LLMs: which claims hold/);
  });

  it("keeps the title above the figure where that is asked", async () => {
    const printed = await renderForPrint(committed("04-confusion"), { widthMm: 85, titles: true });
    const [title, ...others] = listTextBoxes(printed.svg).sort((one, other) => one.top - other.top);
    assert.match(title?.text ?? "", /^The EPITOME head finds level 2/);
    assert.ok(others.every(({ top }) => top > (title?.bottom ?? 0)));
  });

  it("sets 600 dots an inch in a PNG, and says so in it", () => {
    const png = printedPng(column);
    assert.equal(png.readUInt32BE(16), Math.round((85 / 25.4) * 600));
    const at = png.indexOf("pHYs");
    assert.deepEqual([png.readUInt32BE(at + 4), png.readUInt8(at + 12)], [23622, 1]);
  });

  it("names the figure and what cannot be read, rather than drawing it", async () => {
    const spec = committed("05-leads");
    await assert.rejects(renderForPrint(spec, { widthMm: 40 }), {
      name: "UserError",
      message: /^05-leads: cannot be read at 40 mm: .*; give it a larger --width$/,
    });
  });

  it("sets an axis's title outside its numbers, on either side", async () => {
    const titled = (side: string): PlotlySpec => {
      const { spec } = nameSpec({ data: [{ type: "scatter", x: [1, 2], y: [1e6, 3e6] }] });
      const yaxis = { side, tickformat: ",d", title: { text: "count" } };
      return { ...spec, layout: { ...spec.layout, yaxis } };
    };
    for (const side of ["left", "right"] as const) {
      const boxes = listTextBoxes((await renderForPrint(titled(side), { widthMm: 85 })).svg);
      const ticks = boxes.filter(({ kind }) => kind === "ytick").map((box) => box[side]);
      const title = boxes.find(({ kind }) => kind === "ytitle");
      assert.ok(title && ticks.length > 1);
      if (side === "left") assert.ok(title.right < Math.min(...ticks));
      else assert.ok(title.left > Math.max(...ticks));
    }
  });

  it("does not change the spec", async () => {
    const spec = forestPlot([{ name: "one", estimate: 1, lower: 0, upper: 2 }], {
      id: "one",
      title: "One",
      axis: "difference",
    });
    const before = JSON.stringify(spec);
    await renderForPrint(spec, { widthMm: 85 });
    assert.equal(JSON.stringify(spec), before);
  });

  itNeeds(patience, "can be read at a column's width, for every figure", async () => {
    const files = readdirSync(projectPath("figures")).filter((file) => file.endsWith(".json"));
    for (const file of files) {
      const printed = await renderForPrint(committed(file.replace(".json", "")), { widthMm: 85 });
      assert.ok(smallestPt(printed) > 6.999, file);
      assert.ok(printed.heightMm < 240, `${file} is ${printed.heightMm} mm high`);
    }
  });

  it("makes a PDF of one page of that size, with embedded letters, no picture and no time", async () => {
    const bytes = await renderPdf(column.svg);
    const pdf = bytes.toString("latin1");
    const [, wide, high] = /MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf) ?? [];
    assert.ok(Math.abs(Number(wide) - 85 * PT_PER_MM) < 0.01, wide);
    assert.ok(Math.abs(Number(high) - column.heightMm * PT_PER_MM) < 0.02, high);
    assert.match(pdf, /\/FontFile2 /);
    assert.match(pdf, /\/ToUnicode /);
    assert.match(pdf, /\+SourceSans3-Regular/);
    assert.doesNotMatch(pdf, /\/Subtype \/Image|CreationDate|ModDate|CreateDate/);
    assert.ok((await renderPdf(column.svg)).equals(bytes));
  });
});
