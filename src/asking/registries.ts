// What a run is made of beside the systems: instructions, `data/prompts.json`, and prices, `data/prices.json`.
import type { Price, PromptTemplate } from "ask-models";
import { readRegistry } from "kit/registry";
import { projectPath } from "../project";

/**
 * Reads the prompt templates, `data/prompts.json`.
 *
 * @throws UserError naming file, template, field and what is wrong with it.
 */
export function readPrompts(path = projectPath("data", "prompts.json")): PromptTemplate[] {
  return readRegistry(path, projectPath("data", "prompts.schema.json"), "prompts", "prompt");
}

/** Reads the price list, `data/prices.json`. */
export function readPrices(path = projectPath("data", "prices.json")): Price[] {
  return readRegistry(path, projectPath("data", "prices.schema.json"), "prices", "price");
}
