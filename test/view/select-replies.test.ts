import assert from "node:assert/strict";
import { createGenerator, UserError } from "kit";
import { expectedLevel } from "../../apps/view/expected-level";
import type { ReplyIndex } from "../../apps/view/reply-index";
import { parseReplyQuery } from "../../apps/view/reply-query";
import { orderBy, ReplySelector } from "../../apps/view/select-replies";
import { makeIndex, makeManyIndex } from "./made-replies";

function select(index: ReplyIndex, address: string) {
  const query = parseReplyQuery(new URLSearchParams(address), index);
  return new ReplySelector(index).select(address, query);
}

/** The replies of a list, as system and stimulus. */
function listed(index: ReplyIndex, address: string): string[] {
  return [...select(index, `by=replies&${address}`).rows].map((at) => {
    const { system = 0, stimulus = 0 } = index.replies[at] ?? {};
    return `${index.systems[system]?.id} ${stimulus}`;
  });
}

describe("ReplySelector", () => {
  const index = makeIndex();

  it("lists every reply in the corpus's order where nothing is asked for", () => {
    assert.deepEqual(listed(index, ""), [
      "owl 0",
      "parrot 0",
      "crow 0",
      "owl 1",
      "parrot 1",
      "owl 2",
    ]);
  });

  const FILTERS: Readonly<Record<string, readonly string[]>> = {
    "systems=crow&systems=parrot": ["parrot 0", "crow 0", "parrot 1"],
    "emotions=joyful": ["owl 1", "parrot 1"],
    "sentiments=negative": ["owl 0", "parrot 0", "crow 0", "owl 2"],
    "er=2": ["owl 0", "owl 1"],
    "er=0&er=1": ["parrot 0", "crow 0", "parrot 1", "owl 2"],
    "er=0&ex=2": ["parrot 0", "parrot 1"],
    "er=2&scorer=second": ["owl 0", "crow 0", "owl 1"],
    "apart=1": ["parrot 0", "crow 0"],
    "apart=2": ["crow 0"],
    "apart=1&metric=ex": [],
    "rated=1": ["owl 0"],
    "q=dog": ["owl 0", "crow 0"],
    "q=DOG your": ["owl 0"],
    'q="your dog"': ["owl 0"],
    'q="dog your"': [],
    "q=I'm": ["owl 1"],
    "q=dog&in=prompts": ["owl 0", "parrot 0", "crow 0"],
    "q=was&in=both": ["parrot 0", "parrot 1", "owl 2"],
    "q=.": ["owl 0", "crow 0", "owl 1", "owl 2"],
    "parts=made&er=2&q=happy": ["owl 1"],
  };
  for (const [address, expected] of Object.entries(FILTERS)) {
    it(`filters by ${address}`, () => assert.deepEqual(listed(index, address), expected));
  }

  it("sorts by surprise, length, rating and disagreement, those without a value last", () => {
    assert.deepEqual(listed(index, "sort=length").slice(0, 2), ["owl 0", "owl 2"]);
    assert.deepEqual(listed(index, "sort=length&order=asc").slice(0, 1), ["crow 0"]);
    assert.equal(listed(index, "sort=rating")[0], "owl 0");
    assert.equal(listed(index, "sort=disagreement&metric=er")[0], "crow 0");
    assert.equal(listed(index, "sort=disagreement").at(-1), "owl 2");
    assert.equal(listed(index, "sort=disagreement&order=asc").at(-1), "owl 2");
    assert.equal(listed(index, "sort=level&metric=ip")[0], "owl 2");
    assert.equal(listed(index, "sort=level&scorer=second").at(-1), "owl 2");
  });

  it("lists a stimulus once, led by its first reply in the order asked for", () => {
    const { rows, stimuli, replies } = select(index, "sort=disagreement");
    assert.deepEqual(
      [...rows].map((at) => index.stimulusOf[at]),
      [0, 1, 2],
    );
    assert.equal(index.systems[index.systemOf[rows[0] ?? 0] ?? 0]?.id, "crow");
    assert.deepEqual([stimuli, replies], [3, 6]);
  });

  it("counts what each choice leaves", () => {
    const { counts } = select(index, "er=0");
    assert.deepEqual([...counts.systems], [0, 2, 1]);
    assert.equal(counts.emotions[index.emotions.indexOf("sad")], 2);
  });

  it("pairs two systems on the stimuli that both answered, by the size of their difference", () => {
    const { rows, pairs = [] } = select(index, "a=owl&b=parrot&sort=difference");
    assert.deepEqual(
      [...rows].map((at) => index.stimulusOf[at]),
      [0, 1],
    );
    const [first] = pairs;
    assert.deepEqual(
      first?.differences.map((one) => Number(one.toFixed(3))),
      [-1.4, -0.7, 1.4],
    );
    const turned = select(index, "a=parrot&b=owl&sort=difference&order=asc");
    assert.deepEqual(
      [...turned.rows].map((at) => index.stimulusOf[at]),
      [1, 0],
    );
    assert.equal(select(index, "a=owl&b=crow").rows.length, 1);
    assert.equal(select(index, "a=owl&b=parrot&q=exam").rows.length, 1);
  });

  it("agrees with a filter over objects, whatever is asked for", () => {
    const many = makeManyIndex(2000, 7, 3);
    const random = createGenerator(5);
    const any = (values: readonly string[]) =>
      values[Math.floor(random.uniform() * values.length)] as string;
    for (let round = 0; round < 40; round++) {
      const chosen = {
        systems: `system-${Math.floor(7 * random.uniform())}`,
        sentiments: any(["positive", "negative", "ambiguous"]),
        er: any(["0", "1", "2"]),
        ex: any(["0", "1", "2"]),
        q: any(["sorry", "dog", "sch", '"so sorry"', "alone together"]),
        apart: any(["0", "1", "2"]),
      };
      const names = Object.keys(chosen).filter(() => random.uniform() < 0.5);
      const asked = new URLSearchParams(
        Object.entries(chosen).filter(([key]) => names.includes(key)),
      );
      const found = [...select(many, `by=replies&${asked}`).rows];
      assert.deepEqual(found, naively(many, asked), String(asked));
    }
  });
});

