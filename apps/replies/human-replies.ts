import type { Dialogue } from "../../src/corpus/dialogue";
import { listenerTurns } from "../../src/corpus/stimulus";
import { compareReplies, type Reply } from "../../src/systems/reply";

/**
 * Takes the human listener's replies out of dialogues: one at every listener turn that has text.
 *
 * @param system what the human listener is called; `human` in the registry.
 * @returns the replies, by dialogue and turn.
 */
export function humanReplies(dialogues: Iterable<Dialogue>, system = "human"): Reply[] {
  const replies: Reply[] = [];
  for (const dialogue of dialogues) {
    for (const turn of listenerTurns(dialogue)) {
      const text = (dialogue.utterances[turn - 1]?.text ?? "").trim();
      if (text !== "") replies.push({ dialogue: dialogue.id, turn, system, sample: 1, text });
    }
  }
  return replies.sort(compareReplies);
}
