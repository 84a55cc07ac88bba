// Stage 1: shares by readings with a head's predictions, by readings alone, and by a head alone.
import assert from "node:assert/strict";
import { byMetric } from "empathy-scorer";
import { createGenerator } from "kit";
import type { AnchoredReply } from "../../../src/claims/anchored-replies";
import { combineClustered } from "../../../src/claims/clustered-estimates";
import { entryOf } from "../../../src/claims/combine-estimates";
import {
  designInstrument,
  headInstrument,
  readingInstrument,
} from "../../../src/claims/instrument";
import {
  bestWeight,
  FEWEST_READINGS,
  layOutMean,
  type PredictedUnit,
  predictMean,
} from "../../../src/claims/predicted-mean";
import { leadAt, wilsonInterval } from "../../../src/claims/share-rows";
import { estimateShares, layOutShares } from "../../../src/claims/share-table";
import { SENTIMENTS } from "../../../src/corpus/emotions";
import type { ReadReply } from "../../../src/readings/readings";
import { countShares } from "./count-shares";
import { madeReply, madeSystem, simulateReplies } from "./made-claims";

const close = (one: number, other: number, tolerance = 1e-12) =>
  assert.ok(Math.abs(one - other) <= tolerance, `${one} and ${other}`);

interface Made {
  readonly units: PredictedUnit[];
  readonly read: Float64Array;
  readonly predicted: Float64Array;
}

/** Replies of so many dialogues, two each, in two strata, the first ones of each stratum read. */
function made(dialogues: number, reads: number): Made {
  const random = createGenerator(3);
  const rows = Array.from({ length: 2 * dialogues }, (_, at) => ({
    dialogue: Math.floor(at / 2),
    isRead: Math.floor(at / 2) < reads,
    strata: [at % 2 === 0 ? "first" : "later", "any"],
    read: random.uniform() < (at % 2 === 0 ? 0.7 : 0.3) ? 1 : 0,
    predicted: random.uniform(),
  }));
  return {
    units: rows,
    read: Float64Array.from(rows, ({ isRead, read }) => (isRead ? read : Number.NaN)),
    predicted: Float64Array.from(rows, ({ predicted }) => predicted),
  };
}

describe("predictMean", () => {
  it("is the mean of what was read, by stratum, and of predictions where these were not", () => {
    const { units, read, predicted } = made(40, 10);
    const mean = predictMean(layOutMean(units) as never, read, predicted, 40);
    const of = (values: Float64Array, isRead: boolean, stratum: string) => {
      const own = units.flatMap((unit, at) =>
        unit.strata[0] === stratum && (!isRead || unit.isRead) ? [values[at] as number] : [],
      );
      return own.reduce((sum, value) => sum + value, 0) / own.length;
    };
    close(mean.read, (of(read, true, "first") + of(read, true, "later")) / 2);
    const shift = (stratum: string) => of(predicted, false, stratum) - of(predicted, true, stratum);
    close(mean.shift, (shift("first") + shift("later")) / 2);
    assert.equal(mean.reads, 20);
  });

  it("has influences that sum to zero, and predictions that cancel where everything was read", () => {
    const { units, read, predicted } = made(30, 30);
    const mean = predictMean(layOutMean(units) as never, read, predicted, 30);
    const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
    close(sum(mean.readInfluence), 0);
    close(mean.shift, 0);
    for (const value of mean.shiftInfluence ?? []) close(value, 0);
    // Everything read in one stratum: the sandwich of a plain mean over dialogues.
    const plain = units.map((unit) => ({ ...unit, strata: [] }));
    const whole = predictMean(layOutMean(plain) as never, read, predicted, 30);
    for (const [dialogue, value] of whole.readInfluence.entries()) {
      const own = (read[2 * dialogue] as number) + (read[2 * dialogue + 1] as number);
      close(value, (own - 2 * whole.read) / 60);
    }
  });

  it("pools strata that hold too few readings, all of them at once", () => {
    const { units, read, predicted } = made(40, 10);
    const few = units.map((unit, at) => ({
      ...unit,
      isRead: unit.isRead && (unit.strata[0] === "first" || at < 2 * (FEWEST_READINGS - 1)),
    }));
    const layout = layOutMean(few);
    assert.equal(layout?.shares.length, 1);
    const mean = predictMean(layout as never, read, predicted, 40);
    assert.equal(mean.reads, 10 + FEWEST_READINGS - 1);
    assert.equal(layOutMean(units.map((unit, at) => ({ ...unit, isRead: at < 4 }))), undefined);
  });

  it("trusts perfect predictions wholly, and random ones hardly", () => {
    const { units, read, predicted } = made(400, 60);
    const truth = Float64Array.from(units, (_, at) => (at % 3 === 0 ? 1 : 0));
    const known = truth.map((value, at) => (units[at]?.isRead ? value : Number.NaN));
    const layout = layOutMean(units) as never;
    const perfect = predictMean(layout, known, truth, 400);
    const weight = bestWeight([perfect]);
    assert.ok(weight > 0.8, `${weight}`);
    close(perfect.read + perfect.shift, truth.reduce((sum, value) => sum + value, 0) / 800);
    assert.ok(bestWeight([predictMean(layout, read, predicted, 400)]) < 0.5);
  });
});

