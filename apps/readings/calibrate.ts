// A reader beside people: pairs of post and reply with people's labels, read unseen among the others.
import { byMetric, type Levels, METRICS, type ScoreRequest } from "empathy-scorer";
import { isLocked, pairKey } from "empathy-scorer/training";
import { formatCsvTable } from "kit/tables";
import {
  CALIBRATION_COLUMNS,
  type CalibrationCount,
  EPITOME,
  middleLevel,
} from "../../src/readings/readings";
import { missingAmong, type Places } from "../../src/sources/locate-source";
import { readEpitome } from "../sources/epitome";
import { shuffleBy } from "./draw-replies";

/** The sources of the pairs, one a mechanism. */
export const EPITOME_SOURCES: readonly string[] = METRICS.map((metric) => `epitome-${metric}`);

/** A pair of post and reply with people's levels. */
export interface LabelledPair {
  readonly request: ScoreRequest;
  readonly levels: Levels;
}

/**
 * Reads the pairs of EPITOME that have people's levels of all three mechanisms, of the open nine tenths: the locked tenth
 * is for tests of what ships.
 *
 * @returns undefined where a file is not on this machine.
 * @throws UserError if a file is not the pinned one or breaks its format.
 */
export async function readOpenPairs(places: Places): Promise<LabelledPair[] | undefined> {
  if (missingAmong(EPITOME_SOURCES, places).length > 0) return undefined;
  const found = new Map<string, { request: ScoreRequest; levels: Partial<Levels> }>();
  for (const metric of METRICS) {
    for (const { seekerPost, responsePost, level } of await readEpitome(metric, places)) {
      const key = pairKey(seekerPost, responsePost);
      if (isLocked(key)) continue;
      const request = { context: [seekerPost], reply: responsePost };
      const known = found.get(key) ?? { request, levels: {} };
      found.set(key, { ...known, levels: { ...known.levels, [metric]: level } });
    }
  }
  return [...found.values()].filter((pair): pair is LabelledPair =>
    METRICS.every((metric) => pair.levels[metric] !== undefined),
  );
}

/**
 * Draws pairs, half of them from all and half from those in which people saw a mechanism, as for the published readings.
 *
 * @returns so many, or all where there are fewer.
 */
export function drawPairs(
  pairs: readonly LabelledPair[],
  count: number,
  seed: number,
): LabelledPair[] {
  const shuffled = shuffleBy(pairs, ({ request: { context, reply } }) =>
    JSON.stringify([seed, context, reply]),
  );
  const drawn = shuffled.slice(0, Math.ceil(count / 2));
  const rest = shuffled.slice(drawn.length);
  const isShown = ({ levels }: LabelledPair) => METRICS.some((metric) => levels[metric] > 0);
  const others = [...rest.filter(isShown), ...rest.filter((pair) => !isShown(pair))];
  return [...drawn, ...others.slice(0, count - drawn.length)];
}

/**
 * Counts how often people and a reader gave which levels.
 *
 * @param read pairs that were read, with what the reader's samples said; a pair counts once, with their middle level.
 */
export function countCalibration(
  read: readonly { readonly people: Levels; readonly readings: readonly Levels[] }[],
): CalibrationCount[] {
  const counts = new Map<string, CalibrationCount>();
  for (const { people, readings } of read) {
    const reader = byMetric((metric) => middleLevel(readings.map((levels) => levels[metric])));
    for (const metric of METRICS) {
      const cell = { source: EPITOME, metric, people: people[metric], reader: reader[metric] };
      const key = `${metric} ${cell.people} ${cell.reader}`;
      counts.set(key, { ...cell, pairs: (counts.get(key)?.pairs ?? 0) + 1 });
    }
  }
  const place = (one: CalibrationCount) =>
    9 * METRICS.indexOf(one.metric) + 3 * one.people + one.reader;
  return [...counts.values()].sort((one, other) => place(one) - place(other));
}

/** Writes calibration counts as a table. */
export function formatCalibration(counts: readonly CalibrationCount[]): string {
  return formatCsvTable(CALIBRATION_COLUMNS, counts);
}
