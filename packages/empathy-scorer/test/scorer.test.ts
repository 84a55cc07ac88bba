import assert from "node:assert/strict";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  isMissing,
  loadScorer,
  METRICS,
  type ReplyScores,
  type ScoreRequest,
  WEIGHTS_FOLDER,
} from "empathy-scorer";
import { HEADS } from "empathy-scorer/training";
import { temporaryFolder } from "test-support/temporary";

// Hand-written.
const REQUESTS: readonly ScoreRequest[] = [
  { context: ["My rabbit ran away."], reply: "I'm so sorry, that is heartbreaking." },
  { context: ["My rabbit ran away."], reply: "When did you last see it?" },
  { context: ["We won the cup!"], reply: "I know the feeling, my team won it two years ago." },
  { context: ["We won the cup!", "Who did?", "My school."], reply: "Trains leave at nine." },
];

const byName = (one: { text: string }, other: { text: string }) => (one.text < other.text ? -1 : 1);

for (const head of HEADS) {
  describe(`the embedded scorer's head '${head}'`, () => {
    const scorer = loadScorer(head);
    const score = (request: ScoreRequest) => scorer.scoreNow(request) as ReplyScores;

    it("finds what each mechanism is about", () => {
      const [sorry, question, shared, trains] = REQUESTS.map(score) as [
        ReplyScores,
        ReplyScores,
        ReplyScores,
        ReplyScores,
      ];
      assert.ok(sorry.er.level > 0);
      assert.equal(question.ex.level, 2);
      assert.ok(shared.ip.level >= (head === "readings" ? 1 : 2));
      assert.deepEqual(
        METRICS.map((metric) => trains[metric].level),
        [0, 0, 0],
      );
    });

    it("gives probabilities that sum to 1, and the most probable level", () => {
      for (const request of REQUESTS) {
        for (const { level, probabilities } of Object.values(score(request))) {
          assert.ok(Math.abs(probabilities[0] + probabilities[1] + probabilities[2] - 1) < 1e-12);
          assert.equal(level, probabilities.indexOf(Math.max(...probabilities)));
        }
      }
    });

    it("gives the same scores in any order, and in another scorer", async () => {
      const scores = REQUESTS.map(score);
      assert.deepEqual(REQUESTS.toReversed().map(score).reverse(), scores);
      const other = loadScorer(head);
      assert.deepEqual(await Promise.all(REQUESTS.map((request) => other.score(request))), scores);
    });

    it("does not mind white space, quotes or Unicode's forms", () => {
      const plain = score({
        context: ["It's over."],
        reply: "I'm sorry. That café was yours, wasn't it?",
      });
      const same = [
        "  I'm sorry.\n\nThat  café was yours, wasn't it? ",
        "I’m sorry. That cafe\u0301 was yours, wasn’t it?",
      ];
      for (const reply of same)
        assert.deepEqual(score({ context: [" It’s\tover. "], reply }), plain);
    });

    it("says why a reply has no score", () => {
      const reasons: [string, RegExp][] = [
        ["", /empty/],
        [" \n\u200b", /empty|no letters/],
        ["😀😀", /no letters/],
        ["?! 42", /no letters/],
        ["Мне очень жаль", /English only/],
        [`${"\ufdfa".repeat(1 << 17)} a`, /English only/],
      ];
      for (const [reply, pattern] of reasons) {
        const outcome = scorer.scoreNow({ context: [], reply });
        assert.ok(isMissing(outcome), reply);
        assert.match(outcome.missing, pattern);
      }
    });

    it("answers hostile texts with numbers", () => {
      const mega = 1 << 20;
      const texts = [
        "a".repeat(mega),
        "a b ".repeat(mega / 4),
        `a${"\u0301".repeat(mega)}`,
        `${"a'".repeat(mega / 2)}a`,
        `a ${"?!.".repeat(mega / 3)}`,
        "http://".repeat(mega / 7),
        `${"\ufb03".repeat(mega / 8)} a`,
        `${" \n".repeat(mega / 2)}a`,
        "\ud800 a \udfff",
        "__proto__ constructor toString",
        "<script>alert(1)</script>",
      ];
      for (const text of texts) {
        const outcome = scorer.scoreNow({ context: [text], reply: text });
        assert.ok(!isMissing(outcome), text.slice(0, 20));
        for (const metric of METRICS) {
          for (const p of outcome[metric].probabilities) assert.ok(p >= 0 && p <= 1);
        }
      }
    });

    it("explains a level by the words that moved it", () => {
      const [first] = scorer.explain(REQUESTS[0] as ScoreRequest, "er");
      assert.ok(first && first.change > 0.2);
      assert.match(first.text, /sorry|heartbreaking/);
      assert.deepEqual(scorer.explain({ context: [], reply: "" }, "er"), []);
    });

    it("names every word without which the expected level moves by more than .005, and no other", () => {
      const sizes: number[] = [];
      for (const reply of [
        "i know the feeling, my team won it two years ago.",
        "trains leave at nine.",
        "do you know when the shop opens, or who works there?",
      ]) {
        const request = { context: ["My rabbit ran away."], reply };
        for (const metric of METRICS) {
          const expected = (text: string) => {
            const { probabilities } = score({ ...request, reply: text })[metric];
            return probabilities[1] + 2 * probabilities[2];
          };
          const words = reply.split(" ");
          const changes = words.map((text, left) => {
            const rest = words.filter((_, at) => at !== left).join(" ");
            return { text, change: expected(reply) - expected(rest) };
          });
          sizes.push(...changes.map(({ change }) => Math.abs(change)));
          const all = scorer.explain(request, metric, 100);
          assert.deepEqual(
            all.filter(({ text }) => !text.includes(" ")).toSorted(byName),
            changes.filter(({ change }) => Math.abs(change) > 0.005).toSorted(byName),
          );
          assert.deepEqual(scorer.explain(request, metric, 2), all.slice(0, 2));
        }
      }
      // Some lie close on either side.
      assert.ok(sizes.some((size) => size > 0.004 && size < 0.005));
      assert.ok(sizes.some((size) => size > 0.005 && size < 0.006));
    });

    it("has a card that says where it fails", () => {
      assert.match(scorer.card.fails, /not/);
    });
  });
}

describe("the RoBERTa head", () => {
  it("chooses its model by the first utterance, wherever that is given", () => {
    const scorer = loadScorer();
    const whole = scorer.scoreNow({
      context: ["We won the cup!", "Who did?", "My school."],
      reply: "Well done!",
    });
    const last = scorer.scoreNow({
      context: ["My school."],
      opening: "We won the cup!",
      reply: "Well done!",
    });
    assert.deepEqual(last, whole);
  });

  it("scores a reply without context by all its models", () => {
    assert.ok(!isMissing(loadScorer().scoreNow({ context: [], reply: "Well done!" })));
  });
});

describe("loadScorer", () => {
  it("refuses weights that are damaged or missing, and says how to restore them", () => {
    const folder = temporaryFolder();
    assert.throws(
      () => loadScorer("roberta", folder),
      /weights\.json: cannot be read \(ENOENT\); restore it/,
    );
    cpSync(WEIGHTS_FOLDER, folder, { recursive: true });
    writeFileSync(join(folder, "roberta.bin"), "not weights");
    assert.throws(() => loadScorer("roberta", folder), /roberta\.bin: is damaged \(sha256/);
    writeFileSync(join(folder, "weights.json"), '{"format":99}');
    assert.throws(() => loadScorer("roberta", folder), /is of format 99, and this version reads 1/);
  });
});
