// Columns of mixed models of replies, one row a reply.
import { METRICS, type Metric } from "empathy-scorer";
import type { ScoredPostReply } from "./post-scores";

/**
 * Gives the columns of a model of the replies to posts: `er`, `ip` and `ex`, 1 where the reply shows the metric, else 0;
 * `model`, `instruction`, both together as `system`, `post`; and `length`, in doublings of words.
 */
export function postColumns(replies: readonly ScoredPostReply[]) {
  return {
    ...metricColumns(replies.map(({ shows }) => shows)),
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
    ...metricColumns(replies.map(({ expected }) => expected)),
    system: replies.map(({ system }) => system),
    prompt,
    answer: replies.map(({ system }, at) => `${system} ${prompt[at]}`),
  };
}

function metricColumns(values: readonly Readonly<Record<Metric, number>>[]) {
  const columns = METRICS.map((metric) => [metric, values.map((one) => one[metric])]);
  return Object.fromEntries(columns) as Record<Metric, number[]>;
}
