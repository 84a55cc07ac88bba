import { createTokenCounter } from "../replies/count-tokens";
import { findTarget, journalOf, type Target } from "../replies/find-target";
import { indexJournal } from "../replies/journal-index";
import { listRequests, surveyRequests } from "../replies/list-requests";
import { costOf } from "../replies/price";
import type { StimulusSource } from "../replies/stimuli";
import { readSystems } from "../systems/system";
import { UserError } from "../user-error";
import { priceOf, toChoice } from "./ask-command";
import type { AskFlags } from "./ask-options";

/** What a run would take. */
export interface Estimate {
  readonly system: string;
  readonly model: string;
  /** Requests that have no answer yet. */
  readonly requests: number;
  readonly answered: number;
  readonly inputTokens: number;
  /** Whether the tokens are counted with the model's own tokenizer. */
  readonly exactTokens: boolean;
  /** Tokens received at most: every reply at its longest. */
  readonly outputTokensAtMost: number;
  /** US dollars at most; null where no price is known, 0 for what this package computes itself. */
  readonly costUsdAtMost: number | null;
  /** The same through OpenAI's Batch API, at half the price. */
  readonly batchUsdAtMost: number | null;
  readonly note?: string;
}

/** Prints how many requests, tokens and dollars a run would take; asks nobody and needs no key. */
export async function printDryRun(flags: AskFlags, source: StimulusSource): Promise<void> {
  const estimates: Estimate[] = [];
  for (const choice of choices(flags)) estimates.push(await estimate(choice, source));
  const text = flags.json ? JSON.stringify(estimates, null, 2) : formatTable(estimates);
  process.stdout.write(`${text}\n`);
}

// Without a name: every system that can be asked, a retired one in the person of its successor.
function choices(flags: AskFlags): { flags: AskFlags; note?: string }[] {
  if (flags.system ?? flags.as) return [{ flags }];
  if (flags.model ?? flags.journal ?? flags.baseUrl) {
    throw new UserError("--model, --journal and --base-url belong to one system; name it");
  }
  return readSystems().flatMap(({ id, replies }) => {
    if (replies.from === "embedded") return [{ flags: { ...flags, system: id, ...NO_SAMPLING } }];
    if (replies.from !== "asked") return [];
    const { retired } = replies;
    if (!retired) return [{ flags: { ...flags, system: id } }];
    const model = retired.successor;
    return [
      { flags: { ...flags, system: id, model }, note: `successor of ${replies.model}, retired` },
    ];
  });
}

const NO_SAMPLING = {
  prompt: undefined,
  provider: undefined,
  temperature: undefined,
  topP: undefined,
  maxTokens: undefined,
  modelSeed: undefined,
  reasoning: undefined,
  samples: undefined,
};

async function estimate(
  { flags, note }: { flags: AskFlags; note?: string },
  source: StimulusSource,
): Promise<Estimate> {
  const target: Target = await findTarget(toChoice(flags));
  const { plan } = target;
  const isOwn = plan.provider === "embedded";
  const counter = await createTokenCounter(plan.model);
  const journal = await indexJournal(flags.journal ?? journalOf(plan.system));
  let inputTokens = 0;
  const survey = await surveyRequests(listRequests(plan, source), journal, ({ body }) => {
    if (!isOwn) inputTokens += counter.count(body);
  });
  const requests = survey.missing + survey.failed;
  const outputTokens = requests * (plan.parameters.maxTokens ?? 0);
  const price = priceOf(flags, target);
  const cost = price ? costOf(price, { inputTokens, outputTokens }) : isOwn ? 0 : null;
  return {
    system: plan.system,
    model: plan.model,
    requests,
    answered: survey.answered,
    inputTokens,
    exactTokens: isOwn || counter.exact,
    outputTokensAtMost: outputTokens,
    costUsdAtMost: cost,
    batchUsdAtMost: cost !== null && plan.provider === "openai" ? cost / 2 : null,
    ...(note ? { note } : {}),
  };
}

function formatTable(estimates: readonly Estimate[]): string {
  const rows = estimates.map((one) => [
    one.system,
    one.model,
    String(one.requests),
    `${one.exactTokens ? "" : "~"}${one.inputTokens}`,
    String(one.outputTokensAtMost),
    dollars(one.costUsdAtMost),
    dollars(one.batchUsdAtMost),
    one.note ?? "",
  ]);
  const header = [
    "system",
    "model",
    "requests",
    "tokens in",
    "tokens out ≤",
    "USD ≤",
    "batch ≤",
    "",
  ];
  const widths = header.map((_, column) =>
    Math.max(...[header, ...rows].map((row) => (row[column] as string).length)),
  );
  const lines = [header, ...rows].map((row) =>
    row
      .map((cell, column) =>
        column >= 2 && column <= 6
          ? cell.padStart(widths[column] as number)
          : cell.padEnd(widths[column] as number),
      )
      .join("  ")
      .trimEnd(),
  );
  return [
    ...lines,
    "~: counted with OpenAI's tokenizer, an estimate for this model. ≤: every reply at its longest.",
  ].join("\n");
}

function dollars(value: number | null): string {
  return value === null ? "unknown" : value.toFixed(4);
}
