// A part of the replies, for scorers that cost something.
import { hash } from "node:crypto";
import type { Dialogue } from "../../src/corpus/dialogue";
import { sentimentOf } from "../../src/corpus/emotions";
import { stimulusKey } from "../../src/corpus/stimulus";
import { countEach } from "../../src/group-by";
import { type Balance, shareEqually } from "../asking/choose-stimuli";
import type { RepliesToScore } from "../replies/score-stage";

/** Which part of the replies is taken. */
interface ReplySample {
  /** Replies of each system; all of one that has fewer. */
  readonly limit: number;
  /** Gives each emotion, or each sentiment, the same number, as far as it goes. */
  readonly balanced?: Balance | undefined;
  /** Seed of the drawing; 1 by default. */
  readonly seed?: number | undefined;
  /** Takes the stimuli that most of the systems answered first, so that systems are scored on the same ones. */
  readonly commonFirst?: boolean;
}

/**
 * Draws a random part of each system's replies; systems that answered the same stimuli give replies to the same ones.
 *
 * The drawing depends on the seed and on the names of the stimuli, not on their order or on the machine.
 *
 * @param dialogues of the replies, by identifier.
 */
export function sampleReplies(
  systems: readonly RepliesToScore[],
  dialogues: ReadonlyMap<string, Dialogue>,
  { limit, balanced, seed = 1, commonFirst = false }: ReplySample,
): RepliesToScore[] {
  const groupOf = (id: string) => {
    const { emotion } = dialogues.get(id) as Dialogue;
    return balanced === "emotion" ? emotion : balanced ? sentimentOf(emotion) : "";
  };
  const answersOf = ({ replies }: RepliesToScore) => [...new Set(replies.map(stimulusKey))];
  const answeredBy = countEach(commonFirst ? systems.flatMap(answersOf) : []);
  return systems.map((system) => {
    const ranked = system.replies
      .map((reply) => ({
        reply,
        answers: answeredBy.get(stimulusKey(reply)) ?? 0,
        rank: hash("sha1", `${seed} ${reply.turn} ${reply.dialogue}`),
      }))
      .sort((one, other) => other.answers - one.answers || (one.rank < other.rank ? -1 : 1));
    const sizes = countEach(ranked.map(({ reply }) => groupOf(reply.dialogue)));
    const left = shareEqually(sizes, limit);
    const kept = new Set(
      ranked.flatMap(({ reply }) => {
        const group = groupOf(reply.dialogue);
        const room = left.get(group) as number;
        left.set(group, room - 1);
        return room > 0 ? [reply] : [];
      }),
    );
    return { ...system, replies: system.replies.filter((reply) => kept.has(reply)) };
  });
}
