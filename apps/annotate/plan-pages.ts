// Pages from a plan's file: its replies are found among the scored ones, and their texts on this machine.
import { UserError } from "kit";
import type { Places } from "../../src/sources/locate-source";
import type { MadePlan } from "./plan";
import type { Plan } from "./plan-file";
import type { Population } from "./population";
import { readPublishedPopulation } from "./published-population";

/**
 * Finds a plan's replies among those that its systems' score tables hold.
 *
 * @throws UserError naming the reply that is in none: the scores are others than the plan was made from.
 */
export function findPlanned(
  plan: Plan,
  path: string,
  places?: Places,
): { readonly made: MadePlan; readonly population: Population } {
  const systems = [...new Set(plan.strata.map(({ system }) => system))];
  const population = readPublishedPopulation(systems, plan.scorer, places);
  const positions = new Map(
    population.replies.map(({ system, place }, at) => [`${system} ${place}`, at]),
  );
  const members = plan.replies.map(({ id, stratum, place }) => {
    const system = plan.strata[stratum]?.system;
    const at = positions.get(`${system} ${place}`);
    if (at !== undefined) return at;
    throw new UserError(
      `${path}: reply '${id}' (${system}, ${place}) is not among the scored replies; make the plan again`,
    );
  });
  return { made: { plan, members }, population };
}
