import { countNoun, isMissing, type Missing } from "kit";
import { type FitTable, significant, tableToText } from "mixed-models";
import type {
  Generalizability,
  Interval,
  LeniencyStudy,
  OverallCoefficient,
  Weighting,
} from "mixed-models/agreement";
import type { AgreeAnswer } from "./agree-answers";
import { biasTables } from "./agree-bias-print";
import { show } from "./agree-cells";

/** The tables of an answer, in the order of the questions. */
export function agreeTables(answer: AgreeAnswer, weighting: Weighting): FitTable[] {
  return [
    ...(answer.overall ? [overallTable(answer, weighting)] : []),
    ...(answer.pairs ? [pairsTable(answer, weighting)] : []),
    ...biasTables(answer),
    ...(answer.components && !isMissing(answer.components)
      ? componentTables(answer.value, answer.components)
      : []),
  ];
}

/** What is printed of an answer: its tables, and what a reader must know of its models. */
export function printAgreement(answer: AgreeAnswer, weighting: Weighting): string {
  const { value, bias, components } = answer;
  const warnings = [
    ...warningsOf(`${value}: no leniency`, bias?.leniency),
    ...warningsOf(`${value}: no components of variance`, components),
  ];
  return [
    ...warnings.map((warning) => `! ${warning}`),
    ...agreeTables(answer, weighting).map(tableToText),
  ].join("\n\n");
}

function warningsOf(
  none: string,
  study: Generalizability | LeniencyStudy | Missing | undefined,
): string[] {
  if (!study) return [];
  if (isMissing(study)) return [`${none}: ${study.missing}`];
  return study.fit.warnings.map(({ message }) => message);
}

function overallTable(
  { value, overall, intervals, pairs = [] }: AgreeAnswer,
  weighting: Weighting,
): FitTable {
  const isNumeric = pairs.some(({ kappaQuadratic }) => kappaQuadratic !== null);
  const names: [OverallCoefficient, string][] = [
    ["percent", "share of equal ratings"],
    ["fleissKappa", "Fleiss' kappa"],
    ...((isNumeric
      ? [
          ["alphaOrdinal", "Krippendorff's alpha, ordinal"],
          ["alphaInterval", "Krippendorff's alpha, interval"],
        ]
      : [["alphaNominal", "Krippendorff's alpha, nominal"]]) as [OverallCoefficient, string][]),
    ["ac1", "Gwet's AC1"],
    ...(isNumeric
      ? [["ac2", `Gwet's AC2, ${weighting} weights`] as [OverallCoefficient, string]]
      : []),
  ];
  return {
    title: `${value} (${countNoun(overall?.units ?? 0, "unit")})`,
    columns: ["all raters", "value", "95 % from", "to"],
    rows: names.map(([key, name]) => [
      name,
      show(overall?.[key] ?? null),
      ...limitsOf(intervals?.[key] ?? null),
    ]),
  };
}

function limitsOf(interval: Interval | null): string[] {
  return interval ? [show(interval.lower), show(interval.upper)] : ["–", "–"];
}

function pairsTable({ value, pairs = [] }: AgreeAnswer, weighting: Weighting): FitTable {
  const isNumeric = pairs.some(({ kappaQuadratic }) => kappaQuadratic !== null);
  return {
    title: `${value}, each pair`,
    columns: [
      "pair",
      isNumeric ? "quadratic kappa" : "kappa",
      "95 % from",
      "to",
      "agreement",
      "AC1",
      ...(isNumeric ? [`AC2 (${weighting})`] : []),
      "units",
    ],
    rows: pairs.map((pair) => [
      pair.raters.join(" ~ "),
      show(isNumeric ? pair.kappaQuadratic : pair.kappa),
      ...limitsOf(pair.interval),
      show(pair.percent),
      show(pair.ac1),
      ...(isNumeric ? [show(pair.ac2)] : []),
      String(pair.units),
    ]),
  };
}

function componentTables(value: string, { components, counts, decisions }: Generalizability) {
  const { units, raters, ratings } = counts;
  return [
    {
      title: `${value}, components of variance (${ratings} ratings of ${units} units by ${raters} raters)`,
      columns: ["source", "variance", "share"],
      rows: components.map(({ source, variance, share }) => [
        source,
        significant(variance),
        show(share),
      ]),
    },
    {
      title: `${value}, reliability of means over other numbers of raters`,
      columns: ["raters", "relative (G)", "absolute (phi)", "relative error", "absolute error"],
      rows: decisions.map((one) => [
        String(one.raters),
        show(one.relative),
        show(one.absolute),
        significant(one.relativeError),
        significant(one.absoluteError),
      ]),
    },
  ];
}
