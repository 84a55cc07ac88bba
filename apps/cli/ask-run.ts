// What plain asking and a grid have in common: a journal is opened, the requests that it lacks are asked, and told of.
import {
  type AskOptions,
  askAll,
  Journal,
  type Provider,
  type ReplyRequest,
  surveyRequests,
} from "ask-models";
import { countNoun } from "kit";
import { toRetries } from "./ask-choices";
import type { AskFlags } from "./ask-options";
import { type AskSummary, formatProgress, formatSummary, sumUp, toExitCode } from "./ask-report";
import type { Progress } from "./progress";

/** One run: whom it asks, what, and what it may spend. */
export interface AskRun {
  /** What it is called: the system, or the grid. */
  readonly name: string;
  /** The model, or the grid's models. */
  readonly model: string;
  /** The systems of a grid. */
  readonly cells?: readonly string[];
  /** Path of the journal. */
  readonly journal: string;
  readonly provider: Provider;
  /** Checks the journal before anything is sent; gives the requests, the same at each call. */
  readonly begin: (journal: Journal) => Promise<() => AsyncIterable<ReplyRequest>>;
  readonly limits: () => Promise<Pick<AskOptions, "price" | "priceOf" | "countTokens">>;
}

/** Asks what the journal lacks, and prints what came of it. */
export async function runRequests(
  { name, model, cells, journal: path, provider, begin, limits }: AskRun,
  flags: AskFlags,
  signal: AbortSignal,
  progress: Progress,
): Promise<void> {
  const journal = await Journal.open(path, {
    unflushed: flags.concurrency,
    onRepair: (message) => progress.note(message),
  });
  try {
    const requests = await begin(journal);
    const survey = await progress.during("comparing with what was asked before", () =>
      surveyRequests(requests(), journal, undefined, signal),
    );
    const started = performance.now();
    const seconds = () => (performance.now() - started) / 1000;
    const report = await askAll(requests(), provider, journal, {
      concurrency: flags.concurrency,
      retries: toRetries(flags),
      requestsPerMinute: flags.rpm,
      tokensPerMinute: flags.tpm,
      maxCostUsd: flags.maxCost,
      retryFailed: flags.retryFailed,
      signal,
      ...(await limits()),
      onProgress: (now) => progress.show(formatProgress(name, survey, now, seconds(), flags)),
    });
    progress.clear();
    const run = { system: name, model, journal: path, survey, report, seconds: seconds(), flags };
    process.stdout.write(`${describe(sumUp(run), cells, flags)}\n`);
    if (toExitCode(flags, report, survey) !== 0) process.exitCode = 1;
  } finally {
    progress.clear();
    await journal.close();
  }
}

function describe(
  summary: AskSummary,
  cells: readonly string[] | undefined,
  { json }: AskFlags,
): string {
  if (json) return JSON.stringify({ ...summary, cells }, null, 2);
  const count = cells ? `${countNoun(cells.length, "cell")}; ` : "";
  return `${count}${formatSummary(summary)}`;
}
