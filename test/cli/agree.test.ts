import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
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
    assert.match(stdout, /^level \(4 units\)\n.*quadratic kappa.*\n {2}x ~ y +0\.500 /);
    assert.match(stdout, /Krippendorff's alpha +0\.\d{3} ordinal/);
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