const SYSTEMS = [madeSystem("a", "llm"), madeSystem("x", "ecs")];

function readingsOf(replies: readonly AnchoredReply[], shown = 1): ReadReply[] {
  return replies.map(({ system, dialogue, turn, levels }) => ({
    system,
    dialogue,
    turn,
    sample: 1,
    designs: ["made"],
    readings: [
      {
        reader: "r",
        levels: byMetric((metric) => (levels[metric] * shown) as 0 | 1),
        fits: dialogue.length % 2 === 0,
      },
    ],
  }));
}

describe("estimateShares", () => {
  const alike = (lead: number) => ({ positive: lead, negative: lead, ambiguous: lead });
  const anchored = simulateReplies(
    {
      systems: SYSTEMS,
      people: -0.5,
      dialogues: 60,
      dialogueSd: 0.8,
      stimulusSd: 0.3,
      leads: { a: alike(1), x: alike(-1) },
    },
    8,
  );

  it("by a head counts replies, with the covariance of clustered means, people's on the same turns", () => {
    const table = estimateShares(layOutShares(anchored, headInstrument(20)), "er", "any");
    const { ownShare, leadShare } = countShares(anchored, "er", "any");
    const size = ownShare.values.length;
    for (let i = 0; i < size; i++) {
      close(table.own.values[i] as number, ownShare.values[i] as number);
      const lead = (at: number) => [
        { of: table.own, entry: at, weight: 1 },
        { of: table.people, entry: at, weight: -1 },
      ];
      for (let j = 0; j < size; j++) {
        const { values, covariance } = combineClustered([lead(i), lead(j)]);
        close(values[0] as number, leadShare.values[i] as number);
        close(covariance[0]?.[1] as number, leadShare.covariance[i * size + j] as number);
      }
    }
    assert.deepEqual(table.turns, ["first and later", "first and later"]);
    assert.equal(table.clipped, 0);
  });

  it("by readings of everything is what was read, whatever the head says", () => {
    const readings = readingsOf(anchored.replies);
    const wrong = {
      ...anchored,
      replies: anchored.replies.map((reply) => ({
        ...reply,
        levels: { er: 0, ip: 0, ex: 0 },
        probabilities: byMetric(() => [0.9, 0.1, 0] as const),
      })),
    };
    const table = estimateShares(layOutShares(wrong, readingInstrument(readings)), "er", "any");
    const truth = estimateShares(layOutShares(anchored, headInstrument(20)), "er", "any");
    for (const [entry, value] of truth.own.values.entries()) {
      close(table.own.values[entry] as number, value);
      close(leadAt(table, entry).lead_se, leadAt(truth, entry).lead_se);
    }
    const strong = estimateShares(layOutShares(wrong, readingInstrument(readings)), "er", "strong");
    assert.ok(strong.own.values.every((value) => value === 0));
    assert.ok(strong.own.beside.every((value) => value > 0));
  });

  it("stands for the turns that were read: first ones, later ones, or both", () => {
    const kinds = (keep: (reply: AnchoredReply) => boolean) => {
      const readings = readingsOf(anchored.replies.filter(keep));
      return estimateShares(layOutShares(anchored, readingInstrument(readings)), "er", "any");
    };
    const first = kinds(({ isFirst }) => isFirst);
    assert.deepEqual(first.turns, ["first", "first"]);
    assert.equal(first.replies[0], 60);
    assert.deepEqual(kinds(({ isFirst }) => !isFirst).turns, ["later", "later"]);
    const none = kinds(({ system, sentiment }) => system !== "a" || sentiment !== "ambiguous");
    assert.deepEqual(none.turns, [null, "first and later"]);
    const entry = entryOf(0, "positive");
    assert.match(none.reasons[entry] ?? "", /^fewer than 5 replies read to prompts of one/);
  });

  it("says how few replies were read, and needs some of people's", () => {
    const readings = readingsOf(anchored.replies.filter(({ turn }) => turn === 2)).filter(
      ({ system, dialogue }) => system === "human" || Number(/\d+/.exec(dialogue)?.[0]) < 7,
    );
    const table = estimateShares(layOutShares(anchored, readingInstrument(readings)), "er", "any");
    assert.equal(table.reasons[0], "7 replies read, fewer than 10");
    const lonely = readingsOf(anchored.replies.filter(({ system }) => system !== "human"));
    const without = estimateShares(layOutShares(anchored, readingInstrument(lonely)), "er", "any");
    assert.equal(without.reasons[0], "fewer than 5 of people's replies read");
  });

  it("counts a reaction that fits only where the reply makes sense", () => {
    const readings = readingsOf(anchored.replies);
    const layout = layOutShares(anchored, designInstrument(readings));
    const [any, fits] = (["any", "fits"] as const).map((outcome) =>
      estimateShares(layout, "er", outcome),
    );
    for (const [entry, value] of (fits?.own.values ?? []).entries()) {
      assert.ok(value < (any?.own.values[entry] as number));
    }
  });

  it("clips shares to what shares can be, and counts them", () => {
    const replies = SENTIMENTS.flatMap((sentiment) =>
      Array.from({ length: 60 }, (_, at) => {
        const given = (chance: number) => ({
          probabilities: byMetric(() => [1 - chance, chance, 0] as const),
        });
        const read = at < 12;
        const dialogue = `${sentiment}${at}`;
        // What was read lies where the head sees little; elsewhere it sees much.
        const chance = read ? (at === 0 ? 0.2 : 0.85) : 1;
        return [
          madeReply("human", dialogue, sentiment, at % 2 === 0, given(0.5)),
          madeReply("a", dialogue, sentiment, at !== 0, given(chance)),
        ];
      }).flat(),
    );
    const [a] = SYSTEMS as [(typeof SYSTEMS)[0]];
    const read = readingsOf(
      replies.filter(({ dialogue }) => Number(/\d+/.exec(dialogue)?.[0]) < 12),
    );
    const table = estimateShares(
      layOutShares({ systems: [a], replies }, readingInstrument(read)),
      "er",
      "any",
    );
    assert.ok(table.own.values.every((value) => value >= 0 && value <= 1));
    assert.equal(table.clipped, 3);
  });
});

describe("wilsonInterval", () => {
  it("is Wilson's for independent replies, and has room at 0 and 1", () => {
    const se = Math.sqrt((0.9 * 0.1) / 50);
    const [lower, upper] = wilsonInterval(0.9, se, 50);
    // R: prop.test(45, 50, correct = FALSE)
    close(lower, 0.7863975, 1e-6);
    close(upper, 0.956524, 1e-6);
    const [least, most] = wilsonInterval(1, 0.01, 20);
    close(most, 1);
    close(least, 0.8388749, 1e-6);
  });
});
