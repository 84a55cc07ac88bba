// The committed results beside the claims, the scores and each other.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { isMissing } from "kit";
import { itNeeds, patience } from "test-support/needs";
import {
  type Analysis,
  CHOICE_NAMES,
  listAnalyses,
  MAIN_ANALYSIS,
} from "../../../src/claims/analysis";
import { readAnchoredReplies, selectReplies } from "../../../src/claims/anchored-replies";
import { assessClaim } from "../../../src/claims/assess-claim";
import { type Claim, readClaims } from "../../../src/claims/claim";
import { estimateLeads } from "../../../src/claims/leads";
import {
  type ClaimResult,
  EVIDENCE_NAMES,
  formatClaimResults,
  formatLeads,
  formatMultiverse,
  formatSensitivities,
  readClaimResults,
  readLeads,
  readMultiverse,
  readSensitivities,
  toLeadRows,
} from "../../../src/claims/results-tables";
import { tryStudyModel } from "../../../src/claims/study-model";
import { ruleOn, tally } from "../../../src/claims/verdict";
import { projectPath } from "../../../src/project";
import { PUBLISHED_STUDY, readStudy } from "../../../src/study/study";
import { isCompared } from "../../../src/systems/unit";

const root = projectPath();
const claims = readClaims({ root: projectPath() });
const results = readClaimResults({ root });
const multiverse = readMultiverse({ root });
const leads = readLeads({ root });
const anchored = readAnchoredReplies(readStudy(root), isCompared, MAIN_ANALYSIS.scorer);

const claimOf = (id: string) => claims.find((claim) => claim.id === id) as Claim;
const resultOf = (set: string, id: string) =>
  results.find((row) => row.set === set && row.claim === id) as ClaimResult;
const analysesOf = (set: string, id: string) =>
  multiverse.filter((row) => row.set === set && row.claim === id);

/** Equal as far as four decimals say. */
function close(found: number | null | undefined, stored: number | null, name: string): void {
  assert.ok(
    Math.abs((found as number) - (stored as number)) < 2e-4,
    `${name}: ${found}, ${stored}`,
  );
}

