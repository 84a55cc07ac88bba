import type { ReproduceOptions } from "../pipeline/reproduce";
import type { Progress } from "./progress";
import { formatNotes } from "./reproduce-print";

/** Shows a run as it goes: its stages, its notebooks cell by cell, and what it noticed before an error ended it. */
export function followRun(
  progress: Progress,
): Pick<ReproduceOptions, "onStage" | "onCell" | "onUnfinished"> {
  const begun = new Map<string, number>();
  return {
    onUnfinished: (noticed) => {
      for (const line of formatNotes(noticed)) progress.note(line);
    },
    onStage: (name) => progress.note(name),
    onCell: (notebook, { count, total, seconds }) => {
      progress.showCell(notebook, { count, total, seconds });
      const now = performance.now();
      if (!begun.has(notebook)) begun.set(notebook, now);
      if (count < total || seconds === undefined) return;
      const took = seconds1(now - (begun.get(notebook) as number));
      begun.delete(notebook);
      progress.note(`${notebook}  ${total} cells  ${took}`);
    },
  };
}

/** Writes a duration in seconds. */
export function seconds1(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
