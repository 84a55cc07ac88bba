import assert from "node:assert/strict";
import {
  bubblePlot,
  forestPlot,
  funnelPlot,
  type PlotlySpec,
  type PlotlyTrace,
  pointPanels,
  renderSvg,
  setOverlapFigure,
  specificationCurve,
} from "plotly-stills";

const altOf = (spec: PlotlySpec) => spec.layout.meta.alt;
const colorOf = (trace: PlotlyTrace) => (trace.marker as { color: string }).color;
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
    // Nearer to the other series of its line than to the next line.
    assert.deepEqual(ys(shared.data[0]), [-1 / 6, 5 / 6]);
    assert.deepEqual(ys(shared.data[1]), [1 / 6, 7 / 6]);
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

  it("sets a line that sums up others apart, above them, and draws its points larger", () => {
    const spec = pointPanels(
      [
        { ...point("all", "x", 0, 0.4), isSummary: true },
        point("a", "x", 0, 0.5),
        { ...point("others", "x", 0, 0.2), isSummary: true },
        point("b", "x", 0, 0.3),
      ],
      { ...options, panels: options.panels.slice(0, 1) },
    );
    assert.deepEqual(ys(spec.data[0]), [0, 1, 2.5, 3.5]);
    const [all] = spec.data as [PlotlyTrace];
    const { size } = all.marker as { size: number[] };
    assert.ok((size[0] as number) > (size[1] as number));
    const bands = spec.layout.shapes as { y0: number; y1: number }[];
    assert.deepEqual(
      bands.map(({ y0, y1 }) => [y0, y1]),
      [
        [-0.5, 0.5],
        [2, 3],
      ],
    );
  });

  it("parts lines of one group from those of the next", () => {
    const lines = ["a", "b", "c"].map((name) => ({
      ...point(name, "x", 0, 0.5),
      group: name === "c" ? "others" : "some",
    }));
    const { data } = pointPanels(lines, { ...options, panels: options.panels.slice(0, 1) });
    assert.deepEqual(ys(data[0]), [0, 1, 2.5]);
  });

  it("gives panels the range that they are told, and draws what is too small to matter", () => {
    const panels = [{ axis: "points", format: ".0f", reference: 0, margin: 5, range: [-40, 60] }];
    const { layout } = pointPanels([point("a", "x", 0, 12)], { ...options, panels } as never);
    assert.deepEqual((layout.xaxis as { range: number[] }).range, [-40, 60]);
    const [band] = layout.shapes as { x0: number; x1: number }[];
    assert.deepEqual([band?.x0, band?.x1], [-5, 5]);
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
  const one = (estimate: number, who: string, outcome = "any") => ({
    choices: { who, outcome },
    estimate,
    lower: estimate - 1,
    upper: estimate + 1,
  });
  const rows = [one(2, "ann", "strong"), one(-0.5, "bob"), one(1.5, "ann"), one(0.2, "ann")];
  const options = { id: "00-curve", title: "Curve", axis: "log-odds", colorBy: "who" };

  it("sorts the estimates, in a colour for each answer to one question, and marks the other answers below", async () => {
    const spec = specificationCurve(rows, options);
    const [ann, bob, matrix] = spec.data as [PlotlyTrace, PlotlyTrace, PlotlyTrace];
    assert.deepEqual([ann.name, ann.x, ann.y], ["ann", [1, 2, 3], [0.2, 1.5, 2]]);
    assert.deepEqual([bob.name, bob.x, bob.y], ["bob", [0], [-0.5]]);
    assert.notEqual(colorOf(ann), colorOf(bob));
    assert.deepEqual(
      matrix.y,
      ["any", "any", "any", "strong"].map((word) => `outcome: ${word}`),
    );
    assert.match(
      altOf(spec),
      /under 4 analyses, from -0.50 to 2.00, median 1.50; 2 intervals exclude 0/,
    );
    const svg = await renderSvg(spec);
    assert.match(svg, />outcome: strong</);
    assert.match(svg, />4 analyses, from the lowest to the highest; marks: what each chose</);
    assert.doesNotMatch(svg, />who: ann</);
  });

  it("leaves marks hollow whose interval holds 0", () => {
    const [ann] = specificationCurve(rows, options).data as [PlotlyTrace];
    assert.deepEqual((ann.marker as { symbol: string[] }).symbol, [
      "circle-open",
      "circle",
      "circle",
    ]);
  });

  it("draws what is too small to matter on both sides of 0, where it is told", () => {
    const bands = (margin?: number) =>
      (
        specificationCurve(rows, { ...options, margin }).layout.shapes as {
          y0: number;
          y1: number;
        }[]
      ).map(({ y0, y1 }) => [y0, y1]);
    assert.deepEqual(bands(5), [
      [-5, 5],
      [0, 0],
    ]);
    assert.deepEqual(bands(), [[0, 0]]);
  });

  it("rings the main analysis at its place in the order, and none where none is named", async () => {
    const one = (estimate: number, isMain: boolean) => ({
      choices: { turns: `${estimate}` },
      estimate,
      lower: estimate - 1,
      upper: estimate + 1,
      isMain,
    });
    const options = { id: "00-main", title: "Main", axis: "log-odds", colorBy: "turns" };
    const ringed = specificationCurve([one(3, false), one(-1, false), one(1.5, true)], options);
    const ring = ringed.data.find(({ name }) => name === "main analysis");
    assert.deepEqual([ring?.x, ring?.y], [[1], [1.5]]);
    assert.match(await renderSvg(ringed), />main analysis</);
    const plain = specificationCurve([one(3, false), one(-1, false)], options);
    assert.ok(plain.data.every(({ name }) => name !== "main analysis"));
  });

  it("draws a curve all of whose intervals exclude 0", async () => {
    const one = { choices: { outcome: "any" }, estimate: 2, lower: 1, upper: 3 };
    const options = { id: "00-clear", title: "Clear", axis: "log-odds", colorBy: "outcome" };
    await renderSvg(specificationCurve([one, { ...one, estimate: 2.5 }], options));
  });
});

