// What a system is made of, as far as a study varies it.
import type { System } from "./system";

/** What two systems may differ in. */
export const FACTORS = ["system", "model", "prompt", "temperature"] as const;

/** One of them. */
export type Factor = (typeof FACTORS)[number];

/** What a system has of each factor, as text: for its prompt the template's identifier, or in words what it was told. */
export function factorsOf(system: System): Readonly<Record<Factor, string>> {
  const { id, model, instruction, replies } = system;
  return {
    system: id,
    model,
    prompt: replies.from === "asked" ? replies.prompt : instruction,
    temperature: String(temperatureOf(system) ?? "not stated"),
  };
}

/** At which temperature a system's replies were drawn; undefined where nobody says. */
export function temperatureOf({ replies, temperature }: System): number | undefined {
  return (replies.from === "asked" ? replies.parameters.temperature : undefined) ?? temperature;
}
