import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "test-support/temporary";
import { tippingPoint } from "../../../apps/claims/tipping";
import { answerIn, formatAnswers } from "../../../src/claims/answer";
import { type Claim, readClaims, readClaimsFile } from "../../../src/claims/claim";
import { type ClaimResult, NO_NUMBERS } from "../../../src/claims/results-tables";
import { type Grounds, holm, type Ruling, ruleOn } from "../../../src/claims/verdict";
import { projectPath } from "../../../src/project";
import { madeClaim } from "./made-claims";

describe("ruleOn", () => {
  type Limits = readonly [number, number];

  /** On a margin of 5 points: the estimates and intervals, in points, of models like these and of these systems. */
  function rule(
    sign: Claim["sign"],
    models: readonly [number, ...Limits],
    these: readonly [number, ...Limits],
    given: Partial<Grounds> = {},
  ): Ruling {
    const side = sign === "positive" ? 1 : -1;
    const turn = ([estimate, low, high]: readonly [number, ...Limits]) => {
      const [lower, upper] = side > 0 ? [low, high] : [-high, -low];
      return { estimate: (side * estimate) / 100, lower: lower / 100, upper: upper / 100 };
    };
    const like = turn(models);
    const grounds: Grounds = {
      models: like,
      equivalence: like,
      these: turn(these),
      sides: [
        { units: 5, collections: 3 },
        { units: 6, collections: 4 },
      ],
      unmeasured: null,
      ...given,
    };
    return ruleOn({ sign, marginInPoints: 5 }, grounds);
  }

  for (const [ruling, why, models, these] of [
    ["holds", "both beyond zero, beyond the margin", [10, 1, 19], [10, 8, 12]],
    ["seen in these systems", "only these beyond zero", [10, -1, 21], [10, 8, 12]],
    ["seen in these systems", "one that ends at zero", [10, 0, 20], [10, 8, 12]],
    ["seen in these systems", "these beyond the margin, models within it", [4, 1, 7], [6, 2, 10]],
    ["cannot be told", "neither beyond zero", [10, -10, 30], [10, -1, 21]],
    ["cannot be told", "beyond zero, within the margin, not shown small", [4, 1, 7], [4, 3, 5]],
    ["cannot be told", "an estimate on the margin", [5, 1, 9], [5, 4, 6]],
    [
      "no difference that matters",
      "all of the interval within the margin",
      [1, -3, 4.9],
      [1, 0, 2],
    ],
    ["no difference that matters", "that too beyond zero", [3, 1.5, 4.5], [6, 4, 8]],
    ["cannot be told", "an interval that ends on the margin", [1, -3, 5], [1, 0, 2]],
    ["the opposite holds", "both below zero, beyond the margin", [-10, -19, -1], [-10, -12, -8]],
    ["the opposite seen in these systems", "only these below", [-10, -21, 1], [-10, -12, -8]],
    ["cannot be told", "below zero, within the margin", [-4, -9, -1], [-4, -5, -3]],
  ] as const) {
    for (const sign of ["positive", "negative"] as const) {
      it(`rules '${ruling}' on ${why} (a claim of a ${sign} sign)`, () => {
        assert.equal(rule(sign, models, these), ruling);
      });
    }
  }

  it("says nothing of other models with fewer than five units or three collections on a side", () => {
    for (const few of [
      { units: 4, collections: 4 },
      { units: 9, collections: 2 },
    ]) {
      const sides = [few, { units: 9, collections: 9 }];
      for (const both of [sides, [...sides].reverse(), [few]]) {
        const of = (...args: [readonly [number, ...Limits], readonly [number, ...Limits]]) =>
          rule("positive", ...args, { sides: both });
        assert.equal(of([10, 1, 19], [10, 8, 12]), "seen in these systems");
        assert.equal(of([1, -2, 3], [1, 0, 2]), "cannot be told");
      }
    }
  });

  it("asks nothing of people's side: they are a fixed benchmark", () => {
    const sides = [{ units: 5, collections: 3 }];
    assert.equal(rule("positive", [10, 1, 19], [10, 8, 12], { sides }), "holds");
  });

  it("says that nothing was measured before anything else, and nothing where there is no interval", () => {
    const unmeasured = "the head's J is .1";
    assert.equal(rule("positive", [10, 1, 19], [10, 8, 12], { unmeasured }), "cannot be measured");
    const none = { estimate: 0.1, lower: null, upper: null };
    const given = { models: none, equivalence: none };
    assert.equal(rule("positive", [10, 1, 19], [10, 8, 12], given), "seen in these systems");
    assert.equal(rule("positive", [10, 1, 19], [1, 0, 2], given), "cannot be told");
  });

  it("takes the 90 % interval for a difference that does not matter", () => {
    const equivalence = { lower: -0.049, upper: 0.049 };
    const wide = [1, -6, 8] as const;
    assert.equal(rule("positive", wide, [1, 0, 2]), "cannot be told");
    assert.equal(rule("positive", wide, [1, 0, 2], { equivalence }), "no difference that matters");
  });
});

