import assert from "node:assert/strict";
import { studentQuantile, upperQuantile } from "mixed-models";
import { fitMeta } from "mixed-models/meta";
import {
  type Assessment,
  assessClaim,
  averageByUnit,
  type ClaimOutcome,
} from "../../../src/claims/assess-claim";
import { weightsOf } from "../../../src/claims/claim";
import { leadPoints } from "../../../src/claims/lead-points";
import { estimateLeads } from "../../../src/claims/leads";
import { SENTIMENTS } from "../../../src/corpus/emotions";
import { projectPath } from "../../../src/project";
import { listScoredSystems } from "../../../src/study/scored-replies";
import { PUBLISHED_STUDY, readStudy } from "../../../src/study/study";
import { readSystems } from "../../../src/systems/system";
import { isCompared, systemsOf, unitOf, withoutVariants } from "../../../src/systems/unit";
import { type MadeLead, madeClaim, madeLeads, madeSystem, simulateReplies } from "./made-claims";

const ABOVE_PEOPLE = madeClaim({ compared: { family: "llm", with: "human" } });
const LLMS = ["a", "b", "c"].map((id) => madeSystem(id, "llm"));
const OLDER = ["x", "y"].map((id) => madeSystem(id, "ecs"));
const NEGATIVE_LESS_POSITIVE = { contrast: "negative-positive", margin: 0.2 } as const;

function known(leads: Readonly<Record<string, number>>, variance = 0.03) {
  return Object.fromEntries(
    Object.entries(leads).map(([id, lead]): [string, MadeLead] => [id, { lead, variance }]),
  );
}

function found({ assessment, reason }: ClaimOutcome): Assessment {
  assert.ok(assessment, reason ?? "");
  return assessment;
}

function close(one: number | undefined, other: number, tolerance = 1e-9): void {
  assert.ok(Math.abs((one as number) - other) <= tolerance, `${one} and ${other}`);
}

describe("weightsOf", () => {
  it("weighs sentiments alike, negative ones alone, or against what a reading says", () => {
    const of = (...args: Parameters<typeof weightsOf>) =>
      SENTIMENTS.map((sentiment) => weightsOf(...args)[sentiment]);
    assert.deepEqual(of("all"), [1 / 3, 1 / 3, 1 / 3]);
    assert.deepEqual(of("negative"), [0, 1, 0]);
    assert.deepEqual(of("negative-positive"), [-1, 1, 0]);
    assert.deepEqual(of("negative-positive", "ambiguous"), [0, 1, -1]);
    assert.deepEqual(of("negative-positive", "others"), [-0.5, 1, -0.5]);
  });
});

