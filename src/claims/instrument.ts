// What gives replies their levels: readings, with or without a head's predictions, or a head whose levels count as they are.
import type { Metric } from "empathy-scorer";
import { type Outcome, type ReadReply, readShare, replyKey } from "../readings/readings";
import { type AnchoredReply, shows } from "./anchored-replies";
import { FEWEST_READINGS } from "./predicted-mean";

/** What gives replies their levels. */
export interface Instrument {
  /** Whether a reply was read. */
  isRead(reply: AnchoredReply): boolean;
  /** Whether a reply that was read shows the metric, from 0 to 1. */
  read(reply: AnchoredReply, metric: Metric, outcome: Outcome): number;
  /** The chance of it, which is known of every reply; nothing where nothing is predicted. */
  readonly predict?: (reply: AnchoredReply, metric: Metric, outcome: Outcome) => number;
  /** Post-strata of a reply, from the finest to the coarsest. */
  strata(reply: AnchoredReply): readonly string[];
  /** With fewer replies of a system to a sentiment, nothing is said of them. */
  readonly fewest: number;
}

const NO_STRATA: readonly string[] = [];

/** A head whose levels count as they are. */
export function headInstrument(fewest: number): Instrument {
  return {
    isRead: () => true,
    read: shows,
    strata: () => NO_STRATA,
    fewest,
  };
}

/** Readings alone, of the replies that were read under one design; nothing is predicted. */
export function designInstrument(readings: readonly ReadReply[]): Instrument {
  const known = new Map(readings.map((reply) => [replyKey(reply), reply]));
  return {
    isRead: ({ key }) => known.has(key),
    read: ({ key }, metric, outcome) => {
      const read = known.get(key);
      return read ? readShare(read, metric, outcome) : Number.NaN;
    },
    strata: () => NO_STRATA,
    fewest: 2 * FEWEST_READINGS,
  };
}

const namedStrata = new Map<string, (readonly string[])[]>();

// One list for all replies of a kind.
function nameStrata(drawn: string, isFirst: boolean, isTest: boolean): readonly string[] {
  const own = namedStrata.get(drawn) ?? [];
  namedStrata.set(drawn, own);
  const at = 2 * Number(isFirst) + Number(isTest);
  own[at] ??= listStrata(drawn, isFirst, isTest);
  return own[at];
}

function listStrata(drawn: string, isFirst: boolean, isTest: boolean): readonly string[] {
  const kind = `${isFirst ? "first" : "later"} ${isTest ? "test" : "other"}`;
  return [`${kind} ${drawn}`, kind, String(isFirst)];
}

/**
 * Readings of some replies, with a head's predictions of all.
 *
 * @param drawnBy what two-phase designs were drawn by, reply by reply: the level of exploration of an earlier head.
 */
export function readingInstrument(
  readings: readonly ReadReply[],
  drawnBy: ReadonlyMap<string, string> = new Map(),
): Instrument {
  return {
    ...designInstrument(readings),
    predict: ({ probabilities }, metric, outcome) => {
      const [, one, two] = probabilities[metric];
      return outcome === "strong" ? two : one + two;
    },
    strata: ({ key, isFirst, isTest }) => nameStrata(drawnBy.get(key) ?? "", isFirst, isTest),
  };
}
