// What R made of one model: the output of reference.R, and the part of it that a fit is compared with.
import { readFileSync } from "node:fs";
import { projectPath } from "test-support/project";

/** One model of models.json. */
export interface Model {
  readonly id: string;
  /** `lme4::NAME` or `ordinal::NAME`, or `sim:NAME` for a simulated data set. */
  readonly data: string;
  readonly formula: string;
  readonly family: "gaussian" | "binomial" | "cumulative";
  readonly method: "ML" | "REML";
  readonly nAGQ: number;
  /** Whether its grouping factors are crossed. */
  readonly crossed: boolean;
  /** For the cumulative family. */
  readonly link?: "logit" | "probit";
  readonly thresholds?: "flexible" | "equidistant";
  readonly weights?: string;
}

/** The values that a fit is compared with, all of them lme4's but one logLik; clmm's for the cumulative family. */
export interface Reference {
  readonly id: string;
  readonly nobs: number;
  /** The better of lme4's and glmmTMB's, with the binomial coefficients. */
  readonly logLik: number;
  readonly coefficients: readonly {
    readonly name: string;
    readonly estimate: number;
    readonly se: number;
  }[];
  readonly sds: readonly (readonly [group: string, name: string, sd: number])[];
  readonly correlations: readonly (readonly [
    group: string,
    first: string,
    second: string,
    corr: number,
  ])[];
  /** Of the first levels of each group. */
  readonly modes: readonly (readonly [group: string, name: string, level: string, mode: number])[];
  /** Residual standard deviation; 1 for the binomial family. */
  readonly sigma: number;
}

/** A model as reference.R writes it; where a package failed, only `error` is there. */
export interface RawReference extends Model {
  readonly error?: string;
  readonly nobs: number;
  readonly factors?: Readonly<Record<string, readonly string[]>>;
  /** For the cumulative family in place of the others. */
  readonly ordinal?: RawOrdinal;
  readonly lme4: RawLme4;
  readonly glmmTMB: {
    readonly error?: string;
    readonly version?: string;
    readonly logLik?: number;
    readonly seconds?: number;
  };
}

interface RawOrdinal {
  readonly error?: string;
  readonly version: string;
  readonly seconds: number;
  readonly logLik: number;
  /** Thresholds (or the first and their spacing), then coefficients. */
  readonly names: readonly string[];
  readonly values: readonly number[];
  readonly se: readonly number[];
  readonly random: readonly { group: string; name: string; sd: number }[];
  readonly correlations: readonly { group: string; a: string; b: string; corr: number }[];
  readonly modes: readonly { group: string; name: string; level: string; mode: number }[];
}

interface RawLme4 {
  readonly error?: string;
  readonly version: string;
  readonly seconds: number;
  readonly logLik_absolute: number;
  readonly fixef: { readonly names: readonly string[]; readonly values: readonly number[] };
  readonly se?: readonly number[];
  readonly se_richardson?: readonly number[];
  readonly random: readonly { group: string; name: string; sd: number }[];
  readonly correlations: readonly { group: string; a: string; b: string; corr: number }[];
  readonly modes: readonly { group: string; name: string; level: string; mode: number }[];
  readonly residual_sd: number | null;
}

/** What reference.R writes. */
export interface RawOutput {
  readonly R: string;
  readonly models: readonly RawReference[];
}

/** The list of models. */
export function readModels(): readonly Model[] {
  return JSON.parse(
    readFileSync(projectPath("packages", "mixed-models", "test", "parity", "models.json"), "utf8"),
  );
}

/** Picks what a fit is compared with. @throws Error if R could not fit the model. */
export function pickReference(raw: RawReference): Reference {
  if (raw.ordinal) return pickOrdinal(raw, raw.ordinal);
  const { lme4, glmmTMB } = raw;
  const failure = raw.error ?? lme4.error;
  if (failure !== undefined) throw new Error(`R could not fit it: ${failure}`);
  // lme4's own Hessian of a binomial model is a rough difference, up to 2 % off.
  const errors = lme4.se_richardson ?? lme4.se ?? [];
  return {
    id: raw.id,
    nobs: raw.nobs,
    logLik: Math.max(lme4.logLik_absolute, glmmTMB.logLik ?? Number.NEGATIVE_INFINITY),
    coefficients: lme4.fixef.names.map((name, at) => ({
      name,
      estimate: lme4.fixef.values[at] as number,
      se: errors[at] as number,
    })),
    sds: lme4.random.map(({ group, name, sd }) => [plain(group), name, sd]),
    correlations: lme4.correlations.map(({ group, a, b, corr }) => [plain(group), a, b, corr]),
    modes: lme4.modes.map(({ group, name, level, mode }) => [plain(group), name, level, mode]),
    sigma: lme4.residual_sd ?? 1,
  };
}

function pickOrdinal({ id, nobs, error }: RawReference, ordinal: RawOrdinal): Reference {
  const failure = error ?? ordinal.error;
  if (failure !== undefined) throw new Error(`R could not fit it: ${failure}`);
  return {
    id,
    nobs,
    logLik: ordinal.logLik,
    coefficients: ordinal.names.map((name, at) => ({
      name,
      estimate: ordinal.values[at] as number,
      se: ordinal.se[at] as number,
    })),
    sds: ordinal.random.map(({ group, name, sd }) => [group, name, sd]),
    correlations: ordinal.correlations.map(({ group, a, b, corr }) => [group, a, b, corr]),
    modes: ordinal.modes.map(({ group, name, level, mode }) => [group, name, level, mode]),
    sigma: 1,
  };
}

// Of the terms that `||` makes, lme4 names the later ones `g.1`.
function plain(group: string): string {
  return group.replace(/\.\d+$/, "");
}
