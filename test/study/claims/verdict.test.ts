import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "test-support/temporary";
import { answerIn, formatAnswers } from "../../../src/claims/answer";
import { type Claim, readClaims, readClaimsFile } from "../../../src/claims/claim";
import type { ClaimResult } from "../../../src/claims/results-tables";
import { type Ruling, ruleOn, tally } from "../../../src/claims/verdict";
import { projectPath } from "../../../src/project";
import { madeClaim } from "./made-claims";

describe("ruleOn", () => {
  type Interval = readonly [number, number];

  /** On a margin of 0.5: the estimate, the interval for models like these, the one for these systems. */
  function rule(sign: Claim["sign"], estimate: number, like: Interval, these: Interval): Ruling {
    const [side, order] = sign === "positive" ? [1, 0] : [-1, 1];
    const at = (interval: Interval, of: 0 | 1) => side * (interval[order ? 1 - of : of] as number);
    return ruleOn(
      { sign, margin: 0.5 },
      {
        estimate: side * estimate,
        lower: at(like, 0),
        upper: at(like, 1),
        theseLower: at(these, 0),
        theseUpper: at(these, 1),
      },
    );
  }

  for (const [ruling, why, estimate, like, these] of [
    ["supported", "both beyond zero, beyond the margin", 1, [0.1, 1.9], [0.8, 1.2]],
    ["supported for these systems", "only these beyond zero", 1, [-0.1, 2.1], [0.8, 1.2]],
    ["supported for these systems", "one that ends at zero", 1, [0, 2], [0.8, 1.2]],
    ["inconclusive", "neither beyond zero", 1, [-1, 3], [-0.1, 2.1]],
    [
      "inconclusive",
      "beyond zero, within the margin, not shown to be small",
      0.4,
      [0.1, 0.7],
      [0.3, 0.5],
    ],
    ["inconclusive", "an estimate on the margin", 0.5, [0.1, 0.9], [0.4, 0.6]],
    ["practically none", "all of the interval within the margin", 0.1, [-0.3, 0.49], [0, 0.2]],
    ["practically none", "that too where it lies beyond zero", 0.3, [0.15, 0.45], [0.2, 0.4]],
    ["inconclusive", "an interval that ends on the margin", 0.1, [-0.3, 0.5], [0, 0.2]],
    ["contradicted", "both below zero, beyond the margin", -1, [-1.9, -0.1], [-1.2, -0.8]],
    ["contradicted for these systems", "only these below zero", -1, [-2.1, 0.1], [-1.2, -0.8]],
    ["inconclusive", "below zero, within the margin", -0.4, [-0.9, -0.1], [-0.5, -0.3]],
  ] as const) {
    for (const sign of ["positive", "negative"] as const) {
      it(`rules '${ruling}' on ${why} (a claim of a ${sign} sign)`, () => {
        assert.equal(rule(sign, estimate, like, these), ruling);
      });
    }
  }
});

describe("tally", () => {
  it("counts intervals on the claim's side of zero, beyond it, and across", () => {
    const rows = [
      [0.1, 1],
      [0.2, 2],
      [-1, -0.1],
      [-1, 1],
      [0, 1],
    ].map(([lower, upper]) => ({ lower: lower as number, upper: upper as number }));
    assert.deepEqual(tally({ sign: "positive" }, rows), { agree: 2, oppose: 1, open: 2 });
    assert.deepEqual(tally({ sign: "negative" }, rows), { agree: 1, oppose: 2, open: 2 });
    assert.deepEqual(tally({ sign: "negative" }, []), { agree: 0, oppose: 0, open: 0 });
  });
});

