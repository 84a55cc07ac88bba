// A model's deviance with one standard deviation or correlation of its random effects held, as a smooth function of the rest.
import { contextOf } from "../fit/fit-context";
import type { MixedFit } from "../fit/result";
import { factorise, invertFactored } from "../numerics/cholesky";
import { differentiate } from "../numerics/differences";
import { rowOf } from "../numerics/matrices";
import { type Minimum, minimise } from "../numerics/minimise";
import { collapseRows } from "../objective/collapse";
import { unpackFactors } from "../objective/covariance-factor";
import { LaplaceObjective } from "../objective/laplace";
import type { ModelData, RandomGroup } from "../objective/model-data";
import { ProfiledObjective } from "../objective/profiled";
import { hermiteRule, quadratureDeviance } from "../objective/quadrature";
import { StandardUnits } from "../objective/standard-units";
import { type Constraint, constrain, type Held, termOf } from "./profile-constraint";

/** The deviance at a value of what is held, minimised over the rest. */
type ProfiledDeviance = (value: number) => number;

/**
 * Prepares the profile of one parameter of a fit by maximum likelihood. The columns that are held come first in their term, where
 * the factor's first entries are their standard deviation and their correlation; the others are free.
 *
 * @throws NoValue if the deviance has none beside the estimates.
 */
export function profileSystem(fit: MixedFit, held: Held): ProfiledDeviance {
  const { data, parameters, start } = contextOf(fit);
  const collapsed = collapseRows(data);
  const order = collapsed.groups.map((group, which) => orderOf(group, which, held));
  const scales = collapsed.groups.map(columnScales);
  const groups = collapsed.groups.map((group, which) =>
    reorder(group, order[which]!, scales[which]!),
  );
  const factors = unpackFactors(collapsed.groups, parameters.theta);
  const theta = groups.flatMap((group, which) =>
    thetaOf(group, factors[which]!, order[which]!, scales[which]!),
  );
  const isLinear = data.family === "gaussian";
  const rest = isLinear
    ? [Math.log(parameters.sigma)]
    : [...start.thresholdParameters, ...start.beta];
  const objective = objectiveOf(fit, { ...new StandardUnits(collapsed).data, groups });
  const logSigmaAt = isLinear ? theta.length : undefined;
  const constraint = constrain(held, collapsed.groups, scales, logSigmaAt);
  return minimised(objective, constraint, Float64Array.from([...theta, ...rest]));
}

// The held columns before the others of their term.
function orderOf({ columns, entries }: RandomGroup, which: number, held: Held): number[] {
  const own = Array.from({ length: columns }, (_, column) => column);
  if (held.kind === "sigma" || held.group !== which) return own;
  const chosen = held.kind === "cor" ? [held.other, held.column] : [held.column];
  const term = termOf(entries, held.column);
  const within = [...chosen, ...term.filter((column) => !chosen.includes(column))];
  return own.map((column) => (term.includes(column) ? within[column - term[0]!]! : column));
}

function columnScales({ values, columns }: RandomGroup): number[] {
  const squares = new Float64Array(columns);
  for (const [cell, value] of values.entries()) squares[cell % columns]! += value * value;
  const rows = values.length / columns;
  return Array.from(squares, (square) => Math.sqrt(square / rows) || 1);
}

function reorder(
  group: RandomGroup,
  order: readonly number[],
  scales: readonly number[],
): RandomGroup {
  const { columns } = group;
  const values = group.values.map((_, cell) => {
    const from = order[cell % columns]!;
    return group.values[cell - (cell % columns) + from]! / scales[from]!;
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
    Array.from(rowOf(factor, from, columns), (x) => x * scales[from]!),
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
    return differentiate((point) => quadratureDeviance(objective, point, rule), x, steps, gradient);
  };
}

// Each search begins where that at the nearest value ended.
function minimised(
  objective: Evaluate,
  { dropped, complete, pull, begin }: Constraint,
  estimates: Float64Array,
): ProfiledDeviance {
  const without = (x: Float64Array) => x.filter((_, parameter) => parameter !== dropped);
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

// By central differences of the gradient; where that is not a minimum, each parameter by itself.
function inverseHessianAt(evaluate: Evaluate, x: Float64Array): Float64Array {
  const size = x.length;
  const hessian = new Float64Array(size * size);
  const [above, below] = [new Float64Array(size), new Float64Array(size)];
  for (let parameter = 0; parameter < size; parameter++) {
    const step = 1e-4 * (0.1 + Math.abs(x[parameter]!));
    const moved = x.slice();
    moved[parameter] = x[parameter]! + step;
    evaluate(moved, above);
    moved[parameter] = x[parameter]! - step;
    evaluate(moved, below);
    for (let other = 0; other < size; other++) {
      hessian[parameter * size + other] = (above[other]! - below[other]!) / (2 * step);
    }
  }
  const factor = hessian.slice();
  if (factorise(factor, size) < 0) return invertFactored(factor, size);
  return hessian.map((_, parameter) =>
    parameter % (size + 1) === 0 ? 1 / Math.max(1e-2, Math.abs(hessian[parameter]!)) : 0,
  );
}
