import { didYouMean, UserError } from "kit";

/** Where a chat model is told what to do: in a message of its own, or in the speaker's first. */
export const INSTRUCTION_PLACES = ["system", "user"] as const;

/** Where an instruction stands. */
export type InstructionPlace = (typeof INSTRUCTION_PLACES)[number];

/** How a dialogue is laid out as one text, for models that continue text rather than chat. */
interface CompletionLayout {
  /** What stands before a speaker's utterance. */
  readonly speaker: string;
  /** What stands before a listener's utterance, and, trimmed, at the end as the cue to go on. */
  readonly listener: string;
  /** What stands between utterances. */
  readonly separator: string;
  /** Where the model's text ends, should it go on to write the speaker's next turn. */
  readonly stop: readonly string[];
}

/** An instruction and how it is put to a model. */
export interface PromptTemplate {
  /** Short name used by commands, such as `paper`. */
  readonly id: string;
  /** Raised whenever a word changes, so that a record says which words were sent. */
  readonly version: number;
  readonly title: string;
  /** Where the words come from. */
  readonly origin: string;
  /** The language of its words, BCP 47, such as `de`; absent where that is not said, or it has no words. */
  readonly language?: string;
  /** What the model is told before the dialogue; absent where it is told nothing. */
  readonly instruction?: string;
  /** Where a chat model is told it; `system` where nothing is said. */
  readonly instructionIn?: InstructionPlace;
  readonly completion: CompletionLayout;
}

/**
 * Finds a template by its identifier.
 *
 * @param place of its instruction, where it is not to be the template's own.
 * @throws UserError naming the nearest and all known templates if there is none of that name.
 */
export function findPrompt(
  prompts: readonly PromptTemplate[],
  id: string,
  place?: InstructionPlace,
): PromptTemplate {
  const found = prompts.find((prompt) => prompt.id === id);
  if (found) return place === undefined ? found : { ...found, instructionIn: place };
  const known = prompts.map((prompt) => prompt.id);
  throw new UserError(
    `unknown prompt '${id}'${didYouMean(id, known)}; data/prompts.json has ${known.join(", ")}; ` +
      "add an entry there for another",
  );
}