describe("funnelPlot", () => {
  it("narrows from its foot to the mean at a standard error of 0, and tilts Egger's line", () => {
    const points = [
      { name: "a", estimate: 1, se: 0.5 },
      { name: "b", estimate: 2, se: 1 },
    ];
    const options = { id: "00-funnel", title: "Funnel", axis: "effect", center: 1.5, reach: 2 };
    const spec = funnelPlot(points, { ...options, line: { limit: 1, slope: 0.5 } });
    const [sides, , egger, studies] = spec.data;
    assert.deepEqual(
      [sides?.x, sides?.y],
      [
        [1.5 - 2.16, 1.5, 1.5 + 2.16],
        [1.08, 0, 1.08],
      ],
    );
    assert.deepEqual(
      [egger?.x, egger?.y],
      [
        [1, 1.54],
        [0, 1.08],
      ],
    );
    assert.deepEqual(
      [studies?.x, studies?.y],
      [
        [1, 2],
        [0.5, 1],
      ],
    );
    assert.deepEqual((spec.layout.yaxis as { range: number[] }).range, [1.08, 0]);
    assert.equal(funnelPlot(points, options).data.length, 3);
  });
});

describe("bubblePlot", () => {
  const bubbles = [
    { name: "a", at: 1, estimate: 1, se: 0.5 },
    { name: "b", at: 2, estimate: 2, se: 1 },
    { name: "c", at: 3, estimate: 0, se: 20 },
  ];
  const options = { id: "00-bubble", title: "Bubbles", xAxis: "year", yAxis: "effect" };
  const line = (upper: number | null) =>
    [1, 3].map((at) => ({ at, estimate: at, lower: at - 1, upper }));

  it("draws the more precise larger, and none too small to see", () => {
    const { marker } = bubblePlot(bubbles, line(4), options).data.at(-1) as PlotlyTrace;
    assert.deepEqual((marker as { size: number[] }).size, [30, 15, 5]);
  });

  it("shades the interval, and no interval that could not be estimated", () => {
    const shaded = bubblePlot(bubbles, line(4), options).data;
    assert.deepEqual(
      shaded.slice(0, 2).map(({ y }) => y),
      [
        [0, 2],
        [4, 4],
      ],
    );
    assert.equal(shaded[1]?.fill, "tonexty");
    assert.equal(bubblePlot(bubbles, line(null), options).data.length, 2);
  });
});

describe("forestPlot", () => {
  it("sets a sum apart, with a pale bar only where the next effect is known", () => {
    const row = { name: "mean", estimate: 1, lower: 0, upper: 2, isSummary: true };
    const options = { id: "00-forest", title: "Forest", axis: "effect" };
    const plain = forestPlot([{ ...row, name: "study", isSummary: false }, row], options).data;
    assert.deepEqual(
      plain.map(({ mode }) => mode),
      ["markers", "markers"],
    );
    const next = { lower: -1, upper: 3 };
    const predicted = forestPlot([{ ...row, next }], options).data;
    assert.deepEqual(
      predicted.map(({ x }) => x),
      [[-1, 3], [1]],
    );
  });
});
