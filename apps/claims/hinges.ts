// On whom a verdict hinges: it is reached again without each unit, and without each collection.
import { isMissing } from "kit";
import {
  type AssessOptions,
  assessClaim,
  assessUnits,
  estimateUnits,
  isAssessed,
} from "../../src/claims/assess-claim";
import type { Claim } from "../../src/claims/claim";
import type { ShareTable } from "../../src/claims/share-table";
import { familiesOf, keepUnits, type UnitEstimates } from "../../src/claims/unit-estimates";
import { type Ruling, ruleOn } from "../../src/claims/verdict";
import type { System } from "../../src/systems/system";
import { collectionOf, unitOf } from "../../src/systems/unit";

/** A verdict without some of the systems. */
export interface Without {
  /** The unit, or the collection, that is left out. */
  readonly without: string;
  readonly of: "unit" | "collection";
  /** For models like these, and for these systems; null where nothing is left to compare. */
  readonly estimate: number | null;
  readonly these: number | null;
  readonly ruling: Ruling;
}

/** Puts a claim to the systems once without each unit, and once without each collection. */
export function leaveOneOut(
  claim: Claim,
  table: ShareTable,
  systems: readonly System[],
  options: AssessOptions = {},
): Without[] {
  const families = familiesOf(claim);
  const full = estimateUnits(claim, table, systems, options.reading);
  if (isMissing(full)) return [];
  const used = new Set(full.units.flatMap(({ systems: ids }) => ids));
  const own = systems.filter(({ id, family }) => used.has(id) && families.includes(family));
  const kinds = [
    ["unit", unitOf],
    ["collection", collectionOf],
  ] as const;
  return kinds.flatMap(([of, nameOf]) =>
    [...new Set(own.map(nameOf))].map((without): Without => {
      const kept = own.filter((system) => nameOf(system) !== without);
      const left = keepWhole(full, kept);
      const found =
        left && families.every((one) => left.units.some(({ family }) => family === one))
          ? assessUnits(claim, left, options.unmeasured)
          : assessClaim(claim, table, kept, options);
      if (!isAssessed(found)) {
        return { without, of, estimate: null, these: null, ruling: "cannot be told" };
      }
      const { models, these } = found;
      const ruling = ruleOn(claim, found);
      return { without, of, estimate: models.estimate, these: these.estimate, ruling };
    }),
  );
}

// The units of some systems; nothing where one would lose only some of its systems, and is another unit without them.
function keepWhole(all: UnitEstimates, systems: readonly System[]): UnitEstimates | undefined {
  const ids = new Set(systems.map(({ id }) => id));
  const left = all.units.map((unit) => unit.systems.filter((id) => ids.has(id)).length);
  if (all.units.some((unit, at) => left[at] !== 0 && left[at] !== unit.systems.length)) return;
  const kept = new Set(all.units.filter((_, at) => left[at] !== 0));
  return keepUnits(all, (unit) => kept.has(unit));
}

/** Whom a verdict does not survive without: names, those of one kind joined by commas; empty where it survives everyone. */
export function hingesOn(
  ruling: Ruling,
  without: readonly Without[],
  of: Without["of"],
): readonly string[] {
  return without.filter((one) => one.of === of && one.ruling !== ruling).map((one) => one.without);
}
