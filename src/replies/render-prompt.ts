import type { Stimulus } from "../corpus/stimulus";
import type { Shown } from "../systems/system";
import type { PromptTemplate } from "./prompt";

/** One chat message, as every provider takes it. */
export interface Message {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

/** One text to continue, and where the continuation ends. */
export interface Continuation {
  readonly text: string;
  readonly stop: readonly string[];
}

/**
 * Renders a stimulus as chat messages: the instruction, then the speaker as user, the listener as assistant.
 *
 * @param shown every utterance, or the speaker's last one only.
 *
 * @example
 * const prompt = { id: "short", version: 1, instruction: "Be kind." };
 * const context = [{ index: 1, role: "speaker", text: "My cat ran away." }];
 * renderChat(prompt, { dialogue: "d", turn: 2, context }, "all").length; // => 2
 */
export function renderChat(template: PromptTemplate, stimulus: Stimulus, shown: Shown): Message[] {
  const said = shownUtterances(stimulus, shown).map(({ role, text }) => ({
    role: role === "speaker" ? ("user" as const) : ("assistant" as const),
    content: text,
  }));
  const { instruction } = template;
  return instruction === undefined ? said : [{ role: "system", content: instruction }, ...said];
}

/** Renders a stimulus as one text that ends with the listener's cue, in the template's own layout. */
export function renderCompletion(
  template: PromptTemplate,
  stimulus: Stimulus,
  shown: Shown,
): Continuation {
  const { speaker, listener, separator, stop } = template.completion;
  const said = shownUtterances(stimulus, shown).map(
    ({ role, text }) => `${role === "speaker" ? speaker : listener}${text}`,
  );
  const lead = template.instruction === undefined ? [] : [`${template.instruction}${separator}`];
  return { text: [...lead, ...said, listener.trimEnd()].join(separator), stop };
}

function shownUtterances({ context }: Stimulus, shown: Shown) {
  return shown === "all" ? context : context.slice(-1);
}
