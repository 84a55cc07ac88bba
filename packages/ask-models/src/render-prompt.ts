import type { InstructionPlace, PromptTemplate } from "./prompt";

/** One message of a conversation. */
export interface Utterance {
  /** The speaker asks for support, and the listener gives it. */
  readonly role: "speaker" | "listener";
  readonly text: string;
}

/** A conversation, cut off before the listener's turn that is to be written. */
export interface Conversation {
  /** What it is called in records. */
  readonly dialogue: string;
  /** Number of the utterance to be written, from 1. */
  readonly turn: number;
  /** Every utterance before that turn. */
  readonly context: readonly Utterance[];
}

/**
 * What a system is shown: every utterance before the turn, the speaker's last one only, the situation
 * that the speaker described and no utterance, or the last three lines of situation and utterances.
 */
export type Shown = "all" | "last" | "situation" | "window";

/** One chat message, as every provider takes it. */
export interface Message {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

/** One text to continue, and where the continuation ends. */
interface Continuation {
  readonly text: string;
  readonly stop: readonly string[];
}

/**
 * Renders a stimulus as chat messages: the instruction, then the speaker as user, the listener as assistant. A template
 * whose `instructionIn` is `user` has the instruction in the first user message, for models that know no system role.
 *
 * @param shown every utterance, or the speaker's last one only.
 *
 * @example
 * const prompt = { id: "short", version: 1, instruction: "Be kind." };
 * const context = [{ index: 1, role: "speaker", text: "My cat ran away." }];
 * renderChat(prompt, { dialogue: "d", turn: 2, context }, "all").length; // => 2
 */
export function renderChat(
  template: PromptTemplate,
  stimulus: Conversation,
  shown: Shown,
): Message[] {
  const said = shownUtterances(stimulus, shown).map(({ role, text }) => ({
    role: role === "speaker" ? ("user" as const) : ("assistant" as const),
    content: text,
  }));
  const { instruction } = template;
  return instruction === undefined ? said : instruct(instruction, said, template.instructionIn);
}

/** Puts an instruction before messages, in a message of its own or at the beginning of the user's first. */
export function instruct(
  instruction: string,
  messages: readonly Message[],
  place: InstructionPlace = "system",
): Message[] {
  if (place === "system") return [{ role: "system", content: instruction }, ...messages];
  const [first, ...rest] = messages;
  if (first?.role !== "user") return [{ role: "user", content: instruction }, ...messages];
  return [{ role: "user", content: `${instruction}${PARAGRAPH}${first.content}` }, ...rest];
}

/** Takes an instruction away again that `instruct` put into the first message. */
export function withoutInstruction(instruction: string, messages: readonly Message[]): Message[] {
  return messages.flatMap(({ role, content }, at) => {
    if (at > 0 || !content.startsWith(instruction)) return [{ role, content }];
    const left = content.slice(instruction.length + PARAGRAPH.length);
    return left === "" ? [] : [{ role, content: left }];
  });
}

const PARAGRAPH = "\n\n";

/** Renders a stimulus as one text that ends with the listener's cue, in the template's own layout. */
export function renderCompletion(
  template: PromptTemplate,
  stimulus: Conversation,
  shown: Shown,
): Continuation {
  const { speaker, listener, separator, stop } = template.completion;
  const said = shownUtterances(stimulus, shown).map(
    ({ role, text }) => `${role === "speaker" ? speaker : listener}${text}`,
  );
  const lead = template.instruction === undefined ? [] : [`${template.instruction}${separator}`];
  return { text: [...lead, ...said, listener.trimEnd()].join(separator), stop };
}

function shownUtterances({ context }: Conversation, shown: Shown) {
  return shown === "all" ? context : context.slice(-1);
}
