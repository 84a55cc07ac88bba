import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type Coefficient,
  coefficientTables,
  contrastMeans,
  fitMixed,
  type MixedFit,
  marginalMeans,
  marginalSlopes,
  satterthwaite,
  type Table,
} from "mixed-models";
import { runEmpathy } from "test-support/run-empathy";
import { temporaryFolder } from "test-support/temporary";
import { type FigureFile, toFigureFile } from "../../apps/cli/figure-file";
import { fitFigure } from "../../apps/cli/fit-figure";
import { tablesOf } from "../../apps/cli/fit-print";
import {
  answerQuestions,
  type FitAnswer,
  type QuestionFlags,
  readQuestions,
} from "../../apps/cli/fit-questions";

// Made up: three systems rated by ten raters, with the length of what they rated.
const rows = Array.from({ length: 120 }, (_, at) => {
  const system = ["base", "large", "small"][at % 3] as string;
  const time = at % 2 === 0 ? "early" : "late";
  const length = 10 + ((at * 7) % 23);
  const noise = Math.sin(13 * at) + Math.cos(5 * (at % 10));
  const rating = Math.round(100 * (3 + (system === "large" ? 1 : 0) + 0.05 * length + noise)) / 100;
  const grade = ["Bad", "Okay", "Good"][
    Math.min(2, Math.max(0, Math.floor(rating - 3.2)))
  ] as string;
  return { system, time, length, rater: `r${at % 10}`, rating, good: rating > 4 ? 1 : 0, grade };
});
const LINEAR = "rating ~ system * length + time + (1 | rater)";
const BINOMIAL = "good ~ system + length + (1 | rater)";

let path = "";
before(() => {
  path = join(temporaryFolder(), "ratings.csv");
  const header = Object.keys(rows[0] as object);
  const lines = rows.map((row) => Object.values(row).join(","));
  writeFileSync(path, `${[header.join(","), ...lines].join("\n")}\n`);
});

function run(formula: string, ...args: readonly string[]) {
  return runEmpathy(["fit", "--data", path, "--formula", formula, ...args]);
}

async function print(formula: string, ...args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await run(formula, ...args);
  assert.equal(status, 0, stderr);
  return stdout;
}

const ownFit = () => satterthwaite(fitMixed(LINEAR, rows as unknown as Table));

describe("empathy fit", () => {
  it("tests a linear model by t with Satterthwaite's degrees of freedom", async () => {
    const text = await print(LINEAR);
    assert.match(text, /\n name +estimate +se +df +t +p +95 % from +to\n/);
    assert.match(
      text,
      /\nt, p and intervals: Student's t with Satterthwaite's degrees of freedom\.\n$/,
    );
  });

  it("tests it by the normal distribution with --df normal, and other families always", async () => {
    const outputs = [
      await print(LINEAR, "--df", "normal"),
      await print(BINOMIAL, "--family", "binomial"),
    ];
    for (const text of outputs) {
      assert.match(text, /\n name +estimate +se +z +p +95 % from +to\n/);
      assert.doesNotMatch(text, /Student/);
    }
  });

  it("names df and t in JSON, with the numbers of the library", async () => {
    const { coefficients, degreesOfFreedom } = JSON.parse(await print(LINEAR, "--json"));
    const [, own] = ownFit().coefficients;
    assert.equal(degreesOfFreedom, "Satterthwaite");
    const { name, estimate, se, p, lower, upper, df, z } = own as NonNullable<typeof own>;
    assert.deepEqual(coefficients[1], { name, estimate, se, p, lower, upper, df, t: z });
  });

  it("codes factors by --coding, and says so to who asks --contrasts for it", async () => {
    assert.match(await print(LINEAR, "--coding", "sum"), /\n system1 /);
    const { stderr } = await run(LINEAR, "--contrasts", "sum", "--means", "system");
    assert.equal(stderr, "empathy: --contrasts sum: how factors are coded is --coding sum\n");
  });
});

