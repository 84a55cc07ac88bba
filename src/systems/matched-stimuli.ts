// Systems are compared on the prompts that all of them answered, and with people on the same ones.

import { UserError } from "kit";
import { compareIds } from "../corpus/dialogue";
import { stimulusKey } from "../corpus/stimulus";
import type { System } from "./system";

/** That a system, or the human listener, replied to a stimulus. */
export interface Answer {
  /** Identifier of the conversation. */
  readonly dialogue: string;
  readonly turn: number;
  /** Identifier of the system. */
  readonly system: string;
}

/**
 * Lists the stimuli that every one of some systems answered and that have a human reply. A comparison of these
 * systems, and of any of them with people, takes their replies and the human's to these stimuli, and no others.
 *
 * @param answered who replied to what, the human listener among them; further systems do not matter.
 * @param human what the human listener is called.
 * @returns by dialogue and turn.
 * @throws UserError if one of the systems is out of every comparison; RangeError where there is none.
 *
 * @example
 * const answered = ["human", "a", "b"].map((system) => ({ dialogue: "d", turn: 2, system }));
 * matchedStimuli([{ id: "a" }, { id: "b" }], answered); // => [{ dialogue: "d", turn: 2 }]
 */
export function matchedStimuli(
  systems: readonly Pick<System, "id" | "excluded">[],
  answered: Iterable<Answer>,
  human = "human",
): Pick<Answer, "dialogue" | "turn">[] {
  if (systems.length === 0) throw new RangeError("matchedStimuli: needs at least one system");
  for (const { id, excluded } of systems) {
    if (excluded)
      throw new UserError(`${id}: is out of every comparison: ${excluded}; leave it out`);
  }
  const wanted = new Set([human, ...systems.map(({ id }) => id)]);
  const stimuli = new Map<string, { dialogue: string; turn: number; by: Set<string> }>();
  for (const { dialogue, turn, system } of answered) {
    if (!wanted.has(system)) continue;
    const key = stimulusKey({ dialogue, turn });
    const stimulus = stimuli.get(key) ?? { dialogue, turn, by: new Set() };
    stimulus.by.add(system);
    stimuli.set(key, stimulus);
  }
  return [...stimuli.values()]
    .filter(({ by }) => by.size === wanted.size)
    .map(({ dialogue, turn }) => ({ dialogue, turn }))
    .sort((one, other) => compareIds(one.dialogue, other.dialogue) || one.turn - other.turn);
}
