import { dirname, resolve } from "node:path";
import type { InstructionPlace, Interface, Price, Shown } from "ask-models";
import { UserError } from "kit";
import { readCheckedFile } from "kit/registry";
import type { Turns } from "../../src/asking/stimuli";
import { projectPath } from "../../src/project";
import type { Balance } from "./choose-stimuli";

/** A model of a grid: whom to ask, and what all its cells share. */
export interface GridModel {
  /** Its part of the cells' names. */
  readonly id: string;
  /** A system of the registry, for what is not said here. */
  readonly system?: string;
  readonly model?: string;
  readonly provider?: "openai" | "openai-compatible" | "huggingface";
  readonly baseUrl?: string;
  /** The environment variable that holds the key. */
  readonly keyFrom?: string;
  readonly interface?: Interface;
  readonly shown?: Shown;
  /** Where a chat model is told the prompt's instruction; `user` for models without a system role. */
  readonly instructionIn?: InstructionPlace;
  readonly topP?: number;
  readonly maxTokens?: number;
  /** The seed that the model is sent. */
  readonly seed?: number;
  readonly reasoning?: string;
  /** US dollars per million tokens. */
  readonly price?: Pick<Price, "input" | "output">;
}

/** A declared design: models x prompts x temperatures x samples over one set of stimuli. */
export interface Grid {
  readonly id: string;
  readonly title?: string;
  readonly models: readonly GridModel[];
  /** Identifiers of prompt templates. */
  readonly prompts: readonly string[];
  /** Absent: each model's own, or none. */
  readonly temperatures?: readonly number[];
  /** Replies per stimulus in each cell; 1 by default. */
  readonly samples?: number;
  /** As `findStimuli` takes it; `sample` by default. */
  readonly stimuli?: string;
  readonly turns?: Turns;
  /** Of stimuli that name none. */
  readonly language?: string;
  /** A random so many of the stimuli, spread over the emotions. */
  readonly sample?: number;
  readonly balanced?: Balance;
  /** Seed of that sample; 1 by default. */
  readonly seed?: number;
  /** The first so many of what is left. */
  readonly limit?: number;
}

/**
 * Reads a grid, such as a file of `data/grids`, checked against `data/grid.schema.json`.
 *
 * @returns the grid; a file of stimuli is named from the grid's own folder.
 * @throws UserError naming file, model, field and what is wrong with it.
 */
export function readGrid(path: string): Grid {
  const schemaPath = projectPath("data", "grid.schema.json");
  const place = { path, schemaPath, list: "models", noun: "model" };
  const grid = readCheckedFile<Grid>(place, "data/grids has examples");
  const { stimuli = "sample" } = grid;
  if (stimuli === "sample" || stimuli === "test") return grid;
  if (/^\d+$/.test(stimuli)) {
    throw new UserError(
      `${path}: 'stimuli' is '${stimuli}'; a number stands in 'sample', beside sample, test or a file in 'stimuli'`,
    );
  }
  return { ...grid, stimuli: resolve(dirname(path), stimuli) };
}

/** The journal of a grid, where the user names no other. */
export function journalOfGrid(id: string): string {
  return projectPath("data", "replies", `${id}.grid.jsonl`);
}
