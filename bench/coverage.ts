// How often the 95 % intervals of corrected shares and of leads over people cover the truth, where heads err by family:
// `npm run bench:coverage`. Replies, readings and heads are simulated; nothing of the study's data takes part.
import { byMetric } from "empathy-scorer";
import { createGenerator, type RandomGenerator } from "kit";
import { upperQuantile } from "mixed-models";
import type { AnchoredReply } from "../src/claims/anchored-replies";
import { entryOf } from "../src/claims/combine-estimates";
import { headInstrument, readingInstrument } from "../src/claims/instrument";
import { leadAt } from "../src/claims/share-rows";
import { estimateShares, layOutShares } from "../src/claims/share-table";
import { SENTIMENTS } from "../src/corpus/emotions";
import { type ReadReply, replyKey } from "../src/readings/readings";
import { readSystems, type System } from "../src/systems/system";

const REPLICATES = 500;
const DIALOGUES = 900;
const READ = 240;
// Share of replies that show it on first and on later turns; how often the head sees it where it is, and where it is not.
const TRUTH = {
  human: { first: 0.45, later: 0.3, sensitivity: 0.8, falseAlarms: 0.15 },
  "gpt-4-plain": { first: 0.75, later: 0.7, sensitivity: 0.95, falseAlarms: 0.6 },
  kemp: { first: 0.15, later: 0.3, sensitivity: 0.5, falseAlarms: 0.3 },
  cem: { first: 0.97, later: 0.99, sensitivity: 0.9, falseAlarms: 0.5 },
} as const;
type Name = keyof typeof TRUTH;
const NAMES = Object.keys(TRUTH) as Name[];
// Replies to one dialogue go together: a share of their variance lies between dialogues.
const BETWEEN = 0.25;

interface Draw {
  readonly replies: readonly AnchoredReply[];
  readonly readings: readonly ReadReply[];
}

function draw(random: RandomGenerator): Draw {
  const replies: AnchoredReply[] = [];
  const readings: ReadReply[] = [];
  for (let at = 0; at < DIALOGUES; at++) {
    const sentiment = SENTIMENTS[at % SENTIMENTS.length] as (typeof SENTIMENTS)[number];
    const shared = random.uniform();
    for (const turn of [2, 4]) {
      for (const system of NAMES) {
        const { first, later, sensitivity, falseAlarms } = TRUTH[system];
        // One uniform for a dialogue decides in some replies: shares stay what they are.
        const own = random.uniform() < BETWEEN ? shared : random.uniform();
        const isShown = own < (turn === 2 ? first : later);
        const chance = isShown ? sensitivity : falseAlarms;
        const level = random.uniform() < chance ? 1 : 0;
        const certainty = level === 1 ? 0.6 + 0.4 * random.uniform() : 0.4 * random.uniform();
        const dialogue = `hit:${at}_conv:${at}`;
        const place = { system, dialogue, turn, sample: 1 };
        replies.push({
          ...place,
          key: replyKey(place),
          stimulus: `${dialogue} ${turn}`,
          isFirst: turn === 2,
          isTest: true,
          sentiment,
          words: 10,
          levels: { er: level, ip: level, ex: level },
          probabilities: byMetric(() => [1 - certainty, certainty, 0] as const),
        });
        const isRead = random.uniform() < READ / (2 * DIALOGUES);
        const shown = isShown ? 1 : 0;
        const levels = { er: shown, ip: shown, ex: shown } as const;
        if (isRead) {
          readings.push({
            ...place,
            designs: ["at random"],
            readings: [{ reader: "r", levels, fits: true }],
          });
        }
      }
    }
  }
  return { replies, readings };
}

const registry = readSystems();
const systems = NAMES.filter((id) => id !== "human").map(
  (id) => registry.find((one) => one.id === id) as System,
);
const reach = upperQuantile(0.025);
const counts = new Map<string, { covered: number; all: number; width: number }>();
const note = (name: string, lower: number, upper: number, truth: number) => {
  const row = counts.get(name) ?? { covered: 0, all: 0, width: 0 };
  row.all++;
  row.covered += lower <= truth && truth <= upper ? 1 : 0;
  row.width += upper - lower;
  counts.set(name, row);
};
for (let at = 0; at < REPLICATES; at++) {
  const { replies, readings } = draw(createGenerator(27, at));
  for (const [name, instrument] of [
    ["corrected", readingInstrument(readings)],
    ["head alone", headInstrument(20)],
  ] as const) {
    const table = estimateShares(layOutShares({ systems, replies }, instrument), "er", "any");
    for (const [place, { id }] of systems.entries()) {
      const { first, later } = TRUTH[id as Name];
      const truth = (first + later) / 2;
      const people = (TRUTH.human.first + TRUTH.human.later) / 2;
      for (const sentiment of SENTIMENTS) {
        const entry = entryOf(place, sentiment);
        if (table.reasons[entry] !== null) continue;
        const found = leadAt(table, entry);
        const { lead, lead_se: se } = found;
        note(`${name}, share of ${id}`, found.share_lower, found.share_upper, truth);
        note(`${name}, lead of ${id}`, lead - reach * se, lead + reach * se, truth - people);
      }
    }
  }
}
console.log(
  `${REPLICATES} simulated studies of ${DIALOGUES} dialogues, about ${READ} replies read a system:`,
);
for (const [name, { covered, all, width }] of counts) {
  const share = ((100 * covered) / all).toFixed(1);
  const mean = ((100 * width) / all).toFixed(1);
  console.log(`${name.padEnd(34)} covers the truth in ${share} %, ${mean} points wide (${all})`);
}
