// Counts what of each published file joined its dialogues, and which systems answer alike.
import { stimulusKey } from "../../src/corpus/stimulus";
import { countEach } from "../../src/group-by";
import type { Coverage, Overlap } from "../../src/systems/coverage";
import type { JoinedSystem } from "../../src/systems/published-replies";

const FIRST_LISTENER_TURN = 2;

/** Counts what of each system's file joined, and finds the systems that answer the same. */
export function measureCoverage(joined: readonly JoinedSystem[]): Coverage[] {
  const groups = new Map<string, string>();
  return joined.map(({ system, records, replies, left }) => {
    const stimuli = new Set(replies.map(stimulusKey));
    const same = [...stimuli].sort().join();
    if (!groups.has(same)) groups.set(same, system.id);
    return {
      system: system.id,
      group: groups.get(same) as string,
      records,
      joined: records - left.length,
      stimuli: stimuli.size,
      dialogues: new Set(replies.map(({ dialogue }) => dialogue)).size,
      replies: replies.length,
      left: countEach(left.map(({ reason }) => reason)),
    };
  });
}

/**
 * Counts the stimuli that each pair of groups both answer, where there are any.
 *
 * @param test identifiers of the test part's dialogues.
 */
export function measureOverlap(
  joined: readonly JoinedSystem[],
  test: ReadonlySet<string>,
): Overlap[] {
  const rows = measureCoverage(joined);
  const leads = joined.filter((_, at) => rows[at]?.system === rows[at]?.group);
  const sets = leads.map(({ system, replies }) => ({
    group: system.id,
    stimuli: new Map(replies.map((reply) => [stimulusKey(reply), reply])),
  }));
  return sets
    .flatMap(({ group, stimuli }, at) =>
      sets.slice(at).map((other) => {
        const both = [...stimuli].flatMap(([key, reply]) => (other.stimuli.has(key) ? reply : []));
        const inTest = both.filter(({ dialogue }) => test.has(dialogue));
        const first = both.filter(({ turn }) => turn === FIRST_LISTENER_TURN);
        const counts = { stimuli: both.length, test: inTest.length, first: first.length };
        return { group, other: other.group, ...counts };
      }),
    )
    .filter(({ stimuli }) => stimuli > 0);
}
