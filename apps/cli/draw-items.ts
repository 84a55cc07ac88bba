// What `empathy read` gives a reader: drawn replies and pairs with people's labels, in one order; and what came back.
import type { Levels, ScoreRequest } from "empathy-scorer";
import { isMissing } from "kit";
import type { ReadingRow } from "../../src/readings/reading-rows";
import type { CalibrationCount } from "../../src/readings/readings";
import { defaultPlaces } from "../../src/sources/locate-source";
import {
  countCalibration,
  drawPairs,
  EPITOME_SOURCES,
  type LabelledPair,
  readOpenPairs,
} from "../readings/calibrate";
import {
  drawReplies,
  peopleBeside,
  type ReplyToRead,
  shuffleRequests,
  toRead,
} from "../readings/draw-replies";
import type { JournalScorer } from "../scoring/journal-scorer";
import { type Judgement, readJudgement } from "../scoring/read-judgement";
import { reasonOf } from "../scoring/remote-method";
import { parseList } from "./parse-list";
import type { Progress } from "./progress";
import type { ReadFlags } from "./read-options";
import { readEdReplies, readSampleReplies } from "./study-replies";

/** What is to be read. */
interface DrawnItems {
  readonly replies: readonly ReplyToRead[];
  readonly pairs: readonly LabelledPair[];
  /** Replies and pairs together, in the order in which they are asked. */
  readonly requests: readonly ScoreRequest[];
  /** Why no pairs are among them. */
  readonly uncalibrated?: string;
}

const HUMAN = "human";

/** Draws the replies and the pairs. */
export async function drawItems(
  flags: ReadFlags,
  isSample: boolean,
  progress: Progress,
): Promise<DrawnItems> {
  const { seed, people } = flags;
  const ids = [...new Set(parseList(flags.system))];
  const isBeside = people && !ids.includes(HUMAN);
  const wanted = isBeside ? [...ids, HUMAN] : ids;
  const { systems, dialogues } = isSample
    ? await readSampleReplies(wanted)
    : await readEdReplies(wanted, progress);
  const own = systems.filter(({ system }) => ids.includes(system));
  const drawn = own.flatMap(({ replies }) => drawReplies(replies, dialogues, flags));
  const human = isBeside ? systems.find(({ system }) => system === HUMAN) : undefined;
  const replies = toRead([...drawn, ...peopleBeside(human?.replies ?? [], drawn)], dialogues);
  const found = await findPairs(flags);
  const requests = [...replies, ...found.pairs].map(({ request }) => request);
  return { replies, ...found, requests: shuffleRequests(requests, seed) };
}

async function findPairs({ calibration, seed }: ReadFlags) {
  if (calibration === 0) return { pairs: [], uncalibrated: "no calibration pairs were asked for" };
  const pairs = await readOpenPairs(defaultPlaces());
  if (pairs) return { pairs: drawPairs(pairs, calibration, seed) };
  const remedy = `\`npx empathy data fetch ${EPITOME_SOURCES.join(" ")}\` downloads it`;
  return { pairs: [], uncalibrated: `EPITOME is not on this machine (${remedy})` };
}

/** What a reader said of the items. */
export interface CollectedReadings {
  readonly rows: readonly ReadingRow[];
  readonly calibration: readonly CalibrationCount[];
  /** Number of readings that are missing, by reason. */
  readonly missing: ReadonlyMap<string, number>;
}

/** How the readings are called, and whether fit was asked. */
export interface CollectOptions {
  readonly reader: string;
  readonly design: string;
  readonly asksFit: boolean;
}

/** Reads the answers that a journal holds: one row a reply and sample, and the pairs' counts. */
export function collectReadings(
  { replies, pairs }: DrawnItems,
  scorer: JournalScorer,
  { reader, design, asksFit }: CollectOptions,
): CollectedReadings {
  const missing = new Map<string, number>();
  const readAll = (request: ScoreRequest): (Judgement | undefined)[] =>
    scorer.answersTo(request).map((answer) => {
      const judged =
        answer?.status === "ok"
          ? readJudgement(answer.reply, asksFit)
          : { missing: reasonOf(answer) };
      if (!isMissing(judged)) return judged;
      missing.set(judged.missing, (missing.get(judged.missing) ?? 0) + 1);
      return undefined;
    });
  const rows = replies.flatMap(({ reply: { system, dialogue, turn, sample }, request }) =>
    readAll(request).flatMap((judged, at): ReadingRow[] => {
      if (!judged) return [];
      const { fits = null, ...levels } = judged;
      const place = { system, dialogue, turn, sample };
      return [{ reply: place, design, stratum: "", reader: `${reader}-r${at + 1}`, levels, fits }];
    }),
  );
  const read = pairs.flatMap(({ request, levels }) => {
    const readings = readAll(request).filter((one): one is Levels => one !== undefined);
    return readings.length > 0 ? [{ people: levels, readings }] : [];
  });
  return { rows, calibration: countCalibration(read), missing };
}
