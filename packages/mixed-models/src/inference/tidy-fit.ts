import { commonCoefficients } from "../fit/ordinal-part";
import type { Coefficient, MixedFit, VarianceComponent } from "../fit/result";

/** What `tidyFit` lists. */
export type TidyEffects = "fixed" | "ran_pars" | "ran_vals";

/** A line of a tidy table, under broom.mixed's names; null where broom has NA. */
export interface TidyRow {
  readonly effect: TidyEffects;
  readonly group: string | null;
  /** Of `ran_vals`. */
  readonly level?: string;
  readonly term: string;
  readonly estimate: number;
  readonly "std.error"?: number;
  readonly statistic?: number;
  /** Where tests are by Student's t. */
  readonly df?: number;
  readonly "p.value"?: number;
  readonly "conf.low"?: number;
  readonly "conf.high"?: number;
  /** Of a cumulative model: `intercept` for thresholds, `location` for coefficients, `nominal` for effects at one threshold. */
  readonly "coef.type"?: "intercept" | "location" | "nominal";
}

/**
 * Lists a fit as broom.mixed's `tidy` does: fixed effects with 95 % intervals (`fixed`), standard deviations and correlations of the
 * random effects (`ran_pars`), or their conditional modes with standard deviations (`ran_vals`).
 *
 * @returns an entry a line; estimates on the scale of the linear predictor.
 */
export function tidyFit(fit: MixedFit, effects: TidyEffects): TidyRow[] {
  if (effects === "ran_pars") return fit.variances.flatMap((one) => spreadRows(one, fit.variances));
  if (effects === "ran_vals") return modeRows(fit);
  const { ordinal } = fit;
  if (!ordinal) return fit.coefficients.map((one) => fixedRow(one));
  const { thresholds, spacing, nominal } = ordinal;
  return [
    ...[...thresholds, ...(spacing ? [spacing] : [])].map((one) => fixedRow(one, "intercept")),
    ...(nominal?.effects ?? []).map((one) => fixedRow(one, "nominal")),
    ...commonCoefficients(fit).map((one) => fixedRow(one, "location")),
  ];
}

function fixedRow(one: Coefficient, type?: TidyRow["coef.type"]): TidyRow {
  return {
    effect: "fixed",
    group: null,
    term: one.name,
    estimate: one.estimate,
    "std.error": one.se,
    statistic: one.z,
    ...(one.df === undefined ? {} : { df: one.df }),
    "p.value": one.p,
    "conf.low": one.lower,
    "conf.high": one.upper,
    ...(type ? { "coef.type": type } : {}),
  };
}

// The standard deviation, and the correlations with the columns of the same term before it.
function spreadRows(component: VarianceComponent, all: readonly VarianceComponent[]): TidyRow[] {
  const { group, name, sd, corr } = component;
  const own = { effect: "ran_pars", group } as const;
  const isResidual = group === "Residual" && name === "";
  const correlations = corr === null ? [] : [corr].flat();
  const at = all.indexOf(component);
  const before = all.slice(at - correlations.length, at);
  return [
    { ...own, term: isResidual ? "sd__Observation" : `sd__${name}`, estimate: sd },
    ...correlations.map((estimate, other) => ({
      ...own,
      term: `cor__${before[other]!.name}.${name}`,
      estimate,
    })),
  ];
}

function modeRows(fit: MixedFit): TidyRow[] {
  return fit.conditionalModes().flatMap(({ group, names, levels, modes, sd }) =>
    names.flatMap((term, column) =>
      levels.map((level, row): TidyRow => {
        const at = row * names.length + column;
        return {
          effect: "ran_vals",
          group,
          level,
          term,
          estimate: modes[at]!,
          "std.error": sd[at]!,
        };
      }),
    ),
  );
}
