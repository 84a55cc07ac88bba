// Fits a share of the multiverse's models; started by multiverse.ts.
import { parentPort, workerData } from "node:worker_threads";
import type { Metric } from "../empathy/levels";
import type { MixedFit } from "../mixed/fit/result";
import { UserError } from "../user-error";
import { type Analysis, columnsOf, fitColumns, MAIN_ANALYSIS } from "./analysis";
import type { Claim } from "./claim";
import { type ClaimEstimate, estimateClaim, findFault } from "./estimate-claim";
import { readScoredReplies, type ScoredReplies } from "./scored-replies";
import { type SystemSet, systemsOf } from "./system-set";

/** One model to be fitted. */
export interface MultiverseFit {
  /** Position in the multiverse. */
  readonly index: number;
  readonly set: SystemSet;
  readonly metric: Metric;
  readonly analysis: Analysis;
}

/** What a worker is given. */
export interface MultiverseJob {
  readonly root: string;
  readonly claims: readonly Claim[];
  readonly fits: readonly MultiverseFit[];
}

/** One claim under one analysis. */
export interface MultiverseRow {
  readonly set: SystemSet;
  readonly claim: string;
  readonly analysis: Analysis;
  /** Null where the analysis cannot estimate the claim; then `reason` says why. */
  readonly estimate: ClaimEstimate | null;
  readonly reason: string | null;
  readonly converged: boolean;
}

/** A coefficient or the standard deviation of a random effect, of a main analysis. */
export interface ModelRow {
  readonly set: SystemSet;
  readonly metric: Metric;
  /** `fixed`, the grouping factor of a standard deviation, or `none`: no model, `name` says why. */
  readonly part: string;
  readonly name: string;
  readonly estimate: number | null;
  /** Standard error and limits of the 95 % interval; none for standard deviations. */
  readonly se: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** What a worker says of one model. */
export interface MultiverseAnswer {
  readonly index: number;
  readonly rows: readonly MultiverseRow[];
  /** The model itself, where it is a main analysis. */
  readonly model: readonly ModelRow[];
}

function run({ root, claims, fits }: MultiverseJob): void {
  const scores = new Map<string, ScoredReplies>();
  const fitted = new Map<string, Fitted>();
  for (const { index, set, metric, analysis } of fits) {
    const known = scores.get(analysis.scorer) ?? readScoredReplies(analysis.scorer, root);
    scores.set(analysis.scorer, known);
    const ids = new Set(systemsOf(set, known.systems).map(({ id }) => id));
    const replies = known.replies.filter(({ system }) => ids.has(system));
    const columns = columnsOf(replies, known.systems, metric, analysis);
    // A head that hardly ever gives level 1 makes one analysis of two: the same model of the same outcome.
    const { outcome: _, ...others } = analysis;
    const key = JSON.stringify({ ...others, set, metric });
    const before = fitted.get(key);
    const fit =
      before && isEqual(before.y, columns.y)
        ? before.fit
        : tryFit(() => fitColumns(columns, analysis));
    fitted.set(key, { y: columns.y, fit });
    const rows = claims
      .filter((claim) => claim.metric === metric)
      .map((claim): MultiverseRow => {
        const outcome =
          typeof fit === "string"
            ? { estimate: null, reason: fit }
            : estimateClaim(fit, claim, columns);
        const converged = typeof fit !== "string" && fit.converged;
        return { set, claim: claim.id, analysis, ...outcome, converged };
      });
    const isMain = JSON.stringify(analysis) === JSON.stringify(MAIN_ANALYSIS);
    const model = isMain ? describeModel(fit, set, metric) : [];
    parentPort?.postMessage({ index, rows, model } satisfies MultiverseAnswer);
  }
}

interface Fitted {
  readonly y: readonly unknown[];
  readonly fit: MixedFit | string;
}

function isEqual(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((value, at) => value === other[at]);
}

// What the data cannot carry is said of the analysis; anything else is a fault of ours.
function tryFit(attempt: () => MixedFit): MixedFit | string {
  try {
    return attempt();
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

function describeModel(fit: MixedFit | string, set: SystemSet, metric: Metric): ModelRow[] {
  const fault = typeof fit === "string" ? fit : findFault(fit);
  if (typeof fit === "string" || fault) {
    const nothing = { estimate: null, se: null, lower: null, upper: null };
    return [{ set, metric, part: "none", name: `cannot be estimated: ${fault}`, ...nothing }];
  }
  const fixed = fit.coefficients.map(({ name, estimate, se, lower, upper }) => ({
    ...{ set, metric, part: "fixed", name },
    ...{ estimate, se, lower, upper },
  }));
  const random = fit.variances.map(({ group, name, sd }) => ({
    ...{ set, metric, part: group, name },
    ...{ estimate: sd, se: null, lower: null, upper: null },
  }));
  return [...fixed, ...random];
}

if (parentPort) run(workerData as MultiverseJob);
