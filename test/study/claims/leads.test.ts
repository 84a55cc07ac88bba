import assert from "node:assert/strict";
import { createGenerator } from "kit";
import { fitMixed } from "mixed-models";
import { itNeeds, patience } from "test-support/needs";
import type { AnchoredReplies, AnchoredReply } from "../../../src/claims/anchored-replies";
import { type Estimates, entryOf } from "../../../src/claims/combine-estimates";
import { estimateLeads } from "../../../src/claims/leads";
import { SENTIMENTS, type Sentiment } from "../../../src/corpus/emotions";
import { PUBLISHED_STUDY } from "../../../src/study/study";
import { countShares } from "./count-shares";
import { type MadeTruth, madeReply, madeSystem, simulateReplies } from "./made-claims";

const A = madeSystem("a", "llm");
const B = madeSystem("b", "ecs");
const logit = (share: number) => Math.log(share / (1 - share));

function variance({ values, covariance }: Estimates, i: number, j = i): number {
  return covariance[i * values.length + j] as number;
}

function close(found: number | undefined, expected: number, tolerance: number): void {
  assert.ok(Math.abs((found as number) - expected) <= tolerance, `${found} and ${expected}`);
}

/**
 * One dialogue a reply pair, its turns all first ones: of every ten dialogues the first so many show it, for people the
 * last so many, so that no dialogue seems to have an effect of its own.
 */
function crossed(shares: Readonly<Record<string, number>>, dialogues: number): AnchoredReply[] {
  return SENTIMENTS.flatMap((sentiment) =>
    Array.from({ length: dialogues }, (_, at) =>
      Object.entries(shares).map(([system, tenths], of) => {
        const place = of === 0 ? 9 - (at % 10) : at % 10;
        return madeReply(system, `${sentiment}${at}`, sentiment, place < tenths);
      }),
    ).flat(),
  );
}

const TRUTH: MadeTruth = {
  systems: [A, B],
  people: -0.4,
  leads: {
    a: { positive: 0.6, negative: 1.4, ambiguous: 1 },
    b: { positive: 0.5, negative: 0, ambiguous: -0.5 },
  },
  dialogues: 150,
  dialogueSd: 0.8,
  stimulusSd: 0.5,
};

