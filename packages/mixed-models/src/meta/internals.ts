// What a fit keeps for computations after it, out of sight of those who print or store it.
import { UserError } from "kit";
import type { Precision } from "./combination";

interface Internals {
  readonly precision: Precision;
  /** The components' variances, in squared units of the problem. */
  readonly variances: Float64Array;
}

const kept = new WeakMap<object, Internals>();

/** Keeps what later computations on a fit need. */
export function rememberFit(fit: object, internals: Internals): void {
  kept.set(fit, internals);
}

/**
 * What was kept of a fit.
 *
 * @throws UserError if it is a copy, or no fit of this package.
 */
export function internalsOf(fit: object): Internals {
  const internals = kept.get(fit);
  if (internals) return internals;
  throw new UserError(
    "the fit is a copy, or was read from a file; give the fit itself, as fitMultilevelMeta or fitMeta returned it",
  );
}
