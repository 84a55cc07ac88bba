import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runEmpathy } from "test-support/run-empathy";
import { temporaryFolder } from "test-support/temporary";

// Ten subjects, six rows each.
const rows = Array.from({ length: 60 }, (_, at) => {
  const [subject, turn] = [at % 10, Math.floor(at / 10)];
  const x = (turn % 3) - 1;
  const y = Math.sin(3 * subject) + 0.4 * x + 0.8 * Math.sin(at * at);
  return { subject: `s${subject}`, x, y: y.toFixed(3), hit: Number(y > 0) };
});
const folder = temporaryFolder();

function write(name: string, columns: readonly (keyof (typeof rows)[number])[]): string {
  const path = join(folder, name);
  const lines = rows.map((row) => columns.map((column) => row[column]).join(","));
  writeFileSync(path, `${[columns.join(","), ...lines].join("\n")}\n`);
  return path;
}

const pilot = write("pilot.csv", ["subject", "x", "y", "hit"]);
const planned = write("planned.csv", ["subject", "x"]);
const FORMULA = ["--formula", "y ~ x + (1 | subject)"];
const FEW = ["--simulations", "20"];
const STATED = [
  "--effect",
  "(Intercept)=0",
  "--effect",
  "x=1",
  "--sd",
  "subject=1",
  "--sd",
  "Residual=1",
];

const power = (...args: readonly string[]) => runEmpathy(["power", ...args]);

describe("empathy power", () => {
  it("simulates a pilot's test at several sizes and effects, with a table and a figure", async () => {
    const [figure, table] = [join(folder, "power.svg"), join(folder, "power.csv")];
    const sizes = ["--groups", "subject=8,20", "--rows", "subject=6", "--effect", "x=0,1"];
    const outputs = ["--figure", figure, "--table", table];
    const args = ["--data", pilot, ...FORMULA, "--test", "x", ...sizes, ...FEW];
    const { status, stdout, stderr } = await power(...args, ...outputs);
    assert.equal(status, 0, stderr);
    assert.equal(stderr, "");
    assert.match(
      stdout,
      /^Power of the t test of x with Satterthwaite's degrees of freedom at 0\.05, from 20/,
    );
    assert.match(stdout, /\n +20 +120 +1 +1\.000 +0\.832 +1\.000 /);
    assert.equal(readFileSync(table, "utf8").trim().split("\n").length, 5);
    assert.ok(existsSync(figure));
    assert.match(readFileSync(figure, "utf8"), /levels of subject/);
  });

  it("says that an effect which is not given is the pilot's", async () => {
    const args = ["--data", pilot, "--formula", "hit ~ x + (1 | subject)", "--family", "binomial"];
    const { stdout, stderr } = await power(...args, "--test", "x", ...FEW, "--json");
    assert.match(
      stderr,
      /^empathy: note: .*'x' is simulated as the pilot estimates it; give .* --effect x=VALUE\n$/,
    );
    const [found] = JSON.parse(stdout);
    assert.equal(found.test, "z test of x");
    assert.deepEqual([found.simulations, found.rows, found.levels], [20, 60, { subject: 10 }]);
    assert.ok(!("p" in found));
  });

  it("takes stated parameters: of a design by its factors, or of a table without the response", async () => {
    const design = ["--groups", "subject=10", "--within", "x=-1,0,1", "--repeats", "2"];
    const args = [...FORMULA, "--test", "x", ...STATED, ...FEW, "--json"];
    const [factors, table] = await Promise.all([
      power(...args, ...design),
      power(...args, "--data", planned),
    ]);
    const [[one], [other]] = [JSON.parse(factors.stdout), JSON.parse(table.stdout)];
    assert.deepEqual([one.rows, one.levels], [60, { subject: 10 }]);
    assert.deepEqual([other.rows, other.levels], [60, { subject: 10 }]);
    assert.ok(one.power > 0.9 && other.power > 0.9);
    const grades = [
      "--formula",
      "g ~ arm + (1 | subject)",
      "--family",
      "cumulative",
      "--cuts=-1,0,1",
    ];
    const arms = ["--groups", "subject=12", "--between", "arm=old,new", "--repeats", "4"];
    const parameters = ["--effect", "armold=0", "--sd", "subject=0.5", "--term", "arm"];
    const { stdout, stderr } = await power(...grades, ...arms, ...parameters, ...FEW);
    assert.match(stdout || stderr, /^Power of the likelihood-ratio test of arm at 0\.05/);
  });

  for (const [what, args, message] of [
    [
      "nothing to test",
      ["--data", pilot, ...FORMULA],
      /say what is tested: a coefficient with --test/,
    ],
    ["no design", [...FORMULA, "--test", "x", ...STATED], /--groups subject=40/],
    [
      "a parameter that is not stated",
      [...FORMULA, "--test", "x", "--groups", "subject=5", "--within", "x=0,1", ...STATED.slice(2)],
      /\(Intercept\) not given; state every coefficient with --effect NAME=VALUE/,
    ],
    [
      "a deviation that is not stated",
      ["--data", planned, ...FORMULA, "--test", "x", ...STATED.slice(0, 6)],
      /'Residual' not given; state every standard deviation with --sd GROUP=VALUE/,
    ],
    [
      "a group that there is not",
      ["--data", pilot, ...FORMULA, "--test", "x", "--rows", "subjects=5"],
      /--rows: the model has no group 'subjects'; did you mean 'subject'/,
    ],
    [
      "an effect that there is not",
      ["--data", pilot, ...FORMULA, "--test", "x", "--effect", "xx=5"],
      /--effect: the model has no coefficient 'xx'; did you mean 'x'/,
    ],
    [
      "a size that is none",
      ["--data", pilot, ...FORMULA, "--test", "x", "--groups", "subject=many"],
      /--groups subject: 'many' is no number/,
    ],
    [
      "a size that is too small, before anything is simulated",
      ["--data", pilot, ...FORMULA, "--test", "x", "--groups", "subject=8,1"],
      /--groups subject: 1 is no size; give whole numbers from 2/,
    ],
    [
      "a setting without a name",
      ["--data", pilot, ...FORMULA, "--test", "x", "--groups", "20"],
      /--groups '20': write a name and its values/,
    ],
    [
      "a setting that stands twice",
      ["--data", pilot, ...FORMULA, "--test", "x", "--effect", "x=1", "--effect", "x=2"],
      /--effect is given twice for 'x'; give its values with commas/,
    ],
    [
      "a figure of one power",
      ["--data", pilot, ...FORMULA, "--test", "x", "--figure", join(folder, "one.svg")],
      /a curve needs several values of --groups, --rows or --effect/,
    ],
    [
      "a design beside data",
      ["--data", pilot, ...FORMULA, "--test", "x", "--within", "x=1,2"],
      /--within lays out a design without data; leave it out, or --data/,
    ],
    [
      "thresholds beside a pilot",
      ["--data", pilot, ...FORMULA, "--test", "x", "--cuts", "1,2"],
      /--cuts: .* holds the response, which gives the thresholds/,
    ],
    [
      "a name that two options lay out",
      [...FORMULA, "--test", "x", "--groups", "subject=5", "--within", "subject=0,1", ...STATED],
      /'subject' is named in two of --groups, --within, --between/,
    ],
  ] as const) {
    it(`answers ${what} with one line`, async () => {
      const { status, stderr } = await power(...args, ...FEW);
      assert.equal(status, 1);
      assert.match(stderr, message);
      assert.match(stderr, /^empathy: [^\n]*\n$/);
    });
  }
});
