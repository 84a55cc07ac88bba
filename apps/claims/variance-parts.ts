// What a claim's uncertainty is made of: variance between models and collections, and the errors of stage 1, which shrink as
// replies are read or as more prompts are answered. power.ts puts the parts together again for other numbers of each.
import { isMissing, type Missing } from "kit";
import { type InstrumentName, mainAnalysis } from "../../src/claims/analysis";
import { estimateUnits, gradeUnits } from "../../src/claims/assess-claim";
import { type Claim, sentimentsOf, weightsOf } from "../../src/claims/claim";
import { entryOf } from "../../src/claims/combine-estimates";
import {
  anchorOf,
  instrumentsOf,
  isByReading,
  openReplies,
  openShares,
} from "../../src/claims/instruments";
import { remember } from "../../src/claims/remember";
import type { ShareTable } from "../../src/claims/share-table";
import type { Between } from "../../src/claims/summarise-units";
import { familiesOf, type UnitEstimates } from "../../src/claims/unit-estimates";
import type { Study } from "../../src/study/study";
import type { Family } from "../../src/systems/system";
import { openRepliesFor } from "./claim-replies";

/** Errors of units as if all units of a family were alike, in squared shares. */
export interface UnitErrors {
  /** For each family the variance of a unit's error, and the covariance of two units' of the family. */
  readonly variance: readonly number[];
  readonly covariance: readonly number[];
  /** The covariance of two units of different families; 0 where there is one family. */
  readonly across: number;
}

/** Errors in the part that shrinks as more replies are read, and in that which shrinks as more prompts are answered. */
export interface ErrorParts {
  readonly readings: UnitErrors;
  readonly prompts: UnitErrors;
}

/** How many of each a claim rests on; the claim's own family first. */
export interface Counts {
  readonly models: readonly number[];
  readonly collections: readonly number[];
  /** Prompts and readings of a system that varies as much as all do on average: harmonic means. */
  readonly prompts: number;
  readonly readings: number;
}

/** What a claim's uncertainty is made of. */
export interface VarianceParts {
  readonly families: readonly Family[];
  readonly counts: Counts;
  readonly instrument: InstrumentName;
  /** Whether replies are read; a head scores them all. */
  readonly isRead: boolean;
  /** Between models of each family; null where it cannot be estimated. */
  readonly between: readonly (Between | null)[];
  /** Of units, people's included; of the units' own shares; of people's on the same turns. */
  readonly errors: Readonly<Record<"all" | "own" | "people", ErrorParts>>;
  /** The present estimate, as a difference of shares. */
  readonly estimate: number;
}

/** Opens the variance parts of a study's claims; score tables and readings are read when they are first needed. */
export function openVarianceParts(study: Study): (claim: Claim) => VarianceParts | Missing {
  const repliesOf = openReplies(study);
  const sharesOf = openShares(study, repliesOf);
  const instruments = instrumentsOf(study);
  const [instrument] = instruments;
  const main = mainAnalysis(instruments);
  const anchor = remember(() => anchorOf(study, repliesOf));
  return (claim) => {
    const { systems } = repliesOf(anchor());
    const ownReplies = openRepliesFor(claim, systems, repliesOf);
    const shares = ownReplies === repliesOf ? sharesOf : openShares(study, ownReplies);
    const table = shares(main, claim.metric, claim.outcome);
    const whole = estimateUnits(claim, table, systems);
    if (isMissing(whole)) return whole;
    const isRead = isByReading(instrument);
    const reading = isRead
      ? (estimateUnits(
          claim,
          shares(main, claim.metric, claim.outcome, "readings"),
          systems,
        ) as UnitEstimates)
      : undefined;
    return { ...partsOf(claim, whole, reading), ...sizesOf(claim, whole, table), instrument };
  };
}

/**
 * Takes a claim's uncertainty apart.
 *
 * @param reading the same units with the errors of reading alone; nothing where a head scores every reply.
 */
export function partsOf(
  claim: Claim,
  whole: UnitEstimates,
  reading?: UnitEstimates,
): Omit<VarianceParts, "counts" | "instrument"> {
  const families = familiesOf(claim);
  const { between, models } = gradeUnits(whole, families, null);
  const places = families.map((family) =>
    whole.units.flatMap((unit, at) => (unit.family === family ? [at] : [])),
  );
  const toParts = (of: Covariance): ErrorParts => {
    const [readings, prompts] = splitErrors(whole[of], reading?.[of]);
    // What one unit alone would share with another of its family is people's error.
    const shared = splitErrors(whole.peopleCovariance, reading?.peopleCovariance);
    const [read, asked] = of === "ownCovariance" ? [] : shared;
    return {
      readings: averageErrors(readings, places, read),
      prompts: averageErrors(prompts, places, asked),
    };
  };
  return {
    families,
    isRead: reading !== undefined,
    between: families.map((family) => between[family] ?? null),
    errors: {
      all: toParts("covariance"),
      own: toParts("ownCovariance"),
      people: toParts("peopleCovariance"),
    },
    estimate: models.estimate,
  };
}

type Matrix = readonly (readonly number[])[];
type Covariance = "covariance" | "ownCovariance" | "peopleCovariance";

/** The part of readings, none where a head scores every reply, and what is left. */
function splitErrors(of: Matrix, read: Matrix | undefined): [readings: Matrix, prompts: Matrix] {
  const readings = read ?? of.map((row) => row.map(() => 0));
  const prompts = of.map((row, i) => row.map((cell, j) => cell - (readings[i]?.[j] ?? 0)));
  return [readings, prompts];
}

function averageErrors(
  matrix: Matrix,
  places: readonly (readonly number[])[],
  sharedByOne: Matrix | undefined,
): UnitErrors {
  const cellsOf = (rows: readonly number[], columns: readonly number[]) =>
    rows.flatMap((i) => columns.map((j) => ({ i, j, cell: matrix[i]?.[j] as number })));
  const mean = (cells: readonly { readonly cell: number }[]) =>
    cells.length === 0 ? 0 : cells.reduce((sum, { cell }) => sum + cell, 0) / cells.length;
  const [first = [], second = []] = places;
  return {
    variance: places.map((own) => mean(cellsOf(own, own).filter(({ i, j }) => i === j))),
    covariance: places.map((own) => {
      const [only = 0] = own;
      if (own.length === 1) return sharedByOne?.[only]?.[only] ?? 0;
      return mean(cellsOf(own, own).filter(({ i, j }) => i !== j));
    }),
    across: mean(cellsOf(first, second)),
  };
}

function sizesOf(claim: Claim, { units }: UnitEstimates, table: ShareTable) {
  const sentiments = sentimentsOf(weightsOf(claim.contrast));
  const systems = new Set(units.flatMap((unit) => unit.systems));
  const places = table.systems.flatMap(({ id }, at) => (systems.has(id) ? [at] : []));
  const total = (of: Int32Array) =>
    harmonicMean(
      places.map((at) => sentiments.reduce((sum, one) => sum + (of[entryOf(at, one)] ?? 0), 0)),
    );
  const sides = familiesOf(claim).map((family) => units.filter((unit) => unit.family === family));
  return {
    counts: {
      models: sides.map((side) => side.length),
      collections: sides.map((side) => new Set(side.map(({ collection }) => collection)).size),
      prompts: total(table.replies),
      readings: total(table.reads),
    },
  };
}

function harmonicMean(values: readonly number[]): number {
  return values.length / values.reduce((sum, value) => sum + 1 / value, 0);
}
