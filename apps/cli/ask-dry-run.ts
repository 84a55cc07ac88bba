import { type Estimate, estimateRun, indexJournal, requireOneWay } from "ask-models";
import { UserError } from "kit";
import { findTarget, journalOf } from "../../src/asking/find-target";
import type { StimulusSource } from "../../src/asking/stimuli";
import { readSystems } from "../../src/systems/system";
import { requireOneWayBeside } from "../replies/recorded-replies";
import { priceOf, toChoice } from "./ask-choices";
import type { AskFlags } from "./ask-options";
import { Progress } from "./progress";
import { alignCells } from "./table-columns";

type NotedEstimate = Estimate & { readonly note?: string };

/** Prints how many requests, tokens and dollars a run would take; asks nobody and needs no key. */
export async function printDryRun(
  flags: AskFlags,
  source: StimulusSource,
  signal: AbortSignal,
): Promise<void> {
  const estimates: NotedEstimate[] = [];
  const progress = new Progress();
  for (const choice of choices(flags)) {
    const { system, as } = choice.flags;
    const estimated = await progress.during(`${as ?? system}: counting`, () =>
      estimate(choice, source, signal),
    );
    estimates.push(estimated);
  }
  const text = flags.json ? JSON.stringify(estimates, null, 2) : formatTable(estimates);
  process.stdout.write(`${text}\n`);
}

// Without a name: every system that can be asked, a retired one as its successor.
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
  signal: AbortSignal,
): Promise<NotedEstimate> {
  const target = await findTarget(toChoice(flags));
  const path = flags.journal ?? journalOf(target.plan.system);
  const journal = await indexJournal(path);
  requireOneWay(target.plan, journal, path);
  await requireOneWayBeside(path, [target.plan]);
  const estimated = await estimateRun(target.plan, source, journal, priceOf(flags, target), {
    signal,
  });
  return { ...estimated, ...(note ? { note } : {}) };
}

function formatTable(estimates: readonly NotedEstimate[]): string {
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
  const lines = alignCells([header, ...rows], (column) => column >= 2 && column <= 6);
  return [
    ...lines,
    "~: counted with OpenAI's tokenizer, an estimate for this model. ≤: every reply at its longest.",
  ].join("\n");
}

function dollars(value: number | null): string {
  return value === null ? "unknown" : value.toFixed(4);
}
