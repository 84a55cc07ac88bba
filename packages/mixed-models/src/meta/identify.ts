// Which variances the data can tell apart. The restricted likelihood sees a component's G = ZZ' as M G M only, M the
// residual projection of the design: a component with M G M = 0 is seen not at all, and where those of several depend
// on each other linearly, so does their part of the likelihood (Searle, Casella and McCulloch 1992, section 6.6).
import { UserError } from "kit";
import { factorise } from "../numerics/cholesky";
import { takeBlock } from "../numerics/matrices";
import { type Component, numbersOf, setsOfAll, sumByComponent, sumOverSets } from "./components";
import type { KnownPart } from "./meta-problem";

/** A variance that the data cannot tell. */
export interface UnidentifiedVariance {
  readonly name: string;
  /**
   * Why: it has `one group` only; it is `absorbed` by the coefficients; or it is `combined` with others: only its sums
   * with each of these are identified, and they stand for those sums.
   */
  readonly reason: "one group" | "absorbed" | "combined";
  /** Names of the components, as they were asked for, that it cannot be told from. */
  readonly with: readonly string[];
}

/** Components to estimate, and those that are left out. */
interface Identified {
  /** With the names of what they stand for joined by `+`. */
  readonly components: readonly Component[];
  /** For each component, the names of those whose sum it is. */
  readonly includes: readonly (readonly string[])[];
  readonly unidentified: readonly UnidentifiedVariance[];
}

/** Less than this share of a component's squares, left after the others, is rounding. */
const NOTHING = 1e-9;

/**
 * Leaves out variances that cannot be told from the others, so that nothing is lost but their names.
 *
 * @throws UserError where several variances depend on each other so that none can be left out without loss.
 */
export function identify(known: KnownPart, asked: readonly Component[]): Identified {
  const unidentified: UnidentifiedVariance[] = [];
  const residual = residualProjection(known);
  const seen = asked.filter((component) => {
    const reason = unseenReason(component, residual, known.y.length);
    if (reason) unidentified.push({ name: component.name, reason, with: [] });
    return !reason;
  });
  const information = informationOf(seen, residual, known.y.length);
  const kept = [...seen.keys()];
  const includes = seen.map(({ name }) => [name]);
  for (;;) {
    const dependence = findDependence(information, seen.length, kept);
    if (!dependence) break;
    const dropped = chooseDropped(dependence, kept, seen);
    const others = kept.filter((at, i) => at !== dropped && dependence[i] !== 0);
    kept.splice(kept.indexOf(dropped), 1);
    for (const at of others) includes[at] = includes[at]!.concat(includes[dropped]!);
    const names = others.map((at) => seen[at]!.name);
    unidentified.push({ name: seen[dropped]!.name, reason: "combined", with: names });
  }
  return {
    components: kept.map((at) => ({ name: includes[at]!.join(" + "), sets: seen[at]!.sets })),
    includes: kept.map((at) => includes[at]!),
    unidentified,
  };
}

// I - QQ'.
function residualProjection({ basis, y, names }: KnownPart): Float64Array {
  const size = y.length;
  const width = names.length;
  return Float64Array.from({ length: size * size }, (_, cell) => {
    const [i, j] = [Math.floor(cell / size), cell % size];
    let sum = i === j ? 1 : 0;
    for (let c = 0; c < width; c++) sum -= basis.q[i * width + c]! * basis.q[j * width + c]!;
    return sum;
  });
}

// tr(M G_c M G_d), components x components.
function informationOf(components: readonly Component[], residual: Float64Array, size: number) {
  const cells = sumOverSets(residual, size, setsOfAll(components));
  return sumByComponent(cells, numbersOf(components), components.length);
}

function unseenReason(
  component: Component,
  residual: Float64Array,
  size: number,
): "one group" | "absorbed" | undefined {
  if (component.sets.length === 1) return "one group";
  const [left] = informationOf([component], residual, size);
  const all = component.sets.reduce((sum, set) => sum + set.length ** 2, 0);
  return left! > NOTHING * all ? undefined : "absorbed";
}

// The weights of the first combination of components that is zero: the last that takes part weighs -1.
function findDependence(
  information: Float64Array,
  count: number,
  kept: readonly number[],
): number[] | undefined {
  const order = kept.length;
  const root = (at: number) => Math.sqrt(information[at * count + at]!);
  const factor = takeBlock(information, kept).map((value, at) => {
    const [i, j] = [Math.floor(at / order), at % order];
    return i === j ? 1 - NOTHING : value / (root(kept[i]!) * root(kept[j]!));
  });
  const failed = factorise(factor, order);
  if (failed < 0) return undefined;
  const weights = solveBackwards(factor, order, failed);
  return kept.map((at, i) => {
    const weight = i === failed ? -1 : i < failed ? weights[i]! : 0;
    // What one part in ten thousand weighs is left by the slack on the diagonal.
    return Math.abs(weight) < 1e-4 ? 0 : weight * (root(kept[failed]!) / root(at));
  });
}

// The factor's row holds L^-1 of the failed row's cells: L' w = that gives the weights of the rows before it.
function solveBackwards(factor: Float64Array, order: number, failed: number): Float64Array {
  const weights = new Float64Array(failed);
  for (let i = failed - 1; i >= 0; i--) {
    let sum = factor[failed * order + i]!;
    for (let j = i + 1; j < failed; j++) sum -= factor[j * order + i]! * weights[j]!;
    weights[i] = sum / factor[i * order + i]!;
  }
  return weights;
}

// A component that is a sum of others with positive weights can go: they take its variance up.
function chooseDropped(
  dependence: readonly number[],
  kept: readonly number[],
  seen: readonly Component[],
): number {
  for (const sign of [-1, 1]) {
    const [only, ...others] = kept.filter((_, i) => sign * dependence[i]! > 0);
    if (only !== undefined && others.length === 0) return only;
  }
  const names = kept.flatMap((at, i) => (dependence[i] === 0 ? [] : [`'${seen[at]!.name}'`]));
  throw new UserError(
    `the variances of ${names.join(", ")} cannot be told apart: the data know combinations of them only; leave a random term out`,
  );
}
