import {
  boundHeap,
  listRequests,
  type ReplyRequest,
  readPendingSlots,
  requireOneWay,
  slotOf,
} from "ask-models";
import type { Command } from "commander";
import { UserError } from "kit";
import { findTarget, journalOf, type Target } from "../../src/asking/find-target";
import type { StimulusSource } from "../../src/asking/stimuli";
import { readSystems } from "../../src/systems/system";
import { projectEnvironment } from "../asking/environment";
import { requireOneWayBeside } from "../replies/recorded-replies";
import { runBatch } from "./ask-batch";
import { limitTokens, priceOf, requirePrice, toChoice } from "./ask-choices";
import { printDryRun } from "./ask-dry-run";
import { runGrid } from "./ask-grid";
import { type AskFlags, askOptions } from "./ask-options";
import { type AskRun, runRequests } from "./ask-run";
import { expandNumber, keepTable, openStimuli, warnOfLanguages } from "./ask-stimuli";
import { requireRegister } from "./entry-fields";
import { interruptible } from "./interruption";
import { keepPrompt } from "./keep-prompt";
import { note, Progress } from "./progress";
import { draftOfAsked, keepEntry, prepareEntry } from "./register";

/** Says what `empathy ask` takes and does. */
export function defineAsk(command: Command): void {
  for (const option of askOptions()) command.addOption(option);
  command.action((flags: AskFlags) => interruptible((signal) => run(flags, signal)));
}

async function run(given: AskFlags, signal: AbortSignal): Promise<void> {
  boundHeap();
  if (given.grid !== undefined) {
    await runGrid(given.grid, given, signal);
    return;
  }
  const prompt = given.prompt === undefined ? {} : { prompt: keepPrompt(given.prompt) };
  const flags = { ...expandNumber(given), ...prompt };
  requireRegister(flags, ["model", "shown"]);
  const source = await openStimuli(flags);
  if (flags.dryRun) {
    if (flags.register) throw new UserError("--register belongs to asking; leave --dry-run out");
    await printDryRun(flags, source, signal);
    return;
  }
  await ask(flags, await findTarget(toChoice(flags)), source, signal);
}

function warnOfMissingEntry(system: string): void {
  if (readSystems().some(({ id }) => id === system)) return;
  note(
    `'${system}' is in no registry of systems yet; without one its replies are in no table and no model; --register adds it`,
  );
}

async function ask(
  flags: AskFlags,
  target: Target,
  source: StimulusSource,
  signal: AbortSignal,
): Promise<void> {
  const { plan } = target;
  const price = priceOf(flags, target);
  const path = flags.journal ?? journalOf(plan.system);
  const entry = flags.register ? await prepareEntry(draftOfAsked(target, flags)) : undefined;
  if (flags.batch) {
    await runBatch(flags, target, source, path, price);
    keepEntry(entry);
    return;
  }
  const provider = target.open(projectEnvironment());
  requirePrice(flags, plan.model, price);
  if (flags.maxCost !== undefined && plan.parameters.maxTokens === undefined) {
    throw new UserError("--max-cost needs --max-tokens, or a reply could cost any sum");
  }
  const progress = new Progress();
  const begin: AskRun["begin"] = async (journal) => {
    requireOneWay(plan, journal, path);
    await requireOneWayBeside(path, [plan]);
    keepEntry(entry);
    warnOfMissingEntry(plan.system);
    await warnOfLanguages(source, [plan.template]);
    const pending = await readPendingSlots(path);
    if (pending.size > 0) {
      progress.note(
        `${pending.size} requests are in batches; --batch collect records their answers`,
      );
    }
    return () => withoutSlots(listRequests(plan, source), pending);
  };
  const run: AskRun = {
    name: plan.system,
    model: plan.model,
    journal: path,
    provider,
    begin,
    limits: async () => ({ price, ...(await limitTokens(flags, plan.model)) }),
  };
  await runRequests(run, flags, signal, progress);
  await keepTable(flags.table, path, [plan.system], source, progress);
}

async function* withoutSlots(
  requests: AsyncIterable<ReplyRequest>,
  slots: ReadonlySet<string>,
): AsyncGenerator<ReplyRequest> {
  for await (const request of requests) {
    if (slots.size === 0 || !slots.has(slotOf(request))) yield request;
  }
}
