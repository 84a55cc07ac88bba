// How often replies show a metric along a conversation, by model and style of instruction.
import type { Metric } from "empathy-scorer";
import { type MixedFit, marginalSlopes, predictFit } from "mixed-models";
import type { ScoredConversationReply } from "./conversation-scores";

/**
 * Gives the columns of a model of the course, one row a reply.
 *
 * @param turn what a model is to take for the number of a reply, from 1: its logarithm, say.
 * @returns `er` and `ex`, 1 where the reply shows the metric, else 0; `turn`; `model`, `style` and `conversation`.
 */
export function courseColumns(
  replies: readonly ScoredConversationReply[],
  turn: (reply: number) => number,
) {
  return {
    er: replies.map(({ shows }) => shows.er),
    ex: replies.map(({ shows }) => shows.ex),
    turn: replies.map(({ reply }) => turn(reply)),
    model: replies.map(({ model }) => model),
    style: replies.map(({ style }) => style),
    conversation: replies.map(({ conversation }) => conversation),
  };
}

/**
 * Sets replies (1 where one shows the metric, else 0) beside the probabilities that fits give them, as points of a figure: a
 * panel for each metric and model, in the order of the fits and the replies, and a series for each style.
 *
 * @param fits of these replies, in their order, by metric.
 */
export function courseRows(
  replies: readonly ScoredConversationReply[],
  fits: Readonly<Partial<Record<Metric, MixedFit>>>,
) {
  const models = [...new Set(replies.map(({ model }) => model))];
  return (Object.entries(fits) as [Metric, MixedFit][]).flatMap(([metric, fit], row) =>
    [...predictFit(fit)].flatMap((fitted, at) => {
      const own = replies[at];
      if (!own) return [];
      const panel = models.length * row + models.indexOf(own.model);
      return [{ panel, series: own.style, at: own.reply, value: own.shows[metric], fitted }];
    }),
  );
}

/** Gives the change with each unit of `turn`, in log-odds with 95 % limits, by model and instruction. */
export function courseSlopes(fit: MixedFit) {
  const { means } = marginalSlopes(fit, { of: "turn", over: ["model", "style"] });
  return means.map(({ levels: { model, style }, estimate, lower, upper }) => ({
    model,
    instruction: style,
    change: estimate,
    from: lower,
    to: upper,
  }));
}
