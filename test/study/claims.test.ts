import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fitMixed } from "../../src/mixed/fit/fit-mixed";
import { projectPath } from "../../src/project";
import { createGenerator } from "../../src/random-generator";
import { aggregateReplies } from "../../src/study/aggregate-replies";
import {
  type Analysis,
  chooseReplies,
  columnsOf,
  fitAnalysis,
  formulaOf,
  listAnalyses,
  MAIN_ANALYSIS,
} from "../../src/study/analysis";
import { type Claim, readClaims, weightOf } from "../../src/study/claim";
import { estimateClaim } from "../../src/study/estimate-claim";
import {
  formatModels,
  formatMultiverse,
  type MultiverseRow,
  readModels,
  readMultiverse,
} from "../../src/study/multiverse";
import { readVerdicts } from "../../src/study/results-stage";
import { readScoredReplies, type ScoredReply } from "../../src/study/scored-replies";
import { findUntested, systemsOf } from "../../src/study/system-set";
import { ruleOn } from "../../src/study/verdict";
import { readSystems } from "../../src/systems/system";
import { temporaryFolder } from "../support/temporary";

const STUDYS = { ...MAIN_ANALYSIS, "random effects": "system (the study's)" } as const;

/** Simulated replies of made-up systems: families differ in log-odds by `lead`, sentiments not at all. */
function simulate(lead: Record<string, number>): ScoredReply[] {
  const random = createGenerator(7);
  const families = ["ecs", "llm", "human"] as const;
  return families.flatMap((family) =>
    [0, 1, 2, 3].flatMap((system) => {
      const shift = 0.2 * random.normal();
      return Array.from({ length: 400 }, (_, at): ScoredReply => {
        const sentiment = (["positive", "negative", "ambiguous"] as const)[at % 3] as "positive";
        const odds = -0.5 + (lead[family] ?? 0) + shift;
        const level = random.uniform() < 1 / (1 + Math.exp(-odds)) ? 1 : 0;
        return {
          ...{ dialogue: `d${at}`, emotion: "sad", sentiment, turn: at % 2 ? 2 : 4, sample: 1 },
          ...{ system: `${family}${system}`, family },
          levels: { er: level, ip: 0, ex: 0 },
          expected: { er: level, ip: 0, ex: 0 },
        };
      });
    }),
  );
}

const claim = (contrast: Claim["contrast"], sign: Claim["sign"] = "positive"): Claim => ({
  ...{ id: "made", metric: "er", statement: "made", contrast, sign, scorer: "embedded-dialogue" },
});
const LEADS = claim({ kind: "families", high: "llm", low: "ecs" });

function estimateAll(replies: ScoredReply[], analysis: Analysis, of = LEADS) {
  const fit = fitAnalysis(replies, [], "er", analysis);
  return estimateClaim(fit, of, columnsOf(replies, [], "er", analysis));
}

describe("weightOf", () => {
  it("weighs cells as each kind of contrast says", () => {
    const families = { kind: "families", high: "llm", low: "ecs" } as const;
    assert.equal(weightOf(families, "llm", "sad", 3), 1 / 3);
    assert.equal(weightOf(families, "ecs", "sad", 3), -1 / 3);
    const within = {
      kind: "sentiments",
      family: "llm",
      high: "negative",
      low: "positive",
    } as const;
    assert.equal(weightOf(within, "llm", "negative", 3), 1);
    assert.equal(weightOf(within, "ecs", "negative", 3), 0);
    const both = {
      kind: "interaction",
      high: "llm",
      low: "human",
      more: "negative",
      less: "positive",
    } as const;
    const cells = ["llm", "human"].map((family) =>
      ["negative", "positive", "ambiguous"].map(
        (sentiment) => weightOf(both, family, sentiment, 3) + 0,
      ),
    );
    assert.deepEqual(cells, [
      [1, -1, 0],
      [-1, 1, 0],
    ]);
  });
});

describe("estimateClaim", () => {
  it("finds the lead that simulated data were given", () => {
    const replies = simulate({ llm: 1.2 });
    for (const analysis of [STUDYS, MAIN_ANALYSIS]) {
      const { estimate: found } = estimateAll(replies, analysis);
      assert.ok(found && found.lower < 1.2 && found.upper > 1.2, JSON.stringify(found));
      assert.ok(found.lower > 0);
    }
  });

  it("says why where a family has no replies, few, or only such as reach the level", () => {
    const replies = simulate({});
    const reasonOf = (kept: ScoredReply[]) => {
      const { estimate, reason } = estimateAll(kept, STUDYS);
      assert.equal(estimate, null);
      return reason;
    };
    assert.equal(
      reasonOf(replies.filter(({ family }) => family !== "llm")),
      "no scored replies of family 'LLM' to positive prompts",
    );
    const rare = replies.filter(({ family }, at) => family !== "llm" || at % 40 === 0);
    assert.match(reasonOf(rare) ?? "", /^only 1\d scored replies of family 'LLM' to positive/);
    const sure = replies.map((reply) =>
      reply.family === "llm" && reply.sentiment === "negative"
        ? { ...reply, levels: { er: 2, ip: 0, ex: 0 } as const }
        : reply,
    );
    assert.equal(
      reasonOf(sure),
      "every reply of family 'LLM' to negative prompts reaches the level (separation)",
    );
  });

  it("turns its sign with the contrast", () => {
    const turned = claim({ kind: "families", high: "ecs", low: "llm" });
    const replies = simulate({ llm: 1 });
    const [one, other] = [LEADS, turned].map((it) => estimateAll(replies, STUDYS, it).estimate);
    assert.ok(one && other && Math.abs(one.estimate + other.estimate) < 1e-12);
  });
});

