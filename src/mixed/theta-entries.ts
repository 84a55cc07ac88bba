import type { FactorEntry, RandomGroup } from "./model-data";

/** One parameter of theta: an entry of one group's factor. */
export interface ThetaEntry extends FactorEntry {
  /** Place of the group. */
  readonly group: number;
}

/** Lists what theta holds, in its order. */
export function thetaEntries(groups: readonly RandomGroup[]): ThetaEntry[] {
  return groups.flatMap(({ entries }, group) => entries.map((entry) => ({ ...entry, group })));
}

// lme4's own bound for a singular fit.
const VANISHING = 1e-4;

/**
 * Says for each parameter whether it lies on the boundary: the diagonal entry of its column vanishes, so that a
 * variance is zero or a correlation one.
 */
export function onBoundary(groups: readonly RandomGroup[], theta: Float64Array): boolean[] {
  const entries = thetaEntries(groups);
  return entries.map(({ group, column }) => {
    const diagonal = entries.findIndex(
      (one) => one.group === group && one.row === column && one.column === column,
    );
    return Math.abs(theta[diagonal] as number) < VANISHING;
  });
}
