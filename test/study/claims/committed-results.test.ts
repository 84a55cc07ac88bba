// The committed results beside the claims, the readings, the scores and each other.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { isMissing } from "kit";
import { openStudyModel } from "../../../apps/claims/study-model-estimates";
import { toShareRows } from "../../../apps/claims/to-share-rows";
import {
  type Analysis,
  CHOICE_NAMES,
  listAnalyses,
  mainAnalysis,
} from "../../../src/claims/analysis";
import { assessClaim, isAssessed } from "../../../src/claims/assess-claim";
import { type Claim, readClaims } from "../../../src/claims/claim";
import { instrumentsOf, openReplies, openShares } from "../../../src/claims/instruments";
import {
  type ClaimResult,
  formatClaimResults,
  formatMultiverse,
  formatShares,
  formatWithout,
  readClaimResults,
  readMultiverse,
  readShares,
  readWithout,
} from "../../../src/claims/results-tables";
import { ruleOn } from "../../../src/claims/verdict";
import { RULINGS, readSimulatedVerdicts } from "../../../src/claims/verdict-simulation";
import { projectPath } from "../../../src/project";
import { PUBLISHED_STUDY, readStudy } from "../../../src/study/study";

const root = projectPath();
const study = readStudy(root);
const claims = readClaims({ root });
const results = readClaimResults({ root });
const multiverse = readMultiverse({ root });
const shares = readShares({ root });
const instruments = instrumentsOf(study);
const MAIN = mainAnalysis(instruments);
const repliesOf = openReplies(study);
const sharesOf = openShares(study, repliesOf);
const anchored = repliesOf(study.scorers[0]);

const claimOf = (id: string) => claims.find((claim) => claim.id === id) as Claim;
const resultOf = (set: string, id: string) =>
  results.find((row) => row.set === set && row.claim === id) as ClaimResult;

/** Equal as far as four decimals say. */
function close(found: number | null | undefined, stored: number | null, name: string): void {
  assert.ok(
    Math.abs((found as number) - (stored as number)) < 2e-4,
    `${name}: ${found}, ${stored}`,
  );
}