describe("empathy fit --means, --contrasts and --trends", () => {
  it("prints means, contrasts and slopes as text", async () => {
    const text = await print(
      ...([LINEAR, "--means", "system", "--contrasts", "pairwise", "--trends", "length"] as const),
    );
    assert.match(
      text,
      /\nMarginal means over system \(rating\):\n system +mean +se +df +95 % from +to\n base /,
    );
    assert.match(
      text,
      /\nContrasts of means \(rating\); adjustment of p: tukey, of intervals: tukey:\n contrast +estimate +se +df +t +p /,
    );
    assert.match(text, /\n base - large +-\d\.\d{4} /);
    assert.match(text, /\nSlopes of length \(rating for each unit of length\):\n +slope +se +df /);
  });

  it("prints them as Markdown and as HTML", async () => {
    const questions = ["--means", "system", "--contrasts", "reference=base"] as const;
    const markdown = await print(LINEAR, ...questions, "--markdown");
    assert.match(
      markdown,
      /\| system \| mean \| se \| df \| 95 % from \| to \|\n\| --- \| ---: \|/,
    );
    assert.match(markdown, /\| large - base \| \d\.\d{4} \|/);
    const html = await print(LINEAR, ...questions, "--html");
    assert.match(html, /<caption>Marginal means over system \(rating\)<\/caption>/);
    assert.match(html, /<td [^>]*><div [^>]*>large - base<\/div><\/td>/);
  });

  it("gives in JSON what the library gives", async () => {
    const printed = await print(
      ...([LINEAR, "--means", "system", "--by", "time", "--contrasts", "revpairwise"] as const),
      "--trends",
      "length",
      "--adjust",
      "holm",
      "--at",
      "length=20",
      "--json",
    );
    const { means, trends } = JSON.parse(printed);
    const fit = ownFit();
    const at = { length: 20 };
    const own = marginalMeans(fit, { over: ["system", "time"], at });
    assert.deepEqual(means.means, JSON.parse(JSON.stringify(own.means)));
    const method = "revpairwise";
    const { contrasts } = contrastMeans(own, { method, by: ["time"], adjust: "holm" });
    assert.equal(means.contrasts.contrasts.length, 6);
    for (const [place, { name, z, df, p, upper }] of contrasts.entries()) {
      const found = means.contrasts.contrasts[place];
      assert.deepEqual(
        [found.name, found.t, found.df, found.p, found.upper, "z" in found],
        [name, z, df, p, upper, false],
      );
    }
    const slopes = marginalSlopes(fit, { of: "length", over: ["time"], at });
    assert.deepEqual(trends[0].slopes, JSON.parse(JSON.stringify(slopes.means)));
    assert.equal(trends[0].of, "length");
  });

  it("writes an estimate in small units with the digits that count", () => {
    const table = rows.map((row) => ({ ...row, length: 1e5 * row.length }));
    const fit = satterthwaite(fitMixed("rating ~ length + (1 | rater)", table));
    const [slope] = answerQuestions(fit, readQuestions({ trends: "length" }, "gaussian"));
    const { estimate, se, lower } = fit.coefficients[1] as Coefficient;
    assert.ok(se < 1e-6);
    const cells = [
      coefficientTables(fit).at(-1)?.rows[1]?.slice(1, 3),
      tablesOf(fit, slope as FitAnswer)[0]?.rows[0]?.slice(0, 2),
    ];
    for (const [shown, error] of cells as [string, string][]) {
      assert.ok(Math.abs(Number(shown) - estimate) < 0.1 * se, shown);
      assert.match(error, /^0\.0{6,}[1-9]\d$/);
    }
    const from = tablesOf(fit, slope as FitAnswer)[0]?.rows[0]?.at(-2);
    assert.ok(Math.abs(Number(from) - lower) < se, from);
  });

  it("compares within the levels of --by, wherever else the factor is named", () => {
    const contrastsOf = (flags: QuestionFlags) =>
      answerQuestions(ownFit(), readQuestions({ contrasts: "pairwise", ...flags }, "gaussian"))[0]
        ?.contrasts;
    const apart = contrastsOf({ means: "system", by: "time" });
    assert.equal(apart?.contrasts.length, 6);
    assert.deepEqual(contrastsOf({ means: "system,time", by: "time" }), apart);
    assert.equal(
      contrastsOf({ means: "system,time", by: "time", trends: "length" })?.contrasts.length,
      15,
    );
    assert.throws(() => contrastsOf({ means: "time", by: "time" }), {
      message: "--by leaves no factor to compare; name another one in --means",
    });
  });

  it("compares slopes for the levels of --by", async () => {
    const printed = await print(
      ...([LINEAR, "--trends", "length", "--by", "system", "--contrasts", "pairwise"] as const),
      "--json",
    );
    const [{ slopes, contrasts }] = JSON.parse(printed).trends;
    assert.equal(slopes.length, 3);
    const [first, second] = slopes;
    const [pair] = contrasts.contrasts;
    assert.equal(pair.name, "base - large");
    assert.ok(Math.abs(pair.estimate - (first.estimate - second.estimate)) < 1e-9);
    assert.equal(contrasts.adjust, "tukey");
  });

  it("averages a covariate at given values of it", async () => {
    const text = await print(
      LINEAR,
      "--means",
      "length",
      "--at",
      "length=12,30",
      "--at",
      "time=late",
    );
    assert.match(text, /\nMarginal means over length \(rating\):\n length .*\n +12 .*\n +30 /);
  });

  it("shows probabilities and odds ratios with --scale response", async () => {
    const asks = ["--family", "binomial", "--means", "system", "--contrasts", "pairwise"] as const;
    const link = await print(BINOMIAL, ...asks);
    assert.match(link, /\nMarginal means over system \(log-odds of good\):/);
    const response = await print(BINOMIAL, ...asks, "--scale", "response");
    assert.match(response, /\nMarginal means over system \(probability of good\):/);
    assert.match(response, /\nContrasts of means \(odds ratios\)/);
    const odds = (text: string) => Number(text.match(/\n base - large +(-?[\d.]+)/)?.[1]);
    assert.ok(Math.abs(Math.exp(odds(link)) - odds(response)) < 1e-4);
  });

  it("gives grades their probabilities, or their mean", async () => {
    const graded = ["grade ~ system + (1 | rater)", "--family", "cumulative"] as const;
    const asks = ["--levels", "Bad,Okay,Good", "--means", "system", "--contrasts", "pairwise"];
    const response = await print(...graded, ...asks, "--scale", "response");
    assert.match(response, /\n system +grade +mean /);
    assert.match(response, /\n Good +base - large /);
    const expected = await print(...graded, ...asks, "--scale", "expected");
    assert.match(expected, /\nMarginal means over system \(expected grade of grade\):/);
  });

  const refusals: readonly (readonly [readonly string[], string])[] = [
    [
      ["--means", "sytem"],
      "'sytem' is not a variable of the fixed effects; did you mean 'system'?",
    ],
    [
      ["--means", "length"],
      "'length' is a number; say for which values with --at length=1,2, or ask for its slope with --trends length",
    ],
    [
      ["--trends", "lenght"],
      "'lenght' is not a variable of the fixed effects; a slope is of a covariate; did you mean 'length'?",
    ],
    [["--trends", "system"], "'system' is a factor; a slope is of a covariate; they are: length"],
    [
      ["--means", "system", "--contrasts", "pairwse"],
      "--contrasts pairwse: choose one of pairwise, revpairwise, consecutive, polynomial, reference=LEVEL, or write one, such as \"a - (b + c)/2\"; did you mean 'pairwise'?",
    ],
    [
      ["--means", "system", "--contrasts", "reference=bse"],
      "the reference 'bse' is not one of the means; did you mean 'base'?",
    ],
    [
      ["--means", "system", "--contrasts", "reference=base", "--adjust", "tukey"],
      "the tukey adjustment is for pairwise contrasts; use holm, bonferroni or sidak",
    ],
    [["--contrasts", "pairwise"], "--contrasts needs --means or --trends; add one of them"],
    [["--by", "time"], "--by needs --means or --trends; add one of them"],
    [
      ["--trends", "length", "--contrasts", "pairwise"],
      "--contrasts of slopes needs --by, the factors whose slopes are compared",
    ],
    [
      ["--means", "system", "--adjust", "holm"],
      "--adjust needs --contrasts or --interaction; add one of them",
    ],
    [
      ["--means", "system", "--at", "length"],
      "--at length: should name a variable and its values, such as length=20,60",
    ],
    [
      ["--means", "system", "--at", "length=far"],
      "at: 'far' for 'length' is not a finite number; give one",
    ],
    [
      ["--means", "system", "--scale", "expected"],
      "--scale expected is the mean grade, for --family cumulative; leave it out",
    ],
    [["--figure", "means.gif"], "--figure means.gif: the name should end in .pdf, .svg or .png"],
    [["--table", "means.xls"], "--table means.xls: the name should end in .csv, .md or .tex"],
    [["--width", "85mm"], "--width 85mm: of what figure? name its file with --figure"],
    [
      ["--figure", "means.pdf", "--width", "85"],
      "--width 85: should be in millimetres, from 40mm to 400mm; journals ask for 85mm or 180mm",
    ],
    [
      ["--family", "binomial", "--df", "satterthwaite"],
      "Satterthwaite's degrees of freedom are for the gaussian family; the fit is binomial, whose tests are normal",
    ],
  ];
  for (const [args, message] of refusals) {
    it(`refuses ${args.join(" ")} in one line`, async () => {
      const formula = args.includes("binomial") ? BINOMIAL : LINEAR;
      const { status, stdout, stderr } = await run(formula, ...args);
      assert.deepEqual([status, stdout, stderr], [1, "", `empathy: ${message}\n`]);
    });
  }

  it("answers a misspelt choice with the nearest", async () => {
    const { stderr } = await run(LINEAR, "--means", "system", "--scale", "respons");
    assert.match(stderr, /Did you mean 'response'\?/);
  });
});

