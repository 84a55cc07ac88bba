import { byMetric } from "empathy-scorer";
import { Z95 } from "../../src/validity/mean-error";
import type { ByMetric } from "./population";
import type { Stratum } from "./strata";

/** How wide the interval of a system's or family's mean level is expected to be. */
export interface ExpectedWidth {
  readonly kind: "system" | "family";
  readonly name: string;
  /** Number of replies to be read. */
  readonly drawn: number;
  /** Half of the width of the 95 % interval, in levels. */
  readonly halfWidth: ByMetric<number>;
}

/**
 * Says how wide intervals are expected to be: normal ones, from the expected variances within strata.
 *
 * @param counts how many replies of each stratum are drawn.
 * @returns systems, then families of several systems, in the order in which they first appear.
 */
export function expectWidths(
  strata: readonly Stratum[],
  counts: readonly number[],
): ExpectedWidth[] {
  const rows = strata.map((stratum, at) => ({ stratum, count: counts[at] ?? 0 }));
  const systems = [...new Set(strata.map(({ system }) => system))];
  const families = [...new Set(strata.map(({ family }) => family))];
  const describe = (kind: "system" | "family", name: string): ExpectedWidth => {
    const own = rows.filter(({ stratum }) => stratum[kind] === name);
    const whole = own.reduce((sum, { stratum }) => sum + stratum.share, 0);
    const halfWidth = byMetric((metric) => {
      const variance = own.reduce((sum, { stratum: { share, members, variance }, count }) => {
        return sum + (share / whole) ** 2 * variance[metric] * (1 / count - 1 / members.length);
      }, 0);
      return Number((Z95 * Math.sqrt(variance)).toFixed(4));
    });
    return { kind, name, drawn: own.reduce((sum, { count }) => sum + count, 0), halfWidth };
  };
  const several = families.filter(
    (name) =>
      new Set(rows.flatMap(({ stratum: { family, system } }) => (family === name ? [system] : [])))
        .size > 1,
  );
  return [
    ...systems.map((name) => describe("system", name)),
    ...several.map((name) => describe("family", name)),
  ];
}
