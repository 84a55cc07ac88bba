// Stage 1, the uncertainty about these systems: the share of each system's replies that show a metric, and people's share
// on the same turns, by sentiment; with whichever instrument measures.

import type { Metric } from "empathy-scorer";
import { SENTIMENTS, type Sentiment } from "../corpus/emotions";
import { groupBy } from "../group-by";
import type { Outcome } from "../readings/readings";
import type { System } from "../systems/system";
import { type AnchoredReplies, type AnchoredReply, HUMAN } from "./anchored-replies";
import type { ClusteredEstimates } from "./clustered-estimates";
import { entryOf } from "./combine-estimates";
import type { Instrument } from "./instrument";
import {
  bestWeight,
  FEWEST_READINGS,
  type InfluencePart,
  layOutMean,
  type MeanLayout,
  type PredictedMean,
  predictMean,
} from "./predicted-mean";

/** Shares by system and sentiment: entry `SENTIMENTS.length * system + sentiment` of every vector. */
export interface ShareTable {
  readonly systems: readonly System[];
  /** The systems' shares, from 0 to 1. */
  readonly own: ClusteredEstimates;
  /** People's on the same turns. */
  readonly people: ClusteredEstimates;
  /** Number of replies that an entry stands for, and how many of them its instrument read. */
  readonly replies: Int32Array;
  readonly reads: Int32Array;
  /** Which turns each system's shares stand for; null where it has too few readings of either kind. */
  readonly turns: readonly (TurnKinds | null)[];
  /** The weight of the head's predictions in each system's shares, from 0 to 1. */
  readonly weights: Float64Array;
  /** Why an entry has no share; null where it has. */
  readonly reasons: readonly (string | null)[];
  /** How many shares lay below 0 or above 1 and were set to it. */
  readonly clipped: number;
}

/** Which turns of dialogues. */
export type TurnKinds = "first and later" | "first" | "later";

/** The replies behind each share, before anything is measured of them. */
export interface ShareLayout {
  readonly systems: readonly System[];
  readonly instrument: Instrument;
  readonly dialogues: number;
  /** For each system what it stands for: its own replies, and people's to the same turns, by sentiment. */
  readonly cells: readonly (SystemCells | null)[];
}

interface SystemCells {
  readonly turns: TurnKinds;
  readonly own: readonly Cell[];
  readonly people: readonly Cell[];
}

interface Cell {
  readonly replies: readonly AnchoredReply[];
  /** Undefined where too few were read. */
  readonly layout: MeanLayout | undefined;
}

/**
 * Lays out the replies behind every system's shares.
 *
 * A system stands for first turns, later ones, or both: for those of which the instrument read at least `FEWEST_READINGS`
 * replies to each sentiment that it answered.
 */
export function layOutShares(
  { systems, replies }: AnchoredReplies,
  instrument: Instrument,
): ShareLayout {
  const dialogues = new Map<string, number>();
  const bySystem = groupBy(replies, ({ system }) => system);
  for (const { dialogue } of replies) {
    if (!dialogues.has(dialogue)) dialogues.set(dialogue, dialogues.size);
  }
  const people = new Map((bySystem.get(HUMAN) ?? []).map((reply) => [reply.stimulus, reply]));
  const toCells = (chosen: readonly AnchoredReply[]) =>
    SENTIMENTS.map((sentiment): Cell => {
      const own = chosen.filter((reply) => reply.sentiment === sentiment);
      const units = own.map((reply) => ({
        dialogue: dialogues.get(reply.dialogue) as number,
        isRead: instrument.isRead(reply),
        strata: instrument.strata(reply),
      }));
      return { replies: own, layout: layOutMean(units) };
    });
  // Systems that answered the same turns are held against the same replies.
  const beside: { readonly found: readonly AnchoredReply[]; readonly cells: readonly Cell[] }[] =
    [];
  const peopleAt = (kept: readonly AnchoredReply[]) => {
    const found = kept.flatMap(({ stimulus }) => people.get(stimulus) ?? []);
    const known = beside.find((one) => areSame(one.found, found));
    if (known) return known.cells;
    const cells = toCells(found);
    beside.push({ found, cells });
    return cells;
  };
  const cells = systems.map(({ id }): SystemCells | null => {
    const all = bySystem.get(id) ?? [];
    const turns = instrument.predict ? kindsRead(all, instrument) : ALL_TURNS;
    if (turns === null) return null;
    const kept = all.filter((reply) => isOfKind(reply, turns));
    return { turns, own: toCells(kept), people: peopleAt(kept) };
  });
  return { systems, instrument, dialogues: dialogues.size, cells };
}

function areSame(one: readonly AnchoredReply[], other: readonly AnchoredReply[]): boolean {
  return one.length === other.length && one.every((reply, at) => reply === other[at]);
}

const ALL_TURNS: TurnKinds = "first and later";

function isOfKind({ isFirst }: AnchoredReply, kinds: TurnKinds): boolean {
  return kinds === ALL_TURNS || isFirst === (kinds === "first");
}

