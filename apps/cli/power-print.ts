import { formatCsvTable } from "kit/tables";
import { type FitTable, tableToText } from "mixed-models";
import { sideOf } from "../../src/claims/claim";
import type { ClaimPlan, PowerPlan } from "../claims/plan-power";
import type { ClaimPower, DesignPower } from "../claims/power";

const COLUMNS = [
  "claim",
  "variances_from",
  "design",
  "models",
  "others",
  "collections",
  "other_collections",
  "prompts",
  "readings",
  "effect",
  "holds",
  "no_difference",
  "these_systems",
  "half_width",
  "these_half_width",
  "note",
] as const;

/** A claim's power under a design; chances from 0 to 1, effects and half-widths in points. */
type PowerTableRow = Readonly<Record<(typeof COLUMNS)[number], string | number | null>>;

/** One row for each claim, design and effect; of a claim without powers one that says why. */
export function toPowerRows({ from, claims }: PowerPlan): PowerTableRow[] {
  return claims.flatMap(({ claim, designs, obstacle, caution }): PowerTableRow[] => {
    const of = { claim: claim.id, variances_from: from };
    if (obstacle !== null) {
      const nothing = Object.fromEntries(COLUMNS.map((column) => [column, null]));
      return [{ ...(nothing as PowerTableRow), ...of, note: obstacle }];
    }
    return designs.flatMap((one) =>
      one.powers.map((power) => ({ ...of, ...toRow(one, power, caution) })),
    );
  });
}

function toRow(
  { design, reach, theseReach, obstacle }: DesignPower,
  power: ClaimPower,
  caution: string | null,
) {
  const [models, others = null] = design.models;
  const [collections, other_collections = null] = design.collections;
  return {
    design: design.isPresent ? "present" : "planned",
    models: models ?? null,
    others,
    collections: collections ?? null,
    other_collections,
    prompts: Math.round(design.prompts),
    readings: Math.round(design.readings),
    effect: round(100 * power.effect, 2),
    holds: round(power.holds, 3),
    no_difference: round(power.none, 3),
    these_systems: round(power.these, 3),
    half_width: round(reach && 100 * reach, 2),
    these_half_width: round(100 * theseReach, 2),
    note: obstacle ?? caution,
  };
}

function round(value: number | null, digits: number): number | null {
  return value === null ? null : Number(value.toFixed(digits));
}

/** The rows as CSV. */
export function formatPower(rows: readonly PowerTableRow[]): string {
  return formatCsvTable(COLUMNS, rows);
}

/** The plan in words and tables, a table a claim. */
export function printPower({ study, from, claims }: PowerPlan): string {
  const borrowed =
    from === study
      ? []
      : [
          `Study '${study}' has not been run: variances and present numbers are the study '${from}''s.`,
        ];
  const parts = [...borrowed, ...claims.map(printClaim), LEGEND];
  return `${parts.join("\n\n")}\n`;
}

const LEGEND = [
  "holds: chance of the verdict 'holds' (of a negative difference, 'the opposite holds'); no difference: of 'no difference that",
  "matters'; these systems: that they show it, said of them alone. ±: average half-width of the 95 % intervals, in points, for models",
  "like these and for these systems. At a true difference of the margin no design reaches more than 50 %.",
].join("\n");

function printClaim({ claim, result, parts, designs, obstacle, caution }: ClaimPlan): string {
  const heading = `${claim.id}: ${claim.statement} Margin: ${claim.marginInPoints} points.`;
  if (obstacle !== null || !parts) return `${heading}\n! ${obstacle}`;
  const now = `Now: ${result.verdict}, ${points(parts.estimate * sideOf(claim))} points on its side.`;
  const notes = [...new Set([caution, ...designs.map((one) => one.obstacle)])].flatMap(
    (one) => one ?? [],
  );
  return [heading, now, ...notes.map((note) => `! ${note}`), tableToText(toTable(designs))].join(
    "\n",
  );
}

function toTable(designs: readonly DesignPower[]): FitTable {
  return {
    title: "Power",
    columns: [
      "models",
      "collections",
      "prompts",
      "readings",
      "difference",
      "holds",
      "no difference",
      "these systems",
      "±",
      "± these",
    ],
    rows: designs.flatMap((one) => one.powers.map((power, at) => toCells(one, power, at === 0))),
  };
}

function toCells(
  { design, reach, theseReach }: DesignPower,
  { effect, holds, none, these }: ClaimPower,
  isFirst: boolean,
): string[] {
  const named = [
    `${design.isPresent ? "now: " : ""}${design.models.join(" and ")}`,
    design.collections.join(" and "),
    Math.round(design.prompts).toLocaleString("en-US"),
    Math.round(design.readings).toLocaleString("en-US"),
  ];
  return [
    ...(isFirst ? named : named.map(() => "")),
    points(effect),
    percent(holds),
    percent(none),
    percent(these),
    reach === null ? "–" : points(reach),
    points(theseReach),
  ];
}

function points(share: number): string {
  return (100 * share).toFixed(1).replace("-", "−");
}

function percent(chance: number | null): string {
  return chance === null ? "–" : `${(100 * chance).toFixed(0)} %`;
}
