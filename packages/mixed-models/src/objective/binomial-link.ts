// The links of a binomial response besides the logit, in the terms of grade-density.ts: a success is the upper of two grades,
// whose threshold lies at zero.
import { density as normalDensity, upperTail } from "../numerics/normal";
import { FILL_DENSITY, type FillDensity, type GradeLink, makeDensity } from "./grade-density";
import { BinomialResponse } from "./response";

/** How the linear predictor gives the probability of a success; `cloglog` is 1 - exp(-exp(eta)). */
export type BinomialLink = "logit" | "probit" | "cloglog";

/** The latent distribution of each: a failure has the probability F(-eta). */
const GRADE_LINKS = { logit: "logit", probit: "probit", cloglog: "loglog" } as const;

/** The latent variable's distribution that a binomial link stands for. */
export function gradeLinkOf(link: BinomialLink = "logit"): GradeLink {
  return GRADE_LINKS[link];
}

/** The probability of a success at a linear predictor; of the logit where no link is named. */
export function inverseLink(link: BinomialLink | undefined, eta: number): number {
  if (link === "probit") return upperTail(-eta);
  return link === "cloglog" ? -Math.expm1(-Math.exp(eta)) : 1 / (1 + Math.exp(-eta));
}

/** How fast that probability grows with the linear predictor. */
export function linkSlope(link: BinomialLink | undefined, eta: number): number {
  if (link === "probit") return normalDensity(eta);
  if (link === "cloglog") return Math.exp(eta - Math.exp(eta));
  const probability = inverseLink(link, eta);
  return probability * (1 - probability);
}

/** Successes among trials, with a link that is not the logit; weights are those of the observed information. */
export class LinkedResponse extends BinomialResponse {
  private readonly density = makeDensity();
  private readonly fill: FillDensity;

  constructor(y: Float64Array, n: Float64Array, link: BinomialLink) {
    super(y, n);
    this.fill = FILL_DENSITY[gradeLinkOf(link)];
  }

  override update(eta: ArrayLike<number>): number {
    const { y, w, r, density } = this;
    let sum = 0;
    w.fill(0);
    r.fill(0);
    this.walk(eta, 0, y.length, (row, count) => {
      sum += count * density.log;
      w[row]! += count * (density.crossAbove + density.crossBelow);
      r[row]! -= count * (density.above + density.below);
    });
    return -2 * sum;
  }

  override logLikelihood(eta: ArrayLike<number>, from: number, to: number): number {
    const { density } = this;
    let sum = 0;
    this.walk(eta, from, to, (_, count) => {
      sum += count * density.log;
    });
    return sum;
  }

  override multiplyBySlopes(values: Float64Array, eta: ArrayLike<number>): void {
    const { density } = this;
    const slopes = new Float64Array(values.length);
    this.walk(eta, 0, values.length, (row, count) => {
      slopes[row]! -= count * (density.slopeAbove + density.slopeBelow);
    });
    for (let row = 0; row < values.length; row++) values[row]! *= slopes[row]!;
  }

  // Visits a row's successes and its failures, each with their density filled in.
  private walk(
    eta: ArrayLike<number>,
    from: number,
    to: number,
    visit: (row: number, count: number) => void,
  ): void {
    const { y, n, density, fill } = this;
    for (let row = from; row < to; row++) {
      const at = -eta[row]!;
      const successes = y[row]!;
      if (successes > 0) {
        fill(Number.POSITIVE_INFINITY, at, density);
        visit(row, successes);
      }
      if (n[row]! > successes) {
        fill(at, Number.NEGATIVE_INFINITY, density);
        visit(row, n[row]! - successes);
      }
    }
  }
}