describe("assessClaim", () => {
  it("gives the three intervals of leads of one family by hand", () => {
    // Each lead is the mean of three entries of variance 0.03, so that its own variance is 0.01.
    const leads = madeLeads(known({ a: 1, b: 2, c: 3 }));
    const {
      estimate,
      lower,
      upper,
      theseLower,
      theseUpper,
      predictionLower,
      predictionUpper,
      ...rest
    } = found(assessClaim(ABOVE_PEOPLE, leads, LLMS));
    const t = studentQuantile(0.025, 2);
    close(t, 4.302652729911275, 1e-8);
    close(estimate, 2);
    // With alike variances the interval is that of a mean of three numbers; the variance between them is 1 less 0.01.
    close(upper, 2 + t * Math.sqrt(1 / 3), 1e-6);
    close(lower, 2 - t * Math.sqrt(1 / 3), 1e-6);
    close(theseUpper, 2 + upperQuantile(0.025) * Math.sqrt(0.01 / 3));
    close(theseLower, 4 - theseUpper);
    close(predictionUpper, 2 + t * Math.sqrt(1 / 3 + 0.99), 1e-6);
    close(predictionLower, 4 - predictionUpper, 1e-6);
    close(rest.spread.llm, Math.sqrt(0.99), 1e-6);
    // Of eight arrangements of signs, two are as far from zero.
    assert.equal(rest.p, 0.25);
    close(rest.share?.estimate, 0.2);
    close(rest.share?.theseUpper, theseUpper / 10);
  });

  it("is never narrower than the normal interval, where models hardly differ", () => {
    const leads = madeLeads(known({ a: 1, b: 1.001, c: 0.999 }));
    const { upper, estimate, spread } = found(assessClaim(ABOVE_PEOPLE, leads, LLMS));
    close(upper - estimate, studentQuantile(0.025, 2) * Math.sqrt(0.01 / 3), 1e-6);
    assert.equal(spread.llm, 0);
  });

  it("compares two families as the meta-analysis with a spread for each", () => {
    const leads = madeLeads(known({ a: 1, b: 2, c: 3.3, x: 0.2, y: 0.9 }), 0.015);
    const all = [...LLMS, ...OLDER];
    const { estimate, lower, upper, predictionLower, spread, units, p } = found(
      assessClaim(madeClaim(), leads, all),
    );
    const own = 0.01;
    const people = 0.005;
    const fit = fitMeta(
      {
        effects: [1, 2, 3.3, 0.2, 0.9],
        covariance: all.map((_, i) => all.map((__, j) => people + (i === j ? own : 0))),
        moderators: {
          names: ["llm", "ecs"],
          rows: all.map(({ family }) => (family === "llm" ? [1, 0] : [0, 1])),
        },
        groups: all.map(({ family }) => family),
      },
      { interval: "satterthwaite" },
    );
    const expected = fit.predict([1, -1], { groups: { llm: 1, ecs: -1 } });
    close(estimate, expected.estimate);
    close(lower, expected.lower, 1e-7);
    close(upper, expected.upper, 1e-7);
    close(predictionLower, expected.predictionLower, 1e-7);
    close(spread.llm, fit.heterogeneity[0]?.tau as number, 1e-7);
    close(spread.ecs, fit.heterogeneity[1]?.tau as number, 1e-7);
    assert.deepEqual(
      units.map(({ unit }) => unit),
      ["model of a", "model of b", "model of c", "paper of x", "paper of y"],
    );
    // Of ten arrangements, only the two largest leads against the rest are further apart.
    assert.equal(p, 0.2);
  });

  it("leaves what is shared with people out of what is known of two families at hand", () => {
    // Variances within a family are alike, so that its mean is the plain one, whatever is shared.
    const interval = (shared: number) => {
      const leads = madeLeads(known({ a: 1, b: 2, c: 3.3, x: 0.2, y: 0.9 }), shared);
      const { estimate, theseLower, theseUpper } = found(
        assessClaim(madeClaim(), leads, [...LLMS, ...OLDER]),
      );
      return [estimate - theseLower, theseUpper - estimate];
    };
    const reach = upperQuantile(0.025) * Math.sqrt(0.01 / 3 + 0.01 / 2);
    for (const shared of [0, 0.3]) for (const side of interval(shared)) close(side, reach, 1e-9);
  });

  it("subtracts a family of one model from each of the others, with what they share", () => {
    const leads = madeLeads(known({ a: 1, b: 2, c: 3.3, x: 0.5 }), 0.015);
    const { estimate, upper, spread, theseUpper, p } = found(
      assessClaim(madeClaim(), leads, [...LLMS, ...OLDER]),
    );
    const fit = fitMeta(
      {
        effects: [0.5, 1.5, 2.8],
        covariance: LLMS.map((_, i) => LLMS.map((__, j) => 0.01 + (i === j ? 0.01 : 0))),
      },
      { interval: "hartung-knapp", truncated: true },
    );
    close(estimate, 4.8 / 3);
    close(upper, fit.coefficients[0]?.upper as number, 1e-7);
    close(theseUpper, estimate + upperQuantile(0.025) * Math.sqrt(0.01 / 3 + 0.01));
    assert.deepEqual(Object.keys(spread), ["llm"]);
    // Of four arrangements, only the largest lead against the rest is further apart.
    assert.equal(p, 0.5);
  });

  it("shares one spread between the families where it is told to", () => {
    const leads = madeLeads(known({ a: 1, b: 2, c: 3.3, x: 0.2, y: 0.3 }));
    const own = found(assessClaim(madeClaim(), leads, [...LLMS, ...OLDER]));
    const one = found(assessClaim(madeClaim(), leads, [...LLMS, ...OLDER], { oneSpread: true }));
    assert.equal(one.spread.llm, one.spread.ecs);
    assert.ok((own.spread.llm as number) > (one.spread.llm as number));
    assert.ok((own.spread.ecs as number) < (one.spread.ecs as number));
    const reach = one.predictionUpper - one.estimate;
    const t = (one.upper - one.estimate) / Math.sqrt(reachSquared(one));
    close(reach, t * Math.sqrt(reachSquared(one) + 2 * (one.spread.llm as number) ** 2), 1e-6);

    // The variance of the difference of two plain means of units with one variance.
    function reachSquared({ spread }: Assessment): number {
      return ((spread.llm as number) ** 2 + 0.01) * (1 / 3 + 1 / 2);
    }
  });

  it("takes the sentiments that the contrast and its reading ask for", () => {
    const lead = { positive: 1, negative: 3, ambiguous: 2 };
    const leads = madeLeads({ a: { lead, variance: 0.01 }, b: { lead, variance: 0.01 } });
    const of = (contrast: "all" | "negative" | "negative-positive", reading?: "others") =>
      found(assessClaim({ ...ABOVE_PEOPLE, contrast }, leads, LLMS, reading ? { reading } : {}));
    close(of("all").estimate, 2);
    close(of("negative").estimate, 3);
    close(of("negative-positive").estimate, 2);
    close(of("negative-positive", "others").estimate, 1.5);
    // A difference of two entries of variance 0.01, of a mean of two systems.
    const { estimate, theseUpper } = of("negative-positive");
    close(theseUpper - estimate, upperQuantile(0.025) * Math.sqrt(0.02 / 2));
  });

  it("compares a family with itself by its own log-odds, not by its lead", () => {
    const leads = madeLeads(known({ a: 1, b: 2, c: 3 }));
    const slope = { positive: 0, negative: -1, ambiguous: 0 };
    const own = madeLeads({
      a: { lead: slope, variance: 0.01 },
      b: { lead: slope, variance: 0.01 },
    });
    const claim = madeClaim({ compared: { family: "llm" }, ...NEGATIVE_LESS_POSITIVE });
    const mixed = { ...leads, own: own.own, ownShare: own.ownShare, systems: ["a", "b"] };
    const { estimate, share } = found(assessClaim(claim, mixed, LLMS));
    close(estimate, -1);
    close(share?.estimate, -0.1);
  });

  it("says whom it lacks", () => {
    const leads = madeLeads(known({ a: 1, b: 2, x: 0 }));
    const reasonOf = (...[systems, given = madeClaim(), of = leads]: Asked) =>
      assessClaim(given, of, systems).reason;
    type Asked = [typeof LLMS, typeof ABOVE_PEOPLE?, typeof leads?];
    assert.equal(reasonOf(LLMS), "no scored replies of family 'older system (ECS)'");
    assert.equal(reasonOf(OLDER), "no scored replies of family 'LLM'");
    assert.equal(
      reasonOf(LLMS.slice(0, 1), ABOVE_PEOPLE),
      "1 model of family 'LLM'; at least 2 are needed",
    );
    const reasons = leads.reasons.map((_, at) =>
      at === 1 ? "all of 40 replies (separation)" : null,
    );
    const values = leads.lead.values.map((value, at) => (at === 1 ? Number.NaN : value));
    const separated = { ...leads, reasons, lead: { ...leads.lead, values } };
    assert.equal(
      reasonOf(LLMS.slice(0, 1), ABOVE_PEOPLE, separated),
      "no system of family 'LLM' can be compared: A: all of 40 replies (separation)",
    );
    assert.equal(
      reasonOf([madeSystem("z", "llm")], ABOVE_PEOPLE),
      "no system of family 'LLM' can be compared: Z: too few replies",
    );
  });

  it("leaves systems of few replies out of shares too, and names a system that repeats another", () => {
    const leads = madeLeads(known({ a: 1, b: 2, c: 30 }));
    const values = leads.lead.values.map((value, at) => (at >= 6 ? Number.NaN : value));
    const few = {
      ...leads,
      lead: { ...leads.lead, values },
      replies: leads.replies.map((count, at) => (at >= 6 ? 2 : count)),
    };
    close(found(assessClaim(ABOVE_PEOPLE, few, LLMS)).share?.estimate, 0.15);
    const twins = madeLeads(known({ a: 1, b: 1 }, 0), 0.03);
    assert.match(
      assessClaim(ABOVE_PEOPLE, twins, LLMS).reason ?? "",
      /^the covariance matrix is not positive definite: .*'model of b'.*repeats others$/,
    );
  });

  it("finds a difference of families in replies that were simulated with one", () => {
    const alike = (lead: number) => ({ positive: lead, negative: lead, ambiguous: lead });
    const systems = [...LLMS, ...OLDER];
    const anchored = simulateReplies(
      {
        systems,
        people: -1,
        dialogues: 120,
        dialogueSd: 0.6,
        stimulusSd: 0,
        leads: { a: alike(2), b: alike(2.3), c: alike(2.6), x: alike(0.4), y: alike(0.6) },
      },
      21,
    );
    const leads = estimateLeads(anchored, "er", "any", { fewest: PUBLISHED_STUDY.fewestReplies });
    const { estimate, theseLower, theseUpper, share } = found(
      assessClaim(madeClaim(), leads, systems),
    );
    assert.ok(theseLower < 1.8 && theseUpper > 1.8, `${theseLower} to ${theseUpper}`);
    close(estimate, 1.8, 0.4);
    assert.ok(share && share.estimate > 0.25 && share.estimate < 0.5);
  });
});