describe("data/results", () => {
  it("holds every claim on every kind of evidence, once", () => {
    const pairs = results.map(({ set, claim }) => `${set} ${claim}`);
    const expected = Object.keys(EVIDENCE_NAMES).flatMap((set) =>
      claims.map(({ id }) => `${set} ${id}`),
    );
    assert.deepEqual([...pairs].sort(), [...expected].sort());
  });

  it("comes back as it was read", () => {
    for (const [name, text] of [
      ["claims", formatClaimResults(results)],
      ["multiverse", formatMultiverse(multiverse)],
      ["sensitivity", formatSensitivities(readSensitivities({ root }))],
      ["leads", formatLeads(leads)],
    ] as const) {
      assert.equal(text, readFileSync(projectPath("data", "results", `${name}.csv`), "utf8"), name);
    }
  });

  it("has numbers in order, or none and a reason", () => {
    for (const row of results) {
      const name = `${row.set} ${row.claim}`;
      if (row.estimate === null) {
        assert.match(row.verdict, /^(cannot be tested|not yet measured)$/, name);
        continue;
      }
      const { estimate, lower, upper, these_lower, these_upper, next_lower, next_upper } = row;
      assert.ok((lower as number) < estimate && estimate < (upper as number), name);
      if (these_lower === null || these_upper === null) continue;
      assert.ok(these_lower < estimate && estimate < these_upper, name);
      assert.ok((next_lower as number) <= (lower as number), name);
      assert.ok((next_upper as number) >= (upper as number), name);
      assert.ok((row.permutation_p as number) > 0 && (row.permutation_p as number) <= 1, name);
    }
    for (const { lead, lead_se, share, share_lead, reason, system } of leads) {
      assert.equal(lead === null, reason !== "", system);
      assert.ok(lead === null || (lead_se as number) > 0, system);
      assert.ok(share === null || (share >= 0 && share <= 1 && Math.abs(share_lead ?? 0) <= 1));
    }
  });

  it("gives the verdicts that the rule gives on its numbers", () => {
    for (const row of results.filter(({ estimate }) => estimate !== null)) {
      const { estimate, lower, upper, these_lower, these_upper } = row;
      const found = {
        estimate: estimate as number,
        lower: lower as number,
        upper: upper as number,
        theseLower: these_lower ?? (lower as number),
        theseUpper: these_upper ?? (upper as number),
      };
      assert.equal(ruleOn(claimOf(row.claim), found), row.verdict, `${row.set} ${row.claim}`);
    }
  });

  it("counts the analyses that its multiverse holds, the main one first", () => {
    for (const row of results.filter(({ analyses }) => analyses !== null)) {
      const name = `${row.set} ${row.claim}`;
      const rows = analysesOf(row.set, row.claim);
      const estimated = rows.flatMap(({ lower, upper }) =>
        lower === null || upper === null ? [] : [{ lower, upper }],
      );
      assert.equal(estimated.length, row.analyses, name);
      const { agree, oppose, open } = row;
      assert.deepEqual({ agree, oppose, open }, tally(claimOf(row.claim), estimated), name);
      const [main] = rows;
      for (const choice of CHOICE_NAMES) assert.equal(main?.[choice], MAIN_ANALYSIS[choice], name);
      for (const column of ["estimate", "lower", "upper", "these_lower"] as const) {
        assert.equal(main?.[column], row[column], name);
      }
    }
  });

  it("knows no analysis but those that are listed, and none twice", () => {
    const key = (row: Analysis | (typeof multiverse)[number]) =>
      CHOICE_NAMES.map((choice) => row[choice]).join();
    for (const claim of claims) {
      const listed = new Set(listAnalyses(claim, PUBLISHED_STUDY).map(key));
      for (const set of ["all", "study"]) {
        const found = analysesOf(set, claim.id).map(key);
        assert.equal(new Set(found).size, found.length);
        assert.ok(
          found.every((one) => listed.has(one)),
          claim.id,
        );
      }
    }
  });

  it("names the study's systems that nothing stands for, on the study's own models alone", () => {
    for (const { id, compared } of claims) {
      const { note } = resultOf("study", id);
      assert.match(note, /^without Vicuna FastChat-T5, PaLM 2, Falcon-7B-Instruct/);
      assert.equal(note.includes("CAB"), compared.with === "ecs", id);
      assert.doesNotMatch(note, /GPT/);
      assert.equal(resultOf("all", id).note, "");
    }
  });

  it("comes from the committed scores: a claim estimated anew, and the leads behind it", () => {
    const claim = claimOf("er-above-human");
    const stage = estimateLeads(anchored, claim.metric, claim.outcome, {
      fewest: PUBLISHED_STUDY.fewestReplies,
    });
    const { assessment } = assessClaim(claim, stage, anchored.systems);
    const stored = resultOf("all", claim.id);
    for (const [found, column] of [
      [assessment?.estimate, "estimate"],
      [assessment?.lower, "lower"],
      [assessment?.theseUpper, "these_upper"],
      [assessment?.predictionLower, "next_lower"],
      [assessment?.share?.estimate, "share"],
      [assessment?.share?.upper, "share_upper"],
      [assessment?.spread.llm, "spread"],
      [assessment?.p, "permutation_p"],
    ] as const) {
      close(found, stored[column], column);
    }
    const own = leads.filter(({ metric, outcome }) => metric === "er" && outcome === "any");
    const anew = toLeadRows("er", "any", stage);
    assert.equal(anew.length, own.length);
    for (const [at, { lead, lead_se, share_lead, system, replies }] of own.entries()) {
      assert.deepEqual([anew[at]?.system, anew[at]?.replies], [system, replies]);
      if (lead !== null) close(anew[at]?.lead, lead, system);
      if (lead_se !== null) close(anew[at]?.lead_se, lead_se, system);
      if (share_lead !== null) close(anew[at]?.share_lead, share_lead, system);
    }
  });

  // The lowest, the middle and the highest ratio of standard errors of leads, as docs/claims.md gives them.
  for (const [metric, expected] of [
    ["er", ["0.97", "0.99", "1.13"]],
    ["ex", ["0.95", "1.00", "1.09"]],
    ["ip", ["0.99", "1.04", "1.20"]],
  ] as const) {
    itNeeds(
      patience,
      `has standard errors of ${metric}, given the random effects' variances, near those from the Hessian`,
      () => {
        const [given, whole] = (["conditional", "hessian"] as const).map((standardErrors) =>
          toLeadRows(
            metric,
            "any",
            estimateLeads(anchored, metric, "any", {
              fewest: PUBLISHED_STUDY.fewestReplies,
              standardErrors,
            }),
          ),
        );
        const ratios = (given ?? [])
          .flatMap(({ lead_se }, at) => {
            const other = whole?.[at]?.lead_se;
            return lead_se !== null && other ? [lead_se / other] : [];
          })
          .sort((one, other) => one - other);
        const places = [0, Math.floor(ratios.length / 2), -1];
        assert.deepEqual(
          places.map((place) => ratios.at(place)?.toFixed(2)),
          expected,
        );
      },
      60_000,
    );
  }

  it("comes from the committed scores: one of the other analyses, and the study's model", () => {
    const claim = claimOf("ex-negative");
    const analysis = { ...MAIN_ANALYSIS, dialogues: "test", turns: "first" } as const;
    const stage = estimateLeads(selectReplies(anchored, analysis), claim.metric, claim.outcome, {
      fewest: PUBLISHED_STUDY.fewestReplies,
    });
    const { assessment } = assessClaim(claim, stage, anchored.systems);
    const row = analysesOf("all", claim.id).find((one) =>
      CHOICE_NAMES.every((choice) => one[choice] === analysis[choice]),
    );
    close(assessment?.estimate, row?.estimate ?? null, "estimate");
    close(assessment?.upper, row?.upper ?? null, "upper");
    assert.equal(assessment?.units.length, row?.models);
    const found = tryStudyModel(anchored, claim, PUBLISHED_STUDY);
    assert.ok(!isMissing(found));
    close(found.estimate, resultOf("study-model", claim.id).estimate, "the study's model");
    close(found.lower, resultOf("study-model", claim.id).lower, "the study's model");
  });
});