describe("estimateLeads", () => {
  it("is the difference of two logits where no dialogue has an effect of its own, with its variance", () => {
    const replies = crossed({ human: 3, a: 6, b: 5 }, 60);
    const { lead, own, dialogueSd, rows } = estimateLeads(
      { systems: [A, B], replies },
      "er",
      "any",
      { fewest: PUBLISHED_STUDY.fewestReplies },
    );
    close(dialogueSd, 0, 1e-6);
    assert.equal(rows, 540);
    const [people, a, b] = [0.3, 0.6, 0.5].map((share) => 1 / (60 * share * (1 - share)));
    for (const sentiment of SENTIMENTS) {
      const [first, second] = [entryOf(0, sentiment), entryOf(1, sentiment)];
      close(own.values[first], logit(0.6), 1e-4);
      close(lead.values[first], logit(0.6) - logit(0.3), 1e-4);
      close(lead.values[second], -logit(0.3), 1e-4);
      close(variance(own, first), a as number, 1e-4);
      close(variance(lead, first), (a as number) + (people as number), 1e-4);
      close(variance(lead, second), (b as number) + (people as number), 1e-4);
      // Both are held against the same people.
      close(variance(lead, first, second), people as number, 1e-4);
      close(variance(own, first, second), 0, 1e-4);
    }
    close(variance(lead, entryOf(0, "positive"), entryOf(0, "negative")), 0, 1e-4);
  });

  it("compares a system with people at its own mix of first and later turns", () => {
    // Of forty dialogues, the system answered thirty at the first turn and ten at a later one.
    const shares = { human: [0.2, 0.5], a: [0.5, 0.9] } as const;
    const replies = SENTIMENTS.flatMap((sentiment) =>
      [2, 4].flatMap((turn, later) =>
        Array.from({ length: later ? 20 : 60 }, (_, at) =>
          (["human", "a"] as const).map((system) => {
            const place = (system === "human" ? 9 - (at % 10) : at % 10) / 10;
            const shown = place < shares[system][later as 0 | 1];
            return madeReply(system, `${sentiment}${turn}${at}`, sentiment, shown, { turn });
          }),
        ).flat(),
      ),
    );
    const { lead } = estimateLeads({ systems: [A], replies }, "er", "any", {
      fewest: PUBLISHED_STUDY.fewestReplies,
    });
    const [people, a] = [shares.human, shares.a].map(
      ([first, later]) => 0.75 * logit(first) + 0.25 * logit(later),
    ) as [number, number];
    for (const value of lead.values) close(value, a - people, 2e-4);
  });

  it("finds the leads that simulated replies were given, and those of another form of the model", () => {
    const anchored = simulateReplies(TRUTH, 3);
    const { lead, dialogueSd, stimulusSd } = estimateLeads(anchored, "er", "any", {
      fewest: PUBLISHED_STUDY.fewestReplies,
    });
    for (const [at, { id }] of TRUTH.systems.entries()) {
      for (const sentiment of SENTIMENTS) {
        const entry = entryOf(at, sentiment);
        const se = Math.sqrt(variance(lead, entry));
        const truth = TRUTH.leads[id]?.[sentiment] as number;
        close(lead.values[entry], truth, 3 * se);
        assert.ok(se > 0.1 && se < 0.25, `${se}`);
      }
    }
    assert.ok(dialogueSd > 0.4 && dialogueSd < 1.2 && stimulusSd < 1);
    // One sentiment of it by treatment coding: people are the reference level of `who`.
    const table = {
      y: anchored.replies.map(({ levels }) => levels.er),
      who: anchored.replies.map(({ system }) => (system === "human" ? "0" : system)),
      sentiment: anchored.replies.map(({ sentiment }) => sentiment),
      later: anchored.replies.map(({ isFirst }) => (isFirst ? "0" : "1")),
      dialogue: anchored.replies.map(({ dialogue }) => dialogue),
      stimulus: anchored.replies.map(({ stimulus }) => stimulus),
    };
    const formula = "y ~ who * sentiment + later:who + (1 | dialogue) + (1 | stimulus)";
    const fit = fitMixed(formula, table, { family: "binomial" });
    const of = (name: string) => fit.coefficients.find((one) => one.name === name);
    const later = (who: string) => of(`who${who}:later1`)?.estimate as number;
    for (const [at, id] of ["a", "b"].entries()) {
      const expected = (of(`who${id}`)?.estimate as number) + (later(id) - later("0")) / 2;
      close(lead.values[entryOf(at, "ambiguous")], expected, 2e-3);
    }
  });

  itNeeds(
    patience,
    "has standard errors whose intervals cover the truth in 95 of 100 simulations",
    () => {
      const small = { ...TRUTH, dialogues: 60 };
      let [covered, all] = [0, 0];
      for (let stream = 0; stream < 150; stream++) {
        const { lead } = estimateLeads(simulateReplies(small, 11, stream), "er", "any", {
          fewest: PUBLISHED_STUDY.fewestReplies,
        });
        for (const [at, { id }] of small.systems.entries()) {
          for (const sentiment of SENTIMENTS) {
            const entry = entryOf(at, sentiment);
            const distance = (lead.values[entry] as number) - (TRUTH.leads[id]?.[sentiment] ?? 0);
            if (Math.abs(distance) < 1.96 * Math.sqrt(variance(lead, entry))) covered++;
            all++;
          }
        }
      }
      // 900 intervals, six to a simulation: four standard errors of independent ones are 0.03.
      assert.ok(Math.abs(covered / all - 0.95) < 0.03, `${covered / all}`);
    },
    120_000,
  );

  it("says why a cell has no log-odds, and leaves the others as they are", () => {
    const whole = crossed({ human: 3, a: 6, b: 5 }, 60);
    const sure = whole.map((reply) =>
      reply.system === "a" && reply.sentiment === "negative"
        ? { ...reply, levels: { er: 2, ip: 0, ex: 0 } }
        : reply,
    );
    const few = sure.filter(
      ({ system, sentiment }, at) => system !== "b" || sentiment !== "positive" || at % 18 === 2,
    );
    const anchored = { systems: [A, B], replies: few };
    const { lead, reasons, replies } = estimateLeads(anchored, "er", "any", {
      fewest: PUBLISHED_STUDY.fewestReplies,
    });
    const { leadShare } = countShares(anchored, "er", "any");
    assert.equal(reasons[entryOf(0, "negative")], "all of 60 replies (separation)");
    assert.equal(replies[entryOf(1, "positive")], 10);
    assert.equal(reasons[entryOf(1, "positive")], "10 replies, fewer than 20");
    assert.ok(Number.isNaN(lead.values[entryOf(0, "negative")]));
    assert.ok(Number.isNaN(variance(lead, entryOf(0, "negative"))));
    close(lead.values[entryOf(0, "positive")], logit(0.6) - logit(0.3), 1e-4);
    close(leadShare.values[entryOf(0, "negative")], 0.7, 1e-12);
  });

  it("says that it is people whose replies are all alike, where it is", () => {
    const replies = crossed({ human: 0, a: 6 }, 30);
    const { reasons, lead } = estimateLeads({ systems: [A], replies }, "er", "any", {
      fewest: PUBLISHED_STUDY.fewestReplies,
    });
    assert.deepEqual(
      reasons,
      SENTIMENTS.map(() => "people: none of 30 replies (separation)"),
    );
    assert.ok(lead.values.every(Number.isNaN));
  });

  it("tells a strong reaction from any", () => {
    const replies = crossed({ human: 3, a: 6 }, 60).map((reply, at) =>
      at % 4 === 0 && reply.levels.er === 1 ? { ...reply, levels: { er: 2, ip: 0, ex: 0 } } : reply,
    );
    const [any, strong] = (["any", "strong"] as const).map((outcome) => {
      const { ownShare } = countShares({ systems: [A], replies }, "er", outcome);
      const { own } = estimateLeads({ systems: [A], replies }, "er", outcome, {
        fewest: PUBLISHED_STUDY.fewestReplies,
      });
      return { share: ownShare.values[0], odds: own.values[0] };
    });
    close(any?.share, 0.6, 1e-12);
    assert.ok((strong?.share as number) < 0.4);
    close(any?.odds, logit(0.6), 1e-4);
    // None of them is strong.
    assert.ok(Number.isNaN(strong?.odds));
  });

  it("does without what is not there: any reply, a system's, replies of other lengths", () => {
    const none = estimateLeads({ systems: [A], replies: [] }, "er", "any", {
      fewest: PUBLISHED_STUDY.fewestReplies,
    });
    assert.deepEqual(new Set(none.reasons), new Set(["no scored reply"]));
    assert.equal(none.rows, 0);
    const replies = crossed({ human: 3, a: 6 }, 60);
    const alone = estimateLeads({ systems: [A, B], replies }, "er", "any", {
      fewest: PUBLISHED_STUDY.fewestReplies,
    });
    assert.equal(alone.reasons[entryOf(1, "positive")], "no scored reply");
    const plain = estimateLeads({ systems: [A], replies }, "er", "any", {
      fewest: PUBLISHED_STUDY.fewestReplies,
    });
    const equal = estimateLeads({ systems: [A], replies }, "er", "any", {
      fewest: PUBLISHED_STUDY.fewestReplies,
      equalLength: true,
    });
    close(equal.lead.values[0], plain.lead.values[0] as number, 1e-6);
  });

  it("does without a later turn's effect where turns are told by the sentiment alone", () => {
    const replies = crossed({ human: 3, a: 6 }, 60).map((reply) =>
      reply.sentiment === "negative"
        ? { ...reply, isFirst: false, stimulus: `${reply.dialogue} 4` }
        : reply,
    );
    const { lead, reasons } = estimateLeads({ systems: [A], replies }, "er", "any", {
      fewest: PUBLISHED_STUDY.fewestReplies,
    });
    assert.deepEqual(new Set(reasons), new Set([null]));
    for (const value of lead.values) close(value, logit(0.6) - logit(0.3), 1e-3);
  });

  it("takes the part of length out of a lead that is nothing else", () => {
    // The longer a reply, the more often it shows it, whoever wrote it; people write short ones.
    const random = createGenerator(5);
    const lengths = [10, 10, 10, 10, 10, 20, 20, 20, 20, 30, 30, 30, 40, 40, 50];
    const replies = SENTIMENTS.flatMap((sentiment) =>
      Array.from({ length: 600 }, (_, at) =>
        ["human", "a"].map((system) => {
          const length = lengths[at % 15] as number;
          const words = system === "human" ? length : 60 - length;
          const shown = random.uniform() < words / 60;
          return madeReply(system, `${sentiment}${at}`, sentiment, shown, { words });
        }),
      ).flat(),
    );
    const anchored: AnchoredReplies = { systems: [A], replies };
    const mean = (equalLength: boolean) => {
      const { lead } = estimateLeads(anchored, "er", "any", {
        fewest: PUBLISHED_STUDY.fewestReplies,
        equalLength,
      });
      return lead.values.reduce((sum, value) => sum + value, 0) / 3;
    };
    assert.ok(mean(false) > 0.8);
    close(mean(true), 0, 0.2);
  });
});