describe("averageByUnit", () => {
  it("averages two instructions of a model, and the decodings of a publication", () => {
    const systems = [
      madeSystem("a", "llm", { model: "gpt" }),
      madeSystem("b", "llm", { model: "gpt" }),
      madeSystem("c", "llm", { publication: "paper of x" }),
      madeSystem("x", "ecs"),
      madeSystem("y", "ecs", { publication: "paper of x" }),
    ];
    const leads = madeLeads(known({ a: 1, b: 2, c: 5, x: 0.2, y: 0.6 }), 0.015);
    const weights = weightsOf("all");
    const { units, covariance } = averageByUnit(madeClaim(), systems, leads, leads.lead, weights);
    assert.deepEqual(
      units.map(({ unit, systems: of }) => [unit, ...of]),
      [
        ["gpt", "a", "b"],
        ["model of c", "c"],
        ["paper of x", "x", "y"],
      ],
    );
    for (const [at, estimate] of [1.5, 5, 0.4].entries()) close(units[at]?.estimate, estimate);
    close(covariance[0]?.[0], 0.01 / 2 + 0.005);
    close(covariance[0]?.[1], 0.005);
    close(units[1]?.se, Math.sqrt(0.015));
  });

  it("leaves out a system that lacks a sentiment which the contrast looks at, and no other", () => {
    const leads = madeLeads(known({ a: 1, b: 2 }));
    const values = leads.lead.values.map((value, at) => (at === 2 ? Number.NaN : value));
    const lead = { ...leads.lead, values };
    const unitsOf = (contrast: "all" | "negative") =>
      averageByUnit(madeClaim(), LLMS, leads, lead, weightsOf(contrast)).units.length;
    assert.deepEqual([unitsOf("all"), unitsOf("negative")], [1, 2]);
  });
});

