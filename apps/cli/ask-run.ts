// What plain asking and a grid have in common: a journal is opened, the requests that it lacks are asked, and told of.
import {
  type AskOptions,
  type AskReport,
  askAll,
  Journal,
  type Provider,
  type ReplyRequest,
  type Survey,
  surveyRequests,
} from "ask-models";
import { toRetries } from "./ask-choices";
import type { AskFlags } from "./ask-options";
import { formatProgress } from "./ask-report";
import type { Progress } from "./progress";

/** One run: whom it asks, what, and what it may spend. */
export interface AskRun {
  /** What it is called on the line of progress. */
  readonly name: string;
  /** Path of the journal. */
  readonly journal: string;
  readonly provider: Provider;
  /** Checks the journal before anything is sent; gives the requests, the same at each call. */
  readonly begin: (journal: Journal) => Promise<() => AsyncIterable<ReplyRequest>>;
  readonly limits: () => Promise<Pick<AskOptions, "price" | "priceOf" | "countTokens">>;
  readonly finish: (survey: Survey, report: AskReport, seconds: number) => void;
}

/** Asks what the journal lacks. */
export async function runRequests(
  { name, journal: path, provider, begin, limits, finish }: AskRun,
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
    finish(survey, report, seconds());
  } finally {
    progress.clear();
    await journal.close();
  }
}
