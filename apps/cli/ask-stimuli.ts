// What the options of `empathy ask` say about the stimuli, for one system and for a grid alike.
import type { PromptTemplate } from "ask-models";
import { UserError } from "kit";
import { readPrompts } from "../../src/asking/registries";
import { findStimuli, type StimulusSource, type Turns } from "../../src/asking/stimuli";
import { type Choice, chooseStimuli } from "../asking/choose-stimuli";
import { findOtherLanguages } from "./find-other-languages";
import { note, type Progress } from "./progress";
import { writeReplyTable } from "./reply-table";

/** Which stimuli are asked. */
interface StimulusFlags extends Choice {
  readonly stimuli?: string;
  readonly turns?: Turns;
  readonly language?: string;
}

/**
 * Finds the stimuli: `--stimuli 200` is short for `--stimuli test --sample 200`.
 *
 * @throws UserError if they are not on this machine, or what is said of them does not fit together.
 */
export async function openStimuli(flags: StimulusFlags): Promise<StimulusSource> {
  const { stimuli = "sample", turns = "first", language, ...choice } = expandNumber(flags);
  return chooseStimuli(await findStimuli(stimuli, turns, undefined, language), choice);
}

/** Replaces a number of stimuli by what it is short for. */
export function expandNumber<Flags extends StimulusFlags>(flags: Flags): Flags {
  const { stimuli = "", sample } = flags;
  if (!/^\d+$/.test(stimuli)) return flags;
  if (sample !== undefined) {
    throw new UserError(`--stimuli ${stimuli} is a size already; leave --sample out`);
  }
  const wanted = Number(stimuli);
  if (wanted === 0 || !Number.isSafeInteger(wanted)) {
    throw new UserError(`--stimuli ${stimuli}: ask for a whole number from 1`);
  }
  return { ...flags, stimuli: "test", sample: wanted };
}

/** Says in a line each where stimuli are asked in another language than theirs. */
export async function warnOfLanguages(
  source: StimulusSource,
  prompts: readonly PromptTemplate[],
): Promise<void> {
  for (const line of await findOtherLanguages(source, prompts, readPrompts())) {
    note(line);
  }
}

/** Writes the table that `--table` names, if it names one. */
export async function keepTable(
  path: string | undefined,
  journal: string,
  systems: readonly string[],
  source: StimulusSource,
  progress: Progress,
): Promise<void> {
  if (path === undefined) return;
  const count = await writeReplyTable(path, journal, systems, source);
  progress.note(`${path}: ${count} replies; \`empathy score --in ${path}\` scores them`);
}
