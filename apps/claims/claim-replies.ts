// Which replies a claim is put to, and whether an instrument can measure what it asks.
import type { InstrumentName } from "../../src/claims/analysis";
import { type AnchoredReplies, HUMAN, keepSystems } from "../../src/claims/anchored-replies";
import type { Claim } from "../../src/claims/claim";
import { isByReading, type RepliesOf } from "../../src/claims/instruments";
import { remember } from "../../src/claims/remember";
import { type Change, pairSides } from "../../src/claims/sides";
import { type Outcome, readCalibration } from "../../src/readings/readings";
import { stockPrecision } from "../../src/readings/stock-sentences";
import type { Study } from "../../src/study/study";
import type { System } from "../../src/systems/system";

/**
 * Opens the replies that a claim is put to: of a change, those to the prompts that both its sides answered.
 *
 * @param systems the study's; where no two of them make a pair, the replies stay as they are.
 */
export function openRepliesFor(
  { compared: { family, change } }: Pick<Claim, "compared">,
  systems: readonly System[],
  repliesOf: RepliesOf,
): RepliesOf {
  if (!change || pairSides(change, systems).length === 0) return repliesOf;
  return remember((scorer: string) => {
    const { systems: all, replies } = repliesOf(scorer);
    const own = all.filter((system) => system.family === family);
    return keepCommonPrompts(change, { systems: own, replies });
  });
}

/** Whether an instrument can say something of an outcome: heads know nothing of whether a reply fits. */
export function isMeasurable(instrument: InstrumentName, outcome: Outcome): boolean {
  return outcome !== "fits" || isByReading(instrument);
}

/** Whether it was counted how often people see interpretation in stock sentences, so that there is a bound. */
export function hasBound(study: Study): boolean {
  return stockPrecision(readCalibration(study)) !== undefined;
}

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
