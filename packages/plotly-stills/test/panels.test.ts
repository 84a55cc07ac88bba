import assert from "node:assert/strict";
import {
  type PlotlySpec,
  type PlotlyTrace,
  pointPanels,
  renderSvg,
  setOverlapFigure,
  specificationCurve,
} from "plotly-stills";

const altOf = (spec: PlotlySpec) => spec.layout.meta.alt;
const ys = (trace: PlotlyTrace | undefined) => trace?.y as number[];

describe("pointPanels", () => {
  const options = {
    id: "00-points",
    title: "Points",
    alt: "Made-up points.",
    panels: [
      { axis: "share", format: ".0%" },
      { axis: "difference", format: ".1f", reference: 0 },
    ],
  };
  const point = (name: string, series: string, panel: number, value: number) => ({
    name,
    series,
    panel,
    value,
    lower: value - 0.1,
    upper: value + 0.1,
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

  it("draws each interval from its limits, however they lie about the value", () => {
    const lopsided = { ...point("a", "x", 0, 0.5), lower: 0.2, upper: 0.6 };
    const [trace] = pointPanels(
      [lopsided, { ...point("b", "x", 0, 0.4), upper: 0.9 }],
      options,
    ).data;
    assert.ok(trace);
    const { array, arrayminus } = trace.error_x as { array: number[]; arrayminus: number[] };
    const rounded = (values: readonly number[]) => values.map((value) => value.toFixed(9));
    assert.deepEqual(rounded(array), rounded([0.1, 0.5]));
    assert.deepEqual(rounded(arrayminus), rounded([0.3, 0.1]));
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
      id: "00-sets",
      title: "Sets",
      sets: ["a", "b", "c"],
      unit: "things",
    });
    assert.match(altOf(spec), /answered by all of these systems: first turns: 7 by a, b\./);
    assert.match(await renderSvg(spec), />first</);
  });
});

describe("specificationCurve", () => {
  it("sorts the estimates and tells intervals that hold 0 from others", async () => {
    const one = (estimate: number, outcome: string) => ({
      choices: { outcome },
      estimate,
      lower: estimate - 1,
      upper: estimate + 1,
    });
    const spec = specificationCurve([one(2, "strong"), one(-0.5, "any"), one(1.5, "any")], {
      id: "00-curve",
      title: "Curve",
      axis: "log-odds",
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

  it("tells analyses that agree from those that oppose and those that leave it open, by the claim's sign", () => {
    const at = (lower: number, upper: number, isMain = false) => ({
      choices: { turns: `${lower}` },
      estimate: (lower + upper) / 2,
      lower,
      upper,
      isMain,
    });
    const rows = [at(0.5, 1.5), at(-2, -1), at(-1, 2, true), at(0, 3)];
    const kinds = (sign: 1 | -1) => {
      const options = { id: "00-kinds", title: "Kinds", axis: "log-odds", sign };
      const { data } = specificationCurve(rows, options);
      return Object.fromEntries(data.map((trace) => [trace.name ?? "matrix", trace.y]));
    };
    const positive = kinds(1);
    assert.deepEqual(positive["agrees with the claim"], [1]);
    assert.deepEqual(positive["opposes it"], [-1.5]);
    assert.deepEqual(positive["leaves it open"], [0.5, 1.5]);
    assert.deepEqual(positive["main analysis"], [0.5]);
    const negative = kinds(-1);
    assert.deepEqual(negative["agrees with the claim"], [-1.5]);
    assert.deepEqual(negative["opposes it"], [1]);
  });

  it("rings the main analysis at its place in the order, and none where none is named", async () => {
    const one = (estimate: number, isMain: boolean) => ({
      choices: { turns: `${estimate}` },
      estimate,
      lower: estimate - 1,
      upper: estimate + 1,
      isMain,
    });
    const options = { id: "00-main", title: "Main", axis: "log-odds" };
    const ringed = specificationCurve([one(3, false), one(-1, false), one(1.5, true)], options);
    const ring = ringed.data.find(({ name }) => name === "main analysis");
    assert.deepEqual([ring?.x, ring?.y], [[1], [1.5]]);
    assert.match(await renderSvg(ringed), />main analysis</);
    const plain = specificationCurve([one(3, false), one(-1, false)], options);
    assert.ok(plain.data.every(({ name }) => name !== "main analysis"));
  });

  it("draws a curve all of whose intervals exclude 0", async () => {
    const one = { choices: { outcome: "any" }, estimate: 2, lower: 1, upper: 3 };
    const options = { id: "00-clear", title: "Clear", axis: "log-odds" };
    await renderSvg(specificationCurve([one, { ...one, estimate: 2.5 }], options));
  });
});