describe("holm", () => {
  it("multiplies the smallest by their number, the next by one less, and never falls", () => {
    assert.deepEqual(holm([0.01, 0.04, 0.03]), [0.03, 0.06, 0.06]);
    assert.deepEqual(holm([0.5, 0.9]), [1, 1]);
    assert.deepEqual(holm([null, 0.02, null]), [null, 0.02, null]);
    assert.deepEqual(holm([]), []);
  });
});

describe("tippingPoint", () => {
  const grounds: Grounds = {
    models: { estimate: 0.2, lower: 0.08, upper: 0.32 },
    equivalence: { lower: -0.03, upper: 0.045 },
    these: { estimate: 0.12, lower: 0.1, upper: 0.14 },
    sides: [],
    unmeasured: null,
  };
  const claim = { sign: "positive", marginInPoints: 5 } as const;
  const of = (ruling: Ruling, sign: Claim["sign"] = "positive") =>
    tippingPoint({ ...claim, sign }, grounds, ruling);

  it("is how far the deciding interval lies from zero, or the estimate from the margin", () => {
    assert.equal(of("holds"), 0.08);
    assert.equal(of("the opposite holds", "negative"), 0.08);
    assert.ok(Math.abs((of("seen in these systems") as number) - 0.07) < 1e-12);
    assert.ok(Math.abs((of("no difference that matters") as number) - 0.005) < 1e-12);
    assert.equal(of("cannot be told"), null);
    assert.equal(of("cannot be measured"), null);
  });
});

