import {
  commonCoefficients,
  type FitTable,
  type MixedFit,
  type ProfileInterval,
  profileInterval,
  profileVariances,
  type VarianceInterval,
} from "mixed-models";
import { layOutTable } from "./table-columns";

/** What `--profile` takes. */
export const PROFILED = ["all", "variances", "coefficients"] as const;

/** Profile intervals of what was asked for, with 95 % coverage. */
export interface Profile {
  readonly variances: readonly VarianceInterval[];
  readonly coefficients: readonly ProfileInterval[];
}

/** Computes the profile intervals that were asked for. */
export function profileOf(fit: MixedFit, what: (typeof PROFILED)[number]): Profile {
  return {
    variances: what === "coefficients" ? [] : profileVariances(fit),
    coefficients:
      what === "variances"
        ? []
        : commonCoefficients(fit).map(({ name }) => profileInterval(fit, name)),
  };
}

/** The intervals as a table of the print. */
export function profileTable({ variances, coefficients }: Profile): FitTable {
  const rows = [
    ...variances.map(({ group, term, ...own }) => ({ group, name: term, ...own })),
    ...coefficients.map((own) => ({ group: "", ...own })),
  ];
  return layOutTable("Profile intervals (maximum likelihood)", rows, [
    ["group", ({ group }) => group],
    ["name", ({ name }) => name],
    ["estimate", ({ estimate }) => estimate.toFixed(4)],
    ["95 % from", ({ lower }) => lower.toFixed(3)],
    ["to", ({ upper }) => (Number.isFinite(upper) ? upper.toFixed(3) : "")],
  ]);
}

/** Puts profile limits into the rows that `tidyFit` gives the same parameters. */
export function withProfile<Row extends { readonly group: unknown; readonly term: string }>(
  rows: readonly Row[],
  { variances, coefficients }: Profile,
): Row[] {
  return rows.map((row) => {
    const found =
      row.group === null
        ? coefficients.find(({ name }) => name === row.term)
        : variances.find(({ group, term }) => group === row.group && term === row.term);
    return found ? { ...row, "conf.low": found.lower, "conf.high": found.upper } : row;
  });
}
