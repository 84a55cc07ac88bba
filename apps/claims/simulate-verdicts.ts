// How often the rule of verdicts errs: units are simulated around a known difference, with the collections, the errors of
// stage 1 and the spreads between units that a claim has here, and each draw is ruled on as the claim is.
import { createGenerator, type RandomGenerator } from "kit";
import { gradeUnits } from "../../src/claims/assess-claim";
import { squareRoot } from "../../src/claims/clustered-estimates";
import type { UnitEstimates } from "../../src/claims/unit-estimates";
import { type Ruling, ruleOn } from "../../src/claims/verdict";
import type { Family } from "../../src/systems/system";

/** What is simulated; shares from -1 to 1. */
interface VerdictSimulation {
  /** The units of a claim as they are here: their collections, and the covariance of stage 1. */
  readonly units: UnitEstimates;
  /** The families compared, the claim's own first. */
  readonly families: readonly Family[];
  /** The true difference of models like these. */
  readonly difference: number;
  /** Standard deviation of true contrasts between collections, and between units of one collection, of each family. */
  readonly collectionSd: Readonly<Partial<Record<Family, number>>>;
  readonly unitSd: Readonly<Partial<Record<Family, number>>>;
  readonly marginInPoints: number;
  readonly replicates: number;
  readonly seed: number;
}

/**
 * Simulates verdicts on a claim whose sign is positive.
 *
 * @returns the share of replicates that each verdict comes out in.
 */
export function simulateVerdicts(options: VerdictSimulation): ReadonlyMap<Ruling, number> {
  const { units: given, families, marginInPoints, replicates, seed } = options;
  const claim = { sign: "positive", marginInPoints } as const;
  const random = createGenerator(seed);
  const root = squareRoot(Float64Array.from(given.covariance.flat()), given.units.length);
  const shares = new Map<Ruling, number>();
  for (let at = 0; at < replicates; at++) {
    const values = drawValues(options, root, random);
    const units = given.units.map((unit, place) => ({
      ...unit,
      estimate: values[place] as number,
    }));
    const grounds = gradeUnits({ ...given, units, values }, families, null);
    const ruling = ruleOn(claim, grounds);
    shares.set(ruling, (shares.get(ruling) ?? 0) + 1 / replicates);
  }
  return shares;
}

function drawValues(
  { units: { units }, families, difference, collectionSd, unitSd }: VerdictSimulation,
  root: readonly Float64Array[],
  random: RandomGenerator,
): number[] {
  const noise = units.map(() => random.normal());
  const shared = new Map<string, number>();
  const values = units.map(({ family, collection }, at) => {
    const key = `${family} ${collection}`;
    const own = shared.get(key) ?? (collectionSd[family] ?? 0) * random.normal();
    shared.set(key, own);
    const truth = family === families[0] ? difference : 0;
    const error = (root[at] as Float64Array).reduce(
      (sum, value, of) => sum + value * (noise[of] as number),
      0,
    );
    return truth + own + (unitSd[family] ?? 0) * random.normal() + error;
  });
  return values;
}
