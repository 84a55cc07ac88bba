import type { ParityRow } from "./parity";

const HEADER = [
  "id",
  "rows",
  "d logLik",
  "d coef (SE)",
  "d SE",
  "d SD",
  "d corr",
  "d modes",
  "ours ms",
  "lme4 s",
  "glmmTMB s",
  "clmm s",
  "ok",
];

/** Rows as an aligned table, with what failed below it and a summary in the last line. */
export function formatRows(rows: readonly ParityRow[]): string {
  const cells = [HEADER, ...rows.map(toCells)];
  const widths = HEADER.map((_, at) => Math.max(...cells.map((row) => row[at]?.length ?? 0)));
  const lines = cells.map((row) =>
    row.map((cell, at) => pad(cell, widths[at] as number, at === 0)).join("  "),
  );
  const failed = rows.filter(({ faults }) => faults.length > 0);
  const faults = failed.map(({ id, faults }) => `${id}: ${faults.join("; ")}`);
  return [...lines, "", ...faults, summary(rows, failed.length)].join("\n");
}

function pad(cell: string, width: number, isLeft: boolean): string {
  return isLeft ? cell.padEnd(width) : cell.padStart(width);
}

function toCells(row: ParityRow): string[] {
  const { logLik, coefficient, se, sd, correlation, mode } = row.differences;
  const differences = [logLik, coefficient, se, sd, correlation, mode].map((value) =>
    format(value, value.toExponential(1)),
  );
  return [
    row.id,
    format(row.rows, String(row.rows)),
    ...differences,
    format(row.ms, row.ms.toFixed(0)),
    format(row.lme4Seconds, row.lme4Seconds.toFixed(2)),
    format(row.glmmTMBSeconds, row.glmmTMBSeconds.toFixed(2)),
    format(row.clmmSeconds, row.clmmSeconds.toFixed(2)),
    row.faults.length === 0 ? "yes" : "NO",
  ];
}

function format(value: number, text: string): string {
  return Number.isNaN(value) ? "-" : text;
}

function summary(rows: readonly ParityRow[], failures: number): string {
  const count = `${rows.length - failures} of ${rows.length} models agree with R`;
  const worst = Math.max(...rows.map(({ differences }) => Math.abs(differences.logLik) || 0));
  return `${count}; largest difference in logLik ${worst.toExponential(1)}`;
}
