// Profile-likelihood intervals of what the random effects are distributed by, as lme4's `confint(method = "profile")` defines them; its
// limits are interpolated, these are solved for.
import { UserError } from "kit";
import { contextOf, refusePriorOf } from "../fit/fit-context";
import { fitByMl } from "../fit/fit-mixed";
import type { MixedFit } from "../fit/result";
import { findRoot } from "../numerics/find-root";
import { NoValue } from "../numerics/minimise";
import { upperQuantile } from "../numerics/normal";
import { checkLevelOfLimits } from "./marginal-means";
import { findHeight } from "./profile";
import type { Held } from "./profile-constraint";
import { profileSystem } from "./profile-system";

/** A profile interval of a standard deviation or a correlation. */
export interface VarianceInterval {
  /** Grouping factor; `Residual` for the residual standard deviation. */
  readonly group: string;
  /** As `tidyFit` names it: `sd__(Intercept)`, `cor__(Intercept).x`, `sd__Observation`. */
  readonly term: string;
  /** By maximum likelihood. */
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * Computes profile-likelihood intervals of all standard deviations and correlations of the random effects, and of the residual one.
 *
 * A linear model is profiled by maximum likelihood, also where it was fitted by REML. Where the likelihood does not fall by as much as
 * the level asks for before a standard deviation is 0 or a correlation is 1 in size, that is the limit. Cost: a few dozen fits for each.
 *
 * Such as `profileVariances(fit)[0]?.upper`.
 *
 * @param level coverage; 0.95 by default.
 * @throws UserError if the level is not between 0 and 1, or the likelihood has no finite value beside the estimates.
 */
export function profileVariances(fit: MixedFit, level = 0.95): VarianceInterval[] {
  checkLevelOfLimits(level);
  refusePriorOf(fit, "profile interval");
  const byMl = fitByMl(fit);
  const height = upperQuantile((1 - level) / 2);
  return parametersOf(byMl).map((parameter) => {
    try {
      return profileOf(byMl, parameter, height);
    } catch (error) {
      if (!(error instanceof NoValue)) throw error;
      throw new UserError(
        `${parameter.term} of ${parameter.group} has no profile: the likelihood has no finite value beside the estimates ` +
          `(${error.message}); simplify the random effects`,
      );
    }
  });
}

interface Parameter extends Pick<VarianceInterval, "group" | "term" | "estimate"> {
  readonly held: Held;
}

function profileOf(
  fit: MixedFit,
  { group, term, estimate, held }: Parameter,
  height: number,
): VarianceInterval {
  const deviance = profileSystem(fit, held);
  const rise = (value: number) => Math.sqrt(Math.max(0, deviance(value) - fit.minusTwoLogLik));
  return { group, term, estimate, ...limitsOf(fit, held, estimate, rise, height) };
}

// In the order of the fit's variances: each standard deviation with the correlations of its column.
function parametersOf(fit: MixedFit): Parameter[] {
  const { terms } = contextOf(fit).grouped;
  let next = 0;
  const own = terms.flatMap(({ group, names, groupIndex, offset }) =>
    names.flatMap((name, place) => {
      const component = fit.variances[next++]!;
      const column = offset + place;
      const correlations = component.corr === null ? [] : [component.corr].flat();
      const sd: Parameter = {
        group,
        term: `sd__${name}`,
        estimate: component.sd,
        held: { kind: "sd", group: groupIndex, column },
      };
      return [
        sd,
        ...correlations.map(
          (estimate, before): Parameter => ({
            group,
            term: `cor__${names[before]}.${name}`,
            estimate,
            held: { kind: "cor", group: groupIndex, column, other: offset + before },
          }),
        ),
      ];
    }),
  );
  if (fit.family !== "gaussian") return own;
  const residual = { group: "Residual", term: "sd__Observation", estimate: fit.sigma };
  return [...own, { ...residual, held: { kind: "sigma" } }];
}

type Limits = Pick<VarianceInterval, "lower" | "upper">;

function limitsOf(
  fit: MixedFit,
  held: Held,
  estimate: number,
  rise: (value: number) => number,
  height: number,
): Limits {
  if (held.kind === "cor") return limitsOfCorrelation(estimate, rise, height);
  if (held.kind === "sigma") {
    const unit = 1 / Math.sqrt(2 * fit.nobs);
    const side = (sign: 1 | -1) =>
      Math.exp(findHeight((log) => rise(Math.exp(log)), Math.log(estimate), sign * unit, height));
    return { lower: side(-1), upper: side(1) };
  }
  const { levels } = contextOf(fit).data.groups[held.group]!;
  const lower = estimate > 0 ? limitTowards(rise, estimate, 0, height) : 0;
  const isZero = lower === 0 && rise(0) < ZERO;
  const unit = isZero ? fit.sigma / Math.sqrt(fit.nobs) : estimate / Math.sqrt(2 * levels);
  return { lower, upper: findHeight(rise, estimate, unit, height) };
}

function limitsOfCorrelation(
  estimate: number,
  rise: (value: number) => number,
  height: number,
): Limits {
  if (Number.isNaN(estimate)) return { lower: -1, upper: 1 };
  return {
    lower: limitTowards(rise, estimate, -1, height),
    upper: limitTowards(rise, estimate, 1, height),
  };
}

// In a few steps towards the end of the range, so that each search begins near its optimum; the end where it is not too high.
function limitTowards(
  rise: (value: number) => number,
  estimate: number,
  end: number,
  height: number,
): number {
  let before = 0;
  for (const share of STEPS) {
    const at = (of: number) => estimate + of * (end - estimate);
    if (rise(at(share)) > height) {
      return at(findRoot((of) => rise(at(of)) - height, before, share, ROOT));
    }
    before = share;
  }
  return end;
}

const STEPS = [0.3, 0.6, 0.85, 0.97, 1];
/** Rise of the deviance's root up to which a standard deviation counts as 0. */
const ZERO = 1e-3;
/** On a share of the way to the end of the range. */
const ROOT = 1e-8;
