// Replies made for tests and benchmarks: a few whose levels are set by hand, and as many as one likes by a seed.
import type { LevelProbabilities } from "empathy-scorer";
import { createGenerator, type RandomGenerator } from "kit";
import { type Collection, CollectionBuilder } from "../../apps/view/collection";
import { buildReplyIndex, type ReplyIndex } from "../../apps/view/reply-index";
import type { ScorerColumns } from "../../apps/view/reply-scores";
import { EMOTIONS, sentimentOf } from "../../src/corpus/emotions";

/** A reply, its system, and its levels by each of two scorers; null where there are none. */
export interface MadeReply {
  readonly stimulus: number;
  readonly system: string;
  readonly text: string;
  readonly levels: readonly [readonly number[] | null, readonly number[] | null];
}

/** Prompts of the made replies: the emotion and the last utterance. */
export const MADE_PROMPTS = [
  ["sad", "My dog died last week."],
  ["joyful", "I passed every exam."],
  ["afraid", "There was a noise in the cellar."],
] as const;

/** Replies whose levels are set by hand. */
export const MADE_REPLIES: readonly MadeReply[] = [
  made(0, "owl", "I am so sorry about your dog.", [2, 1, 0], [2, 1, 0]),
  made(0, "parrot", "What was his name?", [0, 0, 2], [1, 0, 2]),
  made(0, "crow", "Dogs die.", [0, 0, 0], [2, 0, 0]),
  made(1, "owl", "I’m happy for you.", [2, 0, 0], [2, 0, 0]),
  made(1, "parrot", "Which exam was the hardest?", [0, 0, 2], [0, 0, 2]),
  made(2, "owl", "You must have been scared to death.", [1, 2, 0], null),
];

function made(
  stimulus: number,
  system: string,
  text: string,
  one: readonly number[] | null,
  other: readonly number[] | null,
): MadeReply {
  return { stimulus, system, text, levels: [one, other] };
}

/** Makes the collection of replies to the made prompts. */
export function makeCollection(replies: readonly MadeReply[] = MADE_REPLIES): Collection {
  const builder = new CollectionBuilder();
  for (const [at, [emotion, prompt]] of MADE_PROMPTS.entries()) {
    const sentiment = sentimentOf(emotion);
    const stimulus = { dialogue: `made:${at}`, turn: 2, emotion, sentiment, part: "made" };
    builder.addStimulus({ ...stimulus, situation: "", context: [prompt] });
  }
  for (const { stimulus, system, text } of replies) {
    const known = builder.findSystem(system) ?? addSystem(builder, system);
    builder.addReply({ stimulus, system: known, sample: 1, text });
  }
  return builder.finish();
}

function addSystem(builder: CollectionBuilder, id: string): number {
  const rest = {
    model: id,
    instruction: `to answer as ${id} does`,
    way: "",
    shown: "all" as const,
  };
  return builder.addSystem({ id, name: id, family: "birds", ...rest });
}

/** Makes the index of the made replies, scored by `first` and `second`. */
export function makeIndex(replies: readonly MadeReply[] = MADE_REPLIES): ReplyIndex {
  const collection = makeCollection(replies);
  const texts = collection.replies.map(({ text }) => text);
  const scorers = ["first", "second"].map((scorer, which) =>
    columnsOf(
      scorer,
      texts.map((text) => replies.find((one) => one.text === text)?.levels[which] ?? null),
    ),
  );
  const ratings = new Map([[0, [{ by: "Ana", said: "good", value: 1 }]]]);
  return buildReplyIndex(collection, scorers, ratings);
}

/** Makes a scorer's columns; each level has the probability 0.8. */
export function columnsOf(
  scorer: string,
  levels: readonly (readonly number[] | null)[],
): ScorerColumns {
  const columns: ScorerColumns = {
    scorer,
    levels: new Int8Array(3 * levels.length).fill(-1),
    probabilities: new Float32Array(9 * levels.length),
    missing: new Map(),
  };
  for (const [reply, own] of levels.entries()) {
    if (!own) columns.missing.set(reply, "made without a level");
    for (const [metric, level] of (own ?? []).entries()) {
      columns.levels[3 * reply + metric] = level;
      columns.probabilities.set(around(level), 9 * reply + 3 * metric);
    }
  }
  return columns;
}

function around(level: number): LevelProbabilities {
  return [0, 1, 2].map((one) => (one === level ? 0.8 : 0.1)) as unknown as LevelProbabilities;
}

const WORDS =
  "i am so sorry to hear that what happened next you must feel awful glad happy dog school tomorrow never maybe think understand really scared alone together".split(
    " ",
  );

/**
 * Makes many replies: of as many systems as named, to as many stimuli as it takes.
 *
 * @param count of replies.
 */
export function makeManyReplies(count: number, systems = 20, seed = 1): Collection {
  const random = createGenerator(seed);
  const builder = new CollectionBuilder();
  for (let system = 0; system < systems; system++) addSystem(builder, `system-${system}`);
  for (let at = 0; at < count; at++) {
    const stimulus = Math.floor(at / systems);
    if (at % systems === 0) {
      const emotion = pick(EMOTIONS, random);
      const sentiment = sentimentOf(emotion);
      const context = [writeWords(random, 15)];
      const place = { dialogue: `many:${stimulus}`, turn: 2, part: "made", situation: "" };
      builder.addStimulus({ ...place, emotion, sentiment, context });
    }
    const text = writeWords(random, 5 + Math.floor(25 * random.uniform()));
    builder.addReply({ stimulus, system: at % systems, sample: 1, text });
  }
  return builder.finish();
}

/** Makes the index of many replies, whose levels two scorers draw by a seed. */
export function makeManyIndex(count: number, systems = 20, seed = 1): ReplyIndex {
  const collection = makeManyReplies(count, systems, seed);
  return buildReplyIndex(collection, drawScores(collection, seed));
}

/** Draws the levels that two scorers give. */
export function drawScores({ replies }: Collection, seed = 1): ScorerColumns[] {
  const random = createGenerator(seed, 1);
  return ["first", "second"].map((scorer) =>
    columnsOf(
      scorer,
      replies.map(() => [0, 1, 2].map(() => pick([0, 0, 1, 2], random))),
    ),
  );
}

function writeWords(random: RandomGenerator, count: number): string {
  return `${Array.from({ length: count }, () => pick(WORDS, random)).join(" ")}.`;
}

function pick<Item>(items: readonly Item[], random: RandomGenerator): Item {
  return items[Math.floor(random.uniform() * items.length)] as Item;
}