describe("answerIn", () => {
  const result = (claim: string, given: Partial<ClaimResult>): ClaimResult => ({
    set: "all",
    claim,
    verdict: "inconclusive",
    models: 7,
    others: 6,
    note: "",
    estimate: 1,
    lower: 0.5,
    upper: 1.5,
    these_lower: 0.8,
    these_upper: 1.2,
    next_lower: -1,
    next_upper: 3,
    share: 0.1,
    share_lower: 0.02,
    share_upper: 0.18,
    spread: 1,
    other_spread: 1,
    permutation_p: 0.01,
    joint_p: 0.01,
    agree: 16,
    oppose: 0,
    open: 0,
    analyses: 16,
    ...given,
  });
  const told = (given: Partial<ClaimResult>, claim: Partial<Claim> = {}) =>
    answerIn([madeClaim(claim)], [result("made", given)], "all").map(
      ({ words, claims }) => `${words}: ${claims.join("; ")}`,
    );

  it("says what holds, with the difference of shares in points", () => {
    assert.deepEqual(told({ verdict: "supported" }), [
      "Holds for models like these: more of it (+10 points, +2 to +18)",
    ]);
  });

  it("says where log-odds alone support a claim, or contradict it", () => {
    assert.match(
      told({ verdict: "supported", share: -0.007, share_lower: -0.0751 })[0] as string,
      /\(in log-odds; not in shares of replies: −1 points, −8 to \+18\)/,
    );
    assert.match(
      told({ verdict: "contradicted for these systems" })[0] as string,
      /^The contrary holds .*\(in log-odds; not in shares/,
    );
    const below = { share: -0.1, share_lower: -0.18, share_upper: -0.02 };
    for (const [verdict, sign] of [
      ["contradicted", "positive"],
      ["supported", "negative"],
    ] as const) {
      assert.doesNotMatch(told({ verdict, ...below }, { sign })[0] as string, /log-odds/);
    }
    assert.doesNotMatch(told({ share_lower: -0.1 })[0] as string, /log-odds/);
  });

  it("tells what holds first and what cannot be told last, the study's own claims only", () => {
    const claims = [
      ["a", "cannot be tested"],
      ["b", "inconclusive"],
      ["c", "practically none"],
      ["d", "supported"],
      ["e", "supported for these systems"],
      ["f", "supported"],
    ] as const;
    const answers = answerIn(
      [
        ...claims.map(([id]) => madeClaim({ id, short: id })),
        madeClaim({ id: "beside", origin: "beside" }),
      ],
      claims.map(([id, verdict]) => result(id, { verdict, share: null })),
      "all",
    );
    assert.equal(
      formatAnswers(answers),
      [
        "- Holds for models like these:",
        "  - d",
        "  - f",
        "- Practically no difference:",
        "  - c",
        "- Holds for the systems at hand, which does not tell what other models do:",
        "  - e",
        "- Cannot be told:",
        "  - b",
        "- Cannot be tested:",
        "  - a",
      ].join("\n"),
    );
  });

  it("refuses results that lack a claim", () => {
    assert.throws(() => answerIn([madeClaim({ id: "new" })], [], "all"), {
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
    for (const { contrast, margin, id } of claims) {
      assert.equal(margin, contrast === "negative-positive" ? 0.2 : 0.5, id);
    }
  });

  for (const [what, given, message] of [
    ["without a margin", { margin: undefined }, /claim 1 'made': must have .*'margin'/],
    ["with a margin of nothing", { margin: 0 }, /claim 1 'made': 'margin' must be > 0/],
    ["with another metric", { metric: "warmth" }, /'metric' must be .*: er, ip, ex/],
    ["with another outcome", { outcome: "weak" }, /'outcome' must be .*: any, strong/],
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
      /claim 1 'made': 'contrast' must be 'negative-positive' where 'compared\.with' is left out/,
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
      supported: true,
      "supported for these systems": true,
      "practically none": true,
      contradicted: true,
      "contradicted for these systems": true,
      inconclusive: true,
      "cannot be tested": true,
    };
    const [, table = ""] = /## Verdicts\n([\s\S]*?)\n\n[^|]/.exec(text) ?? [];
    const found = [...table.matchAll(/^\| ([a-z ]+) \|/gm)].map(([, name]) => name);
    assert.deepEqual(found, ["verdict", ...Object.keys(verdicts)]);
  });
});
