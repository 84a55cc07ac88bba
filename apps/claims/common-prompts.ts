// The replies that a change is measured on.

import { type AnchoredReplies, HUMAN, keepSystems } from "../../src/claims/anchored-replies";
import { type Change, pairSides } from "../../src/claims/sides";
import type { System } from "../../src/systems/system";

/**
 * The replies of the systems on the two sides of a change to the prompts that both answered, with people's to the same; a system
 * in several pairs keeps what all its partners answered.
 */
export function keepCommonPrompts(
  change: Change,
  { systems, replies }: AnchoredReplies,
): AnchoredReplies {
  const answered = groupStimuli(replies);
  const partners = new Map<string, string[]>();
  const join = (one: System, other: System) =>
    partners.set(one.id, [...(partners.get(one.id) ?? []), other.id]);
  for (const { from, to } of pairSides(change, systems)) {
    join(from, to);
    join(to, from);
  }
  const common = replies.filter(
    ({ system, stimulus }) =>
      system === HUMAN ||
      partners.get(system)?.every((other) => answered.get(other)?.has(stimulus)),
  );
  return keepSystems({ systems, replies: common }, ({ id }) => partners.has(id));
}

function groupStimuli(replies: AnchoredReplies["replies"]): Map<string, Set<string>> {
  const groups = new Map<string, Set<string>>();
  for (const { system, stimulus } of replies) {
    const group = groups.get(system) ?? new Set();
    groups.set(system, group.add(stimulus));
  }
  return groups;
}
