// The leads over people as points of a figure: every system, and below each family what its mean and its next model are.
import { isMissing } from "kit";
import { upperQuantile } from "mixed-models";
import type { PanelPoint } from "plotly-stills";
import { SENTIMENTS, type Sentiment } from "../corpus/emotions";
import { FAMILY_NAMES, type Family, type System } from "../systems/system";
import { averageByUnit, summariseUnits, type ThreefoldEstimate } from "./assess-claim";
import { entryOf } from "./combine-estimates";
import type { Leads } from "./leads";

const FAMILIES: readonly Family[] = ["llm", "ecs", "tuned-llm"];

/**
 * Gives every system's lead over people as shares of replies, by sentiment, with 95 % intervals: LLMs first, within a
 * family from the largest lead to the smallest; a family of several models ends with its mean and its next model. A
 * sentiment that a system answered no prompt of has no point.
 *
 * @param panels one a metric, in the figure's order.
 * @param systems whose leads are shown.
 */
export function leadPoints(panels: readonly Leads[], systems: readonly System[]): PanelPoint[] {
  const [first] = panels as [Leads];
  return FAMILIES.flatMap((family) => {
    const own = systems.filter((system) => system.family === family);
    const sorted = [...own].sort((one, other) => meanOf(first, other.id) - meanOf(first, one.id));
    return [
      ...sorted.flatMap((system) =>
        panels.flatMap((leads, panel) => ofSystem(leads, panel, system)),
      ),
      ...panels.flatMap((leads, panel) => ofFamily(leads, panel, family, own)),
    ];
  });
}

function meanOf(leads: Leads, system: string): number {
  const place = leads.systems.indexOf(system);
  const values = SENTIMENTS.map((one) => leads.leadShare.values[entryOf(place, one)] as number);
  const known = values.filter(Number.isFinite);
  return known.reduce((sum, value) => sum + value, 0) / Math.max(1, known.length);
}

function ofSystem({ systems, leadShare }: Leads, panel: number, system: System): PanelPoint[] {
  return SENTIMENTS.flatMap((sentiment) => {
    const entry = entryOf(systems.indexOf(system.id), sentiment);
    const value = leadShare.values[entry] as number;
    if (!Number.isFinite(value)) return [];
    const variance = leadShare.covariance[entry * (leadShare.values.length + 1)] as number;
    const reach = upperQuantile(0.025) * Math.sqrt(variance);
    const limits = { lower: value - reach, upper: value + reach };
    return { name: system.name, series: sentiment, panel, value, ...limits };
  });
}

function ofFamily(
  leads: Leads,
  panel: number,
  family: Family,
  systems: readonly System[],
): PanelPoint[] {
  const found = SENTIMENTS.map((sentiment) => ({
    sentiment,
    mean: familyMean(leads, family, systems, sentiment),
  }));
  return ["mean", "next"].flatMap((line) =>
    found.flatMap(({ sentiment, mean }): PanelPoint[] => {
      if (!mean) return [];
      const isMean = line === "mean";
      return [
        {
          name: `${FAMILY_NAMES[family]}: ${isMean ? "mean of models" : "next model"}`,
          series: sentiment,
          panel,
          value: mean.estimate,
          lower: isMean ? mean.lower : mean.predictionLower,
          upper: isMean ? mean.upper : mean.predictionUpper,
        },
      ];
    }),
  );
}

/** A family's mean lead over people for a sentiment, as a share of replies; nothing for fewer than three models. */
function familyMean(
  leads: Leads,
  family: Family,
  systems: readonly System[],
  sentiment: Sentiment,
): ThreefoldEstimate | undefined {
  const compared = { family, with: "human" } as const;
  const weights = { negative: 0, positive: 0, ambiguous: 0, [sentiment]: 1 };
  const found = averageByUnit({ compared }, systems, leads, leads.leadShare, weights);
  if (found.units.length < 3) return undefined;
  const summary = summariseUnits({ compared }, found, {});
  return isMissing(summary) ? undefined : summary.estimate;
}
