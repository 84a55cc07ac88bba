import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "test-support/temporary";
import { keepCommonPrompts } from "../../../apps/claims/claim-replies";
import { factorsOf } from "../../../src/asking/factors";
import { listAnalyses } from "../../../src/claims/analysis";
import type { AnchoredReply } from "../../../src/claims/anchored-replies";
import { assessClaim, isAssessed } from "../../../src/claims/assess-claim";
import { type Claim, readClaimsFile } from "../../../src/claims/claim";
import { type Change, pairSides } from "../../../src/claims/sides";
import type { System } from "../../../src/systems/system";
import { madeClaim, madeShares, madeSystem } from "./made-claims";

const asked = (id: string, model: string, prompt: string, temperature?: number): System =>
  madeSystem(id, "llm", {
    model,
    replies: {
      from: "asked",
      provider: "openai-compatible",
      model,
      prompt,
      parameters: { maxTokens: 256, ...(temperature === undefined ? {} : { temperature }) },
      served: "here",
    },
  });

// Two models under two prompts at two temperatures, but for one cell; and one system that was published.
const GRID = ["m", "n"]
  .flatMap((model) =>
    ["a", "b"].flatMap((prompt) =>
      [0, 1].map((heat) => asked(`${model}-${prompt}-${heat}`, model, prompt, heat)),
    ),
  )
  .filter(({ id }) => id !== "n-b-1");
const SYSTEMS = [
  ...GRID,
  madeSystem("p", "llm", {
    instruction: "as published",
    temperature: 1,
    replies: { from: "published", format: "kemp" },
  }),
];

const pairs = (change: Change) =>
  pairSides(change, SYSTEMS).map(({ unit, to, from }) => `${unit}: ${to.id} less ${from.id}`);
const claimOf = (change: Change): Claim => madeClaim({ compared: { family: "llm", change } });

describe("pairSides", () => {
  it("pairs systems that differ in one factor and in nothing else", () => {
    assert.deepEqual(pairs({ factor: "prompt", from: "a", to: "b" }), [
      "m: m-b-0 less m-a-0",
      "m: m-b-1 less m-a-1",
      "n: n-b-0 less n-a-0",
    ]);
    assert.deepEqual(pairs({ factor: "temperature", from: 0, to: 1 }), [
      "m: m-a-1 less m-a-0",
      "m: m-b-1 less m-b-0",
      "n: n-a-1 less n-a-0",
    ]);
    assert.deepEqual(pairs({ factor: "model", from: "m", to: "n" }), [
      "a, temperature 0: n-a-0 less m-a-0",
      "a, temperature 1: n-a-1 less m-a-1",
      "b, temperature 0: n-b-0 less m-b-0",
    ]);
    assert.deepEqual(pairs({ factor: "system", from: "p", to: "m-a-0" }), [
      "m-a-0 less p: m-a-0 less p",
    ]);
    assert.deepEqual(pairs({ factor: "prompt", from: "a", to: "c" }), []);
  });

  it("takes templates that are alike but for their language for sides of a language", () => {
    const systems = ["short", "short-de", "counselling"].map((prompt) =>
      asked(`m-${prompt}`, "m", prompt),
    );
    const listed = (change: Change) =>
      pairSides(change, systems).map(({ unit, to, from }) => `${unit}: ${to.id} less ${from.id}`);
    assert.deepEqual(listed({ factor: "language", from: "en", to: "de" }), [
      "m: m-short-de less m-short",
    ]);
    assert.deepEqual(listed({ factor: "prompt", from: "counselling", to: "short-de" }), [
      "m: m-short-de less m-counselling",
    ]);
  });

  it("knows what published systems were told only in words", () => {
    assert.deepEqual(factorsOf(SYSTEMS.at(-1) as System), {
      system: "p",
      model: "model of p",
      prompt: "as published",
      language: "not stated",
      temperature: "1",
    });
  });
});

