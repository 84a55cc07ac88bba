// The power of a claim's verdict under other designs. Collections of equally many alike models make cluster-robust variances
// the t-test of the collections' means (power-table.ts), so that the variance of stage 2 and its degrees of freedom follow from the
// parts; a verdict's chance given both is the normal distribution's. `npm run bench:power` holds it against the rule itself.
import { UserError } from "kit";
import { studentQuantile, upperQuantile, upperTail } from "mixed-models";
import { drawTests } from "../../src/claims/power-table";
import { FEWEST_COLLECTIONS, FEWEST_UNITS } from "../../src/claims/verdict";
import type { Counts, ErrorParts, UnitErrors, VarianceParts } from "./variance-parts";

/** What a study might have; the claim's own family first. */
export interface PowerDesign extends Counts {
  /** Whether it is the design at hand. */
  readonly isPresent: boolean;
}

/** What a claim can show under a design at a true difference; chances from 0 to 1. */
export interface ClaimPower {
  /** The true difference on the claim's side, as a difference of shares. */
  readonly effect: number;
  /** That "holds" comes out; of a negative difference, "the opposite holds". Null where no spread is known. */
  readonly holds: number | null;
  /** That "no difference that matters" comes out. */
  readonly none: number | null;
  /** That these systems' interval and estimate are beyond, where the difference is these very systems'. */
  readonly these: number;
}

/** Powers under a design, with how far its 95 % intervals reach on average, as differences of shares. */
export interface DesignPower {
  readonly design: PowerDesign;
  /** For models like these; null where nothing can be said of them. */
  readonly reach: number | null;
  readonly theseReach: number;
  readonly powers: readonly ClaimPower[];
  /** Why nothing can be said of models like these; null where something can. */
  readonly obstacle: string | null;
}

/** How power is computed. */
interface PowerSettings {
  /** The smallest difference of shares that matters. */
  readonly margin: number;
  /** True differences on the claim's side. */
  readonly effects: readonly number[];
  readonly replicates?: number;
  readonly seed?: number;
}

/**
 * Computes the power of a claim's verdict under a design.
 *
 * Errors of stage 1 shrink with the numbers of prompts and of readings, people's as the systems' own do; the variance between
 * models is divided by models and collections.
 *
 * @returns powers within 0.01 or so of those of endless replicates.
 */
export function powerOf(
  parts: VarianceParts,
  design: PowerDesign,
  { margin, effects, replicates = 1000, seed = 7 }: PowerSettings,
): DesignPower {
  const these = varianceOfMean(scale(parts, "all", design), design.models);
  const theseReach = upperQuantile(0.025) * Math.sqrt(these);
  const obstacle = obstacleTo(parts, design);
  const tests = obstacle === null ? drawStages(parts, design, these, { replicates, seed }) : null;
  return {
    design,
    obstacle,
    reach: tests && mean(tests.map(({ reach }) => reach)),
    theseReach,
    powers: effects.map((effect) => ({
      effect,
      holds: tests && mean(tests.map(({ reach, sd }) => beyond(effect, margin, reach, sd))),
      none: tests && mean(tests.map(({ reach90, sd }) => within(effect, margin - reach90, sd))),
      these: beyond(effect, margin, theseReach, Math.sqrt(these)),
    })),
  };
}

/** One side of a test as `powerOf` simulates it: how many collections, and how far their means differ. */
function sidesOf(parts: VarianceParts, design: PowerDesign) {
  const own = scale(parts, "own", design);
  return design.models.map((models, at) => {
    const { collection, unit } = parts.between[at] as NonNullable<VarianceParts["between"][number]>;
    const count = design.collections[at] as number;
    const apart = Math.max(0, (own.variance[at] as number) - (own.covariance[at] as number));
    return { count, sd: Math.sqrt(collection + ((unit + apart) * count) / models) };
  });
}

function drawStages(
  parts: VarianceParts,
  design: PowerDesign,
  these: number,
  settings: { readonly replicates: number; readonly seed: number },
) {
  const sides = sidesOf(parts, design);
  const shared = Math.max(0, varianceOfMean(scale(parts, "people", design), design.models));
  const between = parts.between.reduce((sum, one, at) => {
    const [models, collections] = [design.models[at] as number, design.collections[at] as number];
    return sum + (one ? one.collection / collections + one.unit / models : 0);
  }, 0);
  const sd = Math.sqrt(between + these);
  return drawTests({ sides, shared, ...settings }).map(({ se, df }) => ({
    sd,
    reach: studentQuantile(0.025, df) * se,
    reach90: studentQuantile(0.05, df) * se,
  }));
}

