import {
  breathe,
  buildRequest,
  type Price,
  type Provider,
  type ReplyRequest,
  type RequestBody,
} from "ask-models";
import { UserError } from "kit";
import { findTarget, type Target, type TargetRegistries } from "../../src/asking/find-target";
import { readPrices, readPrompts } from "../../src/asking/registries";
import type { StimulusSource } from "../../src/asking/stimuli";
import type { Places } from "../../src/sources/locate-source";
import { readSystems } from "../../src/systems/system";
import type { Grid, GridModel } from "./grid";

/** How many cells are planned between two moments at which a signal is heard. */
export const CELLS_A_BREATH = 100;

/** One cell of a grid: a system of its own, asked in one way. */
export interface GridCell {
  /** Such as `warmth-tiny-short-t0.7`: grid, model, prompt, temperature. */
  readonly system: string;
  readonly target: Target;
  /** US dollars per million tokens; absent where nobody knows. */
  readonly price?: Pick<Price, "input" | "output">;
}

/**
 * Lays a grid out as its cells: of each model every prompt, of each prompt every temperature, in the file's order.
 *
 * @param path of the grid, for messages.
 * @param signal ends it.
 * @throws UserError if a prompt is unknown, a model cannot be asked so, two cells have one name, or one model is
 *   to be asked at two servers.
 */
export async function expandGrid(
  grid: Grid,
  path: string,
  places?: Places,
  signal?: AbortSignal,
): Promise<GridCell[]> {
  const cells: GridCell[] = [];
  const known = { systems: readSystems(), prompts: readPrompts(), prices: readPrices() };
  for (const model of grid.models) {
    for (const prompt of grid.prompts) {
      for (const temperature of grid.temperatures ?? [undefined]) {
        if (cells.length % CELLS_A_BREATH === 0) await breathe(signal);
        cells.push(await toCell(grid, path, model, { prompt, temperature }, known, places));
      }
    }
  }
  refuseDoubles(cells, path);
  return cells;
}

/** Lists the requests of all cells, stimulus by stimulus: wherever a run ends, the cells were asked alike. */
export async function* listGridRequests(
  cells: readonly GridCell[],
  source: StimulusSource,
): AsyncGenerator<ReplyRequest> {
  for await (const { stimulus } of source.open()) {
    for (const { target } of cells) {
      for (let sample = 1; sample <= target.plan.samples; sample++) {
        yield buildRequest(target.plan, stimulus, sample);
      }
    }
  }
}

/**
 * Connects to every server of a grid, each once, and sends each request to its own.
 *
 * @throws UserError if a key is missing.
 */
export function openGrid(cells: readonly GridCell[], env: NodeJS.ProcessEnv): Provider {
  const providers = new Map<string, Provider>();
  for (const { target } of cells) {
    const model = modelOf(target.plan);
    if (!providers.has(model)) providers.set(model, target.open(env));
  }
  return { ask: (body, signal) => ofModel(providers, body).ask(body, signal) };
}

/** Gives what each request's model costs, where it is known. */
export function priceGrid(
  cells: readonly GridCell[],
): (body: RequestBody) => GridCell["price"] | undefined {
  const prices = new Map(cells.map(({ target, price }) => [modelOf(target.plan), price]));
  return (body) => prices.get(modelOf(body));
}

/** Names a model as requests name it: what a server, a price and a tokenizer belong to. */
function modelOf({ provider, model }: Pick<RequestBody, "provider" | "model">): string {
  return `${provider} ${model}`;
}

function ofModel(providers: ReadonlyMap<string, Provider>, body: RequestBody): Provider {
  const provider = providers.get(modelOf(body));
  if (!provider) throw new RangeError(`'${modelOf(body)}' is in no cell of the grid`);
  return provider;
}

async function toCell(
  { id, samples = 1 }: Grid,
  path: string,
  model: GridModel,
  { prompt, temperature }: { readonly prompt: string; readonly temperature: number | undefined },
  known: TargetRegistries & { readonly prices: readonly Price[] },
  places?: Places,
): Promise<GridCell> {
  const { topP, maxTokens, seed, reasoning, keyFrom, price: ownPrice, id: name, ...whom } = model;
  const parts = [id, name, prompt, ...(temperature === undefined ? [] : [`t${temperature}`])];
  const system = parts.join("-");
  const parameters = { temperature, topP, maxTokens, seed, reasoningEffort: reasoning };
  const choice = { ...whom, as: system, prompt, parameters, samples, keyVariable: keyFrom };
  const target = await inFile(`${path}: model '${name}'`, () => findTarget(choice, places, known));
  const { plan } = target;
  const isOwn = model.baseUrl !== undefined;
  const listed = isOwn ? undefined : known.prices.find((price) => price.id === plan.model);
  const price = ownPrice ?? listed;
  return { system, target, ...(price ? { price } : {}) };
}

async function inFile<T>(place: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof UserError ? new UserError(`${place}: ${error.message}`) : error;
  }
}

function refuseDoubles(cells: readonly GridCell[], path: string): void {
  const names = new Set<string>();
  const servers = new Map<string, string>();
  for (const { system, target, price } of cells) {
    if (names.has(system)) {
      throw new UserError(`${path}: two cells are called '${system}'; rename a model`);
    }
    names.add(system);
    const server = JSON.stringify([target.baseUrl, target.keyVariable, price]);
    const other = servers.get(modelOf(target.plan)) ?? server;
    if (other !== server) {
      throw new UserError(
        `${path}: the model '${target.plan.model}' stands there with two servers, keys or prices; give it one of each`,
      );
    }
    servers.set(modelOf(target.plan), server);
  }
}
