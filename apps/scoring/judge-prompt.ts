// What judges and fine-tuned classifiers are told: EPITOME's definitions in our own words, `data/judge-prompts.json`.
import { type InstructionPlace, instruct, type Message } from "ask-models";
import { METRICS, type Metric, type ScoreRequest } from "empathy-scorer";
import { didYouMean, UserError } from "kit";
import { type Registry, readRegistries } from "../../src/own-registry";

/** The instruction of those who name no other. */
export const DEFAULT_JUDGE_PROMPT = "epitome";

/** The instruction of those who read replies with levels and fit. */
export const READING_PROMPT = "reading";

/** The registry of instructions to rate replies. */
export const JUDGE_PROMPTS: Registry = { name: "judge-prompts", list: "prompts", noun: "prompt" };

/** What stands before an utterance, and before the reply, where a judge is shown them. */
interface JudgeLabels {
  readonly speaker: string;
  readonly listener: string;
  readonly reply: string;
}

const ENGLISH_LABELS: JudgeLabels = {
  speaker: "Speaker",
  listener: "Listener",
  reply: "The listener's reply, to be rated",
};

/** An instruction to rate replies. */
export interface JudgePrompt {
  readonly id: string;
  /** Raised whenever a word changes, so that a record says which words were sent. */
  readonly version: number;
  readonly title: string;
  readonly origin: string;
  /** The language of its words, and of the replies that it rates: BCP 47, English where none is said. */
  readonly language?: string;
  /** English where none are given. */
  readonly labels?: JudgeLabels;
  readonly instruction: string;
  /** Where a judge is told it; `system` where nothing is said, `user` for models without a system role. */
  readonly instructionIn?: InstructionPlace;
  readonly metrics: Readonly<Record<Metric, string>>;
  /** What makes a reply fit; absent where that is not asked. */
  readonly fit?: string;
  /** The form in which a judge of all three mechanisms answers. */
  readonly answer: string;
  /** The form in which a classifier of one mechanism answers. */
  readonly single: string;
}

/**
 * Reads the instructions to rate replies, `data/judge-prompts.json`, and after them this machine's own.
 *
 * @param path of one file, to be read alone.
 * @throws UserError naming file, prompt, field and what is wrong with it.
 */
export function readJudgePrompts(path?: string): JudgePrompt[] {
  return readRegistries(JUDGE_PROMPTS, path);
}

/**
 * Reads one instruction to rate replies.
 *
 * @param id `epitome` by default, in English.
 * @throws UserError as `readJudgePrompts`, and where there is none of that name.
 */
export function readJudgePrompt(id = DEFAULT_JUDGE_PROMPT): JudgePrompt {
  const prompts = readJudgePrompts();
  const found = prompts.find((prompt) => prompt.id === id);
  if (found) return found;
  const known = prompts.map((prompt) => prompt.id);
  throw new UserError(
    `unknown judge prompt '${id}'${didYouMean(id, known)}; data/judge-prompts.json has ${known.join(", ")}; ` +
      "add an entry there for another",
  );
}

/** Puts a reply to a judge of all three mechanisms. */
export function askForAll(prompt: JudgePrompt, request: ScoreRequest): Message[] {
  const { instruction, metrics, fit, answer } = prompt;
  const levels = METRICS.map((metric) => `${metric}: ${metrics[metric]}`);
  const told = [instruction, ...levels, ...(fit === undefined ? [] : [`fit: ${fit}`]), answer];
  return tell(prompt, told, request);
}

/** Puts a reply to a classifier of one mechanism. */
export function askForOne(prompt: JudgePrompt, metric: Metric, request: ScoreRequest): Message[] {
  const told = [prompt.instruction, prompt.metrics[metric], prompt.single];
  return tell(prompt, told, request);
}

function tell(
  { labels, instructionIn }: JudgePrompt,
  told: readonly string[],
  request: ScoreRequest,
): Message[] {
  const message = { role: "user" as const, content: describeReply(request, labels) };
  return instruct(told.join("\n\n"), [message], instructionIn);
}

/**
 * Lays out a reply and what was said before it; the last utterance before the reply is the speaker's.
 *
 * @example
 * const request = { context: ["My dog died."], reply: "Oh no." };
 * describeReply(request).split("\n")[0]; // => "Speaker: My dog died."
 */
export function describeReply(
  { context, reply }: ScoreRequest,
  labels: JudgeLabels = ENGLISH_LABELS,
): string {
  const said = context.map((text, at) => {
    const who = (context.length - at) % 2 === 1 ? labels.speaker : labels.listener;
    return `${who}: ${text}`;
  });
  return [...said, "", `${labels.reply}:`, reply].join("\n").trimStart();
}
