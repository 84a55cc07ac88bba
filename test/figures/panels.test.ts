import assert from "node:assert/strict";
import { type PlotlySpec, type PlotlyTrace, renderSvg } from "plotly-stills";
import { claimIntervals } from "../../src/figures/claim-intervals";
import { confusionPanels } from "../../src/figures/confusion-panels";
import { coursePanels } from "../../src/figures/course-panels";

const altOf = (spec: PlotlySpec) => spec.layout.meta.alt;

describe("coursePanels", () => {
  const spec = coursePanels(
    [1, 2].flatMap((at) => [
      { series: "a", panel: 0, at, value: 0.9 / at, fitted: 0.8 / at },
      { series: "a", panel: 1, at, value: 0.1, fitted: 0.2 },
    ]),
    {
      id: "00-course",
      title: "Course",
      alt: "Made-up courses.",
      panels: ["x", "y"],
      axis: "share",
    },
  );

  it("draws points as observed and a line as fitted in each panel", async () => {
    assert.deepEqual(
      spec.data.map(({ mode, xaxis, y }) => [mode, xaxis, y]),
      [
        ["markers", "x", [0.9, 0.45]],
        ["lines", "x", [0.8, 0.4]],
        ["markers", "x2", [0.1, 0.1]],
        ["lines", "x2", [0.2, 0.2]],
      ],
    );
    assert.match(await renderSvg(spec), /^<svg /);
  });

  it("says where each course begins and ends", () => {
    assert.equal(altOf(spec), "Made-up courses. x: a from 80 % to 40 %. y: a from 20 % to 20 %.");
  });
});

describe("claimIntervals", () => {
  const claim = (name: string, sign: 1 | -1, models: readonly [number, number] | null) => ({
    name,
    verdict: "holds",
    sign,
    margin: 5,
    estimate: 20 * sign,
    models,
    these: [20 * sign - 2, 20 * sign + 2] as const,
  });
  const options = { id: "00-claims", title: "Claims", axis: "points of share" };
  const spec = claimIntervals(
    [claim("more<br>of it", 1, [10, 30]), claim("less of it", -1, null)],
    options,
  );

  it("says each claim, its estimate, its interval, its sign and its verdict in words", () => {
    assert.equal(
      altOf(spec),
      "points of share, with 95 % intervals, for models like these where there is one: more of it: 20 (10 to 30), holds; " +
        "less of it, claimed to be negative: -20 (-22 to -18), holds.",
    );
  });

  it("draws two intervals a claim, the surer the thicker, and its own margin behind them", async () => {
    const widths = spec.data.slice(0, 2).map(({ line }) => (line as { width: number }).width);
    assert.deepEqual(
      [...widths].sort((one, other) => one - other),
      widths,
    );
    const lines = Object.fromEntries(spec.data.map(({ name, x }) => [name, x]));
    assert.deepEqual(lines["mean of models like these"], [10, 30, null, null, null, null]);
    assert.deepEqual(lines["these systems only"], [18, 22, null, -22, -18, null]);
    assert.deepEqual(lines.estimate, [20, -20]);
    const bands = spec.layout.shapes as { type: string; x0: number; x1: number }[];
    assert.deepEqual(
      bands.filter(({ type }) => type === "rect").map(({ x0, x1 }) => [x0, x1]),
      [
        [-5, 5],
        [-5, 5],
      ],
    );
    assert.match(await renderSvg(spec), />these systems only</);
  });
});

describe("confusionPanels", () => {
  it("shades by the row's share, writes the counts, and says them in words", async () => {
    const spec = confusionPanels(
      [
        {
          title: "Made up",
          counts: [
            [8, 2],
            [0, 5],
          ],
        },
      ],
      {
        id: "00-confusion",
        title: "Confusion",
        levels: ["0", "1"],
        rows: "true",
        columns: "found",
      },
    );
    const { color } = (spec.data[0] as PlotlyTrace).marker as { color: string[] };
    assert.deepEqual(color.slice(2), ["#ffffff", "#0b3c5d"]);
    assert.match(altOf(spec), /Made up: 13 of 15 equal; 0: 8, 2; 1: 0, 5\./);
    assert.match(await renderSvg(spec), />8</);
  });
});
