import type { ReproduceReport } from "../pipeline/reproduce";
import type { ClaimResult } from "../study/claims/results-tables";
import type { FileDifference } from "../study/ledger";

/** How a finished run is told. */
export interface ReportFormat {
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
    ...report.differences.map(formatDifference),
    ...formatVerdicts(verdicts),
    ...(report.local ? [formatLocal(report.local)] : []),
    ...(verbose ? formatDetails(report, check) : ["(--verbose lists notebooks and figures)"]),
    "",
  ].join("\n");
}

/** Tells of a difference: the file, the place in it, both sides. */
export function formatDifference({ file, where, stored, rerun }: FileDifference): string {
  const indent = (text: string) => text.replaceAll("\n", "\n               ");
  return `${file} differs in ${where}\n  in the file: ${indent(stored)}\n  rerun:       ${indent(rerun)}`;
}

function formatCounts({ differences, notebooks, current, figures }: ReproduceReport): string {
  const found =
    differences.length === 0
      ? "No differences"
      : `${count(differences, "difference")}, now written to the files below; \`git diff\` shows them whole`;
  return `${found}: ${count(notebooks, "notebook")} rerun, ${current.length} unchanged, ${count(figures, "figure")}`;
}

function count(things: readonly unknown[], noun: string): string {
  return `${things.length} ${noun}${things.length === 1 ? "" : "s"}`;
}

function formatVerdicts(verdicts: ReportFormat["verdicts"]): string[] {
  const ofAll = verdicts.filter(({ set }) => set === "all");
  const width = Math.max(0, ...ofAll.map(({ claim }) => claim.length));
  return ofAll.map(({ claim, verdict }) => `  ${claim.padEnd(width)}  ${verdict}`);
}

function formatLocal({ systems, folder }: NonNullable<ReproduceReport["local"]>): string {
  return (
    `Your own systems:     ${systems.join(", ")}; with them the results stand in ${folder}/ ` +
    "(report.html, notebooks, figures, data/results); nothing published was changed"
  );
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
