// Derivatives against differences, values against R's pnorm and plogis with log.p = TRUE.
import assert from "node:assert/strict";
import { millsRatio } from "../src/numerics/mills";
import { density, upperTail } from "../src/numerics/normal";
import {
  FILL_DENSITY,
  type GradeDensity,
  type GradeLink,
  makeDensity,
} from "../src/objective/grade-density";
import { LATENT } from "../src/objective/latent";
import { assertClose } from "./assert-fits";
import { Random } from "./random";

const FAR = Number.POSITIVE_INFINITY;
const STEP = 1e-4;

function at(link: GradeLink, a: number, b: number): GradeDensity {
  const into = makeDensity();
  FILL_DENSITY[link](a, b, into);
  return into;
}

/** The derivative in a or b, by differences of the fourth order; infinite ends do not move. */
function slope(
  link: GradeLink,
  [a, b]: readonly [number, number],
  end: "a" | "b",
  measure: (density: GradeDensity) => number,
): number {
  const move = (by: number) => measure(end === "a" ? at(link, a + by, b) : at(link, a, b + by));
  return (8 * (move(STEP) - move(-STEP)) - (move(2 * STEP) - move(-2 * STEP))) / (12 * STEP);
}

for (const link of ["logit", "probit", "cloglog", "loglog"] as const) {
  describe(`the density of a grade, ${link}`, () => {
    const random = new Random(5);
    const points = Array.from({ length: 200 }, () => {
      const b = random.normals(1, 4)[0] as number;
      return [b + 0.2 + 3 * random.uniform(), b] as const;
    });

    it("has the derivatives that differences have", () => {
      for (const [a, b] of [...points, [1.3, -FAR], [FAR, 0.4], [-6, -FAR], [FAR, 7]] as const) {
        const found = at(link, a, b);
        const expected = {
          above: slope(link, [a, b], "a", ({ log }) => log),
          below: slope(link, [a, b], "b", ({ log }) => log),
          crossAbove: slope(link, [a, b], "a", ({ above, below }) => -above - below),
          crossBelow: slope(link, [a, b], "b", ({ above, below }) => -above - below),
          slopeAbove: slope(link, [a, b], "a", (one) => one.crossAbove + one.crossBelow),
          slopeBelow: slope(link, [a, b], "b", (one) => one.crossAbove + one.crossBelow),
        };
        for (const name of Object.keys(expected) as (keyof typeof expected)[]) {
          const isFixed = name.endsWith("bove") ? a === FAR : b === -FAR;
          assertClose(found[name], isFixed ? 0 : expected[name], 1e-8, `${name} at ${a}, ${b}`);
        }
      }
    });

    it("is concave, and finite, however far the predictor lies", () => {
      for (const eta of [-700, -90, -38, 38, 90, 700]) {
        for (const [a, b] of [
          [FAR, 0],
          [1, 0],
          [0, -FAR],
        ] as const) {
          const found = at(link, a - eta, b - eta);
          for (const value of Object.values(found)) assert.ok(Number.isFinite(value), `${eta}`);
          assert.ok(found.crossAbove + found.crossBelow >= 0);
          assert.ok(found.log <= 0);
        }
      }
    });

    it("keeps its digits where a grade is narrow", () => {
      for (const gap of [1e-3, 1e-5, 1e-7]) {
        const { crossAbove, crossBelow, log } = at(link, 0.7 + gap, 0.7);
        const height = LATENT[link].density(0.7);
        assertClose(Math.exp(log) / gap / height, 1, 2 * gap + 1e-8);
        // Between near thresholds a row says where it is as the latent variable itself does: -(log f)''.
        const bend = {
          logit: 2 * height,
          probit: 1,
          cloglog: Math.exp(0.7),
          loglog: Math.exp(-0.7),
        };
        assertClose(crossAbove + crossBelow, bend[link], 3 * gap + 1e-8);
      }
    });

    it("is the same from the other end of the scale", () => {
      const turned = {
        logit: "logit",
        probit: "probit",
        cloglog: "loglog",
        loglog: "cloglog",
      } as const;
      for (const [a, b] of points) {
        const [one, other] = [at(link, a, b), at(turned[link], -b, -a)];
        assertClose(one.log, other.log, 1e-13);
        assertClose(one.above, -other.below, 1e-12);
        assertClose(one.crossAbove, other.crossBelow, 1e-12);
        assertClose(one.slopeAbove, -other.slopeBelow, 1e-11);
      }
    });
  });
}

describe("the density of a grade, by R", () => {
  const cases = [
    ["probit", FAR, 40, -804.608442013754],
    ["probit", 31, 30, -454.321243956343],
    ["probit", 5.001, 5, -20.3291929369784],
    ["probit", -1000, -FAR, -500007.826694812],
    ["logit", -750, -FAR, -750],
    ["probit", 0.3, -0.2, -1.62368323886832],
    ["logit", 2, 1, -1.89886484394828],
    ["cloglog", 1, -0.5, -0.735530443126598],
    ["cloglog", FAR, 3, -20.0855369231877],
    ["loglog", 2, 0.3, -0.924576645996884],
  ] as const;
  for (const [link, a, b, expected] of cases) {
    it(`is right between ${b} and ${a}, ${link}`, () => {
      assertClose(at(link, a, b).log, expected, 1e-12);
    });
  }
});

describe("millsRatio", () => {
  it("is the upper tail over the density", () => {
    for (let z = 0; z < 30; z += 0.01) {
      assertClose(millsRatio(z) / (upperTail(z) / density(z)), 1, 1e-12, `${z}`);
    }
  });

  it("is near its reciprocal far out, and zero at infinity", () => {
    assertClose(millsRatio(1e8) * 1e8, 1, 1e-14);
    assert.equal(millsRatio(Number.POSITIVE_INFINITY), 0);
  });
});