describe("the registry's systems", () => {
  const systems = readSystems();
  const idsOf = (list: typeof systems) => list.map(({ id }) => id);

  it("are compared unless they are excluded or shown apart", () => {
    const left = systems.filter((system) => !isCompared(system));
    assert.deepEqual(idsOf(left), ["moel-oracle", "llama-2-13b", "llama-2-7b", "mistral-7b"]);
    assert.deepEqual(systemsOf("all", systems), systems.filter(isCompared));
  });

  it("are the study's own where the study names them, or its model under another instruction", () => {
    const own = systemsOf("study", systems).filter(({ inPaper }) => !inPaper);
    assert.deepEqual(idsOf(own), [
      "gpt-4-plain",
      "gpt-4-empathy",
      "gpt-3.5-davinci",
      "gpt-3.5-turbo",
    ]);
    // Gemini is another model than the study's PaLM 2.
    assert.ok(!idsOf(systemsOf("study", systems)).includes("gemini-1.0-pro"));
  });

  it("are units by model, older ones by publication", () => {
    const of = (id: string) =>
      unitOf(systems.find((system) => system.id === id) as (typeof systems)[0]);
    assert.equal(of("gpt-4-plain"), of("gpt-4-empathy"));
    assert.equal(of("moel"), of("moel-transformer"));
    assert.notEqual(of("zephyr-7b"), of("zephyr-7b-tuned"));
    assert.notEqual(of("llama-2-70b"), of("mixtral-8x7b"));
  });

  it("that have scores hold one a unit without variants", () => {
    const scored = listScoredSystems(readStudy(projectPath()), "embedded-dialogue").filter(
      isCompared,
    );
    const units = withoutVariants(scored).map(unitOf);
    assert.equal(new Set(units).size, units.length);
    assert.deepEqual(new Set(units), new Set(scored.map(unitOf)));
  });
});

describe("leadPoints", () => {
  it("shows LLMs first, from the largest lead down, then their mean and their next model", () => {
    const leads = madeLeads(known({ a: 1, b: 3, c: 2, x: 9 }));
    const points = leadPoints([leads], [...OLDER.slice(0, 1), ...LLMS]);
    assert.deepEqual(
      [...new Set(points.map(({ name }) => name))],
      ["B", "C", "A", "LLM: mean of models", "LLM: next model", "X"],
    );
    const [first] = points;
    close(first?.value, 0.3);
    close(first?.upper, 0.3 + upperQuantile(0.025) * Math.sqrt(0.0003));
    const mean = points.find(({ name }) => name.endsWith("mean of models"));
    close(mean?.value, 0.2);
    const next = points.find(({ name }) => name.endsWith("next model"));
    assert.ok((next?.upper as number) > (mean?.upper as number));
  });

  it("has no point for what was not answered, and no mean of two models", () => {
    const leads = madeLeads(known({ a: 1, b: 3 }));
    const values = leads.leadShare.values.map((value, at) => (at === 1 ? Number.NaN : value));
    const partly = { ...leads, leadShare: { ...leads.leadShare, values } };
    const points = leadPoints([partly], LLMS);
    assert.deepEqual(
      points.map(({ name, series }) => `${name} ${series}`),
      ["B positive", "B negative", "B ambiguous", "A positive", "A ambiguous"],
    );
    assert.ok(points.every(({ value, lower }) => Number.isFinite(value) && Number.isFinite(lower)));
  });
});
