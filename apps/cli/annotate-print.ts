import { type FitTable, tableToText } from "mixed-models";
import type { LevelEstimate } from "../annotate/estimate";
import type { RaterAgreement } from "../annotate/rater-agreement";
import type { Sides } from "../annotate/sides";
import type { StudyResult } from "./annotate-read";

/** Lays out what the raters' files say, for a terminal. */
export function layOutStudy(result: StudyResult): string {
  const { plan, raters, read, planned, repeated, agreement, estimates, sides } = result;
  const heading = [
    `Plan ${plan}: ${read} of ${planned} replies read by ${result.estimatedFrom.join(", ")}`,
    ...(repeated > 0 ? [`${repeated} rows repeat others and count once`] : []),
  ];
  const tables = [
    ...(agreement.length > 0 ? [agreementTable(agreement), leniencyTable(agreement)] : []),
    sides ? sidesTable(sides) : meanTable(estimates),
  ];
  const said = sides ? CHOSEN : notes(raters, estimates);
  return `${[heading.join("\n"), ...tables.map(tableToText), said].join("\n\n")}\n`;
}

function agreementTable(agreement: readonly RaterAgreement[]): FitTable {
  return {
    title: "Agreement on shared replies",
    columns: ["", "replies", "alpha", "95 % interval", "equal", "AC1"],
    rows: agreement.map(({ metric, shared, alpha, interval, percent, ac1 }) => [
      metric.toUpperCase(),
      String(shared),
      show(alpha),
      showRange(interval?.lower ?? null, interval?.upper ?? null),
      percent === null ? "–" : `${Math.round(100 * percent)} %`,
      show(ac1),
    ]),
  };
}

function leniencyTable(agreement: readonly RaterAgreement[]): FitTable {
  return {
    title: "Each rater's level less the others', on shared replies",
    columns: ["", "rater", "replies", "difference", "95 % interval"],
    rows: agreement.flatMap(({ metric, leniency }) =>
      leniency.map(({ rater, replies, difference, lower, upper }) => [
        metric.toUpperCase(),
        rater,
        String(replies),
        show(difference),
        showRange(lower, upper),
      ]),
    ),
  };
}

function meanTable(estimates: readonly LevelEstimate[]): FitTable {
  return {
    title: "Mean level, 0 to 2",
    columns: ["", "mean of", "replies", "read", "classifier", "people", "95 % interval"],
    rows: estimates.map(
      ({ kind, name, metric, replies, read, classifier, mean, lower, upper, cut }) => [
        metric.toUpperCase(),
        kind === "family" ? `family ${name}` : name,
        String(replies),
        String(read),
        show(classifier),
        show(mean),
        showRange(lower, upper) + (cut ? " *" : ""),
      ],
    ),
  };
}

function sidesTable(sides: readonly Sides[]): FitTable {
  return {
    title:
      "Where readings and classifier differ on whether a metric is shown: with whom people side",
    columns: ["", "family", "replies", "with readings", "with classifier"],
    rows: sides.map(({ metric, family, replies, withReadings }) => [
      metric.toUpperCase(),
      family,
      String(replies),
      `${Math.round(100 * withReadings)} %`,
      `${Math.round(100 * (1 - withReadings))} %`,
    ]),
  };
}

const CHOSEN =
  "These replies were chosen because readings and classifier disagree on them: nothing follows about the mean level of a system.";

function notes(raters: readonly string[], estimates: readonly LevelEstimate[]): string {
  const lines = [
    "People: prediction-powered means over strata; t intervals about these raters taken together, for these replies.",
  ];
  if (raters.length < 2) lines.push("One rater: nothing is known of agreement.");
  if (estimates.some(({ mean }) => mean === null)) {
    lines.push("–: fewer than two replies of a system are read.");
  }
  if (estimates.some(({ cut }) => cut)) {
    lines.push("*: the mean or a limit lay beyond the scale and is cut at its end, 0 or 2.");
  }
  if (estimates.some(({ borrowed, mean }) => borrowed > 0 && mean !== null)) {
    lines.push(
      "Some strata have no reply read yet and take their error from a neighbouring level.",
    );
  }
  return lines.join("\n");
}

function show(value: number | null): string {
  return value === null ? "–" : value.toFixed(3).replace("-", "−");
}

function showRange(lower: number | null, upper: number | null): string {
  return lower === null || upper === null ? "–" : `${show(lower)} to ${show(upper)}`;
}
