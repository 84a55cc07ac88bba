// What a system is made of, as far as a study varies it.
import type { System } from "../systems/system";
import { readPrompts } from "./registries";

/** What two systems may differ in. */
export const FACTORS = ["system", "model", "prompt", "language", "temperature"] as const;

/** One of them. */
export type Factor = (typeof FACTORS)[number];

const UNSTATED = "not stated";

/**
 * What a system has of each factor, as text: for its prompt the template's identifier, or in words what it was told; for its
 * language the template's.
 */
export function factorsOf(system: System): Readonly<Record<Factor, string>> {
  const { id, model, instruction, replies } = system;
  return {
    system: id,
    model,
    prompt: replies.from === "asked" ? replies.prompt : instruction,
    language: languageOf(system) ?? UNSTATED,
    temperature: String(temperatureOf(system) ?? UNSTATED),
  };
}

/** At which temperature a system's replies were drawn; undefined where nobody says. */
export function temperatureOf({ replies, temperature }: System): number | undefined {
  return (replies.from === "asked" ? replies.parameters.temperature : undefined) ?? temperature;
}

/** What a system was told, whatever the language: of a template such as `short-de`, in German, `short`. */
export function promptInAnyLanguage(system: System): string {
  const { prompt } = factorsOf(system);
  const ending = `-${languageOf(system)}`;
  return prompt.endsWith(ending) ? prompt.slice(0, -ending.length) : prompt;
}

function languageOf({ replies }: System): string | undefined {
  if (replies.from !== "asked") return undefined;
  return readPrompts().find(({ id }) => id === replies.prompt)?.language;
}
