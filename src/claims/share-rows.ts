// Stage 1 as rows of `data/results/shares.csv`.
import { upperQuantile } from "mixed-models";
import type { Sentiment } from "../corpus/emotions";
import { combineClustered } from "./clustered-estimates";
import { entryOf } from "./combine-estimates";
import type { ShareTable } from "./share-table";

/** A system's share for a sentiment, people's on the same turns, and the lead, with standard errors. */
export function leadAt({ own, people, reads }: ShareTable, entry: number) {
  const share = own.values[entry] as number;
  const beside = people.values[entry] as number;
  const slope = (value: number) => 1 / (value * (1 - value));
  const isInside = Math.min(share, beside, 1 - share, 1 - beside) > 0;
  const { values, covariance } = combineClustered([
    [{ of: own, entry, weight: 1 }],
    [
      { of: own, entry, weight: 1 },
      { of: people, entry, weight: -1 },
    ],
    isInside
      ? [
          { of: own, entry, weight: slope(share) },
          { of: people, entry, weight: -slope(beside) },
        ]
      : [],
  ]);
  const seOf = (at: number) => Math.sqrt(covariance[at]?.[at] as number);
  const [lower, upper] = wilsonInterval(share, seOf(0), reads[entry] as number);
  return {
    share,
    share_se: seOf(0),
    share_lower: lower,
    share_upper: upper,
    people: beside,
    lead: values[1] as number,
    lead_se: seOf(1),
    log_odds: isInside ? logit(share) - logit(beside) : null,
    log_odds_se: isInside ? seOf(2) : null,
  };
}

/** A system's share for a sentiment with its 95 % interval; nothing where it has none. */
export function shareAt(
  table: ShareTable,
  system: string,
  sentiment: Sentiment,
): { readonly value: number; readonly lower: number; readonly upper: number } | undefined {
  const place = table.systems.findIndex(({ id }) => id === system);
  const entry = entryOf(place, sentiment);
  if (place < 0 || table.reasons[entry] !== null) return undefined;
  const { share, share_lower, share_upper } = leadAt(table, entry);
  return { value: share, lower: share_lower, upper: share_upper };
}

/**
 * The 95 % interval of a share near its bounds, too (Wilson 1927), with as many replies as its standard error is worth (Kish
 * 1965); a share of 0 or 1 has those that were read.
 */
export function wilsonInterval(
  share: number,
  se: number,
  reads: number,
): readonly [lower: number, upper: number] {
  const spread = share * (1 - share);
  // Near 0 and 1 the error is hardly known: a share is worth half the replies that were read at least.
  const size = spread > 0 && se > 0 ? Math.max(spread / se ** 2, reads / 2) : reads;
  const square = upperQuantile(0.025) ** 2;
  const centre = (share + square / (2 * size)) / (1 + square / size);
  const root = Math.sqrt((spread + square / (4 * size)) / size);
  const reach = (Math.sqrt(square) * root) / (1 + square / size);
  // The interval holds the share; rounding may put its end a hair beyond 0 or 1.
  return [
    Math.max(0, Math.min(share, centre - reach)),
    Math.min(1, Math.max(share, centre + reach)),
  ];
}

function logit(share: number): number {
  return Math.log(share / (1 - share));
}
