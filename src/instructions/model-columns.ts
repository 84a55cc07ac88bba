// Columns of mixed models of replies, one row a reply.
import type { Metric } from "empathy-scorer";
import type { ScoredPostReply } from "./post-scores";

/**
 * Gives the columns of a model of the replies to posts: `er`, `ip` and `ex`, 1 where the reply shows the metric, else 0;
 * `model`, `instruction`, both together as `system`, `post`; and `length`, in doublings of words.
 */
export function postColumns(replies: readonly ScoredPostReply[]) {
  return {
    er: replies.map(({ shows }) => shows.er),
    ip: replies.map(({ shows }) => shows.ip),
    ex: replies.map(({ shows }) => shows.ex),
    model: replies.map(({ writer }) => writer),
    instruction: replies.map(({ instruction }) => instruction),
    system: replies.map(({ writer, instruction }) => `${writer} ${instruction}`),
    post: replies.map(({ post }) => post),
    length: replies.map(({ words }) => Math.log2(words)),
  };
}

/** What is needed of one of several replies of a system to a prompt. */
export interface DrawnReply {
  readonly system: string;
  readonly dialogue: string;
  readonly turn: number;
  /** Expected level, from 0 to 2. */
  readonly expected: Readonly<Record<Metric, number>>;
}

/**
 * Gives the columns of a model of several replies to each prompt: `er`, `ip` and `ex`, the expected levels; `system`;
 * `prompt`; and `answer`, a system and a prompt.
 */
export function drawColumns(replies: readonly DrawnReply[]) {
  const promptOf = ({ dialogue, turn }: DrawnReply) => `${dialogue} ${turn}`;
  return {
    er: replies.map(({ expected }) => expected.er),
    ip: replies.map(({ expected }) => expected.ip),
    ex: replies.map(({ expected }) => expected.ex),
    system: replies.map(({ system }) => system),
    prompt: replies.map(promptOf),
    answer: replies.map((reply) => `${reply.system} ${promptOf(reply)}`),
  };
}
