// A claim's contrast for every unit: a model, an older method with a publication of its own, or what two sides of a change
// have in common.
import { SENTIMENTS, type Sentiment } from "../corpus/emotions";
import type { Family, System } from "../systems/system";
import { collectionOf, unitOf } from "../systems/unit";
import { type Claim, sentimentsOf } from "./claim";
import {
  type CombinedEstimates,
  combineClustered,
  type WeightedEntries,
} from "./clustered-estimates";
import { entryOf } from "./combine-estimates";
import type { ShareTable } from "./share-table";
import { pairSides } from "./sides";

/** A claim's contrast for one unit, as a difference of shares. */
export interface UnitEstimate {
  readonly unit: string;
  readonly family: Family;
  /** Who produced its replies; of several, all of them. */
  readonly collection: string;
  readonly systems: readonly string[];
  /** Less people's on the same turns, where the claim compares with anybody. */
  readonly estimate: number;
  /** Of stage 1: these replies. */
  readonly se: number;
}

/** Contrasts of units, those of the claim's own family first; covariances are computed when they are asked for. */
export interface UnitEstimates {
  readonly units: readonly UnitEstimate[];
  readonly values: readonly number[];
  /** Covariance of stage 1, one row a unit; of the units' own shares; and of people's on the same turns. */
  readonly covariance: CombinedEstimates["covariance"];
  readonly ownCovariance: CombinedEstimates["covariance"];
  readonly peopleCovariance: CombinedEstimates["covariance"];
  /** The variances of a weighted sum of the contrasts, and of people's part of it. */
  varianceOf(weights: readonly number[]): number;
  peopleVarianceOf(weights: readonly number[]): number;
}

/** The families other than people that a claim is about. */
export function familiesOf({ compared }: Pick<Claim, "compared">): Family[] {
  return compared.with && compared.with !== "human"
    ? [compared.family, compared.with]
    : [compared.family];
}

/**
 * Averages the shares of each unit's systems, in the claim's contrast of sentiments.
 *
 * @param systems whose shares may be used; one without a share for a sentiment that the claim looks at is left out.
 */
export function averageByUnit(
  claim: Pick<Claim, "compared">,
  systems: readonly System[],
  table: ShareTable,
  weights: Readonly<Record<Sentiment, number>>,
): UnitEstimates {
  const places = new Map(table.systems.map(({ id }, at) => [id, at]));
  const groups = new Map<string, Group>();
  const add = (unit: string, family: Family, sides: readonly (readonly [System, 1 | -1])[]) => {
    const found = sides.flatMap(([system, sign]) => {
      const place = places.get(system.id);
      return place === undefined || !hasShares(table, place, weights) ? [] : [{ place, sign }];
    });
    if (found.length < sides.length) return;
    const group = groups.get(unit) ?? { family, sides: [], collections: new Set<string>() };
    group.sides.push(found);
    for (const [system] of sides) group.collections.add(collectionOf(system));
    groups.set(unit, group);
  };
  const { change } = claim.compared;
  for (const family of familiesOf(claim)) {
    const own = systems.filter((one) => one.family === family);
    if (change) {
      for (const { unit, to, from } of pairSides(change, own)) {
        add(unit, family, [
          [to, 1],
          [from, -1],
        ]);
      }
    } else {
      for (const system of own) add(unitOf(system), family, [[system, 1]]);
    }
  }
  const combine = (of: "own" | "people", sign: 1 | -1) =>
    [...groups.values()].map((group) => entriesOf(group, table, of, sign, weights));
  const [own, people] = [combine("own", 1), combine("people", -1)];
  const isAgainstPeople = claim.compared.with !== undefined || change !== undefined;
  const both = own.map((entries, at) =>
    isAgainstPeople ? entries.concat(people[at] as WeightedEntries) : entries,
  );
  const combined = combineClustered(both);
  const [ownOnly, peopleOnly] = [own, people].map(combineClustered) as [
    CombinedEstimates,
    CombinedEstimates,
  ];
  return {
    units: [...groups].map(([unit, { family, sides, collections }], at) => ({
      unit,
      family,
      collection: [...collections].sort().join(" and "),
      systems: [...new Set(sides.flat().map(({ place }) => table.systems[place]?.id as string))],
      estimate: combined.values[at] as number,
      get se() {
        return Math.sqrt(combined.covariance[at]?.[at] as number);
      },
    })),
    values: combined.values,
    get covariance() {
      return combined.covariance;
    },
    get ownCovariance() {
      return ownOnly.covariance;
    },
    get peopleCovariance() {
      return isAgainstPeople ? peopleOnly.covariance : own.map(() => own.map(() => 0));
    },
    varianceOf: combined.varianceOf,
    peopleVarianceOf: (weights) => (isAgainstPeople ? peopleOnly.varianceOf(weights) : 0),
  };
}

