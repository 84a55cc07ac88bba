import assert from "node:assert/strict";
import { fitMixed } from "mixed-models";
import {
  correlationPoints,
  listenerRows,
  predictorRows,
  ratingRows,
  reliabilityRows,
  replyRows,
} from "../../../src/conversations/conversation-rows";
import { isScored, readConversationReplies } from "../../../src/conversations/conversation-scores";
import { courseColumns, courseRows, courseSlopes } from "../../../src/conversations/course";

const all = readConversationReplies();
const replies = all.filter(isScored);

describe("the course of replies along conversations", () => {
  const columns = courseColumns(replies, (reply) => Math.log2(reply));
  const fit = fitMixed("ex ~ turn * model * style + (1 | conversation)", columns, {
    family: "binomial",
  });

  it("has one row a reply, with its number as it was asked for", () => {
    assert.equal(columns.ex.length, replies.length);
    assert.deepEqual(columns.turn.slice(0, 4), [0, 1, Math.log2(3), 2]);
  });

  it("has a panel for each metric and model, with replies beside what the fit says of them", () => {
    const rows = courseRows(replies, { er: fit, ex: fit });
    assert.equal(rows.length, 2 * replies.length);
    assert.deepEqual([...new Set(rows.map(({ panel }) => panel))].sort(), [0, 1, 2, 3]);
    const questions = rows.filter(({ panel }) => panel >= 2);
    const mean = (values: readonly number[]) =>
      values.reduce((sum, value) => sum + value, 0) / values.length;
    const [seen, said] = [questions.map(({ value }) => value), questions.map((one) => one.fitted)];
    assert.ok(Math.abs(mean(seen) - mean(said)) < 0.02);
  });

  it("falls where questions become fewer, in each of six systems", () => {
    const slopes = courseSlopes(fit);
    assert.equal(slopes.length, 6);
    for (const { change, from, to } of slopes) {
      assert.ok(change !== null && from !== null && to !== null);
      assert.ok(from < change && change < to && to < 0);
    }
  });
});

describe("rows of conversations", () => {
  it("count every reply once, conversations by their first one, and words where spaces part them", () => {
    const rows = replyRows(all);
    const sum = (key: "conversations" | "replies" | "scored") =>
      rows.reduce((total, row) => total + row[key], 0);
    assert.deepEqual([sum("conversations"), sum("replies"), sum("scored")], [225, 2250, 1570]);
    const japanese = rows.filter(({ language }) => language === "Japanese");
    assert.ok(japanese.length === 680 && japanese.every((row) => row["words per reply"] === null));
  });

  it("hold people's first replies, and nobody else's", () => {
    const levels = { er: 2, ip: 0, ex: 0 } as const;
    const given = [
      ["human", 2],
      ["human", 8],
      ["kemp", 2],
    ] as const;
    const rows = listenerRows(
      given.map(([system, turn]) => ({ system, dialogue: "a", turn, levels })),
      3,
    );
    assert.deepEqual(rows, [{ dialogue: "a", reply: 1, ER: 1, EX: 0 }]);
  });

  it("name ratings, languages and predictors for a reader", () => {
    const ratings = {
      counts: [
        {
          language: "ja",
          model: "m",
          style: "neutral",
          conversations: 3,
          counts: [0, 0, 1, 2, 0],
          mean: 3.7,
          others: null,
        },
      ],
      reliability: [{ language: "en", conversations: 2, people: 1, iccOne: 0.1, iccMean: 0.2 }],
      correlations: [
        {
          language: "en",
          rating: "own",
          with: "er",
          conversations: 9,
          rho: 0.2,
          lower: 0,
          upper: 0.4,
        } as const,
      ],
      predictors: [
        {
          rating: "others",
          within: false,
          name: "words",
          estimate: 1,
          se: 0.5,
          ratings: 9,
          groups: 3,
        } as const,
      ],
    };
    const [given] = ratingRows(ratings);
    assert.deepEqual(
      [given?.language, given?.mean, given?.["third parties' mean"]],
      ["Japanese", 3.7, null],
    );
    assert.equal((given as Record<string, unknown>)["rated 4"], 2);
    assert.equal(reliabilityRows(ratings)[0]?.["reliability of their mean"], 0.2);
    const [point] = correlationPoints(ratings);
    assert.equal(point?.name, "own rating and replies that show ER, English");
    const [predictor] = predictorRows(ratings);
    assert.equal(predictor?.what, "replies twice as long");
    assert.ok(Math.abs((predictor?.from ?? 1) - 0.02) < 1e-12);
  });
});
