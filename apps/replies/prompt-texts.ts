// The human replies at a file's prompts beside the corpus's, from the texts.
import type { Dialogue } from "../../src/corpus/dialogue";
import { listenerTurns, type Stimulus, stimulusKey } from "../../src/corpus/stimulus";
import {
  comparePrompts,
  type HumanReply,
  kindOfTurn,
  type PromptShare,
} from "../../src/systems/chosen-prompts";
import type { JoinIndex } from "../../src/systems/join-index";
import { splitWords } from "../../src/systems/reply-style";

/**
 * Compares the human replies at some stimuli with the corpus's: how many hold a question mark, how many are long.
 *
 * @param stimuli what a file's replies answer; one that is answered several times counts once.
 * @param index the corpus; stimuli of the package's sample are compared with the sample.
 */
export function comparePromptTexts(
  stimuli: Iterable<Pick<Stimulus, "dialogue" | "turn">>,
  index: JoinIndex,
): PromptShare[] {
  const prompts = new Map<string, HumanReply>();
  for (const stimulus of stimuli) {
    const dialogue = index.find(stimulus.dialogue);
    const reply = dialogue && toHumanReply(dialogue, stimulus.turn);
    if (reply) prompts.set(stimulusKey(stimulus), reply);
  }
  return comparePrompts([...prompts.values()], humanRepliesOf(index));
}

function humanRepliesOf(index: JoinIndex): HumanReply[] {
  return [...index.dialogues()].flatMap((dialogue) =>
    listenerTurns(dialogue).flatMap((turn) => toHumanReply(dialogue, turn) ?? []),
  );
}

function toHumanReply({ split, utterances }: Dialogue, turn: number): HumanReply | undefined {
  const text = utterances[turn - 1]?.text;
  if (text === undefined) return undefined;
  const corpus = split === "sample" ? "sample" : "corpus";
  const kind = `${corpus} ${kindOfTurn(turn, utterances.length)}`;
  return { kind, asks: text.includes("?"), words: splitWords(text).length };
}
