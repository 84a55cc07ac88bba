// What `empathy fit` does after a fit: tests of terms, contrasts as they are written, margins, comparisons, profiles.
import assert from "node:assert/strict";
import { join } from "node:path";
import { readCsvTable } from "kit/tables";
import { compareModels, fitMixed, profileVariances, type Table } from "mixed-models";
import { jointTests, kenwardRoger, testEquivalence } from "mixed-models/hypotheses";
import { runEmpathy } from "test-support/run-empathy";
import { compareWith } from "../../apps/cli/fit-compare";
import { fitOrRestore } from "../../apps/cli/fit-kept";
import { profileOf } from "../../apps/cli/fit-profile";
import { answerQuestions, type QuestionFlags, readQuestions } from "../../apps/cli/fit-questions";
import { forestOf } from "../../apps/cli/fit-rows";
import { testTerms } from "../../apps/cli/fit-tests";
import { tidyCsv } from "../../apps/cli/fit-tidy";

const FORMULA = "er ~ family * sentiment + (1 | system) + (1 | dialogue)";
const DATA = join("data", "example", "simulated-replies.csv");

let table: Table;
before(async () => {
  table = await readCsvTable(DATA);
});

function run(...args: readonly string[]) {
  return runEmpathy(["fit", "--data", DATA, "--formula", FORMULA, ...args]);
}

function answer(flags: QuestionFlags, family: "gaussian" | "binomial" = "gaussian") {
  const fit = fitOrRestore({ formula: FORMULA, family }, table);
  const answers = answerQuestions(fit, readQuestions(flags, family));
  return { fit, answers, first: answers[0] };
}

const cells = (csv: string | undefined) =>
  (csv ?? "")
    .trim()
    .split("\n")
    .map((row) => row.split(","));

