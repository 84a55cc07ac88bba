import assert from "node:assert/strict";
import { join } from "node:path";
import { readCsvTable } from "kit/tables";
import { fitMixed, type MixedFit, type Table } from "mixed-models";
import { type FigureFile, toFigureFile } from "../../apps/cli/figure-file";
import { meansFigure } from "../../apps/cli/fit-means-figure";
import { answerQuestions, type QuestionFlags, readQuestions } from "../../apps/cli/fit-questions";

let table: Record<string, unknown[]>;
let binomial: MixedFit;
before(async () => {
  table = (await readCsvTable(join("data", "example", "simulated-replies.csv"))) as typeof table;
  table.length = (table.er ?? []).map((_, at) => 10 + ((at * 7) % 23));
  const formula = "er ~ family * sentiment + length + (1 | system)";
  binomial = fitMixed(formula, table as Table, { family: "binomial" });
});

function drawn(flags: QuestionFlags, fit: MixedFit = binomial) {
  const answers = answerQuestions(fit, readQuestions(flags, fit.family));
  const figure = toFigureFile({ figure: "a.svg" }) as FigureFile;
  return meansFigure(figure, fit, answers, table as Table);
}

const response = { scale: "response" } as const;
const xs = (spec: ReturnType<typeof drawn>, at: number) => spec.data[at]?.x as number[];

describe("meansFigure", () => {
  it("puts every observation behind the mean of its group, in its colour", () => {
    const spec = drawn({ means: "family", by: "sentiment", ...response });
    const { alt } = spec.layout.meta;
    assert.match(alt, /^Means with intervals, probability of er: ecs, negative 0\.\d\d \(/);
    assert.match(alt, /Behind them 540 observations\.$/);
    assert.equal(spec.data.length, 4);
    const rows = (table.family ?? []).map((family, at) => ({
      family,
      feeling: table.sentiment?.[at],
    }));
    const negative = rows.filter(({ feeling }) => feeling === "negative");
    assert.equal(xs(spec, 0).length, negative.length);
    for (const [at, { family }] of negative.entries()) {
      const place = ["ecs", "human", "llm"].indexOf(String(family));
      const from = (xs(spec, 0)[at] as number) - place;
      assert.ok(from > -0.3 && from < 0, `${from}`);
    }
    assert.deepEqual(
      xs(spec, 3).map((value) => value.toFixed(2)),
      ["0.15", "1.15", "2.15"],
    );
  });

  it("joins means along a covariate, with observations where they are", () => {
    const spec = drawn({ means: "length", by: "family", at: ["length=10,20,30"], ...response });
    assert.equal(spec.data[3]?.mode, "lines+markers");
    assert.deepEqual(xs(spec, 3), [10, 20, 30]);
    const own = (table.length ?? []).filter((_, at) => table.family?.[at] === "ecs");
    assert.deepEqual(xs(spec, 0), own);
  });

  it("leaves out observations of groups without a mean", () => {
    const spec = drawn({ means: "family", at: ["family=ecs,llm"], ...response });
    const count = (table.family ?? []).filter((one) => one !== "human").length;
    assert.match(spec.layout.meta.alt, new RegExp(`Behind them ${count} observations`));
  });

  it("shows grades from 1 behind their mean", () => {
    table.grade = (table.er ?? []).map((er, at) => ["low", "mid", "high"][Number(er) + (at % 2)]);
    const fit = fitMixed("grade ~ family + (1 | system)", table as Table, {
      family: "cumulative",
      levels: { grade: ["low", "mid", "high"] },
    });
    const spec = drawn({ means: "family", scale: "expected" }, fit);
    assert.deepEqual(new Set(spec.data[0]?.y as number[]), new Set([1, 2, 3]));
  });

  const refusals: readonly (readonly [QuestionFlags, RegExp])[] = [
    [{}, /--raw draws observations behind means; ask for --means, too/],
    [{ means: "family" }, /not on the scale of these means; add --scale response/],
    [
      { means: "family,length", at: ["length=10"], ...response },
      /'length' is a number, and colours/,
    ],
    [{ means: "", ...response }, /name one or two in --means and --by, not 0/],
  ];
  for (const [flags, message] of refusals) {
    it(`refuses ${JSON.stringify(flags)}`, () => {
      assert.throws(() => drawn(flags), { name: "UserError", message });
    });
  }
});
