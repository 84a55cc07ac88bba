import assert from "node:assert/strict";
import { createGenerator } from "kit";
import type { MultilevelData } from "mixed-models/meta";

/** Data with all that may be left out. */
export type Drawn = Required<MultilevelData>;

/** The levels, in order of the coefficients. */
export const FAMILIES = ["new", "old"];

/** Units within collections, of families with means and variances of their own; errors share a part in a collection. */
export function drawn(
  seed: number,
  collections: number,
  units: number,
): Drawn & { clusters: string[] } {
  const { normal, uniform } = createGenerator(seed);
  const rows = Array.from({ length: collections * units * FAMILIES.length }, (_, at) => ({
    family: FAMILIES[at % 2] as string,
    collection: `c${Math.floor(at / (2 * units))}`,
    unit: `u${Math.floor(at / 2)}`,
  }));
  const own = rows.map(() => 0.02 + 0.1 * uniform());
  const shared = new Map<string, number>();
  const sharedBy = (key: string, sd: number): number => {
    const found = shared.get(key) ?? sd * normal();
    shared.set(key, found);
    return found;
  };
  return {
    effects: rows.map(
      ({ family, collection, unit }, at) =>
        (family === "new" ? 0.5 : 0) +
        sharedBy(collection + family, 0.4) +
        sharedBy(unit + family, 0.2) +
        Math.sqrt(own[at] as number) * normal(),
    ),
    covariance: rows.map((a, i) =>
      rows.map(
        (b, j) => (i === j ? (own[i] as number) : 0) + (a.collection === b.collection ? 0.01 : 0),
      ),
    ),
    moderators: {
      names: FAMILIES,
      rows: rows.map(({ family }) => FAMILIES.map((one) => (one === family ? 1 : 0))),
    },
    random: [
      {
        name: "collection",
        groups: rows.map(({ collection }) => collection),
        by: rows.map(({ family }) => family),
      },
      { name: "unit", groups: rows.map(({ unit }) => unit) },
    ],
    labels: rows.map((_, at) => `row ${at}`),
    clusters: rows.map(({ collection }) => collection),
  };
}

/** Some rows of data whose covariance is a matrix, in the order given. */
export function pickRows(
  { effects, covariance, moderators, random }: Drawn,
  rows: readonly number[],
) {
  const pick = <T>(list: readonly T[]) => rows.map((row) => list[row] as T);
  return {
    effects: pick(effects),
    covariance: pick(covariance as readonly (readonly number[])[]).map(pick),
    moderators: { ...moderators, rows: pick(moderators.rows) },
    random: random.map(({ name, groups, by }) => ({
      name,
      groups: pick(groups),
      by: by && pick(by),
    })),
  };
}

/** Refuses what differs by more than a share of the size, or of 1. */
export function close(found: number, expected: number, tolerance = 1e-8): void {
  const distance = Math.abs(found - expected);
  assert.ok(distance <= tolerance * Math.max(1, Math.abs(expected)), `${found} and ${expected}`);
}
