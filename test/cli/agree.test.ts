import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Rating } from "mixed-models/agreement";
import { itNeeds, mirror } from "test-support/needs";
import { runEmpathy } from "test-support/run-empathy";
import { temporaryFolder } from "test-support/temporary";
import { type AgreeQuestions, answerAgreement } from "../../apps/cli/agree-answers";
import { checkFlags, refuseRatings, toSteps } from "../../apps/cli/agree-flags";
import { printAgreement } from "../../apps/cli/agree-print";
import { type RatedValue, readRatings } from "../../apps/cli/agree-ratings";

function writeRatings(text: string): string {
  const path = join(temporaryFolder(), "ratings.csv");
  writeFileSync(path, text);
  return path;
}

const RATINGS = "what,who,level\na,x,0\na,y,0\nb,x,1\nb,y,1\nc,x,1\nc,y,0\nd,x,0\nd,y,0\ne,x,2\n";
const GRADES =
  "ann,ben,eve\n1,2,1\n3,3,1\n2,2,2\n4,4,3\n1,1,1\n2,3,1\n4,3,4\n3,4,2\n2,2,1\n1,2,2\n3,3,3\n4,4,2\n";
const COLUMNS = ["--unit", "what", "--rater", "who", "--value", "level"];

describe("empathy agree", () => {
  it("prints every coefficient as JSON, with missing ratings left out", async () => {
    const path = writeRatings(RATINGS);
    const { status, stdout, stderr } = await runEmpathy([
      "agree",
      "--data",
      path,
      ...COLUMNS,
      "--json",
    ]);
    assert.equal(status, 0, stderr);
    const { raters, values } = JSON.parse(stdout);
    assert.deepEqual(raters, ["x", "y"]);
    const [{ pairs, overall }] = values;
    assert.deepEqual([pairs[0].units, pairs[0].kappa, pairs[0].percent], [4, 0.5, 0.75]);
    assert.equal(overall.units, 4);
    assert.ok(pairs[0].interval.lower <= 0.5 && pairs[0].interval.upper >= 0.5);
  });

  it("says on stderr where no unit has ratings of two raters", async () => {
    const path = writeRatings("what,who,level\na,x,0\nb,y,1\n");
    const { status, stderr } = await runEmpathy(["agree", "--data", path, ...COLUMNS]);
    assert.equal(status, 0);
    assert.match(stderr, /^empathy: note: .*csv: 'level': no unit has ratings of two raters\n$/);
    const shared = await runEmpathy(["agree", "--data", writeRatings(RATINGS), ...COLUMNS]);
    assert.equal(shared.stderr, "");
  });

  it("takes a name in two forms of Unicode for one rater", async () => {
    const [composed, decomposed] = ["Zo\u00eb", "Zoe\u0308"];
    const path = writeRatings(`what,who,level\na,${composed},0\na,y,0\nb,${decomposed},1\nb,y,1\n`);
    const args = ["agree", "--data", path, ...COLUMNS, "--raters", decomposed, "y", "--json"];
    const { stdout, stderr } = await runEmpathy(args);
    const { raters, values } = JSON.parse(stdout || stderr);
    assert.deepEqual([raters, values[0].overall.units], [[composed, "y"], 2]);
  });

  it("prints a table that a person reads", async () => {
    const { stdout } = await runEmpathy(["agree", "--data", writeRatings(RATINGS), ...COLUMNS]);
    assert.match(stdout, /^level \(4 units\):\n all raters +value +95 % from +to\n share of/);
    assert.match(stdout, /\n Krippendorff's alpha, ordinal +0\.\d{3} +−?0\.\d{3} +\d\.\d{3}\n/);
    assert.match(stdout, /\n Gwet's AC2, quadratic weights +0\.\d{3} /);
    assert.match(stdout, /level, each pair:\n.*quadratic kappa.*\n x ~ y +0\.500 /);
  });

  it("reads a table with a row a unit and a column a rater, with the same result", async () => {
    const long = ["agree", "--data", writeRatings(RATINGS), ...COLUMNS, "--json"];
    const wide = "what,x,y\na,0,0\nb,1,1\nc,1,0\nd,0,0\ne,2,\n";
    const columns = ["--wide", "x", "y", "--json"];
    const one = JSON.parse((await runEmpathy(long)).stdout);
    const other = JSON.parse(
      (await runEmpathy(["agree", "--data", writeRatings(wide), ...columns])).stdout,
    );
    assert.deepEqual(other.raters, one.raters);
    assert.deepEqual({ ...other.values[0], value: "level" }, one.values[0]);
  });

  it("compares raters one by one, and writes its tables", async () => {
    const path = writeRatings(GRADES);
    const table = path.replace(/ratings\.csv$/, "out.csv");
    const args = ["--wide", "ann", "ben", "eve", "--by-rater", "--table", table];
    const { status, stdout, stderr } = await runEmpathy(["agree", "--data", path, ...args]);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /each rater less the mean of the others:\n.*\n ann +−?\d/);
    assert.match(stdout, /leniency beyond the raters' mean, in log-odds/);
    assert.match(stdout, /Stuart-Maxwell/);
    assert.match(stdout, /eve \(rows\) and most of the others/);
    assert.match(stderr, /^wrote .*out\.csv, .*out-ratings-each-pair\.csv, /);
    assert.match(readFileSync(table, "utf8"), /^all raters,value,95 % from,to\nshare of equal/);
  });

  it("splits variance into units' and raters', with repeated ratings too", async () => {
    const rows = GRADES.trim().split("\n").slice(1);
    const long = rows.flatMap((row, unit) =>
      row
        .split(",")
        .flatMap((rating, rater) => [
          `u${unit},r${rater},1,${rating}`,
          `u${unit},r${rater},2,${Number(rating) + ((unit + rater) % 2)}`,
        ]),
    );
    const path = writeRatings(["what,who,time,level", ...long].join("\n"));
    const args = ["agree", "--data", path, ...COLUMNS, "--components", "--for-raters", "2", "4"];
    const refused = await runEmpathy(args);
    assert.match(refused.stderr, /row 2: r0 rates 'u0' a second time; .* column for --replicates/);
    const { status, stdout } = await runEmpathy([...args, "--replicates", "time", "--json"]);
    assert.equal(status, 0);
    const [{ value, components, ...rest }] = JSON.parse(stdout).values;
    assert.deepEqual([value, rest], ["level", {}]);
    assert.deepEqual(
      components.components.map(({ source }: { source: string }) => source),
      ["unit", "rater", "unit x rater", "residual"],
    );
    assert.deepEqual(
      components.decisions.map(({ raters }: { raters: number }) => raters),
      [2, 4],
    );
    assert.equal(components.formula, "rating ~ 1 + (1 | unit) + (1 | rater) + (1 | unit:rater)");
  });

  const toRated = (ratings: readonly (readonly Rating[])[]): RatedValue => ({
    value: "ratings",
    ratings,
    rows: ratings.flatMap((unit, at) =>
      unit.map((rating, rater) => ({ unit: `u${at}`, rater: `r${rater}`, rating })),
    ),
  });

  it("says why ratings have no components or leniency, beside what they have", () => {
    const ask = (ratings: readonly (readonly Rating[])[]) => {
      const questions = { components: true, byRater: true, resamples: 50 };
      const answer = answerAgreement(toRated(ratings), ["r0", "r1"], questions);
      return printAgreement(answer, "quadratic");
    };
    const words = ask([
      ["low", "low"],
      ["high", "low"],
      ["high", "high"],
    ]);
    assert.match(words, /^! ratings: no leniency: words have no order\n/);
    assert.match(words, /\n! ratings: no components of variance: words have no variance\n/);
    assert.match(words, /\n r0 ~ r1 +0\.400 /);
    const agreed = ask([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    assert.match(agreed, /no components of variance: each unit was given one rating by all;/);
    assert.match(agreed, /Gwet's AC1 +1\.000/);
  });

  it("corrects intervals by BCa where it is asked, by the weights and the scale that are asked for", async () => {
    const flags = ["--weights", "radical", "--interval", "bca", "--scale", "1", "2", "3", "4", "5"];
    const data = ["agree", "--data", writeRatings(GRADES), "--wide", "ann", "ben", "eve"];
    const { stdout } = await runEmpathy([...data, ...flags, "--json"]);
    const { values, weighting } = JSON.parse(stdout);
    const [found] = values;
    assert.equal(weighting, "radical");
    const grades = GRADES.trim().split("\n").slice(1);
    const rated = toRated(grades.map((row) => row.split(",").map(Number)));
    const ask = (questions: AgreeQuestions) =>
      answerAgreement(rated, ["r0", "r1", "r2"], { resamples: 2000, seed: 1, ...questions });
    const scale = [1, 2, 3, 4, 5];
    const wanted = ask({ weighting: "radical", method: "bca", scale });
    assert.deepEqual([found.overall, found.intervals], [wanted.overall, wanted.intervals]);
    const plain = ask({ weighting: "radical", scale });
    assert.notDeepEqual(plain.intervals?.ac1, wanted.intervals?.ac1);
    assert.notEqual(ask({ scale, resamples: 2 }).overall?.ac2, wanted.overall?.ac2);
    assert.notEqual(ask({ resamples: 2 }).overall?.ac1, wanted.overall?.ac1);
  });

  for (const [what, text, args, message] of [
    [
      "a column that is not there",
      RATINGS,
      ["--unit", "which", "--rater", "who", "--value", "level"],
      /has no column 'which'; it has what, who, level/,
    ],
    ["a second rating", `${RATINGS}a,x,1\n`, COLUMNS, /row 10: x rates 'a' a second time/],
    ["one rater only", "what,who,level\na,x,0\nb,x,1\n", COLUMNS, /names one rater only/],
    [
      "an unknown rater",
      RATINGS,
      [...COLUMNS, "--raters", "x", "z"],
      /has no rater 'z' in 'who'; it has x, y/,
    ],
    ["a rater without a name", `${RATINGS}f, ,1\n`, COLUMNS, /row 10 has no 'who'; fill it in/],
    [
      "a rater named twice",
      RATINGS,
      [...COLUMNS, "--raters", "x", "y", "x"],
      /--raters names 'x' twice/,
    ],
    ["a unit without a name", "what,who,level\n,x,0\na,y,1\n", COLUMNS, /row 1 has no 'what'/],
    [
      "a unit with two rows of a wide table",
      "what,x,y\na,1,1\na,2,2\n",
      ["--unit", "what", "--wide", "x", "y"],
      /rows 1 and 2 are both 'a'; keep one row of each 'what'/,
    ],
    ["no columns", RATINGS, ["--unit", "what"], /say where the ratings are: --unit, --rater and/],
    [
      "a rating that is not on the scale",
      RATINGS,
      [...COLUMNS, "--scale", "0", "1"],
      /'level' holds '2', which is not on --scale; name every step/,
    ],
    [
      "a count that is none",
      RATINGS,
      [...COLUMNS, "--resamples", "x"],
      /--resamples should be a whole number/,
    ],
  ] as const) {
    it(`answers ${what} with one line`, async () => {
      const { status, stderr } = await runEmpathy(["agree", "--data", writeRatings(text), ...args]);
      assert.equal(status, 1);
      assert.match(stderr, message);
      assert.match(stderr, /^empathy: [^\n]*\n$/);
    });
  }

  it("refuses options that do not go together", () => {
    const flags = { data: "r.csv", resamples: 9, seed: 1, wide: ["x", "y"] };
    const refuses = (more: object, message: RegExp) =>
      assert.throws(() => checkFlags({ ...flags, ...more }), message);
    refuses({ wide: ["x"] }, /--wide names one column only/);
    refuses({ forRaters: [2] }, /--for-raters goes with --components; add it/);
    refuses({ replicates: "time" }, /--replicates goes with --components; add it/);
    const both = { components: true, replicates: "time", byRater: true };
    refuses(both, /--by-rater compares one rating of each rater and unit/);
    assert.throws(() => toSteps(["1", "2", "1"]), /--scale names '1' twice/);
    assert.deepEqual(
      [toSteps(["0", "2.5"]), toSteps(["0", "b"])],
      [
        [0, 2.5],
        ["0", "b"],
      ],
    );
  });

  it("refuses ratings that have no weights", () => {
    const flags = { data: "r.csv", resamples: 9, seed: 1 };
    const rated = (...ratings: (string | number)[]) => ({
      value: "warmth",
      ratings: [ratings],
      rows: ratings.map((rating) => ({ unit: "a", rater: "b", rating })),
    });
    const words = /^UserError: r\.csv: 'warmth' holds 'low', and ordinal weights need numbers;/;
    assert.throws(
      () => refuseRatings({ ...flags, weights: "ordinal" }, rated("low"), undefined),
      words,
    );
    const below = /'warmth' holds '-1', and ratio weights need numbers from 0/;
    assert.throws(
      () => refuseRatings({ ...flags, weights: "ratio" }, rated(2, -1), undefined),
      below,
    );
    refuseRatings({ ...flags, weights: "linear" }, rated(2, -1), undefined);
    refuseRatings({ ...flags, weights: "nominal" }, rated("low"), ["low", "high"]);
  });

  it("refuses a wide table with a unit twice, words beside numbers, or a column named twice", () => {
    const flags = { data: "w.csv", unit: "what", wide: ["x", "y"] };
    const read = (columns: object, more: object = {}) =>
      readRatings(columns as never, { ...flags, unit: undefined as never, ...more });
    const mixed =
      /w\.csv: column 'x' holds numbers, and 'y' words; write all raters' columns alike/;
    assert.throws(() => read({ x: [1, 2], y: ["low", null] }), mixed);
    assert.throws(() => read({ x: [1] }, { wide: ["x", "x"] }), /--wide names 'x' twice/);
    assert.throws(() => read({ x: [1] }), /has no column 'y'; it has x/);
    assert.throws(() => read({ x: [1, Infinity], y: [1, 2] }), /row 2 of 'x' is infinite/);
  });

  it("refuses a seed that is none", async () => {
    const args = ["agree", "--data", writeRatings(RATINGS), ...COLUMNS, "--seed", "abc"];
    const { status, stderr } = await runEmpathy(args);
    assert.equal(status, 1);
    assert.match(stderr, /--seed .*It should be a whole number from 0/);
  });

  it("shows what a file holds without letting it write on the terminal", async () => {
    const text = RATINGS.replaceAll(",x,", ",x\u001b[31m\u009d,");
    const { status, stdout } = await runEmpathy([
      "agree",
      "--data",
      writeRatings(text),
      ...COLUMNS,
    ]);
    assert.equal(status, 0);
    assert.ok(stdout.includes("x\\x1b[31m\\x9d ~ y"), stdout);
  });

  itNeeds(
    mirror,
    "compares experts, crowd and LLMs on every dimension of four rating schemes",
    async () => {
      const file = "judging-empathy/combined_annotations_across_methods_and_datasets.csv";
      const dimensions = [
        "validating_emotions",
        "encouraging_elaboration",
        "demonstrating_understanding",
        "advice_giving",
        "self_oriented",
        "dismissing_emotions",
        "m_understood",
        "m_validated",
        "m_affirmed",
        "m_seen",
        "m_accepted",
        "m_caredfor",
        "m_emotional",
        "m_practical",
        "m_motivation",
        "empathy",
        "relevance",
        "fluency",
        "level_emotional_reactions",
        "level_interpretations",
        "level_explorations",
      ];
      const { status, stdout, stderr } = await runEmpathy([
        "agree",
        "--data",
        `${mirror.folder}/${file}`,
        "--unit",
        "epitome_conversation_id",
        "--rater",
        "annotation_method",
        "--value",
        ...dimensions,
        "--resamples",
        "100",
        "--json",
        "--raters",
        "expert1",
        "expert2",
        "expert3",
        "crowd",
        "llm",
        "gpt",
        "claude",
      ]);
      assert.equal(status, 0, stderr);
      const { values } = JSON.parse(stdout);
      assert.equal(values.length, 21);
      for (const { pairs } of values) {
        assert.equal(pairs.length, 21);
        for (const { units, kappaQuadratic } of pairs) {
          assert.equal(units, 50);
          assert.ok(kappaQuadratic === null || Math.abs(kappaQuadratic) <= 1);
        }
      }
    },
  );
});
