// Systems under instructions as points of figures, one panel a metric, and as rows of tables.
import { METRICS } from "empathy-scorer";
import type { PanelPoint } from "plotly-stills";
import type { ScoredPostReply } from "./post-scores";
import { sharesOf, type ToldPair, type ToldSystem } from "./told-systems";

const SERIES: Readonly<Record<string, string>> = {
  "GPT-3.5": "GPT-3.5",
  "GPT-4": "GPT-4",
  peers: "human listener",
  people: "human listener",
};

const KINDS: Readonly<Record<ToldPair["differ"], string>> = {
  instruction: "another instruction, same model",
  model: "another model, same instruction",
};

/** One row for each reply to a post, to be averaged in groups: 1 for each metric that it shows, else 0; and 1 in `replies`. */
export function postRows(posts: readonly ScoredPostReply[]) {
  return posts.map(({ writer, instruction, words, shows: { er, ip, ex } }) => ({
    who: writer,
    told: instruction,
    words,
    ER: er,
    IP: ip,
    EX: ex,
    replies: 1,
  }));
}

/** Shares of replies that show each metric, from 0 to 1, with 95 % intervals over prompts that stay within them. */
export function sharePoints(systems: readonly ToldSystem[]): PanelPoint[] {
  return systems.flatMap((system) => {
    const shares = sharesOf(system);
    return METRICS.map((metric, panel) => ({
      name: system.name,
      series: SERIES[system.who] ?? "another LLM",
      panel,
      value: shares[metric].mean,
      lower: Math.max(0, shares[metric].lower),
      upper: Math.min(1, shares[metric].upper),
    }));
  });
}

/** Differences of shares, in points, with 95 % intervals over prompts; a series for each set. */
export function differencePoints(pairs: readonly ToldPair[]): PanelPoint[] {
  return pairs.flatMap(({ name, set, differences }) =>
    METRICS.map((metric, panel) => {
      const { mean, lower, upper } = differences[metric];
      return {
        name,
        series: set,
        panel,
        value: 100 * mean,
        lower: 100 * lower,
        upper: 100 * upper,
      };
    }),
  );
}

/** How far two systems lie apart, in points of share without a sign: one row for each pair, with 1 in `pairs`. */
export function gapRows(pairs: readonly ToldPair[]) {
  return pairs.map(({ set, differ, differences: { er, ip, ex } }) => ({
    set,
    "two systems with": KINDS[differ],
    pairs: 1,
    ER: 100 * Math.abs(er.mean),
    IP: 100 * Math.abs(ip.mean),
    EX: 100 * Math.abs(ex.mean),
  }));
}