describe("empathy fit --figure", () => {
  it("draws contrasts, as SVG", async () => {
    const file = join(temporaryFolder(), "forest.svg");
    const asks = ["--means", "system", "--by", "time", "--contrasts", "pairwise"];
    await print(LINEAR, ...asks, "--figure", file);
    const [, title, alt] =
      readFileSync(file, "utf8").match(/<title.*?>(.*?)<.*?<desc.*?>(.*?)</) ?? [];
    assert.equal(title, "Contrasts of means with 95 % intervals, adjusted (tukey)");
    assert.match(alt ?? "", /^Points with intervals, rating: early: base - large -?\d/);
  });

  it("draws coefficients, as PNG by its ending", async () => {
    const file = join(temporaryFolder(), "forest.png");
    await print(LINEAR, "--figure", file);
    assert.equal(readFileSync(file).subarray(1, 4).toString(), "PNG");
  });

  it("draws nothing where no estimate has an interval", async () => {
    const file = join(temporaryFolder(), "none.svg");
    const parallel = "rating ~ system + length + (1 | rater)";
    const asks = ["--trends", "length", "--by", "system", "--contrasts", "pairwise"];
    const { status, stderr } = await run(parallel, ...asks, "--figure", file);
    assert.equal(status, 1);
    assert.match(stderr, /there is nothing to draw; no estimate has an interval\n$/);
    assert.equal(existsSync(file), false);
  });
});

