// Writes shares as rows of the table that `readShares` reads.
import type { Metric } from "empathy-scorer";
import type { InstrumentName } from "../../src/claims/analysis";
import { entryOf } from "../../src/claims/combine-estimates";
import type { ShareRow } from "../../src/claims/results-tables";
import { leadAt } from "../../src/claims/share-rows";
import type { ShareTable } from "../../src/claims/share-table";
import { SENTIMENTS } from "../../src/corpus/emotions";
import type { Outcome } from "../../src/readings/readings";

/** A table of shares as rows, one a system and sentiment. */
export function toShareRows(
  instrument: InstrumentName,
  metric: Metric,
  outcome: Outcome,
  table: ShareTable,
): ShareRow[] {
  return table.systems.flatMap(({ id }, at) =>
    SENTIMENTS.map((sentiment): ShareRow => {
      const entry = entryOf(at, sentiment);
      const reason = table.reasons[entry];
      const start = {
        instrument,
        metric,
        outcome,
        system: id,
        sentiment,
        turns: table.turns[at] ?? "",
        replies: table.replies[entry] as number,
        reads: table.reads[entry] as number,
      };
      return reason === null || reason === undefined
        ? { ...start, ...leadAt(table, entry), reason: "" }
        : { ...start, ...NONE, reason };
    }),
  );
}

const NONE = {
  share: null,
  share_se: null,
  share_lower: null,
  share_upper: null,
  people: null,
  lead: null,
  lead_se: null,
  log_odds: null,
  log_odds_se: null,
};
