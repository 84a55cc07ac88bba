// Two one-sided tests (Schuirmann 1987, doi.org/10.1007/BF01068419) and their halves, as emmeans' `test(delta =, side =)`.
import { checkChoice, UserError } from "kit";
import { studentQuantile, studentTail } from "../numerics/student-t";
import { type Adjustment, adjustRaw, shareOf } from "./adjust";
import type { MeanContrast, MeanContrasts } from "./contrast-means";

/** What is to be shown of a difference: that it lies within the margin, not below it, or not above it. */
export type EquivalenceSide = "equivalent" | "non-inferior" | "non-superior";

/** How contrasts are tested against a margin. */
export interface EquivalenceOptions {
  /** Largest difference that does not matter, above 0, on the scale of the contrasts: log-odds where those are. */
  readonly margin: number;
  /** `equivalent` by default. */
  readonly side?: EquivalenceSide;
  /** Within each combination of `by`; `none` by default. */
  readonly adjust?: Exclude<Adjustment, "tukey">;
  /** One less what a test may err by; that of the contrasts by default, so that equivalence has limits of 1 - 2 (1 - level). */
  readonly level?: number;
}

/** A contrast against the margin; its numbers are null where it is not estimable. */
export interface EquivalenceTest
  extends Pick<MeanContrast, "name" | "by" | "estimate" | "se" | "df" | "reason"> {
  /** Estimate less the margin that lies nearer, in standard errors, as emmeans has it; a t statistic where there is `df`. */
  readonly z: number | null;
  /** One-sided: of the larger of the two for equivalence. */
  readonly p: number | null;
  /** Limits that lie within the margin where p is below 1 - level; infinite on the side that is not tested. */
  readonly lower: number | null;
  readonly upper: number | null;
}

/** Contrasts against a margin. */
export interface EquivalenceTests extends Required<EquivalenceOptions> {
  readonly tests: readonly EquivalenceTest[];
}

/**
 * Tests whether contrasts lie within a margin: equivalence, or of one side non-inferiority or non-superiority.
 *
 * Such as `testEquivalence(contrastMeans(means, { method: "pairwise" }), { margin: 0.2 }).tests[0]?.p`.
 *
 * @throws UserError if the margin is not a number above 0, or the side or adjustment is not known.
 */
export function testEquivalence(
  contrasts: MeanContrasts,
  options: EquivalenceOptions,
): EquivalenceTests {
  const { margin, side = "equivalent", adjust = "none", level = contrasts.level } = options;
  if (!(margin > 0 && margin < Number.POSITIVE_INFINITY)) {
    throw new UserError(`the margin should be a number above 0, such as 0.2; it is ${margin}`);
  }
  checkChoice("side", side, ["equivalent", "non-inferior", "non-superior"]);
  checkChoice("adjust", adjust, ["none", "holm", "bonferroni", "sidak"]);
  const asked = { margin, side, adjust, level };
  const families = new Map<string, MeanContrast[]>();
  for (const one of contrasts.contrasts) {
    const key = JSON.stringify(one.by);
    families.set(key, [...(families.get(key) ?? []), one]);
  }
  return { ...asked, tests: [...families.values()].flatMap((family) => testFamily(family, asked)) };
}

function testFamily(
  family: readonly MeanContrast[],
  { margin, side, adjust, level }: Required<EquivalenceOptions>,
): EquivalenceTest[] {
  const statistics = family.map((one) => statisticOf(one, margin, side));
  const sign = side === "non-inferior" ? 1 : -1;
  const raw = statistics.map((z, at) =>
    z === null ? null : studentTail(sign * z, degreesOf(family[at]!)),
  );
  const p = adjustRaw(raw, adjust, family.length);
  const error = shareOf(1 - level, adjust, family.length);
  return family.map((one, at) => {
    const { name, by, estimate, se, reason, df } = one;
    const half = se === null ? null : studentQuantile(error, degreesOf(one)) * se;
    const limit = (sign: 1 | -1, isTested: boolean) => {
      if (estimate === null || half === null) return null;
      return isTested ? estimate + sign * half : sign * Number.POSITIVE_INFINITY;
    };
    return {
      name,
      by,
      estimate,
      se,
      z: statistics[at]!,
      ...(df === undefined ? {} : { df }),
      p: p[at]!,
      lower: limit(-1, side !== "non-superior"),
      upper: limit(1, side !== "non-inferior"),
      reason,
    };
  });
}

function statisticOf(
  { estimate, se }: MeanContrast,
  margin: number,
  side: EquivalenceSide,
): number | null {
  if (estimate === null || se === null) return null;
  const distances = {
    equivalent: Math.abs(estimate) - margin,
    "non-inferior": estimate + margin,
    "non-superior": estimate - margin,
  };
  return distances[side] / se;
}

function degreesOf({ df }: MeanContrast): number {
  return df ?? Number.POSITIVE_INFINITY;
}
