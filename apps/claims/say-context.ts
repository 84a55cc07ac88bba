// Says what a reader must know of the verdicts beside them: who measures, how well, and what people's grades say.
import { METRICS } from "empathy-scorer";
import { type Accuracy, readerAccuracy } from "../../src/claims/accuracy";
import { INSTRUMENT_NAMES } from "../../src/claims/analysis";
import { decidingInterval, points } from "../../src/claims/answer";
import type { ClaimResult } from "../../src/claims/results-tables";
import { EPITOME, readCalibration, readReadings } from "../../src/readings/readings";
import { type Study, systemsOfStudy } from "../../src/study/study";

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
