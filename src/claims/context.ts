// What a reader must know beside the verdicts: who measured and how well, what older systems do against the same people, and
// what people's own grades say. Sentences are computed, so that no rerun leaves a stale one.
import { METRICS, type Metric } from "empathy-scorer";
import { upperQuantile } from "mixed-models";
import { readAsked } from "../study/asked-systems";
import type { Study } from "../study/study";
import { readSystems } from "../systems/system";
import { points } from "./answer";
import { readShares, type ShareRow } from "./results-tables";

/**
 * Says how far a study's own systems, those that were asked or imported on this machine, lie from people on the same prompts.
 *
 * @returns one sentence a system, in plain text; none for the published study.
 */
export function sayOwn(study: Study): string[] {
  const own = readAsked(study);
  if (own.length === 0) return [];
  const names = new Map(readSystems().map(({ id, name }) => [id, name]));
  const rows = readShares(study).filter(({ outcome }) => outcome === "any");
  const main = rows[0]?.instrument;
  return own.map(({ system }) => {
    const leads = METRICS.flatMap((metric) => {
      const found = rows.filter(
        (row) => row.system === system && row.metric === metric && row.instrument === main,
      );
      return sayLead(metric, found);
    });
    const said = leads.length > 0 ? leads.join("; ") : "too few replies to compare";
    return `${names.get(system) ?? system}, minus people on the same prompts: ${said}.`;
  });
}

// Sentiments weigh the same; each dialogue has one, so that their errors are independent.
function sayLead(metric: Metric, rows: readonly ShareRow[]): string[] {
  const known = rows.flatMap(({ lead, lead_se: se }) =>
    lead === null || se === null ? [] : [{ lead, se }],
  );
  if (known.length === 0) return [];
  const mean = known.reduce((sum, { lead }) => sum + lead, 0) / known.length;
  const se = Math.sqrt(known.reduce((sum, one) => sum + one.se ** 2, 0)) / known.length;
  const reach = upperQuantile(0.025) * se;
  const [estimate, lower, upper] = [mean, mean - reach, mean + reach].map(points);
  return [`${metric.toUpperCase()} ${estimate} points (${lower} to ${upper})`];
}
