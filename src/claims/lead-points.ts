// The leads over people as points of a figure: for each family the mean of its models, and below it every system.
import { upperQuantile } from "mixed-models";
import type { PanelPoint } from "plotly-stills";
import type { Sentiment } from "../corpus/emotions";
import { FAMILY_NAMES, type Family, type System } from "../systems/system";
import { entryOf } from "./combine-estimates";
import { leadAt } from "./share-rows";
import type { ShareTable } from "./share-table";
import { summariseUnits } from "./summarise-units";
import { averageByUnit } from "./unit-estimates";

const FAMILIES: readonly Family[] = ["llm", "ecs", "tuned-llm"];

/** The sentiments that claims compare; prompts of the third are few. */
const SHOWN: readonly Sentiment[] = ["positive", "negative"];

/**
 * Gives every system's lead over people as shares of replies, on positive and on negative prompts, with 95 % intervals of
 * stage 1: LLMs first, within a family from the largest lead to the smallest; a family of several models begins with the mean
 * of models like these. A sentiment for which a system has no share has no point.
 *
 * @param panels one a metric, in the figure's order.
 * @param systems whose leads are shown.
 */
export function leadPoints(
  panels: readonly ShareTable[],
  systems: readonly System[],
): PanelPoint[] {
  const [first] = panels as [ShareTable];
  return FAMILIES.flatMap((family) => {
    const own = systems.filter((system) => system.family === family);
    const sorted = [...own].sort((one, other) => meanOf(first, other.id) - meanOf(first, one.id));
    return [
      ...panels.flatMap((table, panel) => ofFamily(table, panel, family, own)),
      ...sorted.flatMap((system) =>
        panels.flatMap((table, panel) => ofSystem(table, panel, system)),
      ),
    ];
  });
}

/** Entries of a system's sentiments that have a share. */
function entriesIn({ systems, reasons }: ShareTable, id: string) {
  const place = systems.findIndex((system) => system.id === id);
  if (place < 0) return [];
  return SHOWN.map((sentiment) => ({ sentiment, entry: entryOf(place, sentiment) })).filter(
    ({ entry }) => reasons[entry] === null,
  );
}

function meanOf(table: ShareTable, system: string): number {
  const leads = entriesIn(table, system).map(
    ({ entry }) => (table.own.values[entry] as number) - (table.people.values[entry] as number),
  );
  return leads.reduce((sum, value) => sum + value, 0) / Math.max(1, leads.length);
}

function ofSystem(table: ShareTable, panel: number, system: System): PanelPoint[] {
  return entriesIn(table, system.id).map(({ sentiment, entry }) => {
    const { lead, lead_se: se } = leadAt(table, entry);
    const reach = upperQuantile(0.025) * se;
    const limits = { lower: lead - reach, upper: lead + reach };
    return { name: system.name, series: sentiment, panel, value: lead, ...limits };
  });
}

function ofFamily(
  table: ShareTable,
  panel: number,
  family: Family,
  systems: readonly System[],
): PanelPoint[] {
  return SHOWN.flatMap((sentiment): PanelPoint[] => {
    const mean = familyMean(table, family, systems, sentiment);
    if (!mean) return [];
    const { estimate: value, lower, upper } = mean;
    const name = `${FAMILY_NAMES[family]}: mean of models like these`;
    const limits = lower === null || upper === null ? {} : { lower, upper };
    return [{ name, series: sentiment, panel, value, ...limits, isSummary: true }];
  });
}

/** A family's mean lead over people for a sentiment; nothing for fewer than three models. */
function familyMean(
  table: ShareTable,
  family: Family,
  systems: readonly System[],
  sentiment: Sentiment,
) {
  const compared = { family, with: "human" } as const;
  const weights = { negative: 0, positive: 0, ambiguous: 0, [sentiment]: 1 };
  const found = averageByUnit({ compared }, systems, table, weights);
  if (found.units.length < 3) return undefined;
  return summariseUnits(found, [family]).models;
}
