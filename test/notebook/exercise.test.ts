import assert from "node:assert/strict";
import {
  check,
  partOf,
  readLabels,
  readNumber,
  readNumbers,
  readText,
  readTexts,
} from "../../src/notebook/exercise";

describe("readLabels", () => {
  for (const [given, labels, fault] of [
    [[0, 1, 2], [0, 1, 2], null],
    [[0, null, 2], [0, null, 2], "1 of 3 levels are missing"],
    [[0, 3, 2], [0, null, 2], "number 2 is 3; a level is 0, 1 or 2"],
    [["2", 1, 0], [null, 1, 0], 'number 1 is the text "2"; a level is 0, 1 or 2'],
    [[0, 1], [0, 1, null], "there are 2 levels for 3 replies"],
    [[0, 1, 2, 0], [0, 1, 2], "there are 4 levels for 3 replies"],
    [
      "201",
      [null, null, null],
      'this is the text "201"; a row of 3 levels in square brackets is needed',
    ],
    [undefined, [null, null, null], "there is no answer yet; put one in place of undefined"],
  ] as const) {
    it(`reads ${JSON.stringify(given)}`, () => {
      assert.deepEqual(readLabels(given, 3), { labels, fault });
    });
  }
});

describe("readTexts", () => {
  it("takes what is no text, or is too short, for an empty text, and says how many are missing", () => {
    assert.deepEqual(readTexts(["a", 3], 3), {
      texts: ["a", "", ""],
      fault: "2 of 3 texts are missing",
    });
    assert.deepEqual(readTexts(["a", "b"], 2), { texts: ["a", "b"], fault: null });
    assert.equal(readTexts(["a", "b", "c"], 2).fault, "there are 3 texts for 2");
    assert.equal(readTexts("a", 1).fault, 'this is the text "a"; a row of 1 texts is needed');
  });
});

describe("readNumber", () => {
  for (const [given, fault] of [
    [0.5, null],
    [undefined, "there is no answer yet; put one in place of undefined"],
    [Number.NaN, "this is NaN: a part of it is missing, or is not a number"],
    [1 / 0, "this is Infinity; a number is needed"],
    ["0.5", 'this is the text "0.5"; a number stands without quotes'],
    [5n, "this is 5n; a number is needed"],
    [null, "this is null; a number is needed"],
    [Math.max, "this is a function; call it, for a number"],
    [Promise.resolve(1), "this is still being computed; put await before it"],
    [Object.create(null), "this is [Object: null prototype] {}; a number is needed"],
    [Symbol("s"), "this is Symbol(s); a number is needed"],
  ] as const) {
    it(`reads ${String(fault)}`, () => {
      assert.deepEqual(
        readNumber(given),
        fault === null ? { value: given, fault } : { value: null, fault },
      );
    });
  }
});

describe("readNumbers", () => {
  it("takes a row of so many numbers, and names the one that is none", () => {
    assert.deepEqual(readNumbers([1, 2], 2), { value: [1, 2], fault: null });
    assert.equal(readNumbers([1], 2).fault, "there should be 2 numbers, not 1");
    assert.equal(readNumbers(3, 2).fault, "this is 3; a row of 2 numbers is needed");
    assert.equal(
      // biome-ignore lint/suspicious/noSparseArray: a comma too many is what a student types.
      readNumbers([1, , 2], 3).fault,
      "number 2: there is no answer yet; put one in place of undefined",
    );
  });
});

describe("readText", () => {
  it("takes a text that is not empty", () => {
    assert.deepEqual(readText("a"), { value: "a", fault: null });
    assert.equal(readText("").fault, "the text is empty");
    assert.equal(readText(3).fault, "this is 3; a text in quotes is needed");
  });
});

describe("check", () => {
  function printed(work: () => void): string {
    const { write } = process.stdout;
    const written: string[] = [];
    process.stdout.write = ((text: string) => written.push(text)) as never;
    try {
      work();
    } finally {
      process.stdout.write = write;
    }
    return written.join("").trimEnd();
  }

  it("prints the fault, or else what the judge says, or why the judge could not say it", () => {
    const judge = ({ value }: { value: number }) => (value === 1 ? "right" : "not yet: take 1");
    assert.equal(printed(() => check(readNumber("1"), judge)).slice(0, 9), "not yet: ");
    assert.equal(
      printed(() => check(readNumber(1), judge)),
      "right",
    );
    assert.equal(
      printed(() => check(readNumber(2), judge)),
      "not yet: take 1",
    );
    const fails = () => {
      throw new Error("the formula has no bar");
    };
    assert.equal(
      printed(() => check(readNumber(1), fails)),
      "not yet: the formula has no bar",
    );
  });
});

describe("partOf", () => {
  it("is undefined where there is no such part, or nothing that could have one", () => {
    assert.equal(partOf({ er: 1 }, "er"), 1);
    for (const given of [{}, null, undefined, 3, "er"])
      assert.equal(partOf(given, "er"), undefined);
  });
});