describe("countShares", () => {
  const anchored = simulateReplies({ ...TRUTH, dialogues: 40 }, 5);
  const { ownShare, leadShare } = countShares(anchored, "er", "any");
  const people = new Map(
    anchored.replies
      .filter(({ system }) => system === "human")
      .map(({ stimulus, levels }) => [stimulus, levels.er]),
  );

  /** By the sandwich of a regression of values on indicators of their entries, written as matrices. */
  function direct(outcomeOf: (reply: AnchoredReply) => number): Estimates {
    const rows = anchored.replies.filter(({ system }) => system !== "human");
    const entries = rows.map(({ system, sentiment }) => entryOf(system === "a" ? 0 : 1, sentiment));
    const counts = Array.from({ length: 6 }, (_, entry) => entries.filter((one) => one === entry));
    const values = Float64Array.from(counts, ({ length }, entry) => {
      const own = rows.filter((_, at) => entries[at] === entry);
      return own.reduce((sum, reply) => sum + outcomeOf(reply), 0) / length;
    });
    const covariance = new Float64Array(36);
    for (const dialogue of new Set(rows.map((row) => row.dialogue))) {
      const scores = Float64Array.from({ length: 6 }, (_, entry) =>
        rows.reduce(
          (sum, row, at) =>
            row.dialogue === dialogue && entries[at] === entry
              ? sum + outcomeOf(row) - (values[entry] as number)
              : sum,
          0,
        ),
      );
      for (let i = 0; i < 6; i++) {
        for (let j = 0; j < 6; j++) {
          const product = (scores[i] as number) * (scores[j] as number);
          covariance[6 * i + j] =
            (covariance[6 * i + j] as number) +
            product / (counts[i]?.length as number) / (counts[j]?.length as number);
        }
      }
    }
    return { values, covariance };
  }

  for (const [name, found, outcomeOf] of [
    ["shares", ownShare, ({ levels }: AnchoredReply) => levels.er],
    [
      "differences from people on the same stimuli",
      leadShare,
      ({ levels, stimulus }: AnchoredReply) => levels.er - (people.get(stimulus) as number),
    ],
  ] as const) {
    it(`gives ${name} with the covariance of clustered means`, () => {
      const expected = direct(outcomeOf);
      for (const [at, value] of expected.values.entries()) close(found.values[at], value, 1e-12);
      for (const [at, value] of expected.covariance.entries()) {
        close(found.covariance[at], value, 1e-12);
      }
    });
  }

  it("takes nothing for more that a dialogue says twice", () => {
    const doubled = anchored.replies.map((reply) => ({ ...reply, stimulus: `${reply.stimulus}b` }));
    const twice = countShares(
      { ...anchored, replies: [...anchored.replies, ...doubled] },
      "er",
      "any",
    );
    for (const [at, value] of leadShare.covariance.entries()) {
      close(twice.leadShare.covariance[at], value, 1e-12);
    }
  });

  it("gives a share of all replies half a reply's doubt", () => {
    const replies = crossed({ human: 3, a: 10 }, 30);
    const found = countShares({ systems: [A], replies }, "er", "any");
    const half = 0.5 / 31;
    close(variance(found.ownShare, 0), (half * (1 - half)) / 30, 1e-15);
    const byPeople = (0.3 * 0.7) / 30;
    close(variance(found.leadShare, 0), byPeople + (half * (1 - half)) / 30, 1e-12);
  });

  it("is NaN where a system answered none", () => {
    const replies = crossed({ human: 3, a: 5 }, 30);
    const found = countShares({ systems: [A, B], replies }, "er", "any");
    const isMissing = (sentiment: Sentiment) =>
      Number.isNaN(found.leadShare.values[entryOf(1, sentiment)]);
    assert.ok(SENTIMENTS.every(isMissing));
  });
});
