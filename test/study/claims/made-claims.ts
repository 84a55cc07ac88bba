// Claims, systems, leads and replies that are made up, so that the truth about them is known.
import { byMetric } from "empathy-scorer";
import { createGenerator } from "kit";
import {
  type AnchoredReplies,
  type AnchoredReply,
  HUMAN,
} from "../../../src/claims/anchored-replies";
import type { Claim } from "../../../src/claims/claim";
import { entryOf } from "../../../src/claims/combine-estimates";
import type { ShareTable } from "../../../src/claims/share-table";
import { SENTIMENTS, type Sentiment } from "../../../src/corpus/emotions";
import { replyKey } from "../../../src/readings/readings";
import { type Family, readSystems, type System } from "../../../src/systems/system";

/** A claim that LLMs lie above older systems, save for what is said otherwise. */
export function madeClaim(given: Partial<Claim> = {}): Claim {
  return {
    id: "made",
    origin: "study",
    metric: "er",
    outcome: "any",
    compared: { family: "llm", with: "ecs" },
    contrast: "all",
    sign: "positive",
    marginInPoints: 5,
    short: "more of it",
    statement: "They show more of it.",
    reading: "As it stands.",
    ...given,
  };
}

/** A system of its own model and publication, save for what is said otherwise. */
export function madeSystem(id: string, family: Family, given: Partial<System> = {}): System {
  const [any] = readSystems() as [System];
  const { relation: _, excluded: __, apart: ___, variantOf: ____, ...rest } = any;
  const own = { id, name: id.toUpperCase(), family, model: `model of ${id}`, inPaper: false };
  return { ...rest, ...own, publication: `paper of ${id}`, ...given };
}

/** What is known of one system: its lead over people for every sentiment, or for each, and its own variance. */
export interface MadeShare {
  readonly lead: number | Readonly<Record<Sentiment, number>>;
  /** Of each entry. */
  readonly variance: number;
}

/** People's share of every sentiment in a made table. */
export const MADE_PEOPLE = 0.4;

/**
 * Shares of systems by hand: people's share is 0.4 for every sentiment, the systems' that and their lead.
 *
 * @param shared variance of people's share for each sentiment, common to all systems' leads for it.
 */
export function madeShares(
  systems: readonly System[],
  known: Readonly<Record<string, MadeShare>>,
  shared = 0,
): ShareTable {
  const listed = systems.filter(({ id }) => id in known);
  const size = listed.length * SENTIMENTS.length;
  const width = size + SENTIMENTS.length;
  const unit = (at: number, variance: number) => {
    const influence = new Float64Array(width);
    influence[at] = Math.sqrt(variance);
    return influence;
  };
  const values = new Float64Array(size);
  const own: Float64Array[] = new Array(size);
  const people: Float64Array[] = new Array(size);
  for (const [at, { id }] of listed.entries()) {
    const { lead, variance } = known[id] as MadeShare;
    for (const [of, sentiment] of SENTIMENTS.entries()) {
      const entry = entryOf(at, sentiment);
      values[entry] = MADE_PEOPLE + (typeof lead === "number" ? lead : lead[sentiment]);
      own[entry] = unit(entry, variance);
      people[entry] = unit(size + of, shared);
    }
  }
  const beside = new Float64Array(size);
  return {
    systems: listed,
    own: { values, influences: own, beside },
    people: { values: new Float64Array(size).fill(MADE_PEOPLE), influences: people, beside },
    replies: new Int32Array(size).fill(1000),
    reads: new Int32Array(size).fill(100),
    turns: listed.map(() => "first" as const),
    weights: new Float64Array(listed.length),
    reasons: new Array<null>(size).fill(null),
    clipped: 0,
  };
}

/** A reply to a first turn, or a later one, that shows every metric or none. */
export function madeReply(
  system: string,
  dialogue: string,
  sentiment: Sentiment,
  shown: boolean,
  given: Partial<AnchoredReply> = {},
): AnchoredReply {
  const { turn = 2, ...rest } = given;
  const level = shown ? 1 : 0;
  return {
    key: replyKey({ system, dialogue, turn, sample: rest.sample ?? 1 }),
    system,
    dialogue,
    turn,
    sample: 1,
    sentiment,
    isTest: true,
    isFirst: turn === 2,
    words: 10,
    stimulus: `${dialogue} ${turn}`,
    levels: { er: level, ip: level, ex: level },
    probabilities: byMetric(() => [1 - level, level, 0] as const),
    ...rest,
  };
}

/** What replies are simulated from, in log-odds. */
export interface MadeTruth {
  readonly systems: readonly System[];
  /** Of people, and how far each system lies above them for each sentiment. */
  readonly people: number;
  readonly leads: Readonly<Record<string, Readonly<Record<Sentiment, number>>>>;
  /** Dialogues of each sentiment, each with two turns that everyone answers. */
  readonly dialogues: number;
  readonly dialogueSd: number;
  readonly stimulusSd: number;
}

/** Simulates replies of people and of systems to the same turns of the same dialogues. */
export function simulateReplies(truth: MadeTruth, seed: number, stream = 0): AnchoredReplies {
  const { systems, people, leads, dialogues, dialogueSd, stimulusSd } = truth;
  const random = createGenerator(seed, stream);
  const replies = SENTIMENTS.flatMap((sentiment) =>
    Array.from({ length: dialogues }, (_, at) => {
      const own = dialogueSd * random.normal();
      return [2, 4].flatMap((turn) => {
        const odds = people + own + stimulusSd * random.normal();
        return [HUMAN, ...systems.map(({ id }) => id)].map((system) => {
          const lead = leads[system]?.[sentiment] ?? 0;
          const shown = random.uniform() < 1 / (1 + Math.exp(-odds - lead));
          return madeReply(system, `${sentiment}${at}`, sentiment, shown, { turn });
        });
      });
    }).flat(),
  );
  return { systems, replies };
}
