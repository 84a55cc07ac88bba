import {
  type AskReport,
  costOf,
  createTokenCounter,
  indexJournal,
  type Price,
  type ReplyRequest,
  surveyRequests,
} from "ask-models";
import type { ScoreRequest, Scorer } from "empathy-scorer";
import { readPrices } from "../../src/asking/registries";
import { projectEnvironment } from "../asking/environment";
import { askForScores, listScoreRequests, scoreJournalOf } from "../scoring/ask-for-scores";
import { JournalScorer } from "../scoring/journal-scorer";
import type { RemoteMethod } from "../scoring/remote-method";
import { limitTokens, requirePrice, toRetries } from "./ask-choices";
import { describeLimit, formatWait } from "./ask-report";
import { Interrupted } from "./interruption";
import type { Progress } from "./progress";
import type { RemoteFlags } from "./score-options";

/** The replies to be scored; opened anew each time. */
export type OpenReplies = () => AsyncIterable<ScoreRequest> | Iterable<ScoreRequest>;

/** Gives the scorers that the options name; none on a dry run. */
export type ChooseScorers = (open: OpenReplies) => Promise<readonly Scorer[]>;

/**
 * Has replies scored elsewhere, and gives the scorer that reads the answers.
 *
 * @returns undefined on a dry run, which prints what a run would take.
 * @throws UserError if the run cannot begin or go on; what was answered is recorded.
 */
export async function scoreElsewhere(
  method: RemoteMethod,
  open: OpenReplies,
  flags: RemoteFlags,
  progress: Progress,
  signal: AbortSignal,
): Promise<JournalScorer | undefined> {
  const journal = flags.journal ?? scoreJournalOf(method.id);
  const price = priceOf(method, flags);
  if (flags.dryRun) {
    await printDryRun(method, open, journal, price, signal);
    return undefined;
  }
  requirePrice(flags, method.model, price);
  const survey = await surveyRequests(
    listScoreRequests(method, open()),
    await indexJournal(journal),
    undefined,
    signal,
  );
  const wanted = survey.missing + (flags.retryFailed ? survey.failed : 0);
  const report = await askForScores(method, open(), journal, projectEnvironment(), {
    concurrency: flags.concurrency,
    unflushed: flags.concurrency,
    retries: toRetries(flags),
    requestsPerMinute: flags.rpm,
    tokensPerMinute: flags.tpm,
    maxCostUsd: flags.maxCost,
    price,
    retryFailed: flags.retryFailed,
    signal,
    ...(await limitTokens(flags, method.model)),
    onRepair: (message) => progress.note(message),
    onProgress: (now) => {
      const wait = formatWait(now);
      const pause = wait === undefined ? "" : `; ${wait}`;
      progress.show(`${method.id}: ${countOf(now)} of ${wanted} answers${pause}`);
    },
  });
  progress.note(summarise(method, survey.answered, wanted, report, journal));
  if (report.stopped === "interrupted") throw new Interrupted("SIGINT");
  const failed = report.statuses.failed + (flags.retryFailed ? 0 : survey.failed);
  if (report.stopped || report.overspent || failed > 0) process.exitCode = 1;
  return JournalScorer.read(method, journal);
}

function priceOf({ model }: RemoteMethod, { price, baseUrl, scorer }: RemoteFlags) {
  const isOwn = baseUrl !== undefined || scorer === "endpoint";
  return price ?? (isOwn ? undefined : readPrices().find(({ id }) => id === model));
}

async function printDryRun(
  method: RemoteMethod,
  open: OpenReplies,
  journal: string,
  price: Pick<Price, "input" | "output"> | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { count, exact } = await createTokenCounter(method.model);
  const usage = { inputTokens: 0, outputTokens: 0 };
  const index = await indexJournal(journal);
  const add = ({ body }: ReplyRequest) => {
    usage.inputTokens += count(body);
    usage.outputTokens += body.parameters.maxTokens ?? 0;
  };
  const survey = await surveyRequests(listScoreRequests(method, open()), index, add, signal);
  const dollars = price
    ? `at most $${costOf(price, usage).toFixed(4)}`
    : "price unknown (say --price IN,OUT)";
  process.stdout.write(
    `${method.id} (${method.model}): ${survey.missing + survey.failed} requests, ` +
      `${exact ? "" : "~"}${usage.inputTokens} tokens in, at most ${usage.outputTokens} out, ${dollars}; ` +
      `${survey.answered} answered before; ${journal}\n`,
  );
}

function summarise(
  { id, model }: RemoteMethod,
  before: number,
  wanted: number,
  report: AskReport,
  journal: string,
): string {
  const { failed } = report.statuses;
  const cost = report.costKnown ? `, $${report.costUsd.toFixed(4)}` : "";
  const retry = failed > 0 ? ` (${failed} failed; --retry-failed asks them again)` : "";
  const stopped = describeLimit(report);
  return `${id} (${model}): ${countOf(report)} of ${wanted} answers recorded${retry}${cost}, ${before} before${stopped}; ${journal}`;
}

function countOf({ statuses }: AskReport): number {
  return Object.values(statuses).reduce((sum, count) => sum + count, 0);
}
