import { type FitTable, tableToText } from "mixed-models";
import type { LevelDifference, LevelEstimate } from "../annotate/estimate";
import type { RaterAgreement } from "../annotate/rater-agreement";
import type { Sides } from "../annotate/sides";
import type { StudyResult } from "../annotate/study-result";
import { layOutTable, show } from "./table-columns";

/** Lays out what the raters' files say, for a terminal. */
export function layOutStudy(result: StudyResult): string {
  const { plan, raters, read, planned, repeated, agreement, estimates, differences, sides } =
    result;
  const heading = [
    `Plan ${plan}: ${read} of ${planned} replies read by ${result.estimatedFrom.join(", ")}`,
    ...(repeated > 0 ? [`${repeated} rows repeat others and count once`] : []),
  ];
  const tables = [
    ...(agreement.length > 0 ? [agreementTable(agreement), leniencyTable(agreement)] : []),
    ...(sides
      ? [sidesTable(sides)]
      : [meanTable(estimates), shareTable(estimates), differenceTable(differences)]),
  ];
  const said = sides ? CHOSEN : notes(raters, estimates);
  return `${[heading.join("\n"), ...tables.map(tableToText), said].join("\n\n")}\n`;
}

function agreementTable(agreement: readonly RaterAgreement[]): FitTable {
  return layOutTable("Agreement on shared replies", agreement, [
    ["", ({ metric }) => metric.toUpperCase()],
    ["replies", ({ shared }) => String(shared)],
    ["alpha", ({ alpha }) => show(alpha)],
    [
      "95 % interval",
      ({ interval }) => showRange(interval?.lower ?? null, interval?.upper ?? null),
    ],
    ["equal", ({ percent }) => (percent === null ? "–" : `${Math.round(100 * percent)} %`)],
    ["AC1", ({ ac1 }) => show(ac1)],
  ]);
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

function levelTable(
  title: string,
  head: string,
  estimates: readonly LevelEstimate[],
  say: (value: number | null) => string,
): FitTable {
  return layOutTable(title, estimates, [
    ["", questionOf],
    [head, ({ kind, name }) => (kind === "family" ? `family ${name}` : name)],
    ["replies", ({ replies }) => String(replies)],
    ["read", ({ read }) => String(read)],
    ["classifier", ({ classifier }) => say(classifier)],
    ["people", ({ mean }) => say(mean)],
    ["95 % interval", ({ lower, upper, cut }) => showRange(lower, upper, say) + (cut ? " *" : "")],
  ]);
}

function meanTable(estimates: readonly LevelEstimate[]): FitTable {
  const levels = estimates.filter(({ measure }) => measure === "level");
  return levelTable("Mean level, 0 to 2", "mean of", levels, show);
}

function shareTable(estimates: readonly LevelEstimate[]): FitTable {
  const title = "Share of replies at level 1 or more, and of those that fit as an answer";
  const shares = estimates.filter(({ measure }) => measure !== "level");
  return levelTable(title, "share of", shares, showShare);
}

function questionOf({ metric }: Pick<LevelEstimate, "metric">): string {
  return metric?.toUpperCase() ?? "fits";
}

function differenceTable(differences: readonly LevelDifference[]): FitTable {
  const of = (measure: LevelDifference["measure"]) =>
    differences.filter((one) => one.measure === measure);
  const isSame = (one: LevelDifference, other: LevelDifference) =>
    one.kind === other.kind &&
    one.name === other.name &&
    one.less === other.less &&
    one.metric === other.metric;
  const cells = (
    found: LevelDifference | undefined,
    say: (value: number | null) => string,
  ): string[] => {
    if (!found) return ["", ""];
    return [say(found.difference), showRange(found.lower, found.upper, say)];
  };
  return {
    title: "Differences, of mean levels and of shares (in points)",
    columns: ["", "", "level", "95 % interval", "share", "95 % interval"],
    rows: [...of("any"), ...of("fits")].map((share) => [
      questionOf(share),
      `${share.kind === "family" ? "family " : ""}${share.name} less ${share.less}`,
      ...cells(
        of("level").find((level) => isSame(level, share)),
        show,
      ),
      ...cells(share, showPoints),
    ]),
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
    "People: prediction-powered means over strata, of the mean of a reply's raters; t intervals about these raters taken together, for these replies.",
  ];
  if (raters.length < 2) lines.push("One rater: nothing is known of agreement.");
  if (estimates.some(({ mean }) => mean === null)) {
    lines.push("–: fewer than two replies of a system are read.");
  }
  if (estimates.some(({ cut }) => cut)) {
    lines.push("*: the mean or a limit lay beyond the scale and is cut at its end.");
  }
  if (estimates.some(({ borrowed, mean }) => borrowed > 0 && mean !== null)) {
    lines.push(
      "Some strata have no reply read yet and take their error from a neighbouring level.",
    );
  }
  return lines.join("\n");
}

function showPoints(value: number | null): string {
  return showShare(value).replace(" %", "");
}

function showShare(value: number | null): string {
  return value === null || Number.isNaN(value)
    ? "–"
    : `${(100 * value).toFixed(1).replace("-", "−")} %`;
}

function showRange(lower: number | null, upper: number | null, say = show): string {
  return lower === null || upper === null ? "–" : `${say(lower)} to ${say(upper)}`;
}
