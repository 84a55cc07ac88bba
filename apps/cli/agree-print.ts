import { countNoun, isMissing, type Missing } from "kit";
import { type FitTable, significant, tableToText } from "mixed-models";
import type {
  Generalizability,
  LeniencyStudy,
  OverallCoefficient,
  PairAgreement,
  Weighting,
} from "mixed-models/agreement";
import type { AgreeAnswer } from "./agree-answers";
import { biasTables } from "./agree-bias-print";
import { layOutTable, show } from "./table-columns";

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
  const isNumeric = hasNumbers(pairs);
  const alphas: [OverallCoefficient, string][] = isNumeric
    ? [
        ["alphaOrdinal", "Krippendorff's alpha, ordinal"],
        ["alphaInterval", "Krippendorff's alpha, interval"],
      ]
    : [["alphaNominal", "Krippendorff's alpha, nominal"]];
  const names: [OverallCoefficient, string][] = [
    ["percent", "share of equal ratings"],
    ["fleissKappa", "Fleiss' kappa"],
    ...alphas,
    ["ac1", "Gwet's AC1"],
  ];
  if (isNumeric) names.push(["ac2", `Gwet's AC2, ${weighting} weights`]);
  return layOutTable(`${value} (${countNoun(overall?.units ?? 0, "unit")})`, names, [
    ["all raters", ([, name]) => name],
    ["value", ([key]) => show(overall?.[key] ?? null)],
    ["95 % from", ([key]) => show(intervals?.[key]?.lower ?? null)],
    ["to", ([key]) => show(intervals?.[key]?.upper ?? null)],
  ]);
}

// Quadratic weights need numbers.
function hasNumbers(pairs: readonly PairAgreement[]): boolean {
  return pairs.some(({ kappaQuadratic }) => kappaQuadratic !== null);
}

function pairsTable({ value, pairs = [] }: AgreeAnswer, weighting: Weighting): FitTable {
  const isNumeric = hasNumbers(pairs);
  return layOutTable(`${value}, each pair`, pairs, [
    ["pair", ({ raters }) => raters.join(" ~ ")],
    isNumeric
      ? ["quadratic kappa", ({ kappaQuadratic }) => show(kappaQuadratic)]
      : ["kappa", ({ kappa }) => show(kappa)],
    ["95 % from", ({ interval }) => show(interval?.lower ?? null)],
    ["to", ({ interval }) => show(interval?.upper ?? null)],
    ["agreement", ({ percent }) => show(percent)],
    ["AC1", ({ ac1 }) => show(ac1)],
    isNumeric && [`AC2 (${weighting})`, ({ ac2 }) => show(ac2)],
    ["units", ({ units }) => String(units)],
  ]);
}

function componentTables(value: string, { components, counts, decisions }: Generalizability) {
  const { units, raters, ratings } = counts;
  return [
    layOutTable(
      `${value}, components of variance (${ratings} ratings of ${units} units by ${raters} raters)`,
      components,
      [
        ["source", ({ source }) => source],
        ["variance", ({ variance }) => significant(variance)],
        ["share", ({ share }) => show(share)],
      ],
    ),
    layOutTable(`${value}, reliability of means over other numbers of raters`, decisions, [
      ["raters", (one) => String(one.raters)],
      ["relative (G)", ({ relative }) => show(relative)],
      ["absolute (phi)", ({ absolute }) => show(absolute)],
      ["relative error", ({ relativeError }) => significant(relativeError)],
      ["absolute error", ({ absoluteError }) => significant(absoluteError)],
    ]),
  ];
}
