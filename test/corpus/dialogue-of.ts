import { type Dialogue, roleOf } from "../../src/corpus/dialogue";

/** Makes a dialogue from its utterances. */
export function dialogueOf(id: string, texts: readonly string[]): Dialogue {
  return {
    id,
    split: "test",
    emotion: "sad",
    sentiment: "negative",
    situation: "A made-up situation.",
    utterances: texts.map((text, at) => ({ index: at + 1, role: roleOf(at + 1), text })),
  };
}
