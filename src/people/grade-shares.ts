// People's grades in the form of stage 1, so that claims are put to them as to any other instrument.
import { squareRoot } from "../claims/clustered-estimates";
import type { ShareTable } from "../claims/share-table";
import { SENTIMENTS } from "../corpus/emotions";
import { findSystem, readSystems } from "../systems/system";
import type { PeopleResults } from "./people-results";

/**
 * Shares of good grades as leads over people's: `own` holds the leads themselves, `people` nothing, since people's share is
 * taken off already. Influence values are the columns of a square root of the stored covariance.
 */
export function gradeShares({ leads }: Pick<PeopleResults, "leads">): ShareTable {
  const { values, covariance } = leads.leadShare;
  const size = values.length;
  const systems = readSystems();
  return {
    systems: leads.systems.map((id) => findSystem(systems, id)),
    own: { values, influences: squareRoot(covariance, size), beside: new Float64Array(size) },
    people: {
      values: new Float64Array(size),
      influences: new Array(size).fill(undefined),
      beside: new Float64Array(size),
    },
    replies: leads.replies,
    reads: leads.replies,
    turns: leads.systems.map(() => "first" as const),
    weights: new Float64Array(leads.systems.length),
    reasons: leads.systems.flatMap(() => SENTIMENTS.map(() => null)),
    clipped: 0,
  };
}
