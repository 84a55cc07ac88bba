import type { Usage } from "./reply-record";

/** What a model costs, and from when and where that is known. */
export interface Price {
  /** The model as its provider names it. */
  readonly id: string;
  /** US dollars per million tokens sent. */
  readonly input: number;
  /** US dollars per million tokens received. */
  readonly output: number;
  /** US dollars per million tokens of each epoch of fine-tuning, where that is offered. */
  readonly training?: number;
  /** The day on which the price was read: YYYY-MM-DD. */
  readonly asOf: string;
  readonly source: string;
}

/** What one answer cost, in US dollars. */
export function costOf({ input, output }: Pick<Price, "input" | "output">, usage: Usage): number {
  return (usage.inputTokens * input + usage.outputTokens * output) / 1e6;
}