/**
 * The estimates of some units: what `averageByUnit` gives without the systems of the others.
 *
 * @param isKept asked of each unit.
 */
export function keepUnits(
  all: UnitEstimates,
  isKept: (unit: UnitEstimate) => boolean,
): UnitEstimates {
  const places = [...all.units.keys()].filter((at) => isKept(all.units[at] as UnitEstimate));
  const pick = <Value>(from: readonly Value[]) => places.map((at) => from[at] as Value);
  const [covariance, peopleCovariance] = [all.covariance, all.peopleCovariance].map((whole) =>
    pick(whole).map(pick),
  ) as [number[][], number[][]];
  return {
    units: pick(all.units),
    values: pick(all.values),
    covariance,
    ownCovariance: pick(all.ownCovariance).map(pick),
    peopleCovariance,
    varianceOf: (weights) => weighTwice(covariance, weights),
    peopleVarianceOf: (weights) => weighTwice(peopleCovariance, weights),
  };
}

/** The weights of a difference of families (of one family's mean) in which each unit of a family weighs the same. */
export function equalWeights(
  units: readonly UnitEstimate[],
  families: readonly Family[],
): number[] {
  return units.map(({ family }) => {
    const count = units.filter((unit) => unit.family === family).length;
    return (family === families[0] ? 1 : -1) / count;
  });
}

/** A weighted sum of values. */
export function weigh(values: readonly number[], weights: readonly number[]): number {
  return values.reduce((sum, value, at) => sum + value * (weights[at] as number), 0);
}

/** The variance of a weighted sum. */
export function weighTwice(
  covariance: readonly (readonly number[])[],
  weights: readonly number[],
): number {
  let sum = 0;
  for (const [i, row] of covariance.entries()) {
    for (const [j, value] of row.entries()) {
      sum += value * (weights[i] as number) * (weights[j] as number);
    }
  }
  return sum;
}

interface Group {
  readonly family: Family;
  /** Systems that are averaged, or pairs of them, the second of each taken from the first. */
  readonly sides: (readonly { readonly place: number; readonly sign: 1 | -1 }[])[];
  readonly collections: Set<string>;
}

function hasShares(
  { reasons }: ShareTable,
  place: number,
  weights: Readonly<Record<Sentiment, number>>,
): boolean {
  return sentimentsOf(weights).every((sentiment) => reasons[entryOf(place, sentiment)] === null);
}

function entriesOf(
  { sides }: Group,
  table: ShareTable,
  of: "own" | "people",
  sign: 1 | -1,
  weights: Readonly<Record<Sentiment, number>>,
): WeightedEntries {
  return sides.flat().flatMap(({ place, sign: side }) =>
    SENTIMENTS.filter((sentiment) => weights[sentiment] !== 0).map((sentiment) => ({
      of: table[of],
      entry: entryOf(place, sentiment),
      weight: (sign * side * weights[sentiment]) / sides.length,
    })),
  );
}
