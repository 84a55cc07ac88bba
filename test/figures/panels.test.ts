import assert from "node:assert/strict";
import { type PlotlySpec, type PlotlyTrace, renderSvg } from "plotly-stills";
import type { Claim } from "../../src/claims/claim";
import { readClaims } from "../../src/claims/claim";
import type { ClaimResult } from "../../src/claims/results-tables";
import { claimIntervals, toClaimIntervals } from "../../src/figures/claim-intervals";
import { confusionPanels } from "../../src/figures/confusion-panels";
import { coursePanels } from "../../src/figures/course-panels";
import { projectPath } from "../../src/project";

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
  const claims = [
    {
      name: "more<br>of it",
      verdict: "holds",
      margin: 5,
      estimate: 20,
      deciding: [10, 30],
      other: [18, 22],
    },
    {
      name: "less of it",
      verdict: "the opposite seen in these systems",
      margin: 5,
      estimate: -12,
      deciding: [-15, -10],
      other: [-40, 4],
    },
    {
      name: "as much",
      verdict: "cannot be told",
      margin: 5,
      estimate: 1,
      deciding: [-9, 9],
      other: null,
    },
  ] as const;
  const options = { id: "00-claims", title: "Claims", axis: "points" };
  const spec = claimIntervals(claims, options);

  it("says each claim, its estimate, the interval that decides and its verdict in words", () => {
    assert.equal(
      altOf(spec),
      "points, with the 95 % interval that decides: more of it: 20 (10 to 30), holds; " +
        "less of it: -12 (-15 to -10), the opposite seen in these systems; as much: 1 (-9 to 9), cannot be told.",
    );
  });

  it("draws what decides in the colour of the verdict, and the other interval thin", async () => {
    const byName = new Map(spec.data.map((trace) => [trace.name, trace]));
    assert.deepEqual(byName.get("as claimed")?.x, [20]);
    assert.deepEqual(byName.get("the opposite")?.x, [-12]);
    assert.deepEqual(byName.get("neither")?.x, [1]);
    const bars = byName.get("the opposite")?.error_x as {
      array: number[];
      arrayminus: number[];
      thickness: number;
    };
    assert.deepEqual([bars.array, bars.arrayminus], [[2], [3]]);
    const other = byName.get("other interval") as PlotlyTrace;
    assert.deepEqual(other.x, [18, 22, null, -40, 4, null, null, null, null]);
    assert.ok((other.line as { width: number }).width < bars.thickness);
    assert.match(await renderSvg(spec), />neither</);
  });

  it("sets the first claims apart, each with its margin behind it", () => {
    const { layout } = claimIntervals(claims, { ...options, first: 2 });
    const places = (layout.yaxis as { tickvals: number[] }).tickvals;
    assert.deepEqual(places.slice(0, 2), [0, 1]);
    assert.ok((places[2] as number) > 2);
    const bands = (layout.shapes as { type: string; x0: number; y0: number }[]).filter(
      ({ type }) => type === "rect",
    );
    assert.deepEqual(
      bands.map(({ x0 }) => x0),
      [-5, -5, -5],
    );
    assert.deepEqual(
      bands.map(({ y0 }) => y0.toFixed(2)),
      places.map((at) => (at - 0.42).toFixed(2)),
    );
  });

  it("turns claims of a negative sign round, and takes what decides by the verdict", () => {
    const [study] = readClaims({ root: projectPath() });
    const claim = {
      ...(study as Claim),
      id: "c",
      sign: "negative",
      short: "less of it on negative prompts",
    } as const;
    const row = {
      set: "main",
      claim: "c",
      verdict: "the opposite seen in these systems",
      estimate: 0.1,
      lower: -0.2,
      upper: 0.4,
      these: 0.12,
      these_lower: 0.1,
      these_upper: 0.15,
    } as unknown as ClaimResult;
    const [one] = toClaimIntervals([claim], [row]);
    assert.equal(one?.name, "less of it<br>on negative prompts");
    const rounded = [one?.estimate, ...(one?.deciding ?? []), ...(one?.other ?? [])].map((value) =>
      value?.toFixed(6),
    );
    assert.deepEqual(
      rounded,
      [-12, -15, -10, -40, 20].map((value) => value.toFixed(6)),
    );
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
