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
import { show } from "./agree-cells";

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

const DIFFERENCE = ["difference", "95 % from", "to", "p"];

function differenceCells(difference: MeanDifference | null): string[] {
  if (!difference) return ["–", "–", "–", "–"];
  const { estimate, lower, upper, p } = difference;
  return [show(estimate), show(lower), show(upper), p === null ? "–" : formatP(p)];
}

function ratersTable(value: string, raters: readonly RaterBias[]): FitTable {
  return {
    title: `${value}, each rater less the mean of the others`,
    columns: ["rater", ...DIFFERENCE, "units"],
    rows: raters.map(({ rater, difference, units }) => [
      rater,
      ...differenceCells(difference),
      String(units),
    ]),
  };
}

function leniencyTable(value: string, { unit, raters, test }: LeniencyStudy): FitTable {
  const hasDf = raters.some(({ df }) => df !== undefined);
  const what = unit === "points" ? "in points" : "in log-odds of a higher rating";
  const ratio = `chi-square ${test.chiSquare.toFixed(2)} on ${test.df}, p ${formatP(test.p)}`;
  return {
    title: `${value}, leniency beyond the raters' mean, ${what}, units being equal (all alike: ${ratio})`,
    columns: ["rater", "estimate", "se", ...(hasDf ? ["df"] : []), "p", "95 % from", "to"],
    rows: raters.map((one) => [
      one.rater,
      ...[one.estimate, one.se].map(show),
      ...(hasDf ? [formatDf(one.df)] : []),
      formatP(one.p),
      ...[one.lower, one.upper].map(show),
    ]),
  };
}

function pairsTable(value: string, pairs: readonly PairBias[]): FitTable {
  return {
    title: `${value}, the first of each pair less the second; whether both give each rating equally often`,
    columns: [
      "pair",
      ...DIFFERENCE,
      "units",
      "Stuart-Maxwell",
      "df",
      "p (S-M)",
      "Bhapkar",
      "p (Bhapkar)",
    ],
    rows: pairs.map(({ raters, difference, units, homogeneity }) => [
      raters.join(" ~ "),
      ...differenceCells(difference),
      String(units),
      homogeneity ? homogeneity.chiSquare.toFixed(2) : "–",
      homogeneity ? String(homogeneity.df) : "–",
      homogeneity ? formatP(homogeneity.p) : "–",
      homogeneity?.bhapkar ? homogeneity.bhapkar.chiSquare.toFixed(2) : "–",
      homogeneity?.bhapkar ? formatP(homogeneity.bhapkar.p) : "–",
    ]),
  };
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