/** The same filters, one reply after the other, from the objects. */
function naively(index: ReplyIndex, asked: URLSearchParams): number[] {
  const [columns, second] = index.scorers;
  const level = (at: number, metric: number) => String(columns?.levels[3 * at + metric]);
  const passes = (at: number): boolean => {
    const { system = 0, stimulus = 0, text = "" } = index.replies[at] ?? {};
    const parts = (asked.get("q") ?? "").match(/"[^"]+"|\S+/g) ?? [];
    const apart = [0, 1, 2].map((metric) =>
      Math.abs(Number(level(at, metric)) - (second?.levels[3 * at + metric] ?? 0)),
    );
    return (
      (asked.get("systems") ?? index.systems[system]?.id) === index.systems[system]?.id &&
      (asked.get("sentiments") ?? index.stimuli[stimulus]?.sentiment) ===
        index.stimuli[stimulus]?.sentiment &&
      (asked.get("er") ?? level(at, 0)) === level(at, 0) &&
      (asked.get("ex") ?? level(at, 2)) === level(at, 2) &&
      parts.every((part) => text.includes(part.replaceAll('"', ""))) &&
      Math.max(...apart) >= Number(asked.get("apart") ?? 0)
    );
  };
  return index.replies.flatMap((_, at) => (passes(at) ? [at] : []));
}

describe("orderBy", () => {
  it("sorts as a stable sort does, keys that are none last", () => {
    const random = createGenerator(2);
    const keys = Float64Array.from({ length: 500 }, (_, at) =>
      at % 17 === 0 ? Number.NaN : Math.floor(20 * random.uniform()) / 4 - 2,
    );
    for (const isAscending of [true, false]) {
      const rank = (at: number) => {
        const key = keys[at] ?? Number.NaN;
        return Number.isNaN(key) ? Number.POSITIVE_INFINITY : isAscending ? key : -key;
      };
      const expected = [...keys.keys()].sort((one, other) =>
        rank(one) === rank(other) ? one - other : rank(one) - rank(other),
      );
      assert.deepEqual([...orderBy(keys, isAscending)], expected);
    }
  });

  it("leaves the order alone where every key is the same, or none is a number", () => {
    assert.deepEqual([...orderBy(Float64Array.of(3, 3, 3), false)], [0, 1, 2]);
    assert.deepEqual([...orderBy(new Float64Array(3).fill(Number.NaN), true)], [0, 1, 2]);
  });
});

describe("expectedLevel", () => {
  it("is the probability of 1 plus twice that of 2, and none without a level", () => {
    const index = makeIndex();
    const [first, second] = index.scorers;
    assert.ok(first && second);
    assert.equal(expectedLevel(first, 0, 0).toFixed(3), "1.700");
    assert.ok(Number.isNaN(expectedLevel(second, 5, 0)));
  });
});

describe("parseReplyQuery", () => {
  const index = makeIndex();
  const WRONG: Readonly<Record<string, RegExp>> = {
    "sistems=owl": /^unknown filter 'sistems'; did you mean 'systems'\?$/,
    "systems=olw": /^'systems' is 'olw'; did you mean 'owl'\?; it may be owl, parrot, crow$/,
    "sort=best": /^'sort' is 'best'.*; it may be corpus, surprise,/,
    "er=3": /^'er' is '3'.*; it may be 0, 1, 2$/,
    "a=owl&b=owl": /^'a' and 'b' are both 'owl'; name two systems$/,
    "emotions=hungry": /^'emotions' is 'hungry'.*it may be one of 33$/,
    "scorer=third": /^'scorer' is 'third'/,
  };
  for (const [address, message] of Object.entries(WRONG)) {
    it(`refuses ${address} in one line`, () => {
      assert.throws(
        () => parseReplyQuery(new URLSearchParams(address), index),
        (error) => error instanceof UserError && message.test(error.message),
      );
    });
  }
});
