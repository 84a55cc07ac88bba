// The distributions of the latent variable that links stand for: McCullagh and Nelder 1989, section 4.3.
import type { RandomGenerator } from "kit";
import { density, upperQuantile } from "../numerics/normal";
import type { GradeLink } from "./grade-density";

/** What is known of a latent variable's distribution F. */
interface Latent {
  /** Where F reaches a share between 0 and 1. */
  readonly quantile: (share: number) => number;
  readonly density: (x: number) => number;
  readonly draw: (generator: RandomGenerator) => number;
  readonly variance: number;
}

const logit = (share: number) => Math.log(share / (1 - share));
const smallest = (share: number) => Math.log(-Math.log1p(-share));
const largest = (share: number) => -Math.log(-Math.log(share));

/** The distribution of each link. */
export const LATENT: Readonly<Record<GradeLink, Latent>> = {
  logit: {
    quantile: logit,
    density: (x) => {
      const small = Math.exp(-Math.abs(x));
      return small / (1 + small) ** 2;
    },
    draw: ({ uniform }) => logit(uniform()),
    variance: Math.PI ** 2 / 3,
  },
  probit: {
    quantile: (share) => -upperQuantile(share),
    density,
    draw: ({ normal }) => normal(),
    variance: 1,
  },
  cloglog: {
    quantile: smallest,
    density: (x) => Math.exp(x - Math.exp(x)),
    draw: ({ uniform }) => smallest(uniform()),
    variance: Math.PI ** 2 / 6,
  },
  loglog: {
    quantile: largest,
    density: (x) => Math.exp(-x - Math.exp(-x)),
    draw: ({ uniform }) => largest(uniform()),
    variance: Math.PI ** 2 / 6,
  },
};
