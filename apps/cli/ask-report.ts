import type { AskReport, Survey } from "ask-models";
import type { AskFlags } from "./ask-options";

/** What a run leaves to report. */
export interface AskSummary {
  readonly system: string;
  readonly model: string;
  readonly journal: string;
  /** All requests of the run's stimuli. */
  readonly requests: number;
  /** Those that had an answer before. */
  readonly answeredBefore: number;
  /** Those recorded in this run, by how they ended. */
  readonly recorded: Readonly<Record<string, number>>;
  /** How many of those were shortened to reply and reasoning, where any were. */
  readonly shortened?: number;
  readonly missing: number;
  /** Those whose last word is `failed`. */
  readonly failed: number;
  readonly attempts: number;
  /** US dollars; null where no price is known. */
  readonly costUsd: number | null;
  /** US dollars that all the journal's answers cost, those of earlier runs too. */
  readonly costUsdOfAllRuns: number;
  readonly seconds: number;
  /** Whether more was spent than --max-cost. */
  readonly overspent?: boolean;
  readonly stopped?: string;
}

/** A run that has ended, of one system or of a grid. */
interface FinishedRun extends Pick<AskSummary, "system" | "model" | "journal"> {
  /** What the journal held before. */
  readonly survey: Survey;
  readonly report: AskReport;
  readonly seconds: number;
  readonly flags: AskFlags;
}

/** Sums up a run. */
export function sumUp({
  system,
  model,
  journal,
  survey,
  report,
  seconds,
  flags,
}: FinishedRun): AskSummary {
  const recorded = Object.values(report.statuses).reduce((sum, count) => sum + count, 0);
  const asked = flags.retryFailed ? survey.missing + survey.failed : survey.missing;
  const kept = flags.retryFailed ? 0 : survey.failed;
  return {
    system,
    model,
    journal,
    requests: survey.requests,
    answeredBefore: survey.answered,
    recorded: report.statuses,
    ...(report.shortened ? { shortened: report.shortened } : {}),
    missing: asked - recorded,
    failed: kept + report.statuses.failed,
    attempts: report.attempts,
    costUsd: report.costKnown ? report.costUsd : null,
    costUsdOfAllRuns: survey.spentUsd + report.costUsd,
    seconds: Math.round(seconds * 1000) / 1000,
    ...(report.overspent ? { overspent: true } : {}),
    ...(report.stopped ? { stopped: report.stopped } : {}),
  };
}

/** The status with which a run ends: 0 where every request has an answer, 1 where some failed or money ran out. */
export function toExitCode(
  { retryFailed }: Pick<AskFlags, "retryFailed">,
  report: AskReport,
  survey: Survey,
): number {
  const unasked = report.stopped === "max-cost" || report.overspent;
  const failed = report.statuses.failed > 0 || (survey.failed > 0 && !retryFailed);
  return unasked || failed ? 1 : 0;
}

/** Says what became of --max-cost, where it mattered. */
export function describeLimit({
  overspent,
  stopped,
}: Pick<AskSummary, "overspent" | "stopped">): string {
  if (overspent) {
    return "; more than --max-cost was spent, since answers were longer than the limit that was sent";
  }
  return stopped === "max-cost" ? "; stopped before --max-cost was exceeded" : "";
}

/** Writes a summary as one line. */
export function formatSummary(summary: AskSummary): string {
  const { recorded, answeredBefore, missing, failed, costUsd, seconds } = summary;
  const parts = Object.entries(recorded).filter(([, count]) => count > 0);
  const now = parts.length === 0 ? "nothing" : parts.map(([name, n]) => `${n} ${name}`).join(", ");
  const total = Object.values(recorded).reduce((sum, count) => sum + count, 0);
  const rate = seconds > 0 ? `, ${(total / seconds).toFixed(0)} a second` : "";
  const all = summary.costUsdOfAllRuns;
  const before = all > (costUsd ?? 0) ? ` ($${all.toFixed(4)} over all runs)` : "";
  const cost = costUsd === null ? before : `, $${costUsd.toFixed(4)}${before}`;
  const stopped = describeLimit(summary);
  const { shortened = 0 } = summary;
  const cut = shortened > 0 ? `, ${shortened} shortened ('said' keeps the whole text)` : "";
  const retry = failed > 0 ? " (--retry-failed asks them again)" : "";
  return (
    `${summary.system} (${summary.model}): recorded ${now} in ${seconds.toFixed(1)} s${rate}${cost}; ` +
    `${answeredBefore} answered before, ${missing} missing, ${failed} failed${retry}${cut}${stopped}; ${summary.journal}`
  );
}

/** Writes a run's progress: done, missing, failed, rate, cost, time left. */
export function formatProgress(
  system: string,
  survey: Survey,
  report: AskReport,
  seconds: number,
  { retryFailed }: Pick<AskFlags, "retryFailed">,
): string {
  const recorded = Object.values(report.statuses).reduce((sum, count) => sum + count, 0);
  const asked = survey.missing + (retryFailed ? survey.failed : 0);
  const missing = asked - recorded;
  const rate = recorded / Math.max(seconds, 0.001);
  const failed = report.statuses.failed + (retryFailed ? 0 : survey.failed);
  const cost = report.costKnown ? `  $${report.costUsd.toFixed(4)}` : "";
  const left = rate > 0 ? `  ${formatTime(missing / rate)} left` : "";
  const done = survey.answered + recorded - report.statuses.failed;
  const pace = formatWait(report) ?? `${rate.toFixed(1)}/s${cost}${left}`;
  return `${system}  ${done} done  ${missing} missing  ${failed} failed  ${pace}`;
}

/** Says that a run waits, and how long; nothing where it does not. */
export function formatWait({ waitMs }: Pick<AskReport, "waitMs">): string | undefined {
  return waitMs === undefined ? undefined : `rate-limited, waits ${formatTime(waitMs / 1000)}`;
}

function formatTime(seconds: number): string {
  if (seconds < 100) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}
