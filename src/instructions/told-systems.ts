// Models under instructions, each beside others that answered the same prompts: posts that ask for help, and dialogues.
import { METRICS, type Metric } from "empathy-scorer";
import type { MeanWithInterval } from "../validity/mean-error";
import { type Answered, meanOverPrompts, pairedDifference } from "./paired-difference";
import { POST_SYSTEMS } from "./post-replies";
import type { ScoredPostReply } from "./post-scores";

/** A model under an instruction, or people, on a set of prompts. */
export interface ToldSystem {
  /** `posts`, or which turns of dialogues. */
  readonly set: string;
  /** The model, `peers` or `people`. */
  readonly who: string;
  /** The instruction; `none` for peers and people. */
  readonly told: string;
  /** All three in words. */
  readonly name: string;
  readonly replies: readonly ToldReply[];
}

/** One reply: its prompt, and 1 for each metric that it shows (level 1 or 2), else 0. */
export interface ToldReply {
  readonly prompt: string;
  readonly shows: Readonly<Record<Metric, number>>;
}

/** What is needed of a scored reply to a dialogue. */
export interface DialogueReply {
  readonly dialogue: string;
  readonly turn: number;
  readonly system: string;
  readonly levels: Readonly<Record<Metric, number>>;
}

/** Shares, from 0 to 1, or differences of them, with 95 % intervals over prompts. */
export type MetricMeans = Readonly<Record<Metric, MeanWithInterval>>;

/** Two systems on the same prompts, the first less the second. */
export interface ToldPair {
  readonly set: string;
  /** In what alone the two differ. */
  readonly differ: "instruction" | "model";
  /** What the two share, and what is less what. */
  readonly name: string;
  readonly differences: MetricMeans;
}

const NONE = "none";

// The prompts of a set are those that its first system answered.
const ON_DIALOGUES: Readonly<Record<string, readonly (readonly [string, string, string])[]>> = {
  "first turns": [
    ["gpt-4-plain", "GPT-4", "plain"],
    ["gpt-4-empathy", "GPT-4", "empathy defined"],
    ["llama-2-70b", "Llama-2-70B", "empathy defined"],
    ["gemini-1.0-pro", "Gemini-1.0-Pro", "empathy defined"],
    ["mixtral-8x7b", "Mixtral-8x7B", "empathy defined"],
    ["human", "people", NONE],
  ],
  "last turns": [
    ["zephyr-7b", "Zephyr-7B", "standard"],
    ["zephyr-7b-short", "Zephyr-7B", "short"],
    ["human", "people", NONE],
  ],
};

/** Lists every model under each of its instructions, then peers and people, each with its replies. */
export function listToldSystems(
  posts: readonly ScoredPostReply[],
  dialogues: readonly DialogueReply[],
): ToldSystem[] {
  const ofPosts = POST_SYSTEMS.map(({ writer, instruction }) => {
    const own = posts.filter((one) => one.writer === writer && one.instruction === instruction);
    return toSystem(
      ["posts", writer, instruction],
      own.map(({ post, shows }) => ({ prompt: post, shows })),
    );
  });
  const ofDialogues = Object.entries(ON_DIALOGUES).flatMap(([set, systems]) => {
    const repliesOf = (id: string) => dialogues.filter(({ system }) => system === id).map(toReply);
    const prompts = new Set(repliesOf(systems[0]?.[0] ?? "").map(({ prompt }) => prompt));
    return systems.map(([id, who, told]) =>
      toSystem(
        [set, who, told],
        repliesOf(id).filter(({ prompt }) => prompts.has(prompt)),
      ),
    );
  });
  const all = [...ofPosts, ...ofDialogues];
  return [...all.filter(isTold), ...all.filter((one) => !isTold(one))];
}

/** Gives the shares of a system's replies that show each metric; several to one prompt count as their mean. */
export function sharesOf(system: Pick<ToldSystem, "replies">): MetricMeans {
  return byMetric((metric) => meanOverPrompts(valuesOf(system, metric)));
}

/**
 * Compares, set by set, systems that share the model and differ in the instruction, then those that share the
 * instruction and differ in the model; peers and people are in no pair.
 *
 * @throws RangeError where two systems have fewer than two prompts in common.
 */
export function compareTold(systems: readonly ToldSystem[]): ToldPair[] {
  const sets = [...new Set(systems.map(({ set }) => set))];
  return sets.flatMap((set) => {
    const told = systems.filter((one) => one.set === set && isTold(one));
    const pairs = told.flatMap((one, at) => told.slice(at + 1).map((other) => ({ one, other })));
    const instructions = pairs.filter(({ one, other }) => one.who === other.who);
    const models = pairs.filter(({ one, other }) => one.told === other.told);
    return [
      ...instructions.map(({ one, other }): ToldPair => {
        const name = `${one.who}, ${set}: ${one.told} less ${other.told}`;
        return { set, differ: "instruction", name, differences: differencesOf(one, other) };
      }),
      ...models.map(({ one, other }): ToldPair => {
        const name = `${one.told}, ${set}: ${one.who} less ${other.who}`;
        return { set, differ: "model", name, differences: differencesOf(one, other) };
      }),
    ];
  });
}

/**
 * Gives each told system's differences from peers or people, on the prompts that both answered.
 *
 * @throws RangeError where a set has no two prompts that people answered, too.
 */
export function compareWithPeople(
  systems: readonly ToldSystem[],
): (ToldSystem & { readonly differences: MetricMeans })[] {
  return systems.filter(isTold).map((one) => {
    const people = systems.find((other) => other.set === one.set && !isTold(other));
    return { ...one, differences: differencesOf(one, people ?? { replies: [] }) };
  });
}

function isTold({ told }: ToldSystem): boolean {
  return told !== NONE;
}

function toSystem(
  [set, who, told]: readonly [string, string, string],
  replies: readonly ToldReply[],
): ToldSystem {
  const name = [set, who, told].filter((part) => part !== NONE).join(" · ");
  return { set, who, told, name, replies };
}

function toReply({ dialogue, turn, levels }: DialogueReply): ToldReply {
  return {
    prompt: `${dialogue} ${turn}`,
    shows: byMetric((metric) => Math.min(1, levels[metric])),
  };
}

function differencesOf(
  one: Pick<ToldSystem, "replies">,
  other: Pick<ToldSystem, "replies">,
): MetricMeans {
  return byMetric((metric) => pairedDifference(valuesOf(one, metric), valuesOf(other, metric)));
}

function valuesOf({ replies }: Pick<ToldSystem, "replies">, metric: Metric): Answered[] {
  return replies.map(({ prompt, shows }) => ({ prompt, value: shows[metric] }));
}

function byMetric<Value>(value: (metric: Metric) => Value): Record<Metric, Value> {
  return Object.fromEntries(METRICS.map((metric) => [metric, value(metric)])) as Record<
    Metric,
    Value
  >;
}
