// `empathy ask --grid`: the cells of a declared design, asked in one run with one journal and one budget.
import {
  breathe,
  type EstimateOptions,
  estimateRun,
  indexJournal,
  type JournalIndex,
  type RequestBody,
  requireOneWay,
} from "ask-models";
import { UserError } from "kit";
import type { StimulusSource } from "../../src/asking/stimuli";
import type { System } from "../../src/systems/system";
import { projectEnvironment } from "../asking/environment";
import {
  CELLS_A_BREATH,
  expandGrid,
  type GridCell,
  listGridRequests,
  openGrid,
  priceGrid,
} from "../asking/expand-grid";
import { type Grid, journalOfGrid, readGrid } from "../asking/grid";
import { requireOneWayBeside } from "../replies/recorded-replies";
import { limitTokens, requirePrice } from "./ask-choices";
import { type GridEstimate, printGridDryRun } from "./ask-grid-dry-run";
import type { AskFlags } from "./ask-options";
import { type AskRun, runRequests } from "./ask-run";
import { keepTable, openStimuli, warnOfLanguages } from "./ask-stimuli";
import { requireRegister } from "./entry-fields";
import { given } from "./given";
import { Progress } from "./progress";
import { draftOfAsked, keepEntry, prepareEntry } from "./register";

const OTHER_WAY = "give the grid or the model another 'id'";

/** A grid that is ready to be asked. */
interface OpenGrid {
  readonly grid: Grid;
  readonly cells: readonly GridCell[];
  readonly source: StimulusSource;
  /** Path of the journal. */
  readonly journal: string;
}

/** Asks the cells of a grid, or says on a dry run what that would take. */
export async function runGrid(path: string, flags: AskFlags, signal: AbortSignal): Promise<void> {
  requireRegister(flags);
  if (flags.register && flags.dryRun) {
    throw new UserError("--register belongs to asking; leave --dry-run out");
  }
  const grid = readGrid(path);
  const cells = await expandGrid(grid, path, undefined, signal);
  const source = await openStimuli({ ...grid, ...stimulusFlags(flags) });
  const journal = flags.journal ?? journalOfGrid(grid.id);
  await warnOfLanguages(
    source,
    cells.map(({ target }) => target.plan.template),
  );
  const open = { grid, cells, source, journal };
  if (flags.dryRun) printGridDryRun(await estimateGrid(open, signal), flags);
  else await askGrid(open, flags, signal);
}

// The command's word replaces the file's; what it does not say must not.
function stimulusFlags(flags: AskFlags) {
  const { stimuli, turns, language, sample, balanced, seed, limit } = flags;
  return given({ stimuli, turns, language, sample, balanced, seed, limit });
}

async function estimateGrid(
  { cells, source, journal }: OpenGrid,
  signal: AbortSignal,
): Promise<GridEstimate> {
  const progress = new Progress();
  const index = await indexJournal(journal);
  await requireOwnWays(cells, index, journal);
  const estimates = [];
  const counted: EstimateOptions["counted"] = new Map();
  for (const [at, { system, target, price }] of cells.entries()) {
    if (at % CELLS_A_BREATH === 0) {
      progress.show(`${system}: counting …`);
      await breathe(signal);
    }
    const { plan } = target;
    const estimate = await estimateRun(plan, source, index, price, { counted, signal });
    const { temperature = null } = plan.parameters;
    estimates.push({ ...estimate, prompt: plan.template.id, temperature, samples: plan.samples });
  }
  progress.clear();
  return { journal, cells: estimates };
}

async function requireOwnWays(
  cells: readonly GridCell[],
  journal: Pick<JournalIndex, "waysOf">,
  path: string,
): Promise<void> {
  for (const { target } of cells) requireOneWay(target.plan, journal, path, OTHER_WAY);
  const plans = cells.map(({ target }) => target.plan);
  await requireOneWayBeside(path, plans, OTHER_WAY);
}

async function askGrid(open: OpenGrid, flags: AskFlags, signal: AbortSignal): Promise<void> {
  const { cells, source, journal: path } = open;
  requireLimits(cells, flags);
  const entries = flags.register ? await prepareCells(open, flags) : [];
  const provider = openGrid(cells, projectEnvironment());
  const systems = cells.map(({ system }) => system);
  const progress = new Progress();
  const run: AskRun = {
    name: open.grid.id,
    model: [...new Set(cells.map(({ target }) => target.plan.model))].join(", "),
    cells: systems,
    journal: path,
    provider,
    begin: async (journal) => {
      await requireOwnWays(cells, journal, path);
      for (const entry of entries) keepEntry(entry);
      return () => listGridRequests(cells, source);
    },
    limits: async () => ({ priceOf: priceGrid(cells), ...(await countEachModel(cells, flags)) }),
  };
  await runRequests(run, flags, signal, progress);
  await keepTable(flags.table, path, systems, source, progress);
}

// A cell is a system, named after its model, prompt and temperature; what its author says is said of all.
async function prepareCells(
  { grid, cells }: OpenGrid,
  flags: AskFlags,
): Promise<(System | undefined)[]> {
  const entries = [];
  for (const { system, target } of cells) {
    const { model, template, parameters } = target.plan;
    const heat = parameters.temperature;
    const draft = draftOfAsked(target, { ...flags, ...grid, ...stimulusFlags(flags) });
    const name = [model, template.id, ...(heat === undefined ? [] : [`temperature ${heat}`])];
    entries.push(
      await prepareEntry({
        ...draft,
        id: system,
        defaults: { ...draft.defaults, name: name.join(", "), family: "llm" },
      }),
    );
  }
  return entries;
}

/** Refuses a limit in dollars that cannot be kept, before anything is sent. */
function requireLimits(cells: readonly GridCell[], flags: AskFlags): void {
  for (const { system, target, price } of cells) {
    const { model, parameters } = target.plan;
    requirePrice(flags, model, price, "give the model a 'price' in the grid");
    if (flags.maxCost === undefined || parameters.maxTokens !== undefined) continue;
    throw new UserError(
      `--max-cost needs a longest reply, or one could cost any sum; give the model of '${system}' a 'maxTokens' in the grid`,
    );
  }
}

async function countEachModel(cells: readonly GridCell[], flags: AskFlags) {
  const counters = new Map<string, (body: RequestBody) => number>();
  for (const { target } of cells) {
    const { model } = target.plan;
    if (counters.has(model)) continue;
    const { countTokens } = await limitTokens(flags, model);
    if (!countTokens) return {};
    counters.set(model, countTokens);
  }
  return { countTokens: (body: RequestBody) => counters.get(body.model)?.(body) ?? 0 };
}
