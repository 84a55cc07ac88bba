import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  clusterRobust,
  effectInfluence,
  eggerTest,
  fitMultilevelMeta,
  leaveOneOut,
} from "mixed-models/meta";
import { runEmpathy } from "test-support/run-empathy";
import { temporaryFolder } from "test-support/temporary";
import { type META_PLOTS, metaFigure } from "../../apps/cli/meta-figure";
import { metaOf } from "../../apps/cli/meta-of";
import { answerMeta, type MetaQuestions } from "../../apps/cli/meta-questions";
import { readMetaTable } from "../../apps/cli/meta-table";

// Made up: five publications with two models each.
const ROWS = [
  ["a", "m1", "mood", 0.62, 0.17, 2015],
  ["a", "m2", "sleep", 0.1, 0.14, 2015],
  ["b", "m1", "mood", 0.41, 0.12, 2016],
  ["b", "m2", "sleep", 0.32, 0.21, 2016],
  ["c", "m1", "mood", 0.5, 0.1, 2018],
  ["c", "m2", "sleep", -0.12, 0.13, 2018],
  ["d", "m1", "mood", 0.93, 0.3, 2019],
  ["d", "m2", "sleep", 0.2, 0.25, 2019],
  ["e", "m1", "mood", 0.31, 0.11, 2021],
  ["e", "m2", "sleep", 0.24, 0.28, 2021],
] as const;
const TEXT = `publication,model,outcome,y,sei,year\n${ROWS.map((row) => row.join(",")).join("\n")}\n`;
const effects = ROWS.map((row) => row[3]);
const covariance = ROWS.map((row) => row[4] ** 2);
const publication = ROWS.map((row) => row[0]);
const nested = {
  effects,
  covariance,
  moderators: { names: ["intercept"], rows: ROWS.map(() => [1]) },
  random: [
    { name: "publication", groups: publication },
    { name: "publication/model", groups: ROWS.map((row) => `${row[0]} ${row[1]}`) },
  ],
};

let path = "";
before(() => {
  path = join(temporaryFolder(), "studies.csv");
  writeFileSync(path, TEXT);
});

async function meta(...args: readonly string[]): Promise<string> {
  const given = ["meta", "--data", path, "--effect", "y", "--se", "sei"];
  const { status, stdout, stderr } = await runEmpathy([...given, ...args]);
  assert.equal(status, 0, stderr);
  return stdout;
}

const plain = (value: object) => JSON.parse(JSON.stringify(value));
const withoutFit = ({ fit: _fit, ...rest }: { readonly fit: unknown }) => rest;

