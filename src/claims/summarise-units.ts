// Models like these: a multilevel meta-analysis of units within collections, with cluster-robust variances by collection.
import { UserError } from "kit";
import { studentQuantile, studentTwoSided } from "mixed-models";
import { clusterRobust, fitMultilevelMeta, type MultilevelFit } from "mixed-models/meta";
import type { Family } from "../systems/system";
import { equalWeights, type UnitEstimates, weigh } from "./unit-estimates";
import type { Interval } from "./verdict";

/** What is said of models like these. */
export interface ModelsSummary {
  readonly models: Interval;
  /** The 90 % interval, of two one-sided tests at 5 %. */
  readonly equivalence: Pick<Interval, "lower" | "upper">;
  readonly df: number | null;
  /** Two-sided. */
  readonly p: number | null;
  /** Standard deviation of true contrasts, between units and collections together, of each family. */
  readonly spread: Readonly<Partial<Record<Family, number | null>>>;
  /** The same in its two parts; null where it is not estimated, none where there is no interval. */
  readonly between: Readonly<Partial<Record<Family, Between | null>>>;
}

/** Variances of true contrasts, in squared shares. Where the two cannot be told apart, their sum is the collections'. */
export interface Between {
  readonly collection: number;
  readonly unit: number;
}

const COLLECTION = "collection";

/**
 * Summarises units: random effects of collections and of units within them, each family with variances of its own where
 * they can be told apart, on the covariance of the units' own shares. The variance is cluster-robust by collection (CR2, with
 * Satterthwaite's degrees of freedom); people's error, which all units share, is added to it.
 *
 * @param families the claim's own first; the difference is that one less the other.
 * @returns no interval, and equal weights, where there are too few units or collections for one.
 */
export function summariseUnits(all: UnitEstimates, families: readonly Family[]): ModelsSummary {
  const { units, values } = all;
  const contrast = families.map((_, at) => (at === 0 ? 1 : -1));
  const counts = families.map((family) => units.filter((unit) => unit.family === family).length);
  const fallback = (): ModelsSummary => ({
    models: { estimate: weigh(values, equalWeights(units, families)), lower: null, upper: null },
    equivalence: { lower: null, upper: null },
    df: null,
    p: null,
    spread: {},
    between: {},
  });
  const clusters = units.map(({ collection }) => collection);
  if (counts.some((count) => count < 2) || new Set(clusters).size < 2) return fallback();
  const by = units.map(({ family }) => family as string);
  try {
    const fit = fitMultilevelMeta({
      effects: values,
      covariance: all.ownCovariance,
      moderators: {
        names: families,
        rows: units.map(({ family }) => families.map((one) => (one === family ? 1 : 0))),
      },
      random: [
        { name: COLLECTION, groups: clusters, by },
        { name: "unit", groups: units.map(({ unit }) => unit), by },
      ],
      labels: units.map(({ unit }) => unit),
    });
    const [robust] = clusterRobust(fit, clusters, { contrasts: [contrast] }).contrasts;
    if (!robust || robust.se === null || robust.df === null) return fallback();
    const shared = all.peopleVarianceOf(fit.effectWeights(contrast));
    const most = new Set(clusters).size - families.length;
    const variance = { robust: robust.se ** 2, df: robust.df, shared, most };
    return toSummary(robust.estimate, variance, betweenOf(fit, families));
  } catch (error) {
    // What units so few or so alike cannot carry has no interval, and the verdict says that it cannot be told.
    if (error instanceof UserError) return fallback();
    throw error;
  }
}

interface RobustVariance {
  readonly robust: number;
  readonly df: number;
  /** People's, which all units share. */
  readonly shared: number;
  /** Collections less families. */
  readonly most: number;
}

// Satterthwaite's degrees of freedom of the sum, people's error being known as well as thousands of replies can tell it. With
// four collections the robust part is small by chance too often for them to count in full: simulated, one null in fourteen
// was rejected. So there are never more than the collections less the families.
function toSummary(
  estimate: number,
  { robust, df: robustDf, shared, most }: RobustVariance,
  between: ModelsSummary["between"],
): ModelsSummary {
  const variance = robust + shared;
  const se = Math.sqrt(variance);
  const df = Math.min(most, robustDf * (variance / robust) ** 2);
  const reach = studentQuantile(0.025, df) * se;
  const reach90 = studentQuantile(0.05, df) * se;
  return {
    models: { estimate, lower: estimate - reach, upper: estimate + reach },
    equivalence: { lower: estimate - reach90, upper: estimate + reach90 },
    df,
    p: studentTwoSided(Math.abs(estimate) / se, df),
    spread: Object.fromEntries(
      Object.entries(between).map(([family, one]) => {
        return [family, one && Math.sqrt(one.collection + one.unit)];
      }),
    ),
    between,
  };
}

function betweenOf(
  { variances }: MultilevelFit,
  families: readonly Family[],
): ModelsSummary["between"] {
  const of = (family: Family): Between | null => {
    const own = variances.filter(({ includes }) =>
      includes.some((name) => name.endsWith(`: ${family}`)),
    );
    if (own.length === 0) return null;
    const sum = { collection: 0, unit: 0 };
    for (const { includes, variance } of own) {
      const isCollections = includes.some((name) => name.startsWith(COLLECTION));
      sum[isCollections ? "collection" : "unit"] += variance;
    }
    return sum;
  };
  return Object.fromEntries(families.map((family) => [family, of(family)]));
}