describe("empathy fit --tests and --df", () => {
  it("prints F tests with Kenward and Roger's degrees of freedom", async () => {
    const { status, stdout } = await run("--tests", "III", "--df", "kenward-roger");
    assert.equal(status, 0);
    assert.match(stdout, /\nTests of terms \(type III; F, Kenward-Roger's degrees of freedom\):\n/);
    const { tests } = jointTests(kenwardRoger(fitMixed(FORMULA, table)));
    for (const { term, statistic } of tests) {
      assert.match(stdout, new RegExp(`\\n ${term} .* ${statistic.toFixed(2)} `));
    }
    assert.match(
      stdout,
      /\nR² \(Nakagawa\): 0\.069 by fixed effects, 0\.292 with random effects; ICC: /,
    );
  });

  it("lists chi-square tests under the names that broom gives car's", () => {
    const fit = fitOrRestore({ formula: FORMULA, family: "binomial" }, table);
    const tests = testTerms(fit, "II");
    const [head, first] = cells(tidyCsv({ tidy: "tests" }, { fit, table, answers: [], tests }));
    assert.deepEqual(head, ["term", "statistic", "df", "p.value"]);
    assert.deepEqual(first?.slice(0, 3), ["family", String(tests.tests[0]?.statistic), "2"]);
  });
});

describe("empathy fit --contrasts as they are written, and --interaction", () => {
  it("lists and draws them", () => {
    const { fit, answers, first } = answer(
      {
        means: "family",
        contrasts: "llm - (human + ecs)/2; gap = human - ecs",
        tidy: "contrasts",
      } as QuestionFlags,
      "binomial",
    );
    const [, ...rows] = cells(tidyCsv({ tidy: "contrasts" }, { fit, table, answers }));
    assert.deepEqual(
      rows.map(([term, name]) => [term, name]),
      [
        ["family", "llm - (human + ecs)/2"],
        ["family", "gap"],
      ],
    );
    const [ecs, human, llm] = (first?.means.means ?? []).map(({ estimate }) => estimate);
    const [weighted] = first?.contrasts?.contrasts ?? [];
    const expected = (llm ?? 0) - ((human ?? 0) + (ecs ?? 0)) / 2;
    assert.ok(Math.abs((weighted?.estimate ?? 0) - expected) < 1e-12);
    assert.deepEqual(
      forestOf(fit, answers).rows.map(({ name }) => name),
      ["llm - (human + ecs)/2", "gap"],
    );
  });

  it("shows differences and ratios of probabilities", () => {
    for (const [scale, unit, reference] of [
      ["difference", "difference in probability of er", 0],
      ["ratio", "ratio of probabilities of er", 1],
      ["response", "odds ratio of er", 1],
    ] as const) {
      const { fit, answers } = answer(
        { means: "family", contrasts: "pairwise", scale },
        "binomial",
      );
      const forest = forestOf(fit, answers);
      assert.deepEqual([forest.axis, forest.reference], [unit, reference]);
      const [head, row] = cells(tidyCsv({ tidy: "contrasts" }, { fit, table, answers }));
      assert.equal(row?.[head?.indexOf("null.value") ?? 0], String(reference));
      assert.equal(row?.[head?.indexOf("estimate") ?? 0], String(forest.rows[0]?.estimate));
    }
    const difference = { means: "family", scale: "difference" } as const;
    assert.throws(() => answer(difference), /--scale difference is of probabilities;/);
  });

  it("compares differences between the levels of another factor", () => {
    const flags = {
      means: "family,sentiment",
      interaction: "family=revpairwise,sentiment=reference=negative",
    };
    const names = (asked: QuestionFlags) =>
      answer(asked).first?.contrasts?.contrasts.map(({ name }) => name);
    assert.deepEqual(names(flags), [
      "human - ecs : positive - negative",
      "llm - ecs : positive - negative",
      "llm - human : positive - negative",
    ]);
    const all = names({ means: "family,sentiment", interaction: "pairwise" });
    assert.equal(all?.[0], "ecs - human : negative - positive");
  });

  it("tests contrasts against a margin", async () => {
    const flags = { means: "family", contrasts: "pairwise", nonInferiority: 0.1 };
    const { fit, answers, first } = answer(flags);
    assert.ok(first?.contrasts);
    const { tests } = testEquivalence(first.contrasts, { margin: 0.1, side: "non-inferior" });
    const [head, row] = cells(tidyCsv({ tidy: "equivalence" }, { fit, table, answers }));
    assert.ok(head?.includes("delta"));
    assert.deepEqual(
      [row?.[2], row?.[3], row?.at(-1)],
      ["non-inferior", "0.1", String(tests[0]?.p)],
    );
    const { stdout } = await run(
      "--means",
      "family",
      "--contrasts",
      "pairwise",
      "--equivalence",
      "0.2",
    );
    assert.match(
      stdout,
      /\nTests of contrasts \(er\) against a margin of 0\.2: equivalent; adjustment of p: none:\n contrast +estimate +se +df +t +p +90 % from +to\n/,
    );
  });
});

describe("empathy fit --compare and --profile", () => {
  const smaller = "er ~ family + (1 | system) + (1 | dialogue)";

  it("compares nested models with the options of the fit", () => {
    const fit = fitOrRestore({ formula: FORMULA, family: "binomial" }, table);
    const models = compareWith(fit, [smaller], table);
    const own = compareModels([fit, fitMixed(smaller, table, { family: "binomial" })]);
    assert.deepEqual(models, own);
    const rows = cells(tidyCsv({ tidy: "comparison" }, { fit, table, answers: [], models }));
    assert.deepEqual(rows[0]?.slice(0, 2), ["term", "npar"]);
    assert.equal(rows[2]?.at(-1), String(own[1]?.test?.p));
  });

  it("prints both", async () => {
    const { status, stdout } = await run("--compare", smaller, "--profile", "variances");
    assert.equal(status, 0);
    assert.match(
      stdout,
      /\nLikelihood-ratio tests, each against the model above; REML fits refitted by ML:\n/,
    );
    assert.match(
      stdout,
      /\nProfile intervals \(maximum likelihood\):\n group +name +estimate +95 % from +to\n dialogue +sd__\(Intercept\) /,
    );
  });

  it("puts profile limits into tidy tables", () => {
    const fit = fitOrRestore({ formula: FORMULA }, table);
    const profile = profileOf(fit, "variances");
    const [head, first] = cells(tidyCsv({ tidy: "random" }, { fit, table, answers: [], profile }));
    assert.deepEqual(head?.slice(-2), ["conf.low", "conf.high"]);
    assert.equal(first?.at(-1), String(profileVariances(fit)[0]?.upper));
  });
});

describe("empathy fit after a fit, asked for what cannot be", () => {
  const means = "family";
  for (const [flags, message] of [
    [
      { means, contrasts: "llm - humen" },
      /'humen' is not one of the means; did you mean 'human'\?$/,
    ],
    [{ means, contrasts: "pairwize" }, /choose one of pairwise, .*; did you mean 'pairwise'\?$/],
    [{ means, contrasts: "llm" }, /or write one, such as "a - \(b \+ c\)\/2"$/],
    [{ means, interaction: "pairwise" }, /--interaction needs two factors at least; name them/],
    [{ interaction: "pairwise" }, /--interaction needs --means, two factors at least; add it$/],
    [
      { means: "family,sentiment", interaction: "family" },
      /such as "a=pairwise,b=reference=LEVEL"$/,
    ],
    [
      { means: "family,sentiment", interaction: "family=pair" },
      /--interaction family pair: choose/,
    ],
    [{ means, interaction: "pairwise", contrasts: "pairwise" }, /different contrasts; choose one/],
    [{ means, equivalence: 0.2 }, /--equivalence needs --contrasts or --interaction; add one/],
    [
      { means, contrasts: "pairwise", nonInferiority: -1 },
      /--non-inferiority: the margin should be/,
    ],
    [
      { means, contrasts: "pairwise", equivalence: 1, nonSuperiority: 1 },
      /--equivalence and --non-superiority are different tests; choose one of them$/,
    ],
  ] as const) {
    it(`refuses ${JSON.stringify(flags)}`, () => {
      assert.throws(() => answer(flags), message);
    });
  }

  it("refuses tables that were not asked for", () => {
    const fit = fitOrRestore({ formula: FORMULA }, table);
    const { answers } = answer({ means, contrasts: "pairwise" });
    for (const [tidy, message] of [
      ["tests", /--tidy tests needs --tests; add it, such as --tests III$/],
      ["comparison", /--tidy comparison needs --compare with a formula; add it$/],
      ["equivalence", /--tidy equivalence needs a margin; add one, such as --equivalence 0\.2$/],
    ] as const) {
      assert.throws(() => tidyCsv({ tidy }, { fit, table, answers }), message);
    }
    const alone = fitMixed("er ~ 1 + (1 | system)", table);
    assert.throws(() => testTerms(alone, "II"), /have no term but the intercept; leave it out$/);
  });

  it("says what is wrong with a model or its comparison in one line", async () => {
    for (const [args, message] of [
      [
        ["--df", "kenward-roger", "--method", "ML"],
        /fitted by ML; fit by REML, or use Satterthwaite's$/,
      ],
      [
        ["--compare", "er ~ family + (1 | system:sentiment)"],
        /not nested: \(\(Intercept\) \| system:sentiment\) is in/,
      ],
    ] as const) {
      const { status, stdout, stderr } = await run(...args);
      assert.deepEqual([status, stdout], [1, ""]);
      assert.equal(stderr.trimEnd().split("\n").length, 1, stderr);
      assert.match(stderr.trimEnd(), message);
    }
  });
});