function kindsRead(all: readonly AnchoredReply[], instrument: Instrument): TurnKinds | null {
  const isEnough = (isFirst: boolean) =>
    SENTIMENTS.every((sentiment) => {
      const answered = all.filter((reply) => reply.sentiment === sentiment);
      const read = answered.filter(
        (reply) => reply.isFirst === isFirst && instrument.isRead(reply),
      );
      return answered.length === 0 || read.length >= FEWEST_READINGS;
    });
  const [first, later] = [isEnough(true), isEnough(false)];
  if (first && later) return ALL_TURNS;
  if (first) return "first";
  return later ? "later" : null;
}

/**
 * Estimates every system's shares and people's on the same turns.
 *
 * @param part of their errors that the influences hold; the shares are the same.
 */
export function estimateShares(
  { systems, instrument, dialogues, cells }: ShareLayout,
  metric: Metric,
  outcome: Outcome,
  part: InfluencePart = "all",
): ShareTable {
  const size = systems.length * SENTIMENTS.length;
  const [own, people] = [emptyEstimates(size), emptyEstimates(size)];
  const reasons = new Array<string | null>(size).fill(null);
  const replies = new Int32Array(size);
  const reads = new Int32Array(size);
  const weights = new Float64Array(systems.length);
  let clipped = 0;
  const measure = ({ replies: of, layout }: Cell, held: InfluencePart) => {
    if (!layout) return undefined;
    const read = new Float64Array(of.length).fill(Number.NaN);
    for (const [at, reply] of of.entries()) {
      if (layout.isRead[at] === 1) read[at] = instrument.read(reply, metric, outcome);
    }
    // Readings that leave open whether a reply fits have no share of those that do.
    if (read.some((share, at) => layout.isRead[at] === 1 && Number.isNaN(share))) return undefined;
    const { predict } = instrument;
    const predicted = predict && Float64Array.from(of, (reply) => predict(reply, metric, outcome));
    return predictMean(layout, read, predicted, dialogues, held);
  };
  // Predictions weigh what leaves the least of the whole error, whichever part is held.
  const measuredOnce = new Map<readonly Cell[], WeightedMeans>();
  const measureAll = (of: readonly Cell[]): WeightedMeans => {
    const known = measuredOnce.get(of);
    if (known) return known;
    const whole = of.map((cell) => measure(cell, "all"));
    const means = part === "all" ? whole : of.map((cell) => measure(cell, part));
    const found = { means, weight: bestWeight(whole.flatMap((mean) => mean ?? [])) };
    measuredOnce.set(of, found);
    return found;
  };
  for (const [at, cell] of cells.entries()) {
    const [ours, theirs] = cell ? [cell.own, cell.people].map(measureAll) : [];
    if (ours && theirs) {
      weights[at] = ours.weight;
      clipped += place(own, at, ours) + place(people, at, theirs);
    }
    const [ownMeans, peopleMeans] = [ours?.means, theirs?.means];
    for (const [of, sentiment] of SENTIMENTS.entries()) {
      const entry = entryOf(at, sentiment);
      replies[entry] = cell?.own[of]?.replies.length ?? 0;
      reads[entry] = ownMeans?.[of]?.reads ?? 0;
      reasons[entry] = cell
        ? obstacleOf(ownMeans?.[of], peopleMeans?.[of], instrument)
        : `fewer than ${FEWEST_READINGS} replies read to prompts of one sentiment`;
    }
  }
  const turns = cells.map((cell) => cell?.turns ?? null);
  return { systems, turns, clipped, own, people, reasons, replies, reads, weights };
}

interface WeightedMeans {
  readonly means: readonly (PredictedMean | undefined)[];
  /** Of the predictions, from 0 to 1. */
  readonly weight: number;
}

function obstacleOf(
  own: PredictedMean | undefined,
  people: PredictedMean | undefined,
  { fewest, predict }: Instrument,
): string | null {
  const verb = predict ? "read" : "measured";
  if ((own?.reads ?? 0) < fewest) return `${own?.reads ?? 0} replies ${verb}, fewer than ${fewest}`;
  if (!people) return `fewer than ${FEWEST_READINGS} of people's replies ${verb}`;
  return null;
}

function emptyEstimates(size: number) {
  return {
    values: new Float64Array(size).fill(Number.NaN),
    influences: new Array<Float64Array | undefined>(size).fill(undefined),
    beside: new Float64Array(size),
  };
}

/** Puts a system's shares into a vector; returns how many had to be clipped. */
function place(
  estimates: ReturnType<typeof emptyEstimates>,
  system: number,
  { means, weight }: WeightedMeans,
): number {
  let clipped = 0;
  for (const [of, mean] of means.entries()) {
    if (!mean) continue;
    const entry = entryOf(system, SENTIMENTS[of] as Sentiment);
    const value = mean.read + weight * mean.shift;
    estimates.values[entry] = Math.min(1, Math.max(0, value));
    if (value < -ROUNDING || value > 1 + ROUNDING) clipped++;
    estimates.influences[entry] = influenceOf(mean, weight);
    // Replies that are all alike vary with nobody: half a reply stands for what was not seen.
    const half = 0.5 / (mean.reads + 1);
    if (mean.isUnanimous) estimates.beside[entry] = (half * (1 - half)) / mean.reads;
  }
  return clipped;
}

function influenceOf({ readInfluence, shiftInfluence }: PredictedMean, weight: number) {
  if (!shiftInfluence || weight === 0) return readInfluence;
  return readInfluence.map((one, at) => one + weight * (shiftInfluence[at] as number));
}

const ROUNDING = 1e-9;
