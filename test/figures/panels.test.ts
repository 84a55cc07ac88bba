import assert from "node:assert/strict";
import { confusionPanels } from "../../src/figures/confusion-panels";
import type { PlotlySpec, PlotlyTrace } from "../../src/figures/figure";
import { pointPanels } from "../../src/figures/point-panels";
import { renderSvg } from "../../src/figures/render-svg";
import { setOverlapFigure } from "../../src/figures/set-overlap";
import { specificationCurve } from "../../src/figures/specification-curve";

const altOf = (spec: PlotlySpec) => spec.layout.meta.alt;
const ys = (trace: PlotlyTrace | undefined) => trace?.y as number[];

describe("pointPanels", () => {
  const options = {
    ...{ id: "00-points", title: "Points", alt: "Made-up points." },
    panels: [
      { axis: "share", format: ".0%" },
      { axis: "difference", format: ".1f", reference: 0 },
    ],
  };
  const point = (name: string, series: string, panel: number, value: number) => ({
    ...{ name, series, panel, value, lower: value - 0.1, upper: value + 0.1 },
  });

  it("sets series that share lines apart, and leaves others on the line", () => {
    const shared = pointPanels(
      ["a", "b"].flatMap((name) => ["x", "y"].map((series) => point(name, series, 0, 0.5))),
      { ...options, panels: options.panels.slice(0, 1) },
    );
    assert.deepEqual(ys(shared.data[0]), [-0.3, 0.7]);
    assert.deepEqual(ys(shared.data[1]), [0.3, 1.3]);
    const single = pointPanels([point("a", "x", 0, 0.5), point("b", "y", 0, 0.5)], {
      ...options,
      panels: options.panels.slice(0, 1),
    });
    assert.deepEqual([ys(single.data[0]), ys(single.data[1])], [[0], [1]]);
  });

  it("draws the line of no effect where a panel names one, and says every value in words", async () => {
    const spec = pointPanels([point("a", "x", 0, 0.25), point("a", "x", 1, -1.5)], options);
    assert.equal((spec.layout.shapes as unknown[]).length, 1);
    assert.equal(altOf(spec), "Made-up points. share: a (x) 25 %. difference: a (x) -1.5.");
    assert.match(await renderSvg(spec), /^<svg /);
  });
});

describe("setOverlapFigure", () => {
  it("marks exactly the sets that an intersection is of", async () => {
    const spec = setOverlapFigure(
      [
        { sets: ["a", "b"], size: 7 },
        { sets: ["b"], size: 2 },
      ],
      { id: "00-sets", title: "Sets", sets: ["a", "b"], unit: "things" },
    );
    const [bars, absent, present] = spec.data as [PlotlyTrace, PlotlyTrace, PlotlyTrace];
    assert.deepEqual(bars.y, [7, 2]);
    assert.deepEqual(
      [present.x, present.y],
      [
        [0, 0, 1],
        ["a", "b", "b"],
      ],
    );
    assert.deepEqual([absent.x, absent.y], [[1], ["a"]]);
    assert.match(altOf(spec), /7 by all; 2 by b/);
    assert.match(await renderSvg(spec), />things</);
  });

  it("writes the names of what sets have in common below their columns", async () => {
    const spec = setOverlapFigure([{ sets: ["a", "b"], size: 7, name: "first\nturns" }], {
      ...{ id: "00-sets", title: "Sets", sets: ["a", "b", "c"], unit: "things" },
    });
    assert.match(altOf(spec), /answered by all of these systems: first turns: 7 by a, b\./);
    assert.match(await renderSvg(spec), />first</);
  });
});

describe("specificationCurve", () => {
  it("sorts the estimates and tells intervals that hold 0 from others", async () => {
    const one = (estimate: number, outcome: string) => ({
      ...{ choices: { outcome }, estimate, lower: estimate - 1, upper: estimate + 1 },
    });
    const spec = specificationCurve([one(2, "strong"), one(-0.5, "any"), one(1.5, "any")], {
      ...{ id: "00-curve", title: "Curve", axis: "log-odds" },
    });
    const [clear, unclear, matrix] = spec.data as [PlotlyTrace, PlotlyTrace, PlotlyTrace];
    assert.deepEqual(
      [clear.y, clear.x],
      [
        [1.5, 2],
        [1, 2],
      ],
    );
    assert.deepEqual([unclear.y, unclear.x], [[-0.5], [0]]);
    assert.deepEqual(matrix.y, ["outcome: any", "outcome: any", "outcome: strong"]);
    assert.match(
      altOf(spec),
      /under 3 analyses, from -0.50 to 2.00, median 1.50; 2 intervals exclude 0/,
    );
    assert.match(await renderSvg(spec), />outcome: strong</);
  });

  it("draws a curve all of whose intervals exclude 0", async () => {
    const one = { choices: { outcome: "any" }, estimate: 2, lower: 1, upper: 3 };
    const options = { id: "00-clear", title: "Clear", axis: "log-odds" };
    await renderSvg(specificationCurve([one, { ...one, estimate: 2.5 }], options));
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
        ...{ id: "00-confusion", title: "Confusion", levels: ["0", "1"] },
        ...{ rows: "true", columns: "found" },
      },
    );
    const { color } = (spec.data[0] as PlotlyTrace).marker as { color: string[] };
    assert.deepEqual(color.slice(2), ["#ffffff", "#0b3c5d"]);
    assert.match(altOf(spec), /Made up: 13 of 15 equal; 0: 8, 2; 1: 0, 5\./);
    assert.match(await renderSvg(spec), />8</);
  });
});
