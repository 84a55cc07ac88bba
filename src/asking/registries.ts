// What a run is made of beside the systems: instructions, `data/prompts.json`, and prices, `data/prices.json`; and what this
// machine adds to them.
import type { Price, PromptTemplate } from "ask-models";
import { type Registry, readRegistries } from "../own-registry";

/** The registry of prompt templates. */
export const PROMPTS: Registry = { name: "prompts", list: "prompts", noun: "prompt" };

/**
 * Reads the prompt templates, `data/prompts.json`, and after them this machine's own.
 *
 * @param path of one file, to be read alone.
 * @throws UserError naming file, template, field and what is wrong with it.
 */
export function readPrompts(path?: string): PromptTemplate[] {
  return readRegistries(PROMPTS, path);
}

/** The price list. */
export const PRICES: Registry = { name: "prices", list: "prices", noun: "price" };

/** Reads the price list, `data/prices.json`, and after it this machine's own. */
export function readPrices(path?: string): Price[] {
  return readRegistries(PRICES, path);
}
