// Who measures, for a study: readings corrected by a head, the complete block of readings by itself, and each head alone.
import { existsSync } from "node:fs";
import type { Metric } from "empathy-scorer";
import { stimulusKey } from "../corpus/stimulus";
import {
  type Outcome,
  type ReadReply,
  readCalibration,
  readReadings,
  replyKey,
} from "../readings/readings";
import { readStock, stockPrecision } from "../readings/stock-sentences";
import { listScoredSystems } from "../study/scored-replies";
import { type Study, studyPath } from "../study/study";
import { isCompared } from "../systems/unit";
import type { Analysis, InstrumentName, Instruments } from "./analysis";
import {
  type AnchoredReplies,
  HUMAN,
  keepSystems,
  readAnchoredReplies,
  selectReplies,
} from "./anchored-replies";
import { designInstrument, headInstrument, type Instrument, readingInstrument } from "./instrument";
import type { InfluencePart } from "./predicted-mean";
import { remember } from "./remember";
import { readLevels } from "./scored-levels";
import { estimateShares, layOutShares, type ShareLayout, type ShareTable } from "./share-table";

/** The design that holds the prompts which everyone answered. */
export const BLOCK = "block";

/** Readings that count stock sentences as people do, where `hasBound`: a bound of interpretation, and no analysis of its own. */
export const BOUND = "bound";

/** By whose level of exploration two-phase designs drew replies; `data/readings/strata.csv`. */
const DRAWN_BY = "embedded-roberta";

/**
 * A study's instruments, the most trusted first.
 *
 * Readings come first where every compared unit's systems have some; where one has none, only heads can compare them all.
 */
export function instrumentsOf(study: Study): Instruments {
  const scorers = study.scorers;
  if (!existsSync(studyPath(study, "data", "readings", "readings.csv"))) return scorers;
  const read = new Set(readReadings(study).map(({ system }) => system));
  const unread = listScoredSystems(study, scorers[0]).some(
    (system) => isCompared(system) && system.family !== "tuned-llm" && !isRead(system, read),
  );
  if (unread || !read.has(HUMAN)) return scorers;
  return ["readings", ...scorers, BLOCK];
}

// A variant of a system that was read may do without.
function isRead(
  { id, variantOf }: { readonly id: string; readonly variantOf?: string },
  read: ReadonlySet<string>,
): boolean {
  return read.has(id) || variantOf !== undefined;
}

/** A scorer that scored such a share of the replies that were read scored them all but for a few that it could not. */
const NEARLY_ALL = 0.99;

/**
 * The head that lends readings precision: the first of a study's scorers that scored nearly all of the replies that were read;
 * where none did, the one that scored most. A scorer of a sample, wherever it stands in the study's file, leaves no reading out.
 */
export function anchorOf(study: Study, anchored: RepliesOf): string {
  if (!instrumentsOf(study).some(isByReading)) return study.scorers[0];
  const read = new Set(readReadings(study).map(replyKey));
  let [best, most] = [study.scorers[0], -1];
  for (const scorer of study.scorers) {
    const scored = anchored(scorer).replies.filter(({ key }) => read.has(key)).length;
    if (scored >= NEARLY_ALL * read.size) return scorer;
    if (scored > most) [best, most] = [scorer, scored];
  }
  return best;
}

/** Gives the shares of a metric under an analysis, with their whole error by default. */
export type SharesOf = (
  analysis: Pick<Analysis, "instrument" | "dialogues" | "turns">,
  metric: Metric,
  outcome: Outcome,
  part?: InfluencePart,
) => ShareTable;

/** Gives the compared replies with a scorer's levels. */
export type RepliesOf = (scorer: string) => AnchoredReplies;

/** Opens a study's compared replies: each score table is read once, when it is first needed. */
export function openReplies(study: Study): RepliesOf {
  return remember((scorer: string) => readAnchoredReplies(study, isCompared, scorer));
}

/**
 * Opens a study's shares: readings are read when they are first needed, and the tables used last are kept.
 *
 * @throws UserError, when called, if a table is missing or broken.
 */
export function openShares(study: Study, anchored: RepliesOf = openReplies(study)): SharesOf {
  const readings = remember(() => readReadings(study));
  const anchor = remember(() => anchorOf(study, anchored));
  const block = remember(() => blockOf(anchored(anchor()), readings()));
  const instrumentOf = remember((name: InstrumentName): Instrument => {
    if (name === BLOCK) return designInstrument(readings());
    if (name === BOUND) return boundInstrument(study, instrumentOf("readings"));
    if (name === "readings") return readingInstrument(readings(), drawnLevels(study));
    return headInstrument(study.fewestReplies);
  });
  const layoutOf = remember(
    (instrument: InstrumentName, dialogues: Dialogues, turns: Turns): ShareLayout => {
      // The same replies were read, in the same strata.
      if (instrument === BOUND) {
        return { ...layoutOf("readings", dialogues, turns), instrument: instrumentOf(BOUND) };
      }
      const scorer = instrument === "readings" ? anchor() : instrument;
      const replies =
        instrument === BLOCK ? block() : selectReplies(anchored(scorer), { dialogues, turns });
      return layOutShares(replies, instrumentOf(instrument));
    },
  );
  const tableOf = remember(
    (
      instrument: InstrumentName,
      dialogues: Dialogues,
      turns: Turns,
      metric: Metric,
      outcome: Outcome,
      part: InfluencePart,
    ) => estimateShares(layoutOf(instrument, dialogues, turns), metric, outcome, part),
    MOST_TABLES,
  );
  return ({ instrument, dialogues, turns }, metric, outcome, part = "all") =>
    tableOf(instrument, dialogues, turns, metric, outcome, part);
}

type Dialogues = Analysis["dialogues"];

type Turns = Analysis["turns"];

/** Whether an instrument is the readings, corrected or by themselves. */
export function isByReading(instrument: InstrumentName): boolean {
  return instrument === "readings" || instrument === BLOCK;
}

// A table holds one number a dialogue and share: some 10 MB.
const MOST_TABLES = 24;

/** The replies of the complete block that were read, of the systems and people that were read there. */
export function blockOf(
  anchored: AnchoredReplies,
  readings: readonly ReadReply[],
): AnchoredReplies {
  const drawn = readings.filter(({ designs }) => designs.includes(BLOCK));
  const stimuli = new Set(drawn.map(stimulusKey));
  const systems = new Set(drawn.map(({ system }) => system));
  const read = new Set(readings.map(replyKey));
  const replies = anchored.replies.filter(
    ({ stimulus, key }) => stimuli.has(stimulus) && read.has(key),
  );
  return keepSystems({ systems: anchored.systems, replies }, ({ id }) => systems.has(id));
}

// Readings in which a reply with a stock sentence counts as often as people count such replies.
function boundInstrument(study: Study, readings: Instrument): Instrument {
  const precision = stockPrecision(readCalibration(study));
  if (precision === undefined) throw new Error("nobody counted stock sentences");
  const stock = readStock(study);
  return {
    ...readings,
    read: (reply, metric, outcome) =>
      readings.read(reply, metric, outcome) * (stock.has(reply.key) ? precision : 1),
  };
}

function drawnLevels(study: Study): Map<string, string> {
  const systems = listScoredSystems(study, DRAWN_BY).map(({ id }) => id);
  const levels = readLevels(study, DRAWN_BY, systems);
  return new Map([...levels].map(([key, { ex }]) => [key, String(ex)]));
}