describe("empathy meta --random and --robust", () => {
  it("says in JSON what the library says of the same terms, clusters and groups", async () => {
    const asked = ["--random", "~ 1 | publication/model", "--robust", "publication"];
    const rest = ["--leave-one-out", "publication", "--egger", "--json"];
    const { robust, egger, leftOut, ...own } = JSON.parse(await meta(...asked, ...rest));
    const fit = fitMultilevelMeta(nested);
    assert.deepEqual(own.variances, fit.variances);
    assert.deepEqual(own.coefficients, fit.coefficients);
    assert.deepEqual(robust, plain(clusterRobust(fit, publication)));
    const clusters = { clusters: publication };
    assert.deepEqual(leftOut, plain(leaveOneOut(nested, publication, clusters).map(withoutFit)));
    assert.deepEqual(egger, plain(withoutFit(eggerTest(nested, clusters))));
  });

  it("prints variances, robust tests and means, and what each group's absence changes", async () => {
    const asked = ["--random", "publication", "--robust", "publication", "--leave-one-out"];
    const text = await meta(...asked, "publication", "--moderators", "outcome");
    assert.match(text, /^Multilevel meta-analysis of 10 effects/);
    assert.match(text, /\n of +groups +effects +variance +sd\n publication +5 +10 /);
    assert.match(text, /\nCluster-robust tests \(CR2, Satterthwaite's .*, 5 clusters\):/);
    assert.match(text, /\n mean: outcome sleep +-?\d/);
    assert.match(
      text,
      /\nMeans, and where the next true effect is expected:\n at +mean +se +95 % from +to +next from +to\n/,
    );
    assert.match(text, /\n e +2 +outcomesleep +-\d/);
  });

  it("gives each level of a factor a variance where a term asks for that", async () => {
    const { data } = await readMetaTable({
      data: path,
      effect: "y",
      se: "sei",
      random: "outcome | publication + model",
    });
    assert.deepEqual("random" in data && data.random, [
      { name: "publication", groups: publication, by: ROWS.map((row) => row[2]) },
      { name: "model", groups: ROWS.map((row) => row[1]) },
    ]);
  });
});

describe("empathy meta --influence, --leave-one-out and --egger", () => {
  it("measures independent effects, as the library does", async () => {
    const asked = ["--influence", "--leave-one-out", "--egger", "classic", "--json"];
    const { influence, leftOut, egger } = JSON.parse(await meta(...asked, "--labels", "model"));
    const data = { effects, covariance };
    const found = effectInfluence(data);
    const labels = influence.map(({ label }: { readonly label: string }) => label);
    assert.deepEqual(labels.slice(0, 4), ["m1", "m2", "m1 (2)", "m2 (2)"]);
    assert.deepEqual(
      influence,
      found.map((one, at) => ({ ...one, label: labels[at] })),
    );
    assert.equal(leftOut.length, 10);
    assert.equal(leftOut[5].cooksDistance, found[5]?.cooksDistance);
    assert.deepEqual(egger.slope, eggerTest(data, { model: "classic" }).slope);
  });

  it("prints them, with a star at what stands out, and writes them to files", async () => {
    const table = join(temporaryFolder(), "meta.csv");
    const text = await meta("--influence", "--leave-one-out", "--egger", "--table", table);
    assert.match(text, /\n row 6 +-2\.\d{3} .* \*\n/);
    assert.match(text, /\n effect at a standard error of 0 +0\.\d{4} /);
    assert.match(text, /\n without +effects +estimate .* tau2 +Q +Cook's distance\n row 1 +1 /);
    const file = table.replace(".csv", "-without-each-in-turn.csv");
    assert.match(readFileSync(file, "utf8"), /^without,effects,estimate,se,df,t,p,/);
  });
});

// What the command does, without a process of its own.
async function drawn(plot: (typeof META_PLOTS)[number], flags: Partial<MetaQuestions>) {
  const asked: MetaQuestions = { data: path, effect: "y", se: "sei", level: 0.95, ...flags };
  const table = await readMetaTable(asked);
  const found = metaOf(asked, table);
  const answers = answerMeta(asked, table, found.fit);
  const figure = { path: "f.svg", format: "svg", id: "f" } as const;
  return metaFigure(figure, plot, { table, ...found, answers, effect: "y" });
}

describe("metaFigure", () => {
  const altOf = async (...asked: Parameters<typeof drawn>) =>
    (await drawn(...asked)).layout.meta.alt;

  it("draws a funnel with Egger's line", async () => {
    const alt = await altOf("funnel", { egger: true });
    assert.match(alt, /^Points, y, with standard errors, about 0\.33: row 1 0\.62 \(0\.17\);/);
    assert.match(alt, /Egger's line: 0\.16 at a standard error of 0, slope 1\.02\.$/);
  });

  it("draws what moderators leave about 0", async () => {
    const alt = await altOf("funnel", { moderators: "outcome", random: "publication" });
    assert.match(alt, /^Points, residual of y, with standard errors, about 0\.00: row 1 0\.1\d /);
  });

  it("draws bubbles along the moderator that is a number, and means with robust limits", async () => {
    const flags = { moderators: "outcome,year", robust: "publication" };
    const spec = await drawn("bubble", flags);
    assert.match(
      spec.layout.meta.alt,
      /^Bubbles, y along year: row 1 0\.62 at 2015; .* The mean goes/,
    );
    const lows = async (asked: object) => (await drawn("bubble", asked)).data[0]?.y as number[];
    assert.notDeepEqual(await lows(flags), await lows({ moderators: "outcome,year" }));
  });

  it("draws the next true effect of a multilevel model, but where a term has several variances", async () => {
    const titleOf = async (random: string) => {
      const spec = await drawn("forest", { random });
      return (spec.layout.title as { text: string }).text;
    };
    const means = "Effects and their mean, with 95 % intervals";
    assert.equal(await titleOf("publication"), `${means}; pale: the next true effect`);
    assert.equal(await titleOf("outcome|publication"), means);
  });
});

describe("empathy meta refuses", () => {
  const cases: readonly (readonly [string, Partial<MetaQuestions>, RegExp])[] = [
    ["two kinds of errors", { variance: "sei" }, /give one of --variance, --se \(columns\) and/],
    ["groups of random terms", { random: "model", groups: "outcome" }, /--random "outcome \|/],
    ["a term without a column", { random: "model/" }, /--random: 'model\/' is no term; write/],
    ["a term of three sides", { random: "a|b|c" }, /--random: 'a\|b\|c' is no term/],
    ["a term of no column", { random: "modle" }, /no column 'modle'.*did you mean 'model'/],
    ["moments with random terms", { random: "model", method: "DL" }, /method.*'DL'.*REML, ML/],
    ["truncation with them", { random: "model", truncated: true }, /--truncated is for Hartung/],
    ["influence with them", { random: "model", influence: true }, /--leave-one-out gives Cook's/],
    [
      "clusters that cut groups",
      { random: "model", robust: "publication" },
      /choose clusters that/,
    ],
    ["bubbles along a factor", { moderators: "outcome" }, /name a column of numbers in --mod/],
  ];
  for (const [what, flags, message] of cases) {
    it(what, () => assert.rejects(drawn("bubble", flags), { name: "UserError", message }));
  }

  it("a plot without a file, in one line", async () => {
    const given = ["meta", "--data", path, "--effect", "y", "--se", "sei", "--plot", "funnel"];
    const { status, stderr } = await runEmpathy(given);
    assert.equal(status, 1);
    assert.equal(stderr, "empathy: --plot funnel: name the figure's file with --figure\n");
  });

  it("a standard error of zero", async () => {
    const file = join(temporaryFolder(), "zero.csv");
    writeFileSync(file, TEXT.replace("0.62,0.17", "0.62,0"));
    const read = readMetaTable({ data: file, effect: "y", se: "sei" });
    await assert.rejects(read, /row 1 has 0 in 'sei'; a standard error should be above 0/);
  });
});
