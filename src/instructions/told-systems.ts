// Models under instructions, each beside others that answered the same prompts: posts that ask for help, and dialogues.
import { byMetric, type Metric } from "empathy-scorer";
import { factorsOf, temperatureOf } from "../asking/factors";
import type { System } from "../systems/system";
import type { MeanWithInterval } from "../validity/mean-error";
import { meanOverPrompts, pairedDifference } from "./paired-difference";
import { POST_SYSTEMS } from "./post-replies";
import type { ScoredPostReply } from "./post-scores";

/** A model under an instruction (`none` for peers and people), with its replies to a set of prompts. */
export interface ToldSystem {
  /** `posts`, or which turns of dialogues. */
  readonly set: string;
  readonly who: string;
  readonly told: string;
  /** All three in words. */
  readonly name: string;
  /** One for each reply: its prompt, and 1 for each metric that it shows (level 1 or 2), else 0. */
  readonly replies: readonly { readonly prompt: string; readonly shows: Shows }[];
}

type Shows = Readonly<Record<Metric, number>>;

/** Shares, from 0 to 1, or differences of them, with 95 % intervals over prompts. */
export type MetricMeans = Readonly<Record<Metric, MeanWithInterval>>;

/** Two systems of a set that differ in one thing only, the first less the second. */
export interface ToldPair {
  readonly set: string;
  readonly differ: "instruction" | "model";
  /** What the two share, and which of them is the first. */
  readonly name: string;
  readonly differences: MetricMeans;
}

/** What is needed of a scored reply to a dialogue. */
interface DialogueReply {
  readonly dialogue: string;
  readonly turn: number;
  readonly system: string;
  readonly levels: Shows;
}

const NONE = "none";

// Set, system, model and instruction; the prompts of a set are those that its first system answered.
const ON_DIALOGUES: readonly (readonly [string, string, string, string])[] = [
  ["first turns", "gpt-4-plain", "GPT-4", "plain"],
  ["first turns", "gpt-4-empathy", "GPT-4", "empathy defined"],
  ["first turns", "llama-2-70b", "Llama-2-70B", "empathy defined"],
  ["first turns", "gemini-1.0-pro", "Gemini-1.0-Pro", "empathy defined"],
  ["first turns", "mixtral-8x7b", "Mixtral-8x7B", "empathy defined"],
  ["first turns", "human", "people", NONE],
  ["last turns", "zephyr-7b", "Zephyr-7B", "standard"],
  ["last turns", "zephyr-7b-short", "Zephyr-7B", "short"],
  ["last turns", "human", "people", NONE],
];

/** Lists every model under each of its instructions, then peers and people, each with its replies. */
export function listToldSystems(
  posts: readonly ScoredPostReply[],
  dialogues: readonly DialogueReply[],
): ToldSystem[] {
  const ofPosts = POST_SYSTEMS.map(({ writer, instruction }) => {
    const own = posts.filter((one) => one.writer === writer && one.instruction === instruction);
    const replies = own.map(({ post, shows }) => ({ prompt: post, shows }));
    return { ...nameSystem("posts", writer, instruction), replies };
  });
  const ofDialogues = ON_DIALOGUES.map(([set, id, who, told]) => {
    const [, first = id] = ON_DIALOGUES.find((one) => one[0] === set) ?? [];
    const prompts = new Set(repliesOf(dialogues, first).map(({ prompt }) => prompt));
    const replies = repliesOf(dialogues, id).filter(({ prompt }) => prompts.has(prompt));
    return { ...nameSystem(set, who, told), replies };
  });
  const all = [...ofPosts, ...ofDialogues];
  return [...all.filter(isTold), ...all.filter((one) => !isTold(one))];
}

/** One of the systems that were asked on this machine, as a cell of a grid, with its shares. */
export interface AskedCell extends ToldSystem {
  readonly shares: MetricMeans;
}

/**
 * Lists the systems that were asked on this machine as models under instructions, to be compared in pairs.
 *
 * @param systems of a study; only those that were asked, and have replies to two prompts at least, are listed.
 */
export function listAskedCells(
  systems: readonly System[],
  scored: readonly DialogueReply[],
): AskedCell[] {
  return systems.flatMap((system) => {
    if (system.replies.from !== "asked") return [];
    const replies = repliesOf(scored, system.id);
    if (new Set(replies.map(({ prompt }) => prompt)).size < 2) return [];
    const { model, prompt: told } = factorsOf(system);
    const heat = temperatureOf(system);
    const who = heat === undefined ? model : `${model}, temperature ${heat}`;
    const cell = { ...nameSystem("own prompts", who, told), replies };
    return [{ ...cell, shares: sharesOf(cell) }];
  });
}

function repliesOf(scored: readonly DialogueReply[], id: string): ToldSystem["replies"] {
  return scored.flatMap(({ system, dialogue, turn, levels }) => {
    const shows = byMetric((metric) => Math.min(1, levels[metric]));
    return system === id ? [{ prompt: `${dialogue} ${turn}`, shows }] : [];
  });
}

/** Gives the shares of a system's replies that show each metric; several to one prompt count as their mean. */
export function sharesOf(system: ToldSystem): MetricMeans {
  return byMetric((metric) => meanOverPrompts(valuesOf(system, metric)));
}

/**
 * Compares, set by set, systems of one model under two instructions, then two models under one instruction; no people.
 * Two systems with fewer than two prompts in common are left out.
 */
export function compareTold(systems: readonly ToldSystem[]): ToldPair[] {
  const sets = [...new Set(systems.map(({ set }) => set))];
  return sets.flatMap((set) => {
    const told = systems.filter((one) => one.set === set && isTold(one));
    const pairsBy = (shared: "who" | "told", other: "who" | "told", differ: ToldPair["differ"]) =>
      told.flatMap((one, at) => {
        const others = told.slice(at + 1).filter((another) => another[shared] === one[shared]);
        return others
          .filter((another) => haveInCommon(one, another))
          .map((another) => {
            const name = `${one[shared]}, ${set}: ${one[other]} vs. ${another[other]}`;
            return { set, differ, name, differences: differencesOf(one, another) };
          });
      });
    return [...pairsBy("who", "told", "instruction"), ...pairsBy("told", "who", "model")];
  });
}

/** Gives each told system with its differences from the peers or people of its set, on the prompts that both answered. */
export function compareWithPeople(systems: readonly ToldSystem[]) {
  return systems.filter(isTold).flatMap((one) => {
    const people = systems.filter((other) => other.set === one.set && !isTold(other));
    return people.map((other) => ({ ...one, differences: differencesOf(one, other) }));
  });
}

function haveInCommon(one: ToldSystem, other: ToldSystem): boolean {
  const prompts = new Set(one.replies.map(({ prompt }) => prompt));
  const both = new Set(other.replies.map(({ prompt }) => prompt).filter((at) => prompts.has(at)));
  return both.size >= 2;
}

function isTold({ told }: ToldSystem): boolean {
  return told !== NONE;
}

function nameSystem(set: string, who: string, told: string) {
  const parts = told === NONE ? [set, who] : [set, who, told];
  return { set, who, told, name: parts.join(" · ") };
}

function differencesOf(one: ToldSystem, other: ToldSystem): MetricMeans {
  return byMetric((metric) => pairedDifference(valuesOf(one, metric), valuesOf(other, metric)));
}

function valuesOf({ replies }: ToldSystem, metric: Metric) {
  return replies.map(({ prompt, shows }) => ({ prompt, value: shows[metric] }));
}