describe("data/results", () => {
  it("holds every claim on every kind of evidence, once, measured by readings first", () => {
    assert.deepEqual(instruments, ["readings", ...study.scorers, "block"]);
    const sets = ["main", "study", "block", ...study.scorers, "study-model", "people"];
    assert.deepEqual(
      results.map(({ set, claim }) => `${claim} ${set}`).sort(),
      claims
        .flatMap(({ id, metric }) =>
          [...sets, ...(metric === "ip" ? ["practice", "bound"] : [])].map((set) => `${id} ${set}`),
        )
        .sort(),
    );
  });

  it("comes back as it was read", () => {
    for (const [name, text] of [
      ["claims", formatClaimResults(results)],
      ["multiverse", formatMultiverse(multiverse)],
      ["without", formatWithout(readWithout({ root }))],
      ["shares", formatShares(shares)],
    ] as const) {
      assert.equal(text, readFileSync(projectPath("data", "results", `${name}.csv`), "utf8"), name);
    }
  });

  it("has numbers in order, or none and a reason", () => {
    for (const row of results) {
      const name = `${row.set} ${row.claim}`;
      const { estimate, lower, upper, lower_90, these, these_lower, these_upper } = row;
      if (these === null || these_lower === null || these_upper === null) {
        assert.match(row.verdict, /^(cannot be told|holds|the opposite holds|not yet measured)$/);
        assert.ok(row.note !== "" || row.verdict === "not yet measured", name);
        continue;
      }
      assert.ok(these_lower < these && these < these_upper, name);
      if (lower === null || upper === null) continue;
      assert.ok(lower < (estimate as number) && (estimate as number) < upper, name);
      assert.ok(lower < (lower_90 as number), name);
      assert.ok((row.permutation_p as number) > 0 && (row.permutation_p as number) <= 1, name);
    }
    for (const { share, share_lower, share_upper, lead, lead_se, reason, system } of shares) {
      assert.equal(share === null, reason !== "", system);
      if (share === null) continue;
      assert.ok(share >= 0 && share <= 1 && Math.abs(lead as number) <= 1, system);
      assert.ok((share_lower as number) <= share && share <= (share_upper as number), system);
      assert.ok((lead_se as number) > 0, system);
    }
  });

  it("gives the verdicts that the rule gives on its numbers", () => {
    for (const row of results.filter(({ these }) => these !== null)) {
      if (row.verdict === "cannot be measured") {
        assert.match(row.note, /Youden's J is|EPITOME's practice/);
        continue;
      }
      const sides = [
        { units: row.units as number, collections: row.collections as number },
        ...(row.others === null
          ? []
          : [{ units: row.others, collections: row.other_collections as number }]),
      ];
      const ruling = ruleOn(claimOf(row.claim), {
        models: { estimate: row.estimate as number, lower: row.lower, upper: row.upper },
        equivalence: { lower: row.lower_90, upper: row.upper_90 },
        these: { estimate: row.these as number, lower: row.these_lower, upper: row.these_upper },
        sides,
        unmeasured: null,
      });
      assert.equal(ruling, row.verdict, `${row.set} ${row.claim}`);
    }
  });

  it("has the main analysis first in its multiverse, no analysis but those listed, and none twice", () => {
    const key = (
      row: Pick<Analysis, (typeof CHOICE_NAMES)[number]> | (typeof multiverse)[number],
    ) => CHOICE_NAMES.map((choice) => row[choice]).join();
    for (const claim of claims) {
      const listed = new Set(listAnalyses(claim, instruments).map(key));
      const own = multiverse.filter((row) => row.claim === claim.id);
      const found = own.map(key);
      assert.equal(new Set(found).size, found.length);
      assert.ok(
        found.every((one) => listed.has(one)),
        claim.id,
      );
      assert.equal(found[0], key(MAIN));
      const main = resultOf("main", claim.id);
      for (const column of ["verdict", "estimate", "lower", "upper", "these"] as const) {
        assert.equal(own[0]?.[column], main[column], claim.id);
      }
    }
  });

  it("never says 'holds' of interpretation by a head, and says why", () => {
    for (const { set, verdict, note } of results.filter(
      ({ set, claim }) => study.scorers.slice(1).includes(set) && claimOf(claim).metric === "ip",
    )) {
      assert.equal(verdict, "cannot be measured", set);
      assert.match(note, /^against readings of replies by LLMs the head's Youden's J is [−.0-9]+,/);
    }
  });

  it("names the study's systems that nothing stands for, on the study's own models alone", () => {
    for (const { id, compared } of claims) {
      const { note } = resultOf("study", id);
      const isOfLlms = compared.family === "llm";
      assert.equal(/without Vicuna FastChat-T5, PaLM 2, Falcon-7B/.test(note), isOfLlms, id);
      assert.equal(note.includes("CAB"), !isOfLlms || compared.with === "ecs", id);
      assert.doesNotMatch(note, /GPT/);
      assert.doesNotMatch(resultOf("main", id).note, /Vicuna/);
    }
  });

  it("corrects p-values over the study's six claims", () => {
    const own = claims.filter(({ origin }) => origin === "study");
    const rows = own.map(({ id }) => resultOf("main", id));
    const sorted = rows.flatMap(({ p }) => p ?? []).sort((one, other) => one - other);
    const least = rows.find(({ p }) => p === sorted[0]);
    close(least?.holm_p, Math.min(1, (sorted[0] as number) * sorted.length), "Holm");
    for (const { p, holm_p } of rows) assert.ok(p === null || (holm_p as number) >= p - 1e-4);
    for (const { id, origin } of claims) {
      if (origin === "beside") assert.equal(resultOf("main", id).holm_p, null);
    }
  });

  it("comes from the committed readings and scores: a claim estimated anew, and the shares behind it", () => {
    const claim = claimOf("er-above-human");
    const table = sharesOf(MAIN, claim.metric, claim.outcome);
    const found = assessClaim(claim, table, anchored.systems);
    assert.ok(isAssessed(found));
    const stored = resultOf("main", claim.id);
    for (const [value, column] of [
      [found.models.estimate, "estimate"],
      [found.models.lower, "lower"],
      [found.equivalence.upper, "upper_90"],
      [found.these.upper, "these_upper"],
      [found.df, "df"],
      [found.spread.llm, "spread"],
      [found.permutationP, "permutation_p"],
    ] as const) {
      close(value, stored[column], column);
    }
    const own = shares.filter(
      ({ instrument, metric, outcome }) =>
        instrument === "readings" && metric === "er" && outcome === "any",
    );
    const anew = toShareRows("readings", "er", "any", table);
    assert.equal(anew.length, own.length);
    for (const [at, { lead, lead_se, system, reads }] of own.entries()) {
      assert.deepEqual([anew[at]?.system, anew[at]?.reads], [system, reads]);
      if (lead !== null) close(anew[at]?.lead, lead, system);
      if (lead_se !== null) close(anew[at]?.lead_se, lead_se, system);
    }
  });

  it("comes from the committed scores: one of the other analyses, and the study's model", () => {
    const claim = claimOf("ex-negative");
    const analysis = { ...MAIN, dialogues: "test", turns: "first" } as const;
    const table = sharesOf(analysis, claim.metric, claim.outcome);
    const found = assessClaim(claim, table, anchored.systems);
    assert.ok(isAssessed(found));
    const row = multiverse.find(
      (one) =>
        one.claim === claim.id && CHOICE_NAMES.every((choice) => one[choice] === analysis[choice]),
    );
    close(found.these.estimate, row?.these ?? null, "estimate");
    close(found.models.upper, row?.upper ?? null, "upper");
    assert.equal(found.units.length, row?.units);
    const model = openStudyModel(anchored, PUBLISHED_STUDY)(claim);
    assert.ok(!isMissing(model));
    const shown = model.estimate.toFixed(2).replace("-", "−");
    assert.ok(resultOf("study-model", claim.id).note.startsWith(`log-odds ${shown} (`));
  });
});

describe("data/validity/verdict-simulation.csv", () => {
  const simulated = readSimulatedVerdicts({ root });

  it("holds shares of all verdicts, under no difference and under several", () => {
    assert.ok(simulated.length >= 48);
    for (const { shares: of, replicates } of simulated) {
      assert.equal(replicates, 1000);
      const sum = RULINGS.reduce((total, ruling) => total + of[ruling], 0);
      assert.ok(Math.abs(sum - 1) < 0.005);
    }
  });

  it("has no verdict that holds in more than one of twenty draws without a difference", () => {
    for (const { difference, shares: of, claim, spread } of simulated) {
      if (difference !== 0) continue;
      const name = `${claim}, ${spread}`;
      assert.ok(Math.max(of.holds, of["the opposite holds"]) <= 0.05, name);
      // Of both sides together one in twenty, as far as 1,000 draws can tell: their standard error is .007.
      assert.ok(of.holds + of["the opposite holds"] <= 0.06, name);
    }
  });
});
