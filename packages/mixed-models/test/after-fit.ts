// What R does after a fit, as after-fit.R wrote it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Adjustment, ContrastMethod, Family, Table } from "mixed-models";
import type { EquivalenceSide } from "mixed-models/hypotheses";
import { projectPath } from "test-support/project";

/** For each field its values, or the one value where there is one only. */
export type Numbers = Readonly<Record<string, number | readonly number[]>>;

type TestsOfR = Numbers & { readonly term: string | readonly string[] };

type ShareName = "r2Marginal" | "r2Conditional" | "iccAdjusted" | "iccUnadjusted";

interface AfterFit {
  readonly data: Readonly<Record<string, Table>>;
  readonly fits: readonly {
    readonly name: string;
    readonly data: string;
    readonly formula: string;
    readonly contrasts: "treatment" | "sum";
    readonly coefficients: Numbers;
    readonly covariance: readonly number[] | number;
    readonly tests:
      | readonly {
          readonly type: 2 | 3;
          readonly satterthwaite: TestsOfR;
          readonly kenwardRoger: TestsOfR;
        }[]
      | null;
  }[];
  readonly adjusted: readonly {
    readonly fit: string;
    readonly over: string;
    readonly adjust: Adjustment;
    readonly means: Numbers;
    readonly contrasts: Numbers;
  }[];
  readonly contrasts: readonly {
    readonly over: readonly string[];
    readonly by: readonly string[];
    readonly method: ContrastMethod | Readonly<Record<string, ContrastMethod>>;
    readonly adjust: Adjustment;
    readonly interaction: boolean;
    readonly contrasts: Numbers;
    readonly margins: readonly (Numbers & {
      readonly side: EquivalenceSide;
      readonly adjust: "none" | "holm" | "sidak";
    })[];
  }[];
  readonly scales: readonly {
    readonly formula: string;
    readonly family: Family;
    readonly over: string;
    readonly adjust: Adjustment;
    readonly means: Numbers;
    readonly differences: Numbers;
    readonly ratios: Numbers;
    readonly odds?: Numbers;
  }[];
  readonly profiles: readonly {
    readonly formula: string;
    readonly data: string;
    readonly family: Family;
    readonly term: readonly string[];
    readonly estimate: readonly number[];
    readonly lower: readonly number[];
    readonly upper: readonly number[];
  }[];
  readonly shares: readonly (Readonly<Record<ShareName, number>> & {
    readonly formula: string;
    readonly data: string;
    readonly family: Family;
  })[];
  readonly compared: Readonly<
    Record<"parameters" | "aic" | "bic" | "logLik" | "chiSquare" | "df" | "p", readonly number[]>
  > & { readonly formulas: readonly string[] };
  readonly wald: Readonly<
    Record<"binomial" | "cumulative", readonly (TestsOfR & { readonly type: 2 | 3 })[]>
  >;
}

const path = projectPath("packages", "mixed-models", "test", "after-fit.golden.json");

/** The golden file. */
export const afterFit: AfterFit = JSON.parse(readFileSync(path, "utf8"));

/** Holds each field of R's to ours, relative to its size; a probability to five times as much. */
export function assertClose(
  found: readonly object[],
  expected: Numbers,
  within: number,
  what: string,
): void {
  for (const [field, values] of Object.entries(expected)) {
    const list = [values].flat();
    assert.equal(
      found.length,
      list.length,
      `${what}: ${found.length} of ${list.length} values of ${field}`,
    );
    for (const [at, value] of list.entries()) {
      const own: unknown = (found[at] as Readonly<Record<string, unknown>>)[field];
      const allowed = (field === "p" ? 5 : 1) * within * Math.abs(value);
      const isNear = typeof own === "number" && Math.abs(own - value) <= allowed + 1e-300;
      assert.ok(isNear, `${what}, ${field} ${at}: ${own} instead of ${value}`);
    }
  }
}
