// A model's deviance with one standard deviation or correlation of its random effects held, as a smooth function of the rest.
import { contextOf } from "../fit/fit-context";
import type { MixedFit } from "../fit/result";
import { factorise, invertFactored } from "../numerics/cholesky";
import { differentiate } from "../numerics/differences";
import { type Minimum, minimise } from "../numerics/minimise";
import { collapseRows } from "../objective/collapse";
import { unpackFactors } from "../objective/covariance-factor";
import { LaplaceObjective } from "../objective/laplace";
import type { ModelData, RandomGroup } from "../objective/model-data";
import { ProfiledObjective } from "../objective/profiled";
import { hermiteRule, quadratureDeviance } from "../objective/quadrature";
import { StandardUnits } from "../objective/standard-units";

/** What is held: columns of a term are named by their places in their group. */
export type Held =
  | { readonly kind: "sd"; readonly group: number; readonly column: number }
  | {
      readonly kind: "cor";
      readonly group: number;
      readonly column: number;
      readonly other: number;
    }
  | { readonly kind: "sigma" };

/** The deviance at a value of what is held, minimised over the rest. */
export type ProfiledDeviance = (value: number) => number;

/**
 * Prepares the profile of one parameter of a fit by maximum likelihood. The columns that are held come first in their term, where
 * the factor's first entries are their standard deviation and their correlation; the others are free.
 *
 * @throws NoValue if the deviance has none beside the estimates.
 */
export function profileSystem(fit: MixedFit, held: Held): ProfiledDeviance {
  const { data, parameters, start } = contextOf(fit);
  const collapsed = collapseRows(data);
  const order = collapsed.groups.map((group, at) => orderOf(group, at, held));
  const scales = collapsed.groups.map(columnScales);
  const groups = collapsed.groups.map((group, at) => reorder(group, order[at]!, scales[at]!));
  const factors = unpackFactors(collapsed.groups, parameters.theta);
  const theta = groups.flatMap((group, at) =>
    thetaOf(group, factors[at]!, order[at]!, scales[at]!),
  );
  const isLinear = data.family === "gaussian";
  const rest = isLinear ? [Math.log(parameters.sigma)] : [...start.own, ...start.beta];
  const objective = objectiveOf(fit, { ...new StandardUnits(collapsed).data, groups });
  const logSigmaAt = isLinear ? theta.length : undefined;
  const constraint = constrain(held, collapsed.groups, scales, logSigmaAt);
  return minimised(objective, constraint, Float64Array.from([...theta, ...rest]));
}

// The held columns before the others of their term.
function orderOf({ columns, entries }: RandomGroup, at: number, held: Held): number[] {
  const own = Array.from({ length: columns }, (_, column) => column);
  if (held.kind === "sigma" || held.group !== at) return own;
  const chosen = held.kind === "cor" ? [held.other, held.column] : [held.column];
  const term = termOf(entries, held.column);
  const within = [...chosen, ...term.filter((column) => !chosen.includes(column))];
  return own.map((column) => (term.includes(column) ? within[column - term[0]!]! : column));
}

// The columns that share a triangle with one.
function termOf(entries: RandomGroup["entries"], of: number): number[] {
  const related = entries.flatMap(({ row, column }) =>
    row === of || column === of ? [row, column] : [],
  );
  return [...new Set(related)].sort((left, right) => left - right);
}

function columnScales({ values, columns }: RandomGroup): number[] {
  const squares = new Float64Array(columns);
  for (const [at, value] of values.entries()) squares[at % columns]! += value * value;
  const rows = values.length / columns;
  return Array.from(squares, (square) => Math.sqrt(square / rows) || 1);
}

function reorder(
  group: RandomGroup,
  order: readonly number[],
  scales: readonly number[],
): RandomGroup {
  const { columns } = group;
  const values = group.values.map((_, at) => {
    const from = order[at % columns]!;
    return group.values[at - (at % columns) + from]! / scales[from]!;
  });
  return { ...group, values };
}

// The factor of the reordered columns, from the covariances; variances of zero leave columns of zeros.
function thetaOf(
  { entries, columns }: RandomGroup,
  factor: Float64Array,
  order: readonly number[],
  scales: readonly number[],
): number[] {
  const rows = order.map((from) =>
    Array.from(factor.subarray(from * columns, (from + 1) * columns), (x) => x * scales[from]!),
  );
  const lower = rows.map(() => new Float64Array(columns));
  for (let i = 0; i < columns; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = rows[i]!.reduce((total, value, k) => total + value * rows[j]![k]!, 0);
      for (let k = 0; k < j; k++) sum -= lower[i]![k]! * lower[j]![k]!;
      if (i === j) lower[i]![j] = Math.sqrt(Math.max(0, sum));
      else lower[i]![j] = lower[j]![j]! > 0 ? sum / lower[j]![j]! : 0;
    }
  }
  return entries.map(({ row, column }) => lower[row]![column]!);
}

type Evaluate = (x: Float64Array, gradient: Float64Array) => number;

function objectiveOf(fit: MixedFit, data: ModelData): Evaluate {
  const { nodes, constant } = contextOf(fit).estimateOptions;
  if (data.family === "gaussian") {
    const objective = new ProfiledObjective(data, false);
    const { outerCount } = objective;
    return (x, gradient) => objective.evaluateAt(x.slice(0, outerCount), x[outerCount]!, gradient);
  }
  const objective = new LaplaceObjective(data, constant);
  if (nodes === 1) return (x, gradient) => objective.evaluate(x, gradient);
  const rule = hermiteRule(nodes);
  return (x, gradient) => {
    const steps = x.map((value) => 1e-4 * (1 + Math.abs(value)));
    return differentiate((at) => quadratureDeviance(objective, at, rule), x, steps, gradient);
  };
}

