// What a reader must know beside the verdicts: who measured and how well, what older systems do against the same people, and
// what people's own grades say. Sentences are computed, so that no rerun leaves a stale one.
import { METRICS, type Metric } from "empathy-scorer";
import { upperQuantile } from "mixed-models";
import { EPITOME, readCalibration, readReadings } from "../readings/readings";
import { readAsked } from "../study/asked-systems";
import { type Study, systemsOfStudy } from "../study/study";
import { readSystems } from "../systems/system";
import { type Accuracy, readerAccuracy } from "./accuracy";
import { INSTRUMENT_NAMES } from "./analysis";
import { decidingInterval, points } from "./answer";
import { type ClaimResult, readShares, type ShareRow } from "./results-tables";

/** The claims that tell what is asked beside the study's six. */
const BESIDE = { olderSystems: "er-ecs-above-human", grades: "er-above-human" } as const;

/**
 * Says in a few sentences what a reader must know of the verdicts.
 *
 * @param results of the study.
 * @returns one paragraph each, in plain text.
 */
export function sayContext(study: Study, results: readonly ClaimResult[]): string[] {
  const main = results.find(({ set }) => set === "main");
  const rowOf = (set: string, claim: string) =>
    results.find((row) => row.set === set && row.claim === claim);
  return [
    main ? sayWho(study, main.instrument) : "",
    sayOlder(rowOf("main", BESIDE.olderSystems)),
    sayGrades(rowOf("people", BESIDE.grades)),
  ].filter(Boolean);
}

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

function sayWho(study: Study, instrument: string): string {
  if (instrument !== "readings") {
    return `Measured by the ${INSTRUMENT_NAMES[instrument] ?? instrument} alone: these systems' replies were not read, and heads err differently on different families.`;
  }
  const systems = new Set(systemsOfStudy(study).map(({ id }) => id));
  const read = readReadings(study).filter(({ system }) => systems.has(system));
  const replies = read.length.toLocaleString("en-US");
  const calibration = readerAccuracy(readCalibration(study), EPITOME);
  const known = METRICS.flatMap((metric) => {
    const found = calibration[metric];
    return found ? [`${metric.toUpperCase()} ${sayAccuracy(found)}`] : [];
  });
  const beside =
    known.length > 0
      ? ` Compared with people's labels of EPITOME's posts, it finds what people see, and leaves out what they do not see, in these shares: ${known.join("; ")}.`
      : " It was not compared with people's labels.";
  return `Measured by readings: a language model read ${replies} replies blind, under a written guideline; they are not people's labels.${beside}`;
}

function sayAccuracy({ sensitivity, specificity }: Accuracy): string {
  return `${share(sensitivity)} and ${share(specificity)}`;
}

function share(value: number): string {
  return value.toFixed(2).replace(/^0/, "");
}

function sayOlder(row: ClaimResult | undefined): string {
  const found = row && decidingInterval(row);
  if (!row || !found) return "";
  const [estimate, lower, upper] = found.map(points);
  return `The older systems' lead over the same people in emotional reactions: ${estimate} points (${lower} to ${upper}), ${row.verdict}.`;
}

function sayGrades(row: ClaimResult | undefined): string {
  const found = row && decidingInterval(row);
  if (!row || !found || row.these === null) return "";
  const [estimate, lower, upper] = found.map(points);
  return `People graded whole replies of ${row.units} of these LLMs: good more often than people's replies by ${estimate} points (${lower} to ${upper}).`;
}
