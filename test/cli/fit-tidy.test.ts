import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readCsvTable } from "kit/tables";
import { contrastMeans, marginalMeans, type Table } from "mixed-models";
import { runEmpathy } from "test-support/run-empathy";
import { temporaryFolder } from "test-support/temporary";
import { fitOrRestore, type KeptFlags } from "../../apps/cli/fit-kept";
import { answerQuestions, type QuestionFlags, readQuestions } from "../../apps/cli/fit-questions";
import { type TidyFlags, tidyCsv } from "../../apps/cli/fit-tidy";

const FORMULA = "er ~ family * sentiment + (1 | system) + (1 | dialogue)";
const DATA = join("data", "example", "simulated-replies.csv");
const BINOMIAL = { formula: FORMULA, family: "binomial" } as const;

let table: Table;
before(async () => {
  table = await readCsvTable(DATA);
});

function tidyOf(flags: TidyFlags & QuestionFlags, model: KeptFlags = BINOMIAL) {
  const fit = fitOrRestore(model, table);
  const answers = answerQuestions(fit, readQuestions(flags, fit.family));
  const rows = (tidyCsv(flags, { fit, table, answers }) ?? "").trim().split("\n");
  return { fit, head: rows[0], rows: rows.slice(1).map((row) => row.split(",")) };
}

async function run(...args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await runEmpathy(["fit", "--data", DATA, ...args]);
  assert.equal(status, 0, stderr);
  return stdout;
}

describe("empathy fit --save and --from", () => {
  it("answers from a kept fit what it answers from the fit itself", async () => {
    const file = join(temporaryFolder(), "fit.json");
    const asked = ["--means", "family", "--contrasts", "pairwise", "--tidy", "contrasts"];
    const model = ["--formula", FORMULA, "--family", "binomial"];
    const own = await run(...model, "--save", file, ...asked);
    const numbers = (text: string) => text.split(/[,\n]/).map(Number).filter(Number.isFinite);
    const kept = numbers(await run("--from", file, ...asked));
    assert.ok(kept.length > 20);
    for (const [at, value] of numbers(own).entries()) {
      assert.ok(Math.abs((kept[at] as number) - value) < 1e-6, `${kept[at]}, not ${value}`);
    }
    assert.equal(JSON.parse(readFileSync(file, "utf8")).formula, FORMULA);
  });

  it("refuses a kept fit of other data", async () => {
    const folder = temporaryFolder();
    const file = join(folder, "fit.json");
    await run("--formula", "er ~ family + (1 | system)", "--save", file);
    const other = join(folder, "other.csv");
    writeFileSync(
      other,
      readFileSync(DATA, "utf8").replace("s1,llm,d1,positive,0", "s1,llm,d1,positive,1"),
    );
    const { status, stderr } = await runEmpathy(["fit", "--data", other, "--from", file]);
    assert.equal(status, 1);
    assert.match(
      stderr,
      /^empathy: .*fit\.json: at the saved estimates the objective is .*; fit again\n$/,
    );
  });
});

describe("empathy fit --tidy, --glance and --augment", () => {
  it("lists coefficients, spreads and levels under broom's names", () => {
    const fixed = tidyOf({ tidy: "coefficients" });
    assert.equal(
      fixed.head,
      "effect,group,term,estimate,std.error,statistic,p.value,conf.low,conf.high",
    );
    const [, second] = fixed.fit.coefficients;
    assert.deepEqual(fixed.rows[1]?.slice(0, 5), [
      "fixed",
      "",
      "familyhuman",
      String(second?.estimate),
      String(second?.se),
    ]);
    assert.deepEqual(
      tidyOf({ tidy: "random" }).rows.map((row) => row.slice(0, 3).join(" ")),
      ["ran_pars dialogue sd__(Intercept)", "ran_pars system sd__(Intercept)"],
    );
    assert.equal(tidyOf({ tidy: "levels" }).rows.length, 60 + 9);
  });

  it("lists df where tests are by t, and correlations of random effects", () => {
    const model = { formula: "er ~ family + (1 + sentiment | system)" };
    assert.match(tidyOf({ tidy: "coefficients" }, model).head ?? "", /,statistic,df,p\.value,/);
    const terms = tidyOf({ tidy: "random" }, model).rows.map((row) => row[2]);
    assert.ok(terms.includes("cor__(Intercept).sentimentpositive"));
    assert.ok(terms.includes("sd__Observation"));
  });

  it("lists means and contrasts on the scale that was asked for", () => {
    const asked = {
      means: "family",
      by: "sentiment",
      contrasts: "pairwise",
      scale: "response",
    } as const;
    const means = tidyOf({ ...asked, tidy: "means" });
    assert.equal(means.head, "family,sentiment,estimate,std.error,conf.low,conf.high");
    const all = marginalMeans(means.fit, { over: ["family", "sentiment"] });
    assert.equal(Number(means.rows[0]?.[2]), all.means[0]?.response?.estimate);
    const { head, rows } = tidyOf({ ...asked, tidy: "contrasts" });
    assert.equal(
      head,
      "sentiment,term,contrast,null.value,estimate,std.error,conf.low,conf.high,statistic,adj.p.value",
    );
    const [pair] = contrastMeans(all, { method: "pairwise", by: ["sentiment"] }).contrasts;
    assert.deepEqual(rows[0]?.slice(0, 4), ["negative", "family", "ecs - human", "1"]);
    assert.equal(Number(rows[0]?.[4]), pair?.oddsRatio?.estimate);
    assert.equal(Number(rows[0]?.[9]), pair?.p);
    assert.match(tidyOf({ ...asked, adjust: "none", tidy: "contrasts" }).head ?? "", /,p\.value$/);
  });

  it("sums the fit up, and adds to the data's rows", () => {
    assert.equal(
      tidyOf({ glance: true }).head,
      "nobs,sigma,logLik,AIC,BIC,deviance,edf,df.residual",
    );
    const { head, rows } = tidyOf({ augment: true });
    assert.equal(
      head,
      "system,family,dialogue,sentiment,er,.rownames,.fitted,.resid,.fixed,.mu,.hat,.cooksd",
    );
    assert.equal(rows.length, 540);
    assert.deepEqual(rows[1]?.slice(0, 6), ["s2", "llm", "d1", "positive", "0", "2"]);
  });

  const refusals: readonly (readonly [readonly string[], RegExp])[] = [
    [["--tidy", "means"], /--tidy means lists one kind of them; give either --means or --trends/],
    [["--tidy", "contrasts", "--means", "family"], /--tidy contrasts needs --contrasts; add it/],
    [["--tidy", "means", "--json"], /--tidy and --json each print something else; choose one/],
    [["--tidy", "means", "--from", "x.json"], /--formula goes without --from, whose file says/],
  ];
  for (const [args, message] of refusals) {
    it(`refuses ${args.join(" ")} in one line`, async () => {
      const given = ["fit", "--data", DATA, "--formula", "er ~ family + (1 | system)", ...args];
      const { status, stderr } = await runEmpathy(given);
      assert.equal(status, 1);
      assert.match(stderr, message);
      assert.match(stderr, /^empathy: [^\n]*\n$/);
    });
  }
});