// The chance that an estimate lies beyond both margin and reach, on the side of its true value.
function beyond(effect: number, margin: number, reach: number, sd: number): number {
  return upperTail((Math.max(margin, reach) - Math.abs(effect)) / sd);
}

function within(effect: number, room: number, sd: number): number {
  return room <= 0 ? 0 : upperTail((-room - effect) / sd) - upperTail((room - effect) / sd);
}

/** Errors of units under a design. */
function scale(
  { errors, counts }: VarianceParts,
  of: keyof VarianceParts["errors"],
  design: Counts,
): UnitErrors {
  const { readings, prompts }: ErrorParts = errors[of];
  const [read, asked] = [counts.readings / design.readings, counts.prompts / design.prompts];
  const join = (one: number, other: number) => one * read + other * asked;
  return {
    variance: readings.variance.map((one, at) => join(one, prompts.variance[at] as number)),
    covariance: readings.covariance.map((one, at) => join(one, prompts.covariance[at] as number)),
    across: join(readings.across, prompts.across),
  };
}

/** The variance of a family's mean over so many units, or of the difference of two. */
function varianceOfMean({ variance, covariance, across }: UnitErrors, models: readonly number[]) {
  const own = models.reduce((sum, count, at) => {
    const shared = covariance[at] as number;
    return sum + shared + ((variance[at] as number) - shared) / count;
  }, 0);
  return models.length > 1 ? own - 2 * across : own;
}

function obstacleTo({ between, counts }: VarianceParts, design: PowerDesign): string | null {
  const few = design.models.some((models, at) => {
    return models < FEWEST_UNITS || (design.collections[at] as number) < FEWEST_COLLECTIONS;
  });
  if (between.includes(null)) {
    const alone = counts.models.some((models) => models === 1);
    return alone
      ? "one model on a side says nothing of models like it, however many prompts it answers: how far they differ is unknown"
      : "how far models like these differ cannot be estimated here, however many prompts they answer";
  }
  return few
    ? `a design of fewer than ${FEWEST_UNITS} models or ${FEWEST_COLLECTIONS} collections on a side says nothing of models like these`
    : null;
}

/**
 * What a reader must know of a claim's powers: a spread that few models tell may well be several times as large.
 *
 * @returns null where there is nothing.
 */
export function cautionOn({ between, counts }: VarianceParts): string | null {
  const few = counts.models.filter((models, at) => between[at] && models < FEWEST_UNITS);
  const [count] = few;
  return count === undefined
    ? null
    : `how far models differ is estimated from ${count} of them, and may well be several times as far: these chances are no more than a guess`;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The design at hand, with other numbers where they are given. */
export function designOf(
  { counts }: VarianceParts,
  given: {
    readonly models?: number | undefined;
    readonly perCollection?: number | undefined;
    readonly prompts?: number | undefined;
    readonly readings?: number | undefined;
  } = {},
): PowerDesign {
  const {
    models: [own = 0, ...others],
    collections,
  } = counts;
  const models = given.models ?? own;
  const each = given.perCollection ?? own / (collections[0] ?? 1);
  const inCollections = Math.min(models, Math.max(1, Math.round(models / each)));
  return {
    models: [models, ...others],
    collections: [inCollections, ...collections.slice(1)],
    prompts: given.prompts ?? counts.prompts,
    readings: given.readings ?? counts.readings,
    isPresent: Object.values(given).every((one) => one === undefined),
  };
}

/**
 * Refuses a design that reads more replies than there are.
 *
 * @throws UserError naming the claim.
 */
export function refuseOverread({ prompts, readings }: Counts, claim: string): void {
  if (readings <= prompts) return;
  throw new UserError(
    `${claim}: ${Math.round(readings)} readings a system need as many replies, and it has ${Math.round(prompts)} prompts; give fewer readings, more --prompts, or other claims with --claims`,
  );
}
