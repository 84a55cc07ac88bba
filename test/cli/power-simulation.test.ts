import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runEmpathy } from "test-support/run-empathy";
import { temporaryFolder } from "test-support/temporary";
import { simulatedPowerFigure } from "../../apps/cli/power-curve-figure";
import { designRows } from "../../apps/cli/power-design";
import { openModel } from "../../apps/cli/power-model";
import { planStudies } from "../../apps/cli/power-plans";
import { readNumbers, readSettings, readSizes, toRecord } from "../../apps/cli/power-settings";
import type { StudyPower } from "../../apps/cli/power-tables";
import { Progress } from "../../apps/cli/progress";

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
const FEW = ["--simulations", "20", "--workers", "1"];
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
  it("simulates a pilot's test at several sizes and effects, with a table", async () => {
    const table = join(folder, "power.csv");
    const sizes = ["--groups", "subject=8,20", "--rows", "subject=6", "--effect", "x=0,1"];
    const args = ["--data", pilot, ...FORMULA, "--test", "x", ...sizes, ...FEW];
    const { status, stdout, stderr } = await power(...args, "--table", table);
    assert.equal(status, 0, stderr);
    assert.equal(stderr, "");
    assert.match(
      stdout,
      /^Power of the t test of x with Satterthwaite's degrees of freedom at 0\.05, from 20/,
    );
    assert.match(stdout, /\n +20 +120 +1 +1\.000 +0\.832 +1\.000 /);
    assert.equal(readFileSync(table, "utf8").trim().split("\n").length, 5);
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
    [
      "a parameter that is not stated",
      [...FORMULA, "--test", "x", "--groups", "subject=5", "--within", "x=0,1", ...STATED.slice(2)],
      /\(Intercept\) not given; state every coefficient with --effect NAME=VALUE/,
    ],
    [
      "a group that there is not",
      ["--data", pilot, ...FORMULA, "--test", "x", "--rows", "subjects=5"],
      /--rows: the model has no group 'subjects'; did you mean 'subject'/,
    ],
  ] as const) {
    it(`answers ${what} with one line`, async () => {
      const { status, stderr } = await power(...args, ...FEW);
      assert.equal(status, 1);
      assert.match(stderr, message);
      assert.match(stderr, /^empathy: [^\n]*\n$/);
    });
  }

  it("draws power over what is varied first, with intervals, a curve for each of the rest", () => {
    const settings = (name: string, values: readonly number[]) => [{ name, values }];
    const { studies, axes } = planStudies({
      groups: settings("subject", [40, 20]),
      rows: [],
      effect: settings("x", [0.2, 0.4]),
    });
    assert.deepEqual(
      studies.map(({ groups, effect }) => [groups.subject, effect.x]),
      [
        [40, 0.2],
        [40, 0.4],
        [20, 0.2],
        [20, 0.4],
      ],
    );
    const found = studies.map((study, at) => ({
      study,
      power: { test: "t test of x", power: at / 4, lower: at / 4 - 0.1, upper: at / 4 + 0.2 },
    })) as unknown as StudyPower[];
    const spec = simulatedPowerFigure({ id: "p", path: "p.svg", format: "svg" }, found, axes);
    const traces = spec.data as unknown as {
      name: string;
      x: number[];
      y: number[];
      error_y: { array: number[] };
    }[];
    assert.deepEqual(
      traces.map(({ name, x, y }) => [name, x, y]),
      [
        ["effect x 0.2", [20, 40], [0.5, 0]],
        ["effect x 0.4", [20, 40], [0.75, 0.25]],
      ],
    );
    for (const length of traces.flatMap(({ error_y }) => error_y.array)) {
      assert.ok(Math.abs(length - 0.2) < 1e-12);
    }
  });

  it("refuses settings that are none", () => {
    const refuses = (read: () => unknown, message: RegExp) => assert.throws(read, message);
    refuses(() => readSizes("--groups", ["subject=many"], 2), /--groups subject: 'many' is no num/);
    const small = /--groups subject: 1 is no size; give whole numbers from 2/;
    refuses(() => readSizes("--groups", ["subject=8,1"], 2), small);
    refuses(() => readSettings("--groups", ["20"]), /--groups '20': write a name and its values/);
    const twice = /--effect is given twice for 'x'; give its values with commas/;
    refuses(() => readNumbers("--effect", ["x=1", "x=2"]), twice);
    assert.deepEqual(readNumbers("--effect", ["I(x == 1)TRUE=−0.5"]), [
      { name: "I(x == 1)TRUE", values: [-0.5] },
    ]);
    refuses(() => toRecord("--sd", [{ name: "g", values: [1, 2] }]), /--sd g has several values/);
    const figure = { id: "one", path: "one.svg", format: "svg" } as const;
    refuses(() => simulatedPowerFigure(figure, [], []), /a curve needs several values of --groups/);
  });

  it("refuses options of a design beside data, and thresholds beside a response", async () => {
    const model = { data: pilot, formula: "y ~ x + (1 | subject)" };
    const beside = /--within lays out a design without data; leave it out, or --data/;
    await assert.rejects(openModel({ ...model, within: ["x=1,2"] }, new Progress()), beside);
    const cuts = /--cuts: .* holds the response, which gives the thresholds/;
    await assert.rejects(openModel({ ...model, cuts: "1,2" }, new Progress()), cuts);
    const { data: _data, ...planned } = model;
    const rowsOf = await openModel(planned, new Progress());
    const study = { groups: { subject: 3 }, rows: { subject: 2 }, effect: {} };
    assert.throws(() => rowsOf(study), /--rows takes rows from data; without --data use --repeats/);
  });
});

describe("designRows", () => {
  const none = { groups: {}, within: [], between: [], repeats: 1 };

  it("crosses groups and values within them, and gives values between in turn", () => {
    const rows = designRows({
      groups: { subject: 4, item: 2 },
      within: [{ name: "time", values: ["0", "1", "2"] }],
      between: [
        { name: "arm", values: ["a", "b"] },
        { name: "site", values: ["1", "x"] },
      ],
      repeats: 3,
    });
    assert.equal(rows.length, 4 * 2 * 3 * 3);
    assert.deepEqual(rows[0], {
      subject: "subject 1",
      arm: "a",
      site: "1",
      item: "item 1",
      time: 0,
    });
    const subjects = new Map(rows.map((row) => [row.subject, `${row.arm} ${row.site}`]));
    assert.deepEqual([...subjects.values()], ["a 1", "b 1", "a x", "b x"]);
  });

  it("refuses a design without groups, and a name that two options have", () => {
    assert.throws(() => designRows(none), /say how many groups there are: --groups subject=40/);
    const within = [{ name: "subject", values: ["0", "1"] }];
    const twice = /'subject' is named in two of --groups, --within, --between/;
    assert.throws(() => designRows({ ...none, groups: { subject: 5 }, within }), twice);
  });
});
