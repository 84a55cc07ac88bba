import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fitMeta } from "mixed-models/meta";
import { runEmpathy } from "test-support/run-empathy";
import { temporaryFolder } from "test-support/temporary";
import { readMetaTable } from "../../apps/cli/meta-table";

const SYSTEMS = `name,y,v,family,year
A,0.12,0.04,chat,2020
B,0.55,0.02,chat,2021
C,0.31,0.03,chat,2022
D,-0.20,0.05,old,2018
E,0.05,0.02,old,2019
F,-0.41,0.06,old,2017
`;
const BY_VARIANCE = ["--effect", "y", "--variance", "v"];
// A quarter of each variance is shared.
const MATRIX = [0.04, 0.02, 0.03, 0.05, 0.02, 0.06]
  .map((own, i) => [0, 1, 2, 3, 4, 5].map((j) => (i === j ? own : 0.005)).join(","))
  .join("\n");

function write(text: string, name = "systems.csv"): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, text);
  return path;
}

function meta(text: string, args: readonly string[]) {
  return runEmpathy(["meta", "--data", write(text), ...args]);
}

describe("empathy meta", () => {
  it("prints coefficients, heterogeneity, tests and predictions", async () => {
    const { status, stdout, stderr } = await meta(SYSTEMS, [
      ...BY_VARIANCE,
      "--moderators",
      "family",
      "--groups",
      "family",
    ]);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^Meta-analysis of 6 effects \(restricted maximum likelihood\)\n/);
    assert.match(stdout, /\n intercept +0\.\d{4} /);
    assert.match(stdout, /\n familyold +-0\.\d{4} /);
    assert.match(stdout, /\n old +3 /);
    assert.match(stdout, /\n no heterogeneity +Q +\d/);
    assert.match(stdout, /\n family chat +0\.\d{4} .*\n family old /);
    assert.match(stdout, /t with Satterthwaite's degrees of freedom/);
  });

  it("prints as JSON what fitMeta gives for the same design", async () => {
    const args = [...BY_VARIANCE, "--moderators", "family,year", "--json", "--labels", "name"];
    const { stdout, stderr } = await meta(SYSTEMS, args);
    const { coefficients, predictions } = JSON.parse(stdout || `"${stderr}"`);
    const years = [2020, 2021, 2022, 2018, 2019, 2017];
    const fit = fitMeta({
      effects: [0.12, 0.55, 0.31, -0.2, 0.05, -0.41],
      covariance: [0.04, 0.02, 0.03, 0.05, 0.02, 0.06],
      moderators: {
        names: ["intercept", "familyold", "year"],
        rows: years.map((year, at) => [1, at > 2 ? 1 : 0, year]),
      },
    });
    assert.deepEqual(coefficients, fit.coefficients);
    const { name, ...chat } = predictions[0];
    assert.equal(name, "family chat");
    assert.deepEqual(chat, fit.predict([1, 0, 2019.5]));
  });

  it("prints Markdown in which names are no HTML", async () => {
    const text = SYSTEMS.replaceAll("chat", "<b>chat|x");
    const { stdout } = await meta(text, [...BY_VARIANCE, "--moderators", "family", "--markdown"]);
    assert.match(stdout, /^\*\*Meta-analysis/);
    assert.ok(stdout.includes("&lt;b>chat\\|x") && !stdout.includes("<b>"));
  });

  it("draws every effect, and the means with the next effect, as SVG and PNG", async () => {
    const folder = temporaryFolder();
    const args = [...BY_VARIANCE, "--labels", "name", "--moderators", "family", "--figure"];
    const svg = join(folder, "forest.svg");
    const png = join(folder, "forest.png");
    for (const path of [svg, png]) {
      const { status, stderr } = await meta(SYSTEMS, [...args, path]);
      assert.equal(status, 0, stderr);
    }
    const drawn = readFileSync(svg, "utf8");
    assert.match(drawn, /<desc[^>]*>Points with intervals, y: A 0\.12 \(.*Mean: family chat/);
    assert.match(drawn, /Mean: family old [^;]*, the next from -\d/);
    assert.deepEqual([...readFileSync(png).subarray(1, 4)], [...Buffer.from("PNG")]);
  });

  it("ends its help with two examples", async () => {
    const { stdout } = await runEmpathy(["meta", "--help"]);
    assert.match(stdout, /Examples:\n {2}npx empathy meta [^\n]*\n {2}npx empathy meta [^\n]*\n$/);
  });

  const covariance = (text: string) => ["--effect", "y", "--covariance", write(text, "v.csv")];
  const cases: readonly (readonly [string, string, readonly string[], RegExp])[] = [
    [
      "a column that is not there",
      SYSTEMS,
      ["--effect", "yy", "--variance", "v"],
      /systems\.csv: has no column 'yy'; it has name, y, v, family, year; did you mean 'y'\?/,
    ],
    [
      "a negative variance",
      SYSTEMS.replace("0.05,old", "-0.05,old"),
      BY_VARIANCE,
      /systems\.csv: row 4 has -0\.05 in 'v'; a variance should be above 0/,
    ],
    [
      "a variance of zero",
      SYSTEMS.replace("0.05,old", "0,old"),
      BY_VARIANCE,
      /row 4 has 0 in 'v'; a variance should be above 0/,
    ],
    [
      "a blank cell",
      SYSTEMS.replace("0.55", " "),
      BY_VARIANCE,
      /systems\.csv: row 2 has no 'y'; fill it in, or leave the row out/,
    ],
    [
      "a blank moderator",
      SYSTEMS.replace("2022", ""),
      [...BY_VARIANCE, "--moderators", "year"],
      /row 3 has no 'year'; fill it in/,
    ],
    [
      "a cell that is no number",
      SYSTEMS.replace("0.31", "high"),
      BY_VARIANCE,
      /systems\.csv:4: row 3 of column 'y' is 'high', where 5 of 6 cells are numbers/,
    ],
    [
      "a number that is mistyped in a moderator",
      SYSTEMS.replace("2021", "2O21"),
      [...BY_VARIANCE, "--moderators", "year"],
      /systems\.csv:3: row 2 of column 'year' is '2O21', where 5 of 6 cells are numbers; .*factor\(year\)/,
    ],
    [
      "as many coefficients as effects",
      SYSTEMS,
      [...BY_VARIANCE, "--moderators", "name"],
      /6 effects cannot carry 6 coefficients/,
    ],
    [
      "a moderator named twice",
      SYSTEMS,
      [...BY_VARIANCE, "--moderators", "year + year"],
      /--moderators names 'year' twice/,
    ],
    [
      "a group of one effect",
      SYSTEMS,
      [...BY_VARIANCE, "--groups", "name"],
      /group 'A' has one effect only/,
    ],
    [
      "neither variance nor covariance",
      SYSTEMS,
      ["--effect", "y"],
      /give one of --variance, --se \(columns\) and --covariance \(a file\)/,
    ],
    [
      "a covariance matrix with too few rows",
      SYSTEMS,
      covariance(MATRIX.split("\n").slice(1).join("\n")),
      /v\.csv: has 5 rows for 6 effects; it should be 6 x 6/,
    ],
    [
      "a covariance matrix with too few columns",
      SYSTEMS,
      covariance("0.1,0.2\n0.2,0.1\n"),
      /v\.csv:1: has 2 numbers for 6 effects; it should be 6 x 6, with or without a header/,
    ],
    [
      "a covariance that is no number",
      SYSTEMS,
      covariance(MATRIX.replace("0.02", "x")),
      /v\.csv:2: has 'x' in column 2; it should be a number/,
    ],
    [
      "a covariance matrix in another order",
      SYSTEMS,
      [...covariance(`B,A,C,D,E,F\n${MATRIX}`), "--labels", "name"],
      /v\.csv: column 1 is 'B' where effect 1 is 'A'; bring both into one order/,
    ],
    [
      "a covariance matrix that is not positive definite",
      SYSTEMS,
      covariance(MATRIX.replaceAll("0.005", "0.05")),
      /the covariance matrix is not positive definite: given those before it, effect 2/,
    ],
    [
      "a figure of another kind",
      SYSTEMS,
      [...BY_VARIANCE, "--figure", "forest.gif"],
      /--figure forest\.gif: the name should end in \.pdf, \.svg or \.png/,
    ],
    ["a level above 1", SYSTEMS, [...BY_VARIANCE, "--level", "95"], /the level is 95; give a/],
  ];
  for (const [what, text, args, message] of cases) {
    it(`answers ${what} with one line`, async () => {
      const { status, stderr } = await meta(text, args);
      assert.equal(status, 1);
      assert.match(stderr, message);
      assert.match(stderr, /^empathy: [^\n]*\n$/);
    });
  }
});

describe("readMetaTable", () => {
  it("numbers the effects of one study, which have one label", async () => {
    const text = SYSTEMS.replace("B,", "A,").replace("C,", "A (2),");
    const { labels } = await readMetaTable({
      data: write(text),
      effect: "y",
      variance: "v",
      labels: "name",
    });
    assert.deepEqual(labels.slice(0, 3), ["A", "A (3)", "A (2)"]);
  });

  it("takes numbers for labels where a moderator is asked for as factor()", async () => {
    const of = (moderators: string) =>
      readMetaTable({ data: write(SYSTEMS), effect: "y", variance: "v", moderators });
    assert.equal((await of("year")).data.moderators?.names.length, 2);
    assert.ok(((await of("factor(year)")).data.moderators?.names.length ?? 0) > 2);
  });

  const read = (rest: object, text = SYSTEMS) =>
    readMetaTable({ data: write(text), effect: "y", ...rest });

  it("takes a matrix with and without a header", async () => {
    const header = `${"ABCDEF".split("").join(",")}\n`;
    const [bare, named] = await Promise.all(
      ["", header].map((first) =>
        read({ covariance: write(`${first}${MATRIX}\n`, "v.csv"), labels: "name" }),
      ),
    );
    assert.deepEqual(bare?.data, named?.data);
    assert.deepEqual(bare?.variances, [0.04, 0.02, 0.03, 0.05, 0.02, 0.06]);
  });

  it("gives the first factor a column a level where there is no intercept", async () => {
    const { data } = await read({ variance: "v", moderators: "~ 0 + family + year" });
    assert.deepEqual(data.moderators?.names, ["familychat", "familyold", "year"]);
    assert.deepEqual(data.moderators?.rows[3], [0, 1, 2018]);
  });

  it("predicts each level in every group that has it, or each group where there is no factor", async () => {
    const text = SYSTEMS.replace(
      "F,-0.41,0.06,old,2017",
      "F,-0.41,0.06,old,2017\nG,0,0.1,chat,2021",
    );
    const kinds = text.split("\n").map((row, at) => `${row},${at === 0 ? "kind" : at % 2}`);
    const table = kinds.slice(0, -1).join("\n");
    const { predicted } = await read(
      { variance: "v", moderators: "family", groups: "kind" },
      table,
    );
    assert.deepEqual(
      predicted.map(({ name }) => name),
      [
        "family chat, group 1",
        "family chat, group 0",
        "family old, group 0",
        "family old, group 1",
      ],
    );
    const plain = await read({ variance: "v", groups: "family" });
    assert.deepEqual(plain.predicted, [
      { name: "group chat", weights: [1], groups: { chat: 1 } },
      { name: "group old", weights: [1], groups: { old: 1 } },
    ]);
  });
});
