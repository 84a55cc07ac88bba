import type { Dialogue, Utterance } from "./dialogue";

/** What a system answers: a dialogue, cut off before the listener's turn that is to be written. */
export interface Stimulus {
  /** Identifier of the dialogue. */
  readonly dialogue: string;
  /** Number of the utterance to be written: 2 is the listener's first reply, 4 the second. */
  readonly turn: number;
  /** Every utterance before that turn; the last one is the speaker's. */
  readonly context: readonly Utterance[];
  /** What the human listener wrote at that turn; absent where the dialogue ends before it. */
  readonly humanReply?: string;
}

/** A stimulus, and the emotion by which samples are stratified; empty where none is known. */
export interface LabelledStimulus {
  readonly stimulus: Stimulus;
  readonly emotion: string;
  /** BCP 47, such as `de`; absent where it is not known. */
  readonly language?: string;
}

/** Names a stimulus: what a dialogue, cut off before a turn, is called in sets and maps. */
export function stimulusKey({ dialogue, turn }: Pick<Stimulus, "dialogue" | "turn">): string {
  return `${dialogue} ${turn}`;
}

/**
 * Lists the turns at which a dialogue's human listener replied: 2, 4, and so on.
 *
 * @example
 * listenerTurns({ utterances: [1, 2, 3, 4, 5] }); // => [2, 4]
 */
export function listenerTurns(dialogue: { readonly utterances: readonly unknown[] }): number[] {
  const turns: number[] = [];
  for (let turn = 2; turn <= dialogue.utterances.length; turn += 2) turns.push(turn);
  return turns;
}

/**
 * Cuts a dialogue off before one of the listener's turns.
 *
 * A dialogue that ends with the speaker has one more stimulus than it has human replies: nobody
 * answered that last utterance, yet a system can.
 *
 * @param turn even, from 2 to the number of utterances plus one.
 * @throws RangeError if the turn is not the listener's or nothing precedes it.
 */
export function stimulusAt(dialogue: Dialogue, turn: number): Stimulus {
  const { id, utterances } = dialogue;
  if (!Number.isInteger(turn) || turn < 2 || turn % 2 === 1 || turn > utterances.length + 1) {
    throw new RangeError(
      `stimulusAt: ${id} has ${utterances.length} utterances, so turn must be an even number ` +
        `from 2 to ${utterances.length + 1 - ((utterances.length + 1) % 2)}; it is ${turn}`,
    );
  }
  const reply = utterances[turn - 1];
  return {
    dialogue: id,
    turn,
    context: utterances.slice(0, turn - 1),
    ...(reply === undefined ? {} : { humanReply: reply.text }),
  };
}