/** Takes the held parameter out of the whole list, and puts it back. */
interface Constraint {
  readonly dropped: number;
  /** Fills the place of what is held, in a list that has all others. */
  complete(x: Float64Array, value: number): void;
  /** Turns derivatives in all parameters to those in the free ones, at a completed list. */
  pull(gradient: Float64Array, x: Float64Array, free: Float64Array): void;
  /** Turns estimates of all parameters to those of the free ones. */
  begin(x: Float64Array): void;
}

function constrain(
  held: Held,
  groups: readonly RandomGroup[],
  scales: readonly (readonly number[])[],
  logSigmaAt: number | undefined,
): Constraint {
  const nothing = () => {};
  if (held.kind === "sigma") {
    const complete = (x: Float64Array, value: number) => {
      x[logSigmaAt!] = Math.log(value);
    };
    return { dropped: logSigmaAt!, complete, pull: nothing, begin: nothing };
  }
  const { entries } = groups[held.group]!;
  const before = groups.slice(0, held.group).reduce((sum, one) => sum + one.entries.length, 0);
  const [top] = termOf(entries, held.column) as [number];
  const placeOf = (row: number, column: number) =>
    before + entries.findIndex((one) => one.row === row && one.column === column);
  const first = placeOf(top, top);
  if (held.kind === "cor")
    return holdCorrelation(first, placeOf(top + 1, top), placeOf(top + 1, top + 1));
  const scale = scales[held.group]![held.column]!;
  if (logSigmaAt === undefined) {
    const complete = (x: Float64Array, value: number) => {
      x[first] = value * scale;
    };
    return { dropped: first, complete, pull: nothing, begin: nothing };
  }
  return {
    dropped: first,
    complete: (x, value) => {
      x[first] = value * scale * Math.exp(-x[logSigmaAt]!);
    },
    pull: (gradient, x) => {
      gradient[logSigmaAt]! -= x[first]! * gradient[first]!;
    },
    begin: nothing,
  };
}

// The second row of the factor is its length times (r, root of 1 - r^2), where the length and the first row are positive.
function holdCorrelation(first: number, left: number, own: number): Constraint {
  let correlation = 0;
  const across = () => Math.sqrt(Math.max(0, 1 - correlation ** 2));
  return {
    dropped: left,
    complete: (x, value) => {
      correlation = value;
      const length = Math.abs(x[own]!);
      x[first] = Math.abs(x[first]!);
      x[left] = correlation * length;
      x[own] = across() * length;
    },
    pull: (gradient, _x, free) => {
      gradient[own] = correlation * gradient[left]! + across() * gradient[own]!;
      // The free list leaves out the place between them.
      if (free[first]! < 0) gradient[first] = -gradient[first]!;
      if (free[own - 1]! < 0) gradient[own] = -gradient[own]!;
    },
    begin: (x) => {
      x[own] = Math.hypot(x[left]!, x[own]!);
    },
  };
}

// Each search begins where that at the nearest value ended.
function minimised(
  objective: Evaluate,
  { dropped, complete, pull, begin }: Constraint,
  estimates: Float64Array,
): ProfiledDeviance {
  const without = (x: Float64Array) => x.filter((_, at) => at !== dropped);
  const at =
    (value: number): Evaluate =>
    (free, gradient) => {
      const x = Float64Array.of(...free.subarray(0, dropped), 0, ...free.subarray(dropped));
      complete(x, value);
      const whole = new Float64Array(x.length);
      const found = objective(x, whole);
      pull(whole, x, free);
      gradient.set(without(whole));
      return found;
    };
  const all = estimates.slice();
  begin(all);
  const first = without(all);
  const known: { readonly value: number; readonly minimum: Minimum }[] = [];
  return (value) => {
    const evaluate = at(value);
    if (first.length === 0) return evaluate(first, new Float64Array(0));
    const [nearest] = known.sort((left, right) => {
      return Math.abs(left.value - value) - Math.abs(right.value - value);
    });
    const { x: start, inverseHessian } = nearest?.minimum ?? {
      x: first,
      inverseHessian: inverseHessianAt(evaluate, first),
    };
    const minimum = minimise(evaluate, { start, inverseHessian });
    known.push({ value, minimum });
    return minimum.value;
  };
}

// By central differences of the gradient; where that is no minimum, each parameter by itself.
function inverseHessianAt(evaluate: Evaluate, x: Float64Array): Float64Array {
  const size = x.length;
  const hessian = new Float64Array(size * size);
  const [above, below] = [new Float64Array(size), new Float64Array(size)];
  for (let at = 0; at < size; at++) {
    const step = 1e-4 * (0.1 + Math.abs(x[at]!));
    const moved = x.slice();
    moved[at] = x[at]! + step;
    evaluate(moved, above);
    moved[at] = x[at]! - step;
    evaluate(moved, below);
    for (let other = 0; other < size; other++) {
      hessian[at * size + other] = (above[other]! - below[other]!) / (2 * step);
    }
  }
  const factor = hessian.slice();
  if (factorise(factor, size) < 0) return invertFactored(factor, size);
  return hessian.map((_, at) =>
    at % (size + 1) === 0 ? 1 / Math.max(1e-2, Math.abs(hessian[at]!)) : 0,
  );
}
