import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { formatChecksums, openPlotlyWindow, type PlotlySpec } from "plotly-stills";
import { type EmotionCount, emotionCountsFigure } from "../../src/figures/emotion-counts";
import { projectPath } from "../../src/project";

const ROWS: readonly EmotionCount[] = [
  { emotion: "joyful", sentiment: "positive", dialogues: 3 },
  { emotion: "proud", sentiment: "positive", dialogues: 1200 },
  { emotion: "sad", sentiment: "negative", dialogues: 5 },
];

function committedSpecs(): PlotlySpec[] {
  const names = readdirSync(projectPath("figures")).filter((name) => name.endsWith(".json"));
  return names.map((name) => JSON.parse(readFileSync(projectPath("figures", name), "utf8")));
}

describe("emotionCountsFigure", () => {
  const spec = emotionCountsFigure(ROWS, "test dialogues");

  it("gives each sentiment a panel, its largest emotion first", () => {
    assert.deepEqual(
      spec.data.map((trace) => [trace.name, trace.y, trace.x]),
      [
        ["positive", ["proud", "joyful"], [1200, 3]],
        ["negative", ["sad"], [5]],
      ],
    );
  });

  it("says what it shows in its title and, with every total, in its alternative text", () => {
    const title = (spec.layout.title as { text: string }).text;
    assert.equal(title, "The test dialogues cover 3 emotions, 3 to 1200 each");
    assert.match(
      spec.layout.meta.alt,
      /positive, 1,203 dialogues: from proud \(1200\) down to joyful/,
    );
  });

  it("does not change its rows and does not depend on their order within a sentiment", () => {
    const before = JSON.stringify(ROWS);
    const [first, second, third] = ROWS as [EmotionCount, EmotionCount, EmotionCount];
    assert.deepEqual(emotionCountsFigure([second, first, third], "test dialogues"), spec);
    assert.equal(JSON.stringify(ROWS), before);
  });
});

describe("every committed figure", () => {
  for (const spec of committedSpecs()) {
    const { figure, alt } = spec.layout.meta;

    it(`${figure} uses plotly's own attributes only`, () => {
      const { Plotly } = openPlotlyWindow();
      assert.deepEqual(Plotly.validate(spec.data, spec.layout) ?? [], []);
    });

    it(`${figure} has a title, an alternative text and axes with titles`, () => {
      assert.ok((spec.layout.title as { text: string }).text.length > 20);
      assert.ok(alt.length > 40);
      const axes = Object.entries(spec.layout).filter(([key]) => /^[xy]axis\d*$/.test(key));
      const titles = axes.flatMap(([, axis]) => (axis as { title?: { text: string } }).title ?? []);
      assert.ok(titles.some(({ text }) => text.length > 0));
    });
  }

  it("has the checksum that the list gives", () => {
    const listed = readFileSync(projectPath("figures", "checksums.txt"), "utf8");
    const names = readdirSync(projectPath("figures")).filter((name) => name !== "checksums.txt");
    const files = names.map((name) => [name, readFileSync(projectPath("figures", name))] as const);
    assert.equal(formatChecksums(new Map(files)), listed);
  });
});
