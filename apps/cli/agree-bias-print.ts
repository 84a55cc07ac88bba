import { countNoun, isMissing } from "kit";
import { type FitTable, formatDf, formatP } from "mixed-models";
import type {
  ConfusionTable,
  LeniencyStudy,
  MeanDifference,
  PairBias,
  RaterBias,
} from "mixed-models/agreement";
import type { AgreeAnswer } from "./agree-answers";
import { type Column, layOutTable, show } from "./table-columns";

/** The tables that compare raters one by one; none where they were not asked for. */
export function biasTables({ value, bias }: AgreeAnswer): FitTable[] {
  if (!bias) return [];
  const { raters, pairs, leniency } = bias;
  const [only] = pairs;
  return [
    ratersTable(value, raters),
    ...(isMissing(leniency) ? [] : [leniencyTable(value, leniency)]),
    pairsTable(value, pairs),
    ...(only && pairs.length === 1
      ? [confusionTable(value, only.confusion, `${only.raters[0]} (rows) and ${only.raters[1]}`)]
      : raters.map(({ rater, confusion, undecided }) => {
          const left =
            undecided === 0 ? "" : `; ${countNoun(undecided, "unit")} where the others are divided`;
          return confusionTable(value, confusion, `${rater} (rows) and most of the others${left}`);
        })),
  ];
}

const DIFFERENCE: readonly Column<{ readonly difference: MeanDifference | null }>[] = [
  ["difference", ({ difference }) => show(difference?.estimate ?? null)],
  ["95 % from", ({ difference }) => show(difference?.lower ?? null)],
  ["to", ({ difference }) => show(difference?.upper ?? null)],
  ["p", ({ difference }) => showP(difference?.p ?? null)],
];

function showP(p: number | null): string {
  return p === null ? "–" : formatP(p);
}

function ratersTable(value: string, raters: readonly RaterBias[]): FitTable {
  return layOutTable(`${value}, each rater less the mean of the others`, raters, [
    ["rater", ({ rater }) => rater],
    ...DIFFERENCE,
    ["units", ({ units }) => String(units)],
  ]);
}

function leniencyTable(value: string, { unit, raters, test }: LeniencyStudy): FitTable {
  const what = unit === "points" ? "in points" : "in log-odds of a higher rating";
  const ratio = `chi-square ${test.chiSquare.toFixed(2)} on ${test.df}, p ${formatP(test.p)}`;
  const title = `${value}, leniency beyond the raters' mean, ${what}, units being equal (all alike: ${ratio})`;
  return layOutTable(title, raters, [
    ["rater", ({ rater }) => rater],
    ["estimate", ({ estimate }) => show(estimate)],
    ["se", ({ se }) => show(se)],
    raters.some(({ df }) => df !== undefined) && ["df", ({ df }) => formatDf(df)],
    ["p", ({ p }) => formatP(p)],
    ["95 % from", ({ lower }) => show(lower)],
    ["to", ({ upper }) => show(upper)],
  ]);
}

function pairsTable(value: string, pairs: readonly PairBias[]): FitTable {
  const title = `${value}, the first of each pair less the second; whether both give each rating equally often`;
  return layOutTable(title, pairs, [
    ["pair", ({ raters }) => raters.join(" ~ ")],
    ...DIFFERENCE,
    ["units", ({ units }) => String(units)],
    ["Stuart-Maxwell", ({ homogeneity }) => homogeneity?.chiSquare.toFixed(2) ?? "–"],
    ["df", ({ homogeneity }) => String(homogeneity?.df ?? "–")],
    ["p (S-M)", ({ homogeneity }) => showP(homogeneity?.p ?? null)],
    ["Bhapkar", ({ homogeneity }) => homogeneity?.bhapkar?.chiSquare.toFixed(2) ?? "–"],
    ["p (Bhapkar)", ({ homogeneity }) => showP(homogeneity?.bhapkar?.p ?? null)],
  ]);
}

function confusionTable(
  value: string,
  { categories, counts }: ConfusionTable,
  of: string,
): FitTable {
  return {
    title: `${value}, ratings of ${of}`,
    columns: ["rating", ...categories.map(String)],
    rows: counts.map((row, at) => [String(categories[at]), ...row.map(String)]),
  };
}