describe("fitFigure", () => {
  const binomial = () => fitMixed(BINOMIAL, rows as unknown as Table, { family: "binomial" });
  const specOf = (fit: MixedFit, flags: QuestionFlags) => {
    const questions = readQuestions(flags, fit.family);
    const figure = toFigureFile({ figure: "a.svg" }) as FigureFile;
    const spec = fitFigure(figure, fit, answerQuestions(fit, questions));
    const { title, meta, shapes } = JSON.parse(JSON.stringify(spec.layout));
    return { title: title.text, alt: meta.alt, lines: shapes.map((one: { x0: number }) => one.x0) };
  };

  it("leaves the intercept out, which is no effect", () => {
    const { title, alt, lines } = specOf(ownFit(), {});
    assert.equal(title, "Fixed effects with 95 % intervals");
    assert.match(alt, /^Points with intervals, rating: systemlarge /);
    assert.deepEqual(lines, [0]);
  });

  it("draws means without a line, and slopes with one at zero", () => {
    const means = specOf(ownFit(), { means: "system", trends: "length" });
    assert.equal(means.title, "Marginal means with 95 % intervals");
    assert.deepEqual(means.lines, []);
    const slopes = specOf(ownFit(), { trends: "length", by: "system" });
    assert.equal(slopes.title, "Slopes of length with 95 % intervals");
    assert.match(slopes.alt, /, rating for each unit of length: base \d/);
    assert.deepEqual(slopes.lines, [0]);
  });

  it("draws odds ratios with a line at one", () => {
    const flags = { means: "system", contrasts: "pairwise", scale: "response" } as const;
    const { alt, lines } = specOf(binomial(), flags);
    assert.match(alt, /, odds ratio of good: base - large \d/);
    assert.deepEqual(lines, [1]);
  });
});
