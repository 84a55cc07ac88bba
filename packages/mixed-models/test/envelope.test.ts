import assert from "node:assert/strict";
import { factorise, fitMixed } from "mixed-models";
import { invertFactored } from "../src/numerics/cholesky";
import {
  factoriseWithin,
  invertWithin,
  makeEnvelope,
  solveBackwardWithin,
  solveForwardWithin,
} from "../src/numerics/envelope";
import { LaplaceObjective } from "../src/objective/laplace";
import { assertClose, toModelData } from "./assert-fits";
import { Random } from "./random";

const SIZE = 24;

/** A positive definite matrix that is empty to the left of each row's first entry. */
function sparse(random: Random): { matrix: Float64Array; first: Int32Array } {
  const first = Int32Array.from({ length: SIZE }, (_, row) =>
    row > SIZE - 3 ? 0 : Math.max(0, row - random.whole(0, 4)),
  );
  const matrix = new Float64Array(SIZE * SIZE);
  for (let row = 0; row < SIZE; row++) {
    for (let column = first[row] as number; column < row; column++) {
      matrix[row * SIZE + column] = random.uniform() - 0.5;
    }
    matrix[row * SIZE + row] = SIZE;
  }
  return { matrix, first };
}

describe("matrices with an envelope", () => {
  const { matrix, first } = sparse(new Random(3));
  const envelope = makeEnvelope(first);
  const own = matrix.slice();
  const full = matrix.slice();

  it("have the factor of a full matrix", () => {
    assert.equal(factoriseWithin(envelope, own, SIZE, SIZE), -1);
    assert.equal(factorise(full, SIZE), -1);
    for (const [at, value] of full.entries()) assertClose(own[at], value, 1e-14);
  });

  it("have its solutions, and its inverse where they have entries", () => {
    const b = Float64Array.from({ length: SIZE }, (_, at) => Math.sin(at));
    const x = b.slice();
    solveForwardWithin(envelope, own, SIZE, SIZE, x);
    solveBackwardWithin(envelope, own, SIZE, SIZE, x);
    const expected = invertFactored(full, SIZE);
    const inverse = new Float64Array(SIZE * SIZE).fill(Number.NaN);
    invertWithin(envelope, own, SIZE, SIZE, inverse);
    for (let row = 0; row < SIZE; row++) {
      const sum = b.reduce((all, value, at) => {
        return all + value * (expected[row * SIZE + at] as number);
      }, 0);
      assertClose(x[row], sum, 1e-13);
      for (let column = first[row] as number; column <= row; column++) {
        const value = expected[row * SIZE + column];
        assertClose(inverse[row * SIZE + column], value, 1e-14);
        assertClose(inverse[column * SIZE + row], value, 1e-14);
      }
    }
  });

  it("invert their leading rows alone", () => {
    const order = SIZE - 2;
    const inverse = new Float64Array(order * order);
    invertWithin(envelope, own, SIZE, order, inverse);
    const expected = invertFactored(full, SIZE, order);
    for (let at = 0; at < order; at++) {
      assertClose(inverse[at * (order + 1)], expected[at * (order + 1)], 1e-14);
    }
  });

  it("name the row whose pivot is not positive", () => {
    const broken = matrix.slice();
    broken[7 * (SIZE + 1)] = -1;
    assert.equal(factoriseWithin(envelope, broken, SIZE, SIZE), 7);
  });
});

/** Panels of five raters, each before twelve dialogues of its own; the raters' names are shuffled. */
function panels(random: Random) {
  const rows = Array.from({ length: 40 * 60 }, (_, at) => at);
  const names = random.shuffle(Array.from({ length: 200 }, (_, at) => `r${at}`));
  const rater = rows.map((at) => names[Math.floor(at / 60) * 5 + (at % 5)] as string);
  const dialogue = rows.map((at) => `d${Math.floor(at / 5)}`);
  const arm = rows.map((at) => `a${at % 4}`);
  const x = random.normals(rows.length);
  const byRater = new Map(names.map((name) => [name, random.normal()]));
  const o = rows.map((row) => {
    const eta = (x[row] as number) + (byRater.get(rater[row] as string) as number);
    return [-1, 0.5].filter((cut) => random.success(eta - cut) === 1).length;
  });
  const s = o.map((grade) => (grade > 0 ? 1 : 0));
  return { o, s, x, rater, dialogue, arm };
}

describe("crossed factors that mostly do not meet", () => {
  const table = panels(new Random(8));

  for (const [formula, family] of [
    ["o ~ x + (1 | dialogue) + (1 | rater) + (1 | arm)", "cumulative"],
    ["s ~ x + (1 | dialogue) + (1 + x | rater)", "binomial"],
  ] as const) {
    it(`give the deviance and the gradient of a full block: ${formula}`, () => {
      const data = toModelData(formula, table, family);
      const thin = new LaplaceObjective(data, 0);
      const full = new LaplaceObjective(data, 0, { full: true });
      assert.ok(thin.blocks.envelope, "the block is mostly empty");
      assert.equal(full.blocks.envelope, undefined);
      const theta = Array.from({ length: thin.thetaCount }, (_, at) => 0.4 + 0.2 * at);
      const gaps = family === "cumulative" ? [1.2] : [];
      for (const [method, parameters] of [
        ["evaluateJointly", [...theta, ...gaps]],
        ["evaluate", [...theta, ...gaps, 0.3, 0.8]],
      ] as const) {
        const at = Float64Array.from(parameters);
        const [one, other] = [new Float64Array(at.length), new Float64Array(at.length)];
        assertClose(thin[method](at, one), full[method](at, other), 1e-12);
        for (const [entry, value] of one.entries()) assertClose(value, other[entry], 1e-6);
      }
    });
  }

  it("are taken as a full block where they all meet", () => {
    const random = new Random(2);
    const rater = table.rater.map(() => `r${random.whole(0, 199)}`);
    const data = toModelData(
      "s ~ x + (1 | dialogue) + (1 | rater)",
      { ...table, rater },
      "binomial",
    );
    const { blocks: system } = new LaplaceObjective(data, 0);
    assert.equal(system.envelope, undefined);
    assert.ok(system.blocks.positions.every((position) => position === undefined));
  });

  it("have the modes that other names of the levels give", () => {
    const formula = "s ~ x + (1 | dialogue) + (1 | rater)";
    const fit = fitMixed(formula, table, { family: "binomial" });
    const rater = table.rater.map((name) => `q${1000 - Number(name.slice(1))}`);
    const other = fitMixed(formula, { ...table, rater }, { family: "binomial" });
    assertClose(fit.logLik, other.logLik, 1e-10);
    const [, one] = fit.conditionalModes();
    const [, two] = other.conditionalModes();
    assert.ok(one && two && one.group === "rater");
    for (const [at, level] of one.levels.entries()) {
      const place = two.levels.indexOf(`q${1000 - Number(level.slice(1))}`);
      assertClose(one.modes[at], two.modes[place], 1e-5, level);
      assertClose(one.sd[at], two.sd[place], 1e-5, level);
    }
  });
});