describe("answerIn", () => {
  const result = (claim: string, given: Partial<ClaimResult>): ClaimResult => ({
    ...NO_NUMBERS,
    set: "main",
    claim,
    instrument: "readings",
    verdict: "cannot be told",
    estimate: 0.2,
    lower: 0.02,
    upper: 0.38,
    these: 0.1,
    these_lower: 0.08,
    these_upper: 0.12,
    hinge_units: "",
    hinge_collections: "",
    note: "",
    ...given,
  });
  const told = (given: Partial<ClaimResult>, claim: Partial<Claim> = {}) =>
    answerIn([madeClaim(claim)], [result("made", given)], "main").map(
      ({ words, claims }) => `${words}: ${claims.join("; ")}`,
    );

  it("says what holds, with the interval that decides in points", () => {
    assert.deepEqual(told({ verdict: "holds" }), [
      "Holds for models like these: more of it (+20 points, +2 to +38)",
    ]);
    assert.deepEqual(told({ verdict: "seen in these systems" }), [
      "Seen, in these systems only: more of it (+10 points, +8 to +12)",
    ]);
  });

  it("says of a claim whose opposite comes out what is in fact the case", () => {
    const verdict = "the opposite seen in these systems";
    assert.deepEqual(told({ verdict, these: -0.1, these_lower: -0.12, these_upper: -0.08 }), [
      "The opposite seen, in these systems only: more of it (in fact −10 points, −12 to −8)",
    ]);
  });

  it("shows these systems where nothing is known of others, and no number that was not measured", () => {
    assert.match(told({ lower: null, upper: null })[0] as string, /\+10 points, \+8/);
    assert.doesNotMatch(told({ verdict: "cannot be measured" })[0] as string, /points/);
  });

  it("tells what holds first and what cannot be measured last, the study's own claims only", () => {
    const claims = [
      ["a", "cannot be measured"],
      ["b", "cannot be told"],
      ["c", "no difference that matters"],
      ["d", "holds"],
      ["e", "seen in these systems"],
      ["f", "holds"],
    ] as const;
    const answers = answerIn(
      [
        ...claims.map(([id]) => madeClaim({ id, short: id })),
        madeClaim({ id: "beside", origin: "beside" }),
      ],
      claims.map(([id, verdict]) => result(id, { ...NO_NUMBERS, verdict })),
      "main",
    );
    assert.equal(
      formatAnswers(answers),
      [
        "- Holds for models like these:",
        "  - d",
        "  - f",
        "- No difference that matters:",
        "  - c",
        "- Seen, in these systems only:",
        "  - e",
        "- Cannot be told:",
        "  - b",
        "- Cannot be measured by this instrument:",
        "  - a",
      ].join("\n"),
    );
  });

  it("tells all claims where none is the study's own", () => {
    const claims = [madeClaim({ id: "mine", short: "mine", origin: "beside" })];
    const answers = answerIn(claims, [result("mine", { verdict: "holds" })], "main");
    assert.match(formatAnswers(answers), /Holds for models like these:\n {2}- mine/);
  });

  it("refuses results that lack a claim", () => {
    assert.throws(() => answerIn([madeClaim({ id: "new" })], [], "main"), {
      name: "UserError",
      message: /^data\/results\/claims\.csv: no row on the claim 'new'; make it with `npm run/,
    });
  });
});

describe("readClaims", () => {
  const refuse = (given: object, message: RegExp) => {
    const path = join(temporaryFolder(), "claims.json");
    writeFileSync(path, JSON.stringify({ claims: [{ ...madeClaim(), ...given }] }));
    assert.throws(
      () => readClaimsFile(path),
      (error: Error) => {
        assert.equal(error.name, "UserError");
        assert.ok(error.message.startsWith(`${path}: `) && !error.message.includes("\n"));
        assert.match(error.message, message);
        return true;
      },
    );
  };

  it("gives the study's six, and those beside them with a reading of its words", () => {
    const claims = readClaims({ root: projectPath() });
    assert.equal(claims.filter(({ origin }) => origin === "study").length, 6);
    for (const { marginInPoints, id } of claims) assert.equal(marginInPoints, 5, id);
  });

  for (const [what, given, message] of [
    [
      "without a margin",
      { marginInPoints: undefined },
      /claim 1 'made': must have .*'marginInPoints'/,
    ],
    [
      "with a margin of nothing",
      { marginInPoints: 0 },
      /claim 1 'made': 'marginInPoints' must be > 0/,
    ],
    [
      "with a margin in log-odds",
      { margin: 0.5 },
      /claim 1 'made': 'margin', in log-odds, is no longer read; write 'marginInPoints', /,
    ],
    ["with another metric", { metric: "warmth" }, /'metric' must be .*: er, ip, ex/],
    ["with another outcome", { outcome: "weak" }, /'outcome' must be .*: any, strong, fits/],
    ["with a field that there is not", { scorer: "x" }, /additional properties: 'scorer'/],
    ["about people", { compared: { family: "human" } }, /'compared\.family' must be/],
    [
      "that compares a family with itself by name",
      { compared: { family: "llm", with: "llm" } },
      /claim 1 'made': 'compared\.with' is the family itself, 'llm'; leave it out/,
    ],
    [
      "without another family where prompts are not compared",
      { compared: { family: "llm" } },
      /claim 1 'made': 'contrast' must be 'negative-positive' where 'compared\.with' and 'compared\.change' are/,
    ],
  ] as const) {
    it(`refuses a claim ${what}, in one line that names the field`, () => refuse(given, message));
  }

  it("refuses two claims of one name", () => {
    const path = join(temporaryFolder(), "claims.json");
    writeFileSync(path, JSON.stringify({ claims: [madeClaim(), madeClaim()] }));
    assert.throws(() => readClaimsFile(path), /two claims are called 'made'; rename one/);
  });
});

describe("docs/claims.md", () => {
  const text = readFileSync(projectPath("docs", "claims.md"), "utf8");

  it("shows a claim that can be read", () => {
    const [, example = ""] = /```json\n([\s\S]*?)```/.exec(text) ?? [];
    const path = join(temporaryFolder(), "claims.json");
    writeFileSync(path, `{ "claims": [${example}] }`);
    const [claim] = readClaimsFile(path);
    assert.ok(claim && readClaims({ root: projectPath() }).every(({ id }) => id !== claim.id));
    assert.deepEqual(Object.keys(claim).sort(), Object.keys(madeClaim()).sort());
  });

  it("rules on every verdict that there is", () => {
    const verdicts: Readonly<Record<Ruling, true>> = {
      holds: true,
      "the opposite holds": true,
      "no difference that matters": true,
      "seen in these systems": true,
      "the opposite seen in these systems": true,
      "cannot be told": true,
      "cannot be measured": true,
    };
    const [, table = ""] = /## Verdicts\n([\s\S]*?)\n\n[^|]/.exec(text) ?? [];
    const found = [...table.matchAll(/^\| ([a-z ]+) \|/gm)].map(([, name]) => name);
    assert.deepEqual(found, ["verdict", ...Object.keys(verdicts)]);
  });
});
