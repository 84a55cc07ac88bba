// Contrasts by weights, of neighbours, polynomials and interactions, and their tests against a margin, beside emmeans.
import assert from "node:assert/strict";
import { UserError } from "kit";
import {
  type ContrastMethod,
  contrastMeans,
  fitMixed,
  marginalMeans,
  satterthwaite,
  type Table,
} from "mixed-models";
import { interactionContrast, testEquivalence } from "mixed-models/hypotheses";
import { contrastWeights } from "../src/inference/mean-weights";
import { afterFit, assertClose } from "./after-fit";

const fit = satterthwaite(fitMixed("y ~ a * b + x + (1 | g)", afterFit.data.few as Table));

describe("contrasts beside emmeans", () => {
  for (const { over, by, method, adjust, interaction, contrasts, margins } of afterFit.contrasts) {
    const name = `${over} by ${by}, ${JSON.stringify(method)}, ${adjust}`;
    const found = () => {
      const means = marginalMeans(fit, { over });
      return interaction
        ? interactionContrast(means, method as Readonly<Record<string, ContrastMethod>>, { adjust })
        : contrastMeans(means, { method: method as ContrastMethod, by, adjust });
    };

    it(`has its estimates, tests and limits: ${name}`, () => {
      assertClose(found().contrasts, contrasts, 1e-6, name);
    });

    it(`has its tests against a margin: ${name}`, () => {
      for (const { side, adjust: adjusted, ...expected } of margins) {
        const { tests } = testEquivalence(found(), { margin: 0.4, side, adjust: adjusted });
        assertClose(tests, expected, 1e-6, `${name}, ${side}, ${adjusted}`);
      }
    });
  }
});

describe("testEquivalence", () => {
  const pairs = contrastMeans(marginalMeans(fit, { over: ["a"] }), { method: "pairwise" });

  it("finds p below 5 % exactly where its limits lie within the margin", () => {
    const [first] = pairs.contrasts;
    const edge = Math.abs(first?.estimate ?? 0);
    for (const side of ["equivalent", "non-inferior", "non-superior"] as const) {
      for (const adjust of ["none", "bonferroni", "sidak"] as const) {
        for (const margin of [edge / 2, edge, edge + 0.3, edge + 0.8, edge + 2]) {
          for (const { p, lower, upper } of testEquivalence(pairs, { margin, side, adjust })
            .tests) {
            const isWithin = (lower ?? 0) > -margin && (upper ?? 0) < margin;
            const isOpen = side === "non-inferior" ? (lower ?? 0) > -margin : (upper ?? 0) < margin;
            assert.equal((p ?? 1) < 0.05, side === "equivalent" ? isWithin : isOpen);
          }
        }
      }
    }
  });

  it("refuses a margin that is no number above 0", () => {
    for (const margin of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.throws(
        () => testEquivalence(pairs, { margin }),
        refusal(/should be a number above 0/),
      );
    }
  });
});

describe("a contrast as it is written", () => {
  const read = (text: string, labels: readonly string[]) =>
    contrastWeights({ formulas: [text] }, labels)[0];

  it("has weights by numbers, brackets and signs", () => {
    const labels = ["a", "b", "c"];
    for (const [text, weights] of [
      ["a - (b + c)/2", [1, -0.5, -0.5]],
      ["2*a - b - c", [2, -1, -1]],
      ["-(a - b) * .5 + 0*c", [-0.5, 0.5, 0]],
      ["(2 + 2)*(a-c)/8", [0.5, 0, -0.5]],
      ["1e1*a - 10*b", [10, -10, 0]],
    ] as const) {
      assert.deepEqual(
        read(text, labels)?.weights.map((weight) => weight + 0),
        weights,
        text,
      );
    }
    assert.equal(read("the first = a - b", labels)?.name, "the first");
    assert.equal(read(" a - b ", labels)?.name, "a - b");
  });

  it("takes the longest label that stands there, and quoted ones as they are", () => {
    const labels = ["gpt-4", "gpt-4 mini", "gpt", "4", "a*b", "x = 1"];
    assert.deepEqual(read("gpt-4-gpt", labels)?.weights, [1, 0, -1, 0, 0, 0]);
    assert.deepEqual(read("gpt-4 mini - gpt-4", labels)?.weights, [-1, 1, 0, 0, 0, 0]);
    assert.deepEqual(read("`gpt` - `4`", labels)?.weights, [0, 0, 1, -1, 0, 0]);
    assert.deepEqual(read("a*b - x = 1", labels)?.weights, [0, 0, 0, 0, 1, -1]);
  });

  it("is refused with the place and the labels", () => {
    const labels = ["human", "llm"];
    for (const [text, message] of [
      ["llm - humen", /character 7: 'humen' is not one of the means; did you mean 'human'/],
      ["llm - zzz", /'zzz' is not one of the means; the means are human, llm/],
      ["llm - `no`", /'no' is not one of the means/],
      ["llm - 2", /character 1: a contrast is of means; this adds the number -2/],
      ["llm * human", /character 7: means are multiplied and divided by numbers only/],
      ["2 / llm", /means are multiplied and divided by numbers only/],
      ["llm / 0 - human", /this divides by zero/],
      ["(llm - human", /character 13: expected \) here/],
      ["llm - human)", /character 12: expected \+, -, \* or \/ here/],
      ["llm -", /character 6: expected the label of a mean here/],
      ["2*llm - human", /has weights that sum to 1; they should sum to zero/],
      ["llm - llm", /has weights that are all zero/],
    ] as const) {
      assert.throws(() => read(text, labels), refusal(message), text);
    }
    assert.throws(() => contrastWeights({ formulas: [] }, labels), refusal(/give one/));
  });
});

describe("polynomial contrasts", () => {
  it("have emmeans' whole numbers", () => {
    const weights = (count: number) =>
      contrastWeights("polynomial", Array.from({ length: count }, String)).map(
        (one) => one.weights,
      );
    assert.deepEqual(weights(3), [
      [-1, 0, 1],
      [1, -2, 1],
    ]);
    assert.deepEqual(weights(5)[3], [1, -4, 6, -4, 1]);
    assert.deepEqual(weights(7), [
      [-3, -2, -1, 0, 1, 2, 3],
      [5, 0, -3, -4, -3, 0, 5],
      [-1, 1, 1, 0, -1, -1, 1],
      [3, -7, 1, 6, 1, -7, 3],
      [-1, 4, -5, 0, 5, -4, 1],
      [1, -6, 15, -20, 15, -6, 1],
    ]);
    assert.equal(weights(9).length, 6);
  });
});

function refusal(message: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof UserError && message.test(error.message);
}
