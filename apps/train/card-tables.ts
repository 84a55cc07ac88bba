// Tables of the model card.
import type { Metric } from "empathy-scorer";
import type { Figure, Summary } from "../../src/validity/evaluation-file";

/** The figures of a summary, a cell each. */
export function cells({
  rows,
  positives,
  accuracy,
  macroF1,
  kappa,
  calibrationError,
}: Summary): string[] {
  return [
    ...[rows, positives].map(String),
    ...[accuracy, macroF1, kappa].map(withInterval),
    calibrationError.toFixed(3),
  ];
}

/** A figure with its interval in brackets. */
export function withInterval({ value, lower, upper: top }: Figure): string {
  return `${value.toFixed(3)} [${lower.toFixed(3)}, ${top.toFixed(3)}]`;
}

/** A metric's name in capitals. */
export function upper(metric: Metric): string {
  return metric.toUpperCase();
}

/** A table in Markdown. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (one: readonly string[]) => `| ${one.join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line), ""];
}
