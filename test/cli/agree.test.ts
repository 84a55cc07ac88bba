import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { itNeeds, mirror } from "test-support/needs";
import { runEmpathy } from "test-support/run-empathy";
import { temporaryFolder } from "test-support/temporary";

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

  it("says why ratings have no components or leniency, beside what they have", async () => {
    const ask = async (rows: string) => {
      const args = ["--wide", "x", "y", "--components", "--by-rater", "--resamples", "50"];
      const path = writeRatings(`x,y\n${rows}`);
      const { status, stdout } = await runEmpathy(["agree", "--data", path, ...args]);
      assert.equal(status, 0);
      return stdout;
    };
    const words = await ask("low,low\nhigh,low\nhigh,high\n");
    assert.match(words, /^! ratings: no leniency: words have no order\n/);
    assert.match(words, /\n! ratings: no components of variance: words have no variance\n/);
    assert.match(words, /\n x ~ y +0\.400 /);
    const agreed = await ask("1,1\n2,2\n3,3\n");
    assert.match(agreed, /no components of variance: each unit was given one rating by all;/);
    assert.match(agreed, /Gwet's AC1 +1\.000/);
  });

  it("corrects intervals by BCa where it is asked, by the weights that are asked for", async () => {
    const args = ["agree", "--data", writeRatings(GRADES), "--wide", "ann", "ben", "eve"];
    const read = async (more: readonly string[]) => {
      const { values, weighting } = JSON.parse((await runEmpathy([...args, ...more])).stdout);
      return { ...values[0], weighting };
    };
    const plain = await read(["--json"]);
    const bca = await read(["--json", "--interval", "bca", "--weights", "radical"]);
    assert.deepEqual([plain.weighting, bca.weighting], ["quadratic", "radical"]);
    assert.notDeepEqual(plain.intervals.ac1, bca.intervals.ac1);
    assert.equal(plain.overall.ac1, bca.overall.ac1);
    assert.notEqual(plain.overall.ac2, bca.overall.ac2);
    const wider = await read(["--json", "--scale", "1", "2", "3", "4", "5"]);
    assert.notEqual(wider.overall.ac1, plain.overall.ac1);
    assert.equal(wider.overall.alphaOrdinal, plain.overall.alphaOrdinal);
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
    ["no columns", RATINGS, ["--unit", "what"], /say where the ratings are: --unit, --rater and/],
    ["one column of a wide table", RATINGS, ["--wide", "level"], /--wide names one column only/],
    [
      "a unit with two rows of a wide table",
      "what,x,y\na,1,1\na,2,2\n",
      ["--unit", "what", "--wide", "x", "y"],
      /rows 1 and 2 are both 'a'; keep one row of each 'what'/,
    ],
    [
      "words beside numbers",
      "x,y\n1,low\n2,high\n",
      ["--wide", "x", "y"],
      /column 'x' holds numbers, and 'y' words; write all raters' columns alike/,
    ],
    [
      "weights of words",
      "x,y\nlow,low\nhigh,low\n",
      ["--wide", "x", "y", "--weights", "ordinal"],
      /'ratings' holds 'low', and ordinal weights need numbers/,
    ],
    [
      "a rating that is not on the scale",
      RATINGS,
      [...COLUMNS, "--scale", "0", "1"],
      /'level' holds '2', which is not on --scale; name every step/,
    ],
    [
      "ratios of numbers below zero",
      "x,y\n-1,2\n1,2\n",
      ["--wide", "x", "y", "--weights", "ratio"],
      /'ratings' holds '-1', and ratio weights need numbers from 0/,
    ],
    [
      "numbers of raters without components",
      RATINGS,
      [...COLUMNS, "--for-raters", "2"],
      /--for-raters goes with --components; add it/,
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
