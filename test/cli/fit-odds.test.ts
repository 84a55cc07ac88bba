// `empathy fit --proportional-odds` and `--nominal`: what is computed is tested in packages/mixed-models.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatCsvTable, readCsvTable } from "kit/tables";
import type { Table } from "mixed-models";
import { type ProportionalOddsTests, testProportionalOdds } from "mixed-models/hypotheses";
import { projectPath } from "test-support/project";
import { runEmpathy } from "test-support/run-empathy";
import { temporaryFolder } from "test-support/temporary";
import { fitOrRestore } from "../../apps/cli/fit-kept";
import { profileOf } from "../../apps/cli/fit-profile";
import { forestOf } from "../../apps/cli/fit-rows";
import { oddsTable } from "../../apps/cli/fit-tests";
import { tidyCsv } from "../../apps/cli/fit-tidy";

const MODEL = { formula: "y ~ kind + x + (1 | g)", family: "cumulative" } as const;

const data = join(temporaryFolder(), "grades.csv");
let table: Table;
let tests: ProportionalOddsTests;
before(async () => {
  const golden = JSON.parse(
    readFileSync(projectPath("packages", "mixed-models", "test", "nominal.golden.json"), "utf8"),
  );
  const { kind, x, g, y }: Record<string, (string | number)[]> = golden.data.drawn;
  const rows = (y ?? []).map((grade, at) => {
    return { kind: kind?.[at] ?? "", x: x?.[at] ?? "", g: g?.[at] ?? "", y: grade };
  });
  writeFileSync(data, formatCsvTable(["kind", "x", "g", "y"], rows));
  table = await readCsvTable(data);
  tests = testProportionalOdds(fitOrRestore(MODEL, table));
});

const run = (...args: readonly string[]) =>
  runEmpathy(["fit", "--data", data, "--formula", MODEL.formula, ...args]);

describe("empathy fit --proportional-odds", () => {
  it("prints a test of each term with what it means, and writes it to --table", async () => {
    const folder = temporaryFolder();
    const file = join(folder, "odds.csv");
    const asked = ["--family", "cumulative", "--proportional-odds", "--table", file];
    const { status, stdout, stderr } = await run(...asked);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /\nTests of proportional odds \(likelihood ratio, /);
    for (const { term, chiSquare, meaning } of tests.tests) {
      const line = stdout.split("\n").find((one) => one.endsWith(meaning));
      assert.match(line ?? "", new RegExp(`^ ${term} +\\d +${chiSquare?.toFixed(2)} `));
    }
    const name = readdirSync(folder).find((one) => one.startsWith("odds-tests-of-prop")) ?? "";
    const written = readFileSync(join(folder, name), "utf8");
    assert.match(written, /^term,df,chi-square,p,meaning\n/);
  });

  it("lists them under broom's names", () => {
    const fit = fitOrRestore(MODEL, table);
    const csv = tidyCsv({ tidy: "odds" }, { fit, table, answers: [], odds: tests }) ?? "";
    const [head, first] = csv.split("\n");
    assert.equal(head, "term,statistic,df,p.value,reason");
    assert.equal(first, `kind,${tests.tests[0]?.chiSquare},2,${tests.tests[0]?.p},`);
    assert.throws(
      () => tidyCsv({ tidy: "odds" }, { fit, table, answers: [] }),
      /--tidy odds needs --proportional-odds; add it/,
    );
  });

  it("leaves the cells of a term without a test empty, and says why", () => {
    const reason = "thresholds cross";
    const none = { term: "x", chiSquare: null, df: 1, p: null, reason, meaning: `not: ${reason}` };
    const { rows } = oddsTable({ ...tests, tests: [none] });
    assert.deepEqual(rows, [["x", "1", "", "", `not: ${reason}`]]);
  });

  it("refuses other families in one line", async () => {
    const { status, stderr } = await run("--proportional-odds");
    assert.equal(status, 1);
    assert.match(stderr, /^empathy: proportional odds are a cumulative model's; [^\n]*\n$/);
  });
});

describe("empathy fit --nominal", () => {
  it("gives effects by threshold in print and JSON, without shares of variance", async () => {
    const { stdout } = await run("--family", "cumulative", "--nominal", "kind");
    assert.match(
      stdout,
      /\nNominal effects, by threshold \(log-odds\):\n name[^\n]*\n kindb at 1\|2 /,
    );
    assert.doesNotMatch(stdout, /Nakagawa/);
    const { stdout: text } = await run("--family", "cumulative", "--nominal", "kind", "--json");
    const { ordinal, options, varianceExplained } = JSON.parse(text);
    assert.deepEqual([ordinal.nominal.effects.length, options.nominal], [4, "kind"]);
    assert.equal(varianceExplained, undefined);
  });

  it("draws and profiles effects for what they are", () => {
    const fit = fitOrRestore({ ...MODEL, nominal: "x" }, table);
    const names = forestOf(fit, []).rows.map(({ name }) => name);
    assert.deepEqual(names, ["kindb", "kindc", "x at 1|2", "x at 2|3"]);
    const profiled = profileOf(fit, "coefficients").coefficients.map(({ name }) => name);
    assert.deepEqual(profiled, ["kindb", "kindc"]);
  });

  it("goes neither with --from nor with a plan without a response", async () => {
    const kept = await runEmpathy(["fit", "--data", data, "--from", "f.json", "--nominal", "x"]);
    assert.match(kept.stderr, /^empathy: --nominal goes without --from/);
    const planned = await runEmpathy(
      "power --formula y~x+(1|g) --family cumulative --nominal x --cuts -1,1 --effect x=1 --sd g=1 --groups g=9 --within x=0,1 --test x --simulations 2".split(
        " ",
      ),
    );
    assert.match(planned.stderr, /^empathy: --nominal is about a response's values; [^\n]*\n$/);
  });
});
