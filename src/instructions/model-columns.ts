// Columns of mixed models of replies, one row a reply.
import { byMetric, type Metric } from "empathy-scorer";
import type { ScoredPostReply } from "./post-scores";

/**
 * Gives the columns of a model of the replies to posts: `er`, `ip` and `ex`, 1 where the reply shows the metric, else 0;
 * `model`, `instruction`, both together as `system`, `post`; and `length`, in doublings of words.
 */
export function postColumns(replies: readonly ScoredPostReply[]) {
  return {
    ...byMetric((metric) => replies.map(({ shows }) => shows[metric])),
    model: replies.map(({ writer }) => writer),
    instruction: replies.map(({ instruction }) => instruction),
    system: replies.map(({ writer, instruction }) => `${writer} ${instruction}`),
    post: replies.map(({ post }) => post),
    length: replies.map(({ words }) => Math.log2(words)),
  };
}

/** What is needed of one of several replies of a system to a prompt; `expected` are levels from 0 to 2. */
interface DrawnReply {
  readonly system: string;
  readonly dialogue: string;
  readonly turn: number;
  readonly expected: Readonly<Record<Metric, number>>;
}

/** Gives the columns `er`, `ip` and `ex`, the expected levels; `system`; `prompt`; and `answer`, both of these together. */
export function drawColumns(replies: readonly DrawnReply[]) {
  const prompt = replies.map(({ dialogue, turn }) => `${dialogue} ${turn}`);
  return {
    ...byMetric((metric) => replies.map(({ expected }) => expected[metric])),
    system: replies.map(({ system }) => system),
    prompt,
    answer: replies.map(({ system }, at) => `${system} ${prompt[at]}`),
  };
}
