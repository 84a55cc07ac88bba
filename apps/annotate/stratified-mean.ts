// The mean level that people would give to all replies, from the classifier's levels of all and people's of some:
// mean of f plus, stratum by stratum, the mean of y - f. That is the difference estimator of survey sampling (Särndal,
// Swensson and Wretman 1992, Model Assisted Survey Sampling, 6.3) and the prediction-powered mean of Angelopoulos et al.
// 2023, Science 382, with strata and a finite population. Degrees of freedom: Satterthwaite 1946, Biometrics
// Bulletin 2, as Cochran 1977, Sampling Techniques, 5.4, has them.
import { studentQuantile } from "mixed-models";
import { meanOf } from "./population";

/** What is known of one stratum. */
export interface StratumErrors {
  readonly system: string;
  /** Number of replies. */
  readonly size: number;
  /** The mean of the prediction over all of them: the classifier's level, or that level times a weight. */
  readonly predicted: number;
  /** The classifier's mean level, where the prediction is weighted; `predicted` by default. */
  readonly classifier?: number;
  /** For each reply that was read: people's level less the prediction. */
  readonly errors: readonly number[];
  /**
   * Mean over the read replies of the variance that their people's levels have because another rater might have
   * read them; 0 where nothing is known of it.
   */
  readonly noise: number;
  /** The variance of errors in strata that are like this one; by default that of the strata at hand. */
  readonly pooled?: PooledVariance;
}

/** An estimated mean level. */
export interface MeanEstimate {
  /** The classifier's own mean, of all replies. */
  readonly classifier: number;
  /** The prediction-powered mean; null where some system has fewer than two replies read. */
  readonly mean: number | null;
  /** Limits of the 95 % interval; null with the mean. */
  readonly lower: number | null;
  readonly upper: number | null;
  readonly se: number | null;
  /** Satterthwaite's degrees of freedom; null where the sample leaves no variance. */
  readonly df: number | null;
  /** Number of replies read. */
  readonly read: number;
  /** Number of strata without a reply read, which take their error from a neighbour. */
  readonly borrowed: number;
}

/** A variance of errors within strata, and how surely it is known. */
interface PooledVariance {
  readonly variance: number;
  readonly df: number;
}

/**
 * Pools the variance of errors within strata, as if one reading more had lain a level off: that no error was seen does
 * not say that there are none.
 *
 * @example
 * poolVariance([{ system: "a", size: 9, predicted: 0, errors: [0, 0, 0, 0], noise: 0 }]); // => { variance: 0.25, df: 4 }
 */
export function poolVariance(strata: readonly StratumErrors[]): PooledVariance {
  const read = strata.map(({ errors }) => errors).filter(({ length }) => length > 0);
  const df = read.reduce((sum, { length }) => sum + length - 1, 1);
  return { df, variance: read.reduce((sum, one) => sum + squares(one), 1) / df };
}

/**
 * Estimates the mean level of systems, each counting alike: of one system, or of a family.
 *
 * A stratum without a reply read is put together with its neighbour, which must resemble it. A variance within a
 * stratum rests on few readings: where it is below the pooled one it is drawn towards that, which counts as thirty
 * readings more. A stratum that was read whole adds no variance but the raters'.
 *
 * @param strata of the systems, those of one system in the order of their levels.
 * @throws RangeError if there is no stratum.
 * @example
 * const none = { system: "a", size: 100, predicted: 0, errors: [0, 1, 0, 1], noise: 0 };
 * const full = { system: "a", size: 300, predicted: 2, errors: [0, -1, 0, -1], noise: 0 };
 * const { classifier, mean } = estimateMean([none, full]);
 * [classifier, mean]; // => [1.5, 1.25]
 */
export function estimateMean(strata: readonly StratumErrors[]): MeanEstimate {
  if (strata.length === 0) throw new RangeError("estimateMean: needs a stratum");
  const systems = [...new Set(strata.map(({ system }) => system))];
  const own = systems.map((name) => strata.filter(({ system }) => system === name));
  const classifier = meanOf(
    own.map((each) => meanOver(each, (one) => one.classifier ?? one.predicted)),
  );
  const read = strata.reduce((sum, { errors }) => sum + errors.length, 0);
  const borrowed = strata.filter(({ errors }) => errors.length === 0).length;
  const none = { mean: null, lower: null, upper: null, se: null, df: null };
  if (own.some((each) => each.reduce((sum, { errors }) => sum + errors.length, 0) < 2)) {
    return { classifier, ...none, read, borrowed };
  }
  const whole = own.map(mergeUnread);
  const all = poolVariance(strata);
  const parts = whole.flatMap((each) => {
    const size = each.reduce((sum, stratum) => sum + stratum.size, 0);
    return each.map((stratum) => toPart(stratum, stratum.size / size / systems.length, all));
  });
  const predicted = meanOf(own.map((each) => meanOver(each, (one) => one.predicted)));
  const mean = predicted + parts.reduce((sum, { error }) => sum + error, 0);
  return { classifier, ...interval(mean, parts), read, borrowed };
}

interface Part {
  /** What the stratum adds to the mean of the prediction. */
  readonly error: number;
  /** What it adds to the variance. */
  readonly variance: number;
  readonly df: number;
}

function meanOver(
  strata: readonly StratumErrors[],
  value: (stratum: StratumErrors) => number,
): number {
  const size = strata.reduce((sum, stratum) => sum + stratum.size, 0);
  return strata.reduce((sum, stratum) => sum + stratum.size * value(stratum), 0) / size;
}

// The neighbour below, or where there is none, above.
function mergeUnread(strata: readonly StratumErrors[]): StratumErrors[] {
  const merged: StratumErrors[] = [];
  let waiting = 0;
  for (const stratum of strata) {
    const before = merged.at(-1);
    if (stratum.errors.length > 0) {
      merged.push({ ...stratum, size: stratum.size + waiting });
      waiting = 0;
    } else if (before) {
      merged[merged.length - 1] = { ...before, size: before.size + stratum.size };
    } else waiting += stratum.size;
  }
  return merged;
}

// How many readings the pooled variance counts for. Errors are rare and large: a stratum's own few readings often hold
// none, and would say that there are none. Where they hold more than their share, they are believed (bench/annotate.ts).
const BORROWED_DF = 30;

function toPart(stratum: StratumErrors, share: number, all: PooledVariance): Part {
  const { size, errors, noise, pooled = all } = stratum;
  const count = errors.length;
  const lent = Math.min(BORROWED_DF, pooled.df);
  const df = count - 1 + lent;
  const own = squares(errors) / Math.max(1, count - 1);
  const within = Math.max(own, (squares(errors) + lent * pooled.variance) / df);
  const fraction = Math.min(1, count / size);
  const variance = ((1 - fraction) * within + fraction * noise) / count;
  return { error: share * meanOf(errors), variance: share ** 2 * variance, df };
}

function squares(values: readonly number[]): number {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}

/**
 * Gives the 95 % interval of a value whose variance is the sum of independent parts, each known with its degrees of freedom.
 *
 * @returns no degrees of freedom where nothing varies.
 */
export function interval(mean: number, parts: readonly Pick<Part, "variance" | "df">[]) {
  const variance = parts.reduce((sum, part) => sum + part.variance, 0);
  if (variance === 0) return { mean, lower: mean, upper: mean, se: 0, df: null };
  const df = variance ** 2 / parts.reduce((sum, part) => sum + part.variance ** 2 / part.df, 0);
  const se = Math.sqrt(variance);
  const half = studentQuantile(0.025, df) * se;
  return { mean, lower: mean - half, upper: mean + half, se, df };
}