describe("a claim of a change", () => {
  const leads = Object.fromEntries(
    SYSTEMS.map(({ id, model }) => {
      const [, prompt, heat] = id.split("-");
      const lead =
        (prompt === "b" ? 0.1 : 0) + (heat === "1" ? 0.03 : 0) + (model === "n" ? 0.2 : 0);
      return [id, { lead, variance: 0.0003 }];
    }),
  );
  const assess = (change: Change, shared = 0) =>
    assessClaim(claimOf(change), madeShares(SYSTEMS, leads, shared), SYSTEMS);

  it("has one unit for what does not change, each the mean of its pairs, with people cancelled", () => {
    for (const shared of [0, 0.01]) {
      const found = assess({ factor: "prompt", from: "a", to: "b" }, shared);
      assert.ok(isAssessed(found));
      assert.deepEqual(
        found.units.map(({ unit, systems }) => [unit, systems.length]),
        [
          ["m", 4],
          ["n", 2],
        ],
      );
      for (const { estimate } of found.units) assert.ok(Math.abs(estimate - 0.1) < 1e-12);
      // Three sentiments a third each: a pair has twice a third of the variance, the mean of two pairs half of that.
      const [both, one] = found.units.map(({ se }) => se ** 2);
      assert.ok(Math.abs((one as number) - 2 * 0.0001) < 1e-9, `${one}`);
      assert.ok(Math.abs((both as number) - 0.0001) < 1e-9, `${both}`);
    }
  });

  it("goes the other way with the sign turned", () => {
    const estimate = (from: string, to: string) => {
      const found = assess({ factor: "model", from, to });
      return isAssessed(found) ? found.these.estimate : Number.NaN;
    };
    assert.ok(Math.abs(estimate("m", "n") - 0.2) < 1e-12);
    assert.ok(Math.abs(estimate("n", "m") + 0.2) < 1e-12);
  });

  it("says which sides are not there", () => {
    const found = assess({ factor: "prompt", from: "a", to: "c" });
    assert.match(
      "missing" in found ? found.missing : "",
      /^no two systems differ in their prompt alone, 'a' and 'c'/,
    );
  });

  it("is asked of all systems, never of one per model", () => {
    const analyses = listAnalyses(claimOf({ factor: "prompt", from: "a", to: "b" }), ["head"]);
    assert.deepEqual([...new Set(analyses.map(({ instructions }) => instructions))], ["all"]);
  });
});

describe("keepCommonPrompts", () => {
  const replied = (system: string, ...stimuli: string[]) =>
    stimuli.map((stimulus) => ({ system, stimulus }) as AnchoredReply);
  const kept = (replies: readonly AnchoredReply[]) =>
    keepCommonPrompts(
      { factor: "prompt", from: "a", to: "b" },
      { systems: SYSTEMS, replies },
    ).replies.map(({ system, stimulus }) => `${system} ${stimulus}`);

  it("keeps of each pair what both answered, and people's replies to that", () => {
    assert.deepEqual(
      kept([
        ...replied("human", "1", "2", "3", "4"),
        ...replied("m-a-0", "1", "2"),
        ...replied("m-b-0", "2", "3"),
        ...replied("n-a-0", "3"),
        ...replied("n-b-0", "3"),
        ...replied("p", "4"),
      ]),
      ["human 2", "human 3", "m-a-0 2", "m-b-0 2", "n-a-0 3", "n-b-0 3"],
    );
  });

  it("keeps nothing of a pair without a prompt in common", () => {
    assert.deepEqual(
      kept([...replied("human", "1", "2"), ...replied("m-a-0", "1"), ...replied("m-b-0", "2")]),
      [],
    );
  });
});

describe("readClaims of a change", () => {
  const read = (compared: object) => {
    const path = join(temporaryFolder(), "claims.json");
    writeFileSync(path, JSON.stringify({ claims: [{ ...madeClaim(), compared }] }));
    return readClaimsFile(path);
  };
  const change = { factor: "prompt", from: "a", to: "b" };

  it("gives it as it is", () => {
    const compared = { family: "llm", change };
    assert.deepEqual(read(compared)[0]?.compared, compared);
  });

  for (const [fault, compared, message] of [
    ["another family too", { family: "llm", with: "human", change }, /both 'with' and 'change'/],
    ["two equal sides", { family: "llm", change: { ...change, to: "a" } }, /from 'a' to itself/],
    ["an unknown factor", { family: "llm", change: { ...change, factor: "mood" } }, /factor/],
    ["one side only", { family: "llm", change: { factor: "prompt", to: "b" } }, /'from'/],
  ] as const) {
    it(`refuses ${fault} in one line`, () => {
      assert.throws(() => read(compared), { name: "UserError", message });
    });
  }
});
