// The highest maximum of the likelihood over variances that are not negative: climbs from a grid of starts.
import { largest } from "kit";
import { meanOf } from "../numerics/vectors";
import { climb, type Maximum, pointAt, rounding } from "./climb";
import type { Criterion } from "./marginal";
import type { EffectsProblem } from "./meta-problem";

const POLISHED = 4;
const LEVELS = 8;

/**
 * Finds the highest maximum of the likelihood: the best of a grid of starts are followed to their tops, and from the
 * highest top each component's variance is moved to each level of the grid in turn, until no move leads higher.
 *
 * Deterministic. Cost: about fifty evaluations for every component.
 *
 * @param every which levels a variance is moved to: 1 for all, 3 for zero and every third.
 */
export function maximise(problem: EffectsProblem, criterion: Criterion, every = 1): Maximum {
  const levels = listLevels(problem);
  const starts = listStarts(problem, levels)
    .map((tau2) => pointAt(problem, criterion, tau2))
    .sort((a, b) => b.logLik - a.logLik)
    .slice(0, POLISHED);
  let best = highest(starts.map((start) => climb(problem, criterion, start, -1)));
  if (problem.components.length === 1) return best;
  const tried = levels.filter((_, at) => at % every === 0);
  for (;;) {
    const next = highestBeside(problem, criterion, best, tried);
    if (next === best) return best;
    best = next;
  }
}

function highestBeside(
  problem: EffectsProblem,
  criterion: Criterion,
  best: Maximum,
  levels: readonly number[],
): Maximum {
  const moved = problem.components.flatMap((_, at) =>
    levels.map((level) => best.tau2.with(at, level)),
  );
  return highest([
    best,
    ...moved.map((start) =>
      climb(problem, criterion, pointAt(problem, criterion, start), -1, best),
    ),
  ]);
}

function highest(tops: readonly Maximum[]): Maximum {
  return tops.reduce((best, top) => (top.logLik > best.logLik + 1e3 * rounding(best) ? top : best));
}

/** Follows the likelihood upwards from a start, with one component's variance held where it is. */
export function maximiseOthers(
  problem: EffectsProblem,
  criterion: Criterion,
  start: Float64Array,
  held: number,
): Maximum {
  return climb(problem, criterion, pointAt(problem, criterion, start), held);
}

// Zero, and even steps of the logarithm from below the least sampling variance to above the spread of the effects.
function listLevels({ y, v }: EffectsProblem): number[] {
  const mean = meanOf(y);
  const spread = y.reduce((sum, value) => sum + (value - mean) ** 2, 0) / y.length;
  const variances = y.map((_, at) => v[at * y.length + at]!);
  const low = Math.log(-largest(variances.map((one) => -one)) / 10);
  const high = Math.log(10 * Math.max(spread, largest(variances)));
  const steps = Array.from({ length: LEVELS }, (_, at) => low + ((high - low) * at) / (LEVELS - 1));
  return [0, ...steps.map(Math.exp)];
}

// All components at one level; for one, two more levels between each two.
function listStarts({ components }: EffectsProblem, levels: readonly number[]): Float64Array[] {
  const count = components.length;
  const between = levels.slice(1, -1).flatMap((level, at) => {
    const step = levels[at + 2]! / level;
    return [level * step ** (1 / 3), level * step ** (2 / 3)];
  });
  const all = count === 1 ? [...levels, ...between] : levels;
  return all.map((level) => new Float64Array(count).fill(level));
}
