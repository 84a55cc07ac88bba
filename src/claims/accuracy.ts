// How well an instrument sees what a better one sees, family by family: sensitivity, specificity, Youden's J (1950), bias.
import { byMetric, METRICS, type Metric } from "empathy-scorer";
import { type CalibrationCount, type ReadReply, readShare, replyKey } from "../readings/readings";
import type { Family } from "../systems/system";
import { type AnchoredReplies, HUMAN, shows } from "./anchored-replies";

/** Agreement of an instrument with a reference on whether replies show a metric at all. */
export interface Accuracy {
  readonly replies: number;
  /** Shares of replies that show it, by the reference and by the instrument. */
  readonly reference: number;
  readonly instrument: number;
  /** Of those that show it by the reference, the share that the instrument finds; NaN where there is none. */
  readonly sensitivity: number;
  /** Of those that do not, the share that it leaves; NaN where there is none. */
  readonly specificity: number;
  /** Sensitivity plus specificity less one: 0 is no better than chance. */
  readonly youden: number;
  /** Share by the instrument less share by the reference. */
  readonly bias: number;
  /** Cohen's kappa. */
  readonly kappa: number;
}

/** Pairs of whether the reference and the instrument see a metric, each with its number. */
export interface SeenCounts {
  readonly both: number;
  readonly onlyReference: number;
  readonly onlyInstrument: number;
  readonly neither: number;
}

/** Computes agreement from four counts. */
export function toAccuracy({ both, onlyReference, onlyInstrument, neither }: SeenCounts): Accuracy {
  const replies = both + onlyReference + onlyInstrument + neither;
  const reference = (both + onlyReference) / replies;
  const instrument = (both + onlyInstrument) / replies;
  const sensitivity = both / (both + onlyReference);
  const specificity = neither / (neither + onlyInstrument);
  const expected = reference * instrument + (1 - reference) * (1 - instrument);
  return {
    // Several readings of a reply count in parts, which add up to it but for rounding.
    replies: Math.round(replies),
    reference,
    instrument,
    sensitivity,
    specificity,
    youden: sensitivity + specificity - 1,
    bias: instrument - reference,
    kappa: ((both + neither) / replies - expected) / (1 - expected),
  };
}

/** A head's accuracy against readings, by family and metric; each reply once, its readings averaged. */
export function headAccuracy(
  { systems, replies }: AnchoredReplies,
  readings: readonly ReadReply[],
): Readonly<Record<Metric, ReadonlyMap<Family, Accuracy>>> {
  const known = new Map(readings.map((reply) => [replyKey(reply), reply]));
  const families = new Map<string, Family>(systems.map(({ id, family }) => [id, family]));
  families.set(HUMAN, "human");
  const pairs = replies.flatMap((reply) => {
    const read = known.get(reply.key);
    const family = families.get(reply.system);
    return read && family ? [{ reply, read, family }] : [];
  });
  return byMetric((metric) => {
    const counts = new Map<Family, Record<keyof SeenCounts, number>>();
    for (const { reply, read, family } of pairs) {
      const seen = readShare(read, metric, "any");
      const own = counts.get(family) ?? {
        both: 0,
        onlyReference: 0,
        onlyInstrument: 0,
        neither: 0,
      };
      const isShown = shows(reply, metric, "any") === 1;
      own[isShown ? "both" : "onlyReference"] += seen;
      own[isShown ? "onlyInstrument" : "neither"] += 1 - seen;
      counts.set(family, own);
    }
    return new Map([...counts].map(([family, own]) => [family, toAccuracy(own)]));
  });
}

/** The reader's accuracy against people's labels, from counts of pairs of one source. */
export function readerAccuracy(
  counts: readonly CalibrationCount[],
  source: string,
): Readonly<Partial<Record<Metric, Accuracy>>> {
  const found: Partial<Record<Metric, Accuracy>> = {};
  for (const metric of METRICS) {
    const own = counts.filter((one) => one.source === source && one.metric === metric);
    if (own.length === 0) continue;
    const sum = (people: boolean, reader: boolean) =>
      own
        .filter((one) => one.people > 0 === people && one.reader > 0 === reader)
        .reduce((total, { pairs }) => total + pairs, 0);
    found[metric] = toAccuracy({
      both: sum(true, true),
      onlyReference: sum(true, false),
      onlyInstrument: sum(false, true),
      neither: sum(false, false),
    });
  }
  return found;
}

/** Below this Youden's J an instrument does not measure. */
export const LEAST_YOUDEN = 0.3;
