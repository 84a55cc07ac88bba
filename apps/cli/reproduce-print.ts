import { countNoun, listNames } from "kit";
import type { ClaimResult } from "../../src/claims/results-tables";
import { groupBy } from "../../src/group-by";
import type { ChangedInput, FileDifference } from "../pipeline/ledger";
import type { Noticed, OwnStudy, ReproduceReport } from "../pipeline/reproduce";
import { describeLate } from "../pipeline/rerun-notebook";

/** How a finished run is told. */
interface ReportFormat {
  readonly check?: boolean | undefined;
  /** Tell what was rerun, too. */
  readonly verbose?: boolean | undefined;
  /** The verdicts of the claims, in the order of their table. */
  readonly verdicts: readonly Pick<ClaimResult, "set" | "claim" | "verdict">[];
}

/** Tells of a run: differences, then verdicts, then what was rerun and from what. */
export function formatReport(
  report: ReproduceReport,
  seconds: string,
  { check, verbose, verdicts }: ReportFormat,
): string {
  return [
    `${formatCounts(report)}, in ${seconds}`,
    // What an author's own study changes or makes anew is what it is for.
    ...(report.study && !verbose ? [] : report.differences.map(formatDifference)),
    ...formatNotes(report),
    ...(report.local ? formatNotes(report.local) : []),
    ...formatVerdicts(verdicts),
    ...(report.study ? [formatOwn(report.study)] : []),
    ...(report.local ? [`${formatOwn(report.local)}; nothing published was changed`] : []),
    ...(verbose ? formatDetails(report, check) : ["(--verbose lists notebooks and figures)"]),
    "",
  ].join("\n");
}

/** Tells of a difference: the file, the place in it, both sides. */
export function formatDifference({ file, where, stored, rerun }: FileDifference): string {
  const indent = (text: string) => text.replaceAll("\n", "\n               ");
  return `${file} differs in ${where}\n  in the file: ${indent(stored)}\n  rerun:       ${indent(rerun)}`;
}

/** Tells what a run noticed besides its results. */
export function formatNotes({ changedInputs, lateOutputs }: Noticed): string[] {
  return [
    ...formatChanged(changedInputs),
    ...lateOutputs.map((late) => describeLate(late.file, late)),
  ];
}

// What is written while a run reads it may be in its results, or only in part of them.
function formatChanged(inputs: readonly ChangedInput[]): string[] {
  return [...groupBy(inputs, ({ step }) => step)].map(
    ([step, own]) =>
      `${step}: ${listNames(
        own.map(({ file }) => file),
        5,
      )} changed during the run, so the results may be of either state; run again`,
  );
}

function formatCounts({
  differences,
  notebooks,
  current,
  figures,
  study,
}: ReproduceReport): string {
  const found =
    differences.length === 0
      ? "No differences"
      : study
        ? `${countNoun(differences.length, "place")} made or changed (--verbose shows both sides)`
        : `${countNoun(differences.length, "difference")}, now written to the files below; \`git diff\` shows them whole`;
  return `${found}: ${countNoun(notebooks.length, "notebook")} rerun, ${current.length} unchanged, ${countNoun(figures.length, "figure")}`;
}

function formatVerdicts(verdicts: ReportFormat["verdicts"]): string[] {
  const ofAll = verdicts.filter(({ set }) => set === "main");
  const width = Math.max(0, ...ofAll.map(({ claim }) => claim.length));
  return ofAll.map(({ claim, verdict }) => `  ${claim.padEnd(width)}  ${verdict}`);
}

function formatOwn({ name, systems, folder }: OwnStudy): string {
  const own =
    systems.length > 0 ? `your own systems ${systems.join(", ")}` : "no system of your own";
  return `Study '${name}': ${own}; results in ${folder}/ (report.html, notebooks, figures, data/results)`;
}

function formatDetails(report: ReproduceReport, check: boolean | undefined): string[] {
  const { notebooks, current, figures, archive } = report;
  const rerun = notebooks.length > 0 ? ` (${notebooks.join(", ")})` : "";
  return [
    `Notebooks rerun:      ${notebooks.length}${rerun}`,
    ...(current.length > 0
      ? [`Unchanged since then: ${current.length} (${current.join(", ")}); --all reruns them too`]
      : []),
    `Figures ${check ? "compared:    " : "regenerated: "} ${figures.length} (${figures.join(", ")})`,
    `Built from:           ${archive ? `${report.from} (source '${archive}')` : report.from}`,
  ];
}
