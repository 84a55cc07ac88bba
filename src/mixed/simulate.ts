import { createGenerator } from "../random-generator";
import { contextOf } from "./fit-context";
import type { MixedFit } from "./result";
import { simulateResponse } from "./simulate-response";

/**
 * Draws responses from a fitted model, with new random effects.
 *
 * @param options.count number of responses, 1 by default.
 * @returns each response as one value for each row of the fit: successes (binomial) or numbers.
 */
export function simulate(fit: MixedFit, options: { seed: number; count?: number }): Float64Array[] {
  const { data, parameters } = contextOf(fit);
  return Array.from({ length: options.count ?? 1 }, (_, stream) =>
    simulateResponse(data, parameters, createGenerator(options.seed, stream)),
  );
}
