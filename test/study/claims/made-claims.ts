// Claims, systems, leads and replies that are made up, so that the truth about them is known.
import { createGenerator } from "kit";
import {
  type AnchoredReplies,
  type AnchoredReply,
  HUMAN,
} from "../../../src/claims/anchored-replies";
import type { Claim } from "../../../src/claims/claim";
import { type Estimates, entryOf } from "../../../src/claims/combine-estimates";
import type { Leads } from "../../../src/claims/leads";
import { SENTIMENTS, type Sentiment } from "../../../src/corpus/emotions";
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
    margin: 0.5,
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

/** What is known of one system: its lead over people for every sentiment, or for each, and their variance. */
export interface MadeLead {
  readonly lead: number | Readonly<Record<Sentiment, number>>;
  /** Of each entry, beside what all systems share with people. */
  readonly variance: number;
}

/**
 * Leads of systems by hand; own log-odds are the leads, shares a tenth of them.
 *
 * @param shared variance of people for each sentiment, common to all systems' leads for it.
 */
export function madeLeads(known: Readonly<Record<string, MadeLead>>, shared = 0): Leads {
  const systems = Object.keys(known);
  const size = systems.length * SENTIMENTS.length;
  const values = new Float64Array(size);
  const covariance = new Float64Array(size * size);
  for (const [at, { lead, variance }] of Object.values(known).entries()) {
    for (const sentiment of SENTIMENTS) {
      const entry = entryOf(at, sentiment);
      values[entry] = typeof lead === "number" ? lead : lead[sentiment];
      for (const other of systems.keys()) {
        covariance[entry * size + entryOf(other, sentiment)] =
          shared + (other === at ? variance : 0);
      }
    }
  }
  const estimates: Estimates = { values, covariance };
  const tenth: Estimates = {
    values: values.map((value) => value / 10),
    covariance: covariance.map((value) => value / 100),
  };
  return {
    systems,
    own: estimates,
    lead: estimates,
    ownShare: tenth,
    leadShare: tenth,
    replies: new Int32Array(size).fill(1000),
    fewest: 20,
    reasons: Array<null>(size).fill(null),
    rows: 1000 * size,
    dialogueSd: 0.5,
    stimulusSd: 0.2,
  };
}

/** A reply to a first turn, or a later one, that shows every metric or none. */
export function madeReply(
  system: string,
  dialogue: string,
  sentiment: Sentiment,
  shown: boolean,
  given: Partial<AnchoredReply> & { readonly turn?: number } = {},
): AnchoredReply {
  const { turn = 2, ...rest } = given;
  const level = shown ? 1 : 0;
  return {
    system,
    dialogue,
    sentiment,
    isTest: true,
    isFirst: turn === 2,
    words: 10,
    stimulus: `${dialogue} ${turn}`,
    levels: { er: level, ip: level, ex: level },
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