describe("aggregateReplies", () => {
  it("gives the same fit as the replies one by one", () => {
    const replies = simulate({ llm: 0.5 });
    const single = fitAnalysis(replies, [], "er", STUDYS);
    const counts = aggregateReplies(replies, "er", "level 1 or 2");
    const options = { family: "binomial", weights: "replies" } as const;
    const whole = fitMixed("share ~ family * sentiment + (1 | system)", counts, options);
    for (const [at, { estimate }] of single.coefficients.entries()) {
      assert.ok(Math.abs(estimate - (whole.coefficients[at]?.estimate as number)) < 1e-4);
    }
  });
});

describe("listAnalyses", () => {
  it("gives every combination once, the main analysis first", () => {
    const analyses = listAnalyses();
    assert.equal(new Set(analyses.map((one) => JSON.stringify(one))).size, 36);
    assert.deepEqual(analyses[0], MAIN_ANALYSIS);
    assert.equal(formulaOf(STUDYS), "y ~ family * sentiment + (1 | system)");
    assert.match(formulaOf(MAIN_ANALYSIS), /turn \+ \(1 \| dialogue\).*\(1 \| system:sentiment\)$/);
  });

  it("leaves out of first turns what hardly has any, and variants", () => {
    const replies = simulate({}).filter(
      ({ system, turn }, at) => system !== "llm0" || turn === 4 || at < 2,
    );
    const first = chooseReplies(replies, [], "first turn only");
    assert.ok(first.every(({ turn, system }) => turn === 2 && system !== "llm0"));
    const systems = readSystems();
    const variant = systems.find(({ variantOf }) => variantOf);
    const one = { ...(replies[0] as ScoredReply), system: variant?.id as string };
    assert.deepEqual(chooseReplies([one], systems, "without variants of a system"), []);
  });
});

describe("ruleOn", () => {
  const row = (lower: number, upper: number): MultiverseRow => ({
    ...{ set: "open", claim: "made", analysis: MAIN_ANALYSIS, converged: true, reason: null },
    estimate: { estimate: (lower + upper) / 2, se: 1, lower, upper },
  });
  const above = row(0.1, 1);
  const across = row(-1, 1);
  const below = row(-1, -0.1);

  for (const [ruling, rows] of [
    ["supported", [above, above, across]],
    ["not supported", [above, across, across]],
    ["not supported", [across, above, above, above]],
    ["opposite", [below, below, across]],
    ["not supported", [below, above, above]],
    ["cannot be tested", []],
  ] as const) {
    it(`rules '${ruling}' on ${rows.length} analyses`, () => {
      assert.equal(ruleOn(LEADS, rows).ruling, ruling);
    });
  }

  it("takes the other side for a claim of a negative sign", () => {
    const negative = claim({ kind: "families", high: "llm", low: "ecs" }, "negative");
    assert.equal(ruleOn(negative, [below, below]).ruling, "supported");
    assert.equal(ruleOn(negative, [above, above]).ruling, "opposite");
  });

  it("says why a claim cannot be estimated", () => {
    const none = { ...row(0, 0), estimate: null, reason: "no replies" };
    const { ruling, reason } = ruleOn(LEADS, [none, above]);
    assert.deepEqual([ruling, reason], ["cannot be estimated", "no replies"]);
  });

  it("says why a claim cannot be tested", () => {
    assert.equal(ruleOn(LEADS, [], "no replies").reason, "no replies");
  });
});

describe("data/claims.json", () => {
  it("names scorers and families that have scores", () => {
    const families = new Set(
      readScoredReplies("embedded-dialogue").systems.map((one) => one.family),
    );
    for (const { scorer, contrast } of readClaims()) {
      assert.ok(existsSync(projectPath("data", "scores", scorer)));
      const named =
        contrast.kind === "sentiments" ? [contrast.family] : [contrast.high, contrast.low];
      for (const family of named) assert.ok(families.has(family));
    }
  });

  it("is refused where a contrast lacks a side", () => {
    const path = join(temporaryFolder(), "claims.json");
    const broken = { ...LEADS, contrast: { kind: "families", high: "llm" } };
    writeFileSync(path, JSON.stringify({ claims: [broken] }));
    assert.throws(
      () => readClaims(path),
      /claim 1 'made': 'contrast' must have required property 'low'/,
    );
  });
});

describe("the committed results", () => {
  const path = projectPath("data", "results", "multiverse.csv");

  it("hold every claim under every analysis, and come back as they were read", () => {
    const rows = readMultiverse(path);
    assert.equal(rows.length, readClaims().length * listAnalyses().length);
    assert.equal(formatMultiverse(rows), readFileSync(path, "utf8"));
    const models = projectPath("data", "results", "models.csv");
    assert.equal(formatModels(readModels(models)), readFileSync(models, "utf8"));
  });

  it("leave the study's own systems untested until their models have scores", () => {
    const { study, open } = readVerdicts(projectPath());
    assert.ok(study.every(({ ruling }) => ruling === "cannot be tested"));
    assert.ok(open.every(({ ruling }) => ruling !== "cannot be tested"));
    const all = readSystems();
    assert.equal(findUntested("study", all, all), undefined);
    assert.match(findUntested("study", [], all) ?? "", /no scored replies of GPT-3.5, GPT-4/);
    assert.equal(findUntested("open", [], all), "no open LLM has scores");
    assert.deepEqual(
      systemsOf("open", all).filter(({ inPaper, family }) => inPaper && family === "llm"),
      [],
    );
  });
});
