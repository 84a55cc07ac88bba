import type { FitContext } from "../fit/fit-context";
import { LaplaceObjective } from "../objective/laplace";
import type { PenalisedSystem } from "../objective/penalised-system";
import { ProfiledObjective } from "../objective/profiled";
import type { RowResponse } from "../objective/response";
import { StandardUnits } from "../objective/standard-units";

/** A model's system at its estimates, with the weights and residuals there, in standard units. */
interface SettledSystem {
  readonly units: StandardUnits;
  /** The estimates in those units. */
  readonly standard: { readonly theta: Float64Array; readonly beta: Float64Array };
  readonly system: PenalisedSystem<RowResponse>;
}

/** Builds the system of a fit in block form and takes it to the estimates. */
export function settledSystem({ data, estimateOptions, parameters }: FitContext): SettledSystem {
  const units = new StandardUnits(data);
  const standard = units.toStandard(
    Float64Array.from(parameters.theta),
    Float64Array.from(parameters.beta),
    Float64Array.from(parameters.thresholdParameters),
  );
  const { theta, thresholdParameters, beta } = standard;
  if (data.family === "gaussian") {
    const objective = new ProfiledObjective(units.data, estimateOptions.reml);
    objective.evaluate(theta);
    return { units, standard, system: objective.system };
  }
  const objective = new LaplaceObjective(units.data, 0, { blocks: true });
  objective.evaluate(Float64Array.of(...theta, ...thresholdParameters, ...beta));
  return { units, standard, system: objective.blocks };
}
