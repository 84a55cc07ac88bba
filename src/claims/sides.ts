// Two sides of one thing: systems that differ in one factor and in nothing else, pair by pair.
import { FACTORS, type Factor, factorsOf, promptInAnyLanguage } from "../asking/factors";
import type { System } from "../systems/system";
import { unitOf } from "../systems/unit";

/** A claim about a change: from one value of a factor to another, all else alike. */
export interface Change {
  readonly factor: Factor;
  readonly from: string | number;
  readonly to: string | number;
}

/** Two systems on the sides of a change. */
export interface SidePair {
  /** What does not change: the unit of the comparison. */
  readonly unit: string;
  readonly from: System;
  readonly to: System;
}

/**
 * Pairs the systems on the two sides of a change: they are alike in every other factor, but for what they are called.
 *
 * Where the system itself is the factor, the two that are named are one pair, whatever they differ in.
 */
export function pairSides({ factor, from, to }: Change, systems: readonly System[]): SidePair[] {
  const sideOf = (value: string | number) =>
    systems.filter((system) => factorsOf(system)[factor] === String(value));
  return sideOf(to).flatMap((one) =>
    sideOf(from)
      .filter((other) => factor === "system" || areAlike(one, other, factor))
      .map((other) => ({ unit: unitBeside(one, factor, from), from: other, to: one })),
  );
}

// A prompt is of one language: where the prompt may differ its language may, and where the language may, the template.
function areAlike(one: System, other: System, but: Factor): boolean {
  const [mine, theirs] = [factorsOf(one), factorsOf(other)];
  return FACTORS.every((factor) => {
    if (factor === "system" || factor === "language" || factor === but) return true;
    if (factor === "prompt" && but === "language") {
      return promptInAnyLanguage(one) === promptInAnyLanguage(other);
    }
    return mine[factor] === theirs[factor];
  });
}

function unitBeside(system: System, factor: Factor, from: string | number): string {
  if (factor === "system") return `${system.id} less ${from}`;
  if (factor !== "model") return unitOf(system);
  const { prompt, temperature } = factorsOf(system);
  return `${prompt}, temperature ${temperature}`;
}
