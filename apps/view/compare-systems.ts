// Two systems, or two runs or prompts of one, on the stimuli that both answered.
import { expectedLevel } from "./expected-level";
import type { ReplyIndex } from "./reply-index";
import type { ReplyQuery } from "./reply-query";

/** Two systems' replies to one stimulus. */
export interface SystemPair {
  /** Positions of the replies: each system's first draw. */
  readonly one: number;
  readonly other: number;
  /** Expected level of the second reply less that of the first, by metric; NaN where either has none. */
  readonly differences: readonly number[];
}

/**
 * Pairs the replies of a query's two systems; at least one of a pair passes the query's filters.
 *
 * By default pairs come in the corpus's order. Sorted by difference, they come by the sum over the chosen metrics of
 * absolute differences of expected levels, pairs without levels last.
 *
 * @param passes 1 for every reply that passes.
 */
export function compareSystems(
  index: ReplyIndex,
  query: ReplyQuery,
  passes: Uint8Array,
): SystemPair[] {
  const { compared, scorer, metrics, sort, isAscending } = query;
  if (!compared) return [];
  const columns = index.scorers[scorer];
  const pairs: (SystemPair & { readonly size: number })[] = [];
  for (let stimulus = 0; stimulus < index.stimuli.length; stimulus++) {
    const [one, other] = compared.map((system) => firstReplyOf(index, stimulus, system));
    if (one === undefined || other === undefined) continue;
    if (passes[one] === 0 && passes[other] === 0) continue;
    const differences = [0, 1, 2].map((metric) =>
      columns
        ? expectedLevel(columns, other, metric) - expectedLevel(columns, one, metric)
        : Number.NaN,
    );
    const size = metrics.reduce((sum, metric) => sum + Math.abs(differences[metric] ?? 0), 0);
    pairs.push({ one, other, differences, size });
  }
  const sign = isAscending ? 1 : -1;
  if (sort === "difference") {
    pairs.sort((left, right) => {
      if (Number.isNaN(left.size)) return Number.isNaN(right.size) ? 0 : 1;
      return Number.isNaN(right.size) ? -1 : sign * (left.size - right.size);
    });
  } else if (!isAscending) pairs.reverse();
  return pairs;
}

function firstReplyOf(index: ReplyIndex, stimulus: number, system: number): number | undefined {
  const end = index.firstOf[stimulus + 1] ?? 0;
  for (let at = index.firstOf[stimulus] ?? 0; at < end; at++) {
    if (index.systemOf[at] === system) return at;
  }
  return undefined;
}
